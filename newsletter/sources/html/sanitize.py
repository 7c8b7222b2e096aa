"""Foreign HTML made safe before anything is stored: an allow-list, and something fit for mails and feeds in place of
what is not on it.

What a post means is kept (headings, lists, tables, quotations, pictures, notes, code); what it does or how it looks,
not. element_rules.py decides what becomes of each element. nh3 has the last word on every byte, so nothing that is
decided there can let anything through.
"""

from __future__ import annotations

import html as entities
import re
from dataclasses import replace
from typing import NamedTuple

import nh3

from newsletter.sources import losses
from newsletter.sources.base import Item, MediaFile
from newsletter.sources.html.allowlist import (
    ALIGNS,
    ATTRIBUTES,
    BLOCKS,
    FIRST_ATTRIBUTES,
    FIRST_STYLES,
    GONE_WITH_CONTENT,
    INLINE,
    OTHERS,
    PLAYERS,
    SCHEMES,
)
from newsletter.sources.html.boilerplate.markup import without_furniture
from newsletter.sources.html.element_rules import ElementRules
from newsletter.sources.html.images.content_images import Pictures, media_url
from newsletter.sources.html.math import find
from newsletter.sources.html.parser_limits import flat_enough, loses_its_markup
from newsletter.sources.html.plain_text import one_line, plain_text, without_controls
from newsletter.sources.html.summary import summary_of
from newsletter.sources.html.tree import rebuilt, written
from newsletter.sources.html.urls import MOST_ADDRESS, absolute_url

__all__ = [
    "MOST_ADDRESS",
    "absolute_url",
    "clean",
    "clean_with_files",
    "one_line",
    "plain_text",
    "summary_of",
    "with_html",
    "without_controls",
]

_KEPT = BLOCKS | INLINE
_LOOKED_AT = _KEPT | PLAYERS | OTHERS
#: How often a text is cleaned until it stays as it is; nearly all do at once.
_MOST_ROUNDS = 4
_NOSCRIPT = re.compile(r"<(/?)noscript\b[^<>]*>", re.IGNORECASE)
#: What is drawn by a program, or of lines with words among them: charts, plans, diagrams. Others are signs.
_DRAWING = re.compile(
    r"<canvas\b|<svg\b(?:[^<]|<(?!/?svg\b|text\b|foreignobject\b))*+<(?:text|foreignobject)\b", re.I
)
_OF_MATHJAX = re.compile(r"mathjax|<mjx-", re.IGNORECASE)
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")


def clean(html: str, base_url: str) -> str:
    """Safe HTML with absolute addresses. Never raises: what is not allowed is left out.

    Relative links and pictures are made absolute against ``base_url``, or lose their address if it is empty.
    Films and frames become links; pictures that only count readers (1 × 1, hidden) go, and so do those that are
    written into the text. Cleaning what is clean changes nothing.
    """
    return clean_with_files(html, base_url, "").html


class Cleaned(NamedTuple):
    """A text that is fit for mails and feeds."""

    html: str
    #: What it shows out of ``/media/``.
    files: tuple[MediaFile, ...]
    #: What fell out of it (losses.py).
    lost: tuple[str, ...]


def clean_with_files(html: str, base_url: str, media_url: str) -> Cleaned:
    """As ``clean``, but pictures that are written into the text (``data:``) become files of ours.

    ``media_url`` is where files are served, with a slash at the end ("https://hub.example.org/media/"). Of one post
    at most content_images.MOST_FILES, each at most image_files.MOST_BYTES; others are left out.
    """
    pictures = Pictures(base_url, media_url)
    lost = [losses.DRAWING] if _DRAWING.search(html) and not _OF_MATHJAX.search(html) else []
    kept = _once(html, base_url, pictures, lost)
    for _ in range(_MOST_ROUNDS):
        again = _once(kept, base_url, pictures)
        if again == kept:
            break
        kept = again
    else:
        kept = _words_only(kept)
    files = tuple(file for name, file in pictures.files.items() if name in kept)
    return Cleaned(kept, files, tuple(dict.fromkeys(lost)))


def with_html(item: Item, html: str, base_url: str, site_url: str) -> Item:
    """The item with some HTML, cleaned, and the files that it shows; ``site_url`` is the public address of our pages.

    Files that the item has already stay.
    """
    kept, files, lost = clean_with_files(html, base_url, media_url(site_url))
    files = tuple(file for file in files if file not in item.files)
    return replace(item, html=kept, files=(*item.files, *files), lost=lost)


def _words_only(html: str) -> str:
    """For what reads differently each time it is read (a table in a table in a link): its words."""
    paragraphs = plain_text(html).split("\n\n")
    return "\n".join(f"<p>{entities.escape(words, quote=False)}</p>" for words in paragraphs if words)


def _once(html: str, base_url: str, pictures: Pictures, lost: list[str] | None = None) -> str:
    """One round; ``lost`` is told what falls out in it."""
    text = _CDATA.sub("", without_furniture(html, base_url))
    text = _NOSCRIPT.sub(r"<\1span data-fallback>", find.prepared(text))
    if lost is not None and loses_its_markup(text):
        lost.append(losses.MARKUP)
    text = flat_enough(text)
    looked_at = nh3.clean(
        text,
        tags=set(_LOOKED_AT),
        attributes=FIRST_ATTRIBUTES,
        clean_content_tags=set(GONE_WITH_CONTENT - _LOOKED_AT),
        filter_style_properties=set(FIRST_STYLES),
        url_schemes=SCHEMES | {"data"},
        generic_attribute_prefixes={"data-"},
        link_rel=None,
    )
    rules = ElementRules(base_url, pictures)
    nodes = rebuilt(looked_at, rules)
    if lost is not None and any(find.is_unsaid(formula) for formula in rules.unsaid):
        lost.append(losses.FORMULA)
    return without_controls(_allowed(written(nodes))).strip()


def _allowed(html: str) -> str:
    return nh3.clean(
        html,
        tags=set(_KEPT),
        attributes=ATTRIBUTES,
        tag_attribute_values={"td": {"align": ALIGNS}, "th": {"align": ALIGNS}},
        clean_content_tags=set(GONE_WITH_CONTENT),
        url_schemes=SCHEMES,
        url_relative="deny",
        link_rel=None,
    )
