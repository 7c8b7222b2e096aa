"""What a source has now → stored posts: known again or new, released or held, never a surprise mail.

sync.py tells the whole and is to be opened first. Reading a source is newsletter/sources' part.
"""
