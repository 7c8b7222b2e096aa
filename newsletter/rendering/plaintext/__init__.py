"""The text part of a mail, as a careful person would type it: HTML in, wrapped lines out.

html_to_text.py is to be opened first. The mail around a post's text is a template.
"""
