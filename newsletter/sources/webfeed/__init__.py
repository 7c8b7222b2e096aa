"""RSS, Atom or JSON Feed of any site as a source of posts.

source.py asks for a feed and is to be opened first; decode.py, xml.py and the module of each format read it,
items.py makes posts of its entries, polling.py says when it is asked again. Feeds that we write are newsletter/feeds.
"""
