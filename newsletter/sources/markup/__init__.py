"""Markdown, MDX and shortcodes, in the dialects of the generators → HTML as written.

markdown.py renders and is to be opened first. The HTML is made safe in sources/html, not here.
"""
