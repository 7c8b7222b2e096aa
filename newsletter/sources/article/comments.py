"""What readers say on a page, which is no part of the post: comments, by the names that systems give to them."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

#: Whole names: "comments-open" is said of a post that may be commented on.
_NAMES = re.compile(
    r"(?<!\S)(?:(?:post|entry|article|user|reader|blog|fb|facebook)?[-_]*comments?(?:[-_]*(?:area|list|section|wrapper"
    r"|container|content|body|text|texte|thread|tree|items?|box|block|holder|block-list|list-wrap|author|meta))?"
    r"|commentlist|commentaires?|kommentare?|comentarios?|commenti|reacties|disqus_thread|livefyre|isso-thread|remark42"
    r"|utterances|giscus|leserkommentare|forum|wp-block-comments?(?:-\S+)?|comment-\d+)(?!\S)",
    re.IGNORECASE,
)
_TYPES = re.compile(r"schema\.org/(?:User)?Comments?\b", re.IGNORECASE)


def names_readers(element: HtmlElement) -> bool:
    """True for a part that is called comments, or is marked as one."""
    if element.tag in ("html", "body", "main", "p"):
        return False
    if _TYPES.search(element.get("itemtype") or ""):
        return True
    return any(_NAMES.search(element.get(name) or "") for name in ("class", "id"))


def is_of_readers(element: HtmlElement) -> bool:
    """True for what is such a part or stands in one."""
    return names_readers(element) or any(names_readers(parent) for parent in element.iterancestors())


def remove_marked(page: HtmlElement) -> None:
    """Take out what a page itself says is a comment, so that nobody takes it for the post."""
    for element in list(page.iter("div", "li", "article", "section")):
        if _TYPES.search(element.get("itemtype") or "") and element.getparent() is not None:
            element.drop_tree()
