"""HTML of strangers → HTML that is safe in a mail and a feed, with its pictures, formulas, tables and notes.

sanitize.py does the whole of it, step by step, and is to be opened first; each step has a module here or a package:
images, math (formulas), boilerplate (what is no part of a post). Finding the post on a page is sources/article's part.
"""
