"""What the world may read: feeds, archive pages, and the same as files.

catalogue.py says which posts are public and is to be opened first. HTTP is newsletter/web's part, the formats of
feeds are newsletter/feeds'.
"""
