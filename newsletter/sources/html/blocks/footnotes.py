"""Footnotes away from their page: links within a page lead nowhere in a mail or a feed, so a mark is "[1]" above the
line and the list of notes stands at the end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urldefrag

from newsletter.sources.html.tree import Element, Node, words

_MARK = re.compile(r"\s*[\[(]?\s*(\d{1,3}|[a-z]|[ivxl]{1,5}|\*{1,3}|[†‡§¶])\s*[\])]?\s*", re.IGNORECASE)
_NOTE = re.compile(r"(?:^|[^a-z])(?:fn|ftn|ftnref|fnref|foot|footnote|note|cite|ref|easy)", re.IGNORECASE)
_BACK = re.compile(r"\s*(?:[↩↑⤴⇧⏎↵^⬆⇑🔙]|&#8617;|back to (?:text|top))?[\ufe0e\ufe0f]?\s*", re.IGNORECASE)
_ANCHOR = re.compile(r"\s*(?:[#¶§🔗\u200b]|\[?link\]?|permalink)?[\ufe0e\ufe0f]?\s*", re.IGNORECASE)


def place_in_page(link: Element, base_url: str) -> str | None:
    """The name of the place that a link within the page leads to; None for any other link."""
    address = link.attributes.get("href", "").strip()
    if address.startswith("#"):
        return address[1:]
    page, place = urldefrag(address) if "#" in address else ("", "")
    return place if place and page and base_url and page == urldefrag(base_url).url else None


def mark(link: Element, place: str, parents: Sequence[Element]) -> Sequence[Node] | None:
    """What a link to a place in the same page becomes: a footnote's mark, nothing (a way back, the sign beside a
    heading); None when it is neither, and its words stay."""
    text = link.text()
    role = link.attributes.get("role", "")
    if role == "doc-backlink" or link.has_class("footnote-backref", "footnote-back", "reversefootnote"):
        return []
    if not any(node.tag == "img" for node in link.inside() if isinstance(node, Element)) and (
        _BACK.fullmatch(text) or _ANCHOR.fullmatch(text)
    ):
        return []
    raised = any(parent.tag == "sup" for parent in parents[-3:])
    noted = raised or any(link.elements("sup")) or role == "doc-noteref" or bool(_NOTE.search(place))
    found = _MARK.fullmatch(text)
    if not found or not noted:
        return None
    sign = words(f"[{found[1]}]")
    return [sign] if raised else [Element("sup", {}, [sign])]
