"""What Ghost exports → its public posts, once. A running Ghost is read by its feed, with sources/webfeed.

export.py reads the file and is to be opened first; lexical.py makes HTML of its texts.
"""
