"""WordPress as a source of posts: its REST API (source.py) or its export file (export_source.py).

Both give the same item for the same post (items.py). Where the API is closed the site's feed is read by
sources/webfeed. Open source.py first.
"""
