"""A folder of Markdown or HTML files, of any generator or none, as a source of posts.

source.py looks the folder through and is to be opened first; items.py makes a post of one file.
sources/frontmatter says what front matter means.
"""
