"""What a page tells of its post besides the text: title, date, authors, picture.

metadata.py reads the page's head and is to be opened first; page_title.py, page_date.py and byline_block.py look at
what readers see. The text itself is the part of main_content.py in sources/article.
"""
