"""A whole HTML page, laid out by somebody else, → its one post: title, date, authors, picture, text.

html_page.py puts the parts together and is to be opened first. Cleaning is sources/html's part, fetching
newsletter/http's.
"""
