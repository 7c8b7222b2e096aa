"""Where posts come from: a package for each kind of source (folder, webfeed, wordpress, ghost), each with a
``source.py``.

The packages that all of them share read HTML (html), pages (article), Markdown (markup) and front matter (frontmatter).
Nothing here touches the database; publishing/ingest stores what a source gives. Open base.py first: it is the protocol.
"""
