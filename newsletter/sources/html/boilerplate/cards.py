"""Cards of content systems, which only their own style sheets hold together, as words and links: bookmarks, files,
recordings, boxes. Works on a parsed post and changes it; what has no place in a post at all is markup.py's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from lxml.html import Element, HtmlElement

from newsletter.sources.html.plain_text import one_line


@dataclass(frozen=True, slots=True)
class _Linked:
    """A card that is a link: the classes of its title, of its words, and of what stands small below them."""

    title: tuple[str, ...]
    words: tuple[str, ...] = ()
    small: tuple[str, ...] = ()


_BEHIND = re.compile(
    r"""background(?:-image)?\s*:[^;]{0,200}?url\(\s*["']?([^"'()\s]{1,2000})""", re.IGNORECASE
)
_LINKED: Mapping[str, _Linked] = {
    # Ghost
    "kg-bookmark-card": _Linked(
        ("kg-bookmark-title",), ("kg-bookmark-description",), ("kg-bookmark-author", "kg-bookmark-publisher")
    ),
    "kg-file-card": _Linked(
        ("kg-file-card-title",), ("kg-file-card-caption",), ("kg-file-card-filename", "kg-file-card-filesize")
    ),
    # Substack
    "embedded-post": _Linked(
        ("embedded-post-title",), ("embedded-post-body",), ("embedded-post-publication-name",)
    ),
    "embedded-publication": _Linked(
        ("embedded-publication-name",),
        ("embedded-publication-hero-text",),
        ("embedded-publication-author-name",),
    ),
    "file-embed-wrapper": _Linked(
        ("file-embed-details-h1",), ("file-embed-description",), ("file-embed-details-h2",)
    ),
    "digest-post-embed": _Linked(("digest-post-title",), ("digest-post-body",), ()),
}


def _linked(card: HtmlElement, parts: _Linked) -> bool:
    """One paragraph: the title as a link, the words below it, what is small at last; a caption stays a paragraph."""
    link = card if card.tag == "a" else next(card.iter("a"), None)
    address = link.get("href") if link is not None else ""
    title = _text(card, parts.title)
    if not address or not (title or _text(card, parts.words)):
        return False
    caption = next(card.iter("figcaption"), None)
    paragraph = Element("p")
    named = Element("a", href=address)
    strong = Element("strong")
    strong.text = title or address.partition("//")[2].partition("/")[0] or address
    named.append(strong)
    paragraph.append(named)
    small = " · ".join(dict.fromkeys(filter(None, (_text(card, (name,)) for name in parts.small))))
    for line in filter(None, (_text(card, parts.words), small)):
        broken = Element("br")
        broken.tail = line
        paragraph.append(broken)
    _put_in_place(card, [paragraph, *([_renamed(caption, "p")] if caption is not None else [])])
    return True


def _audio(card: HtmlElement) -> bool:
    """Its title is that of the recording."""
    title = _text(card, ("kg-audio-title",))
    player = next(card.iter("audio"), None)
    for element in _with_class(card, ("kg-audio-title",)):
        element.drop_tree()
    if player is not None and title:
        player.set("title", title)
    return True


def _video(card: HtmlElement) -> bool:
    """The picture of a film that is none, to keep its place free, gives way to one that is."""
    changed = False
    for player in card.iter("video"):
        if "spacer" in (player.get("poster") or "").lower():
            player.attrib.pop("poster")
            if picture := card.get("data-kg-custom-thumbnail") or card.get("data-kg-thumbnail"):
                player.set("poster", picture)
            changed = True
    return changed


def _callout(card: HtmlElement) -> bool:
    """A box: its sign before its words, set apart as boxes of Markdown are."""
    sign = _text(card, ("kg-callout-emoji",))
    for element in _with_class(card, ("kg-callout-emoji",)):
        element.drop_tree()
    words = next(iter(_with_class(card, ("kg-callout-text",))), None)
    if words is not None:
        words.text = " ".join(filter(None, (sign, (words.text or "").lstrip())))
        words.tag = "div" if any(True for _ in words.iter("p", "ul", "ol", "div") if _ is not words) else "p"
    card.tag = "blockquote"
    _forget(card)
    return True


def _button(card: HtmlElement) -> bool:
    """A link that looks like a button is a paragraph of its own."""
    for link in list(card.iter("a")):
        parent = link.getparent()
        if parent is None or parent.tag in ("p", "li", "h2", "h3", "h4") or link is card:
            continue
        paragraph = Element("p")
        paragraph.tail, link.tail = link.tail, None
        parent.replace(link, paragraph)
        paragraph.append(link)
    _forget(card)
    return True


def _cover(card: HtmlElement) -> bool:
    """A picture with words on it: the picture, where only a style shows it, and the words below."""
    found = _BEHIND.search(card.get("style") or "")
    if not found or any(True for _ in card.iter("img")):
        return False
    picture = Element("img", src=found[1], alt=card.get("aria-label") or "")
    picture.tail, card.text = card.text, None
    card.insert(0, picture)
    _forget(card)
    return True


_OTHERS: Mapping[str, Callable[[HtmlElement], bool]] = {
    "kg-audio-card": _audio,
    "kg-video-card": _video,
    "kg-callout-card": _callout,
    "kg-button-card": _button,
    "kg-product-card": _button,
    "kg-header-card": _button,
    "kg-cta-card": _button,
    "kg-email-cta": _button,
    "wp-block-cover": _cover,
    "wp-block-cover-image": _cover,
}
#: The classes by which cards are known.
CARDS = frozenset({*_LINKED, *_OTHERS})


def remade(card: HtmlElement, classes: Iterable[str]) -> bool:
    """Make of a card with one of CARDS what a mail can carry; whether anything was changed."""
    for name in sorted(CARDS.intersection(classes)):
        return _linked(card, _LINKED[name]) if name in _LINKED else _OTHERS[name](card)
    return False


def _with_class(card: HtmlElement, names: Iterable[str]) -> list[HtmlElement]:
    wanted = set(names)
    return [
        element
        for element in card.iter()
        if isinstance(element.tag, str) and wanted & set((element.get("class") or "").lower().split())
    ]


def _text(card: HtmlElement, names: Iterable[str]) -> str:
    return next(filter(None, (one_line(found.text_content()) for found in _with_class(card, names))), "")


def _renamed(element: HtmlElement, tag: str) -> HtmlElement:
    element.tag = tag
    element.tail = None
    return element


def _forget(card: HtmlElement) -> None:
    """What is remade is no card any more."""
    card.attrib.pop("class", None)


def _put_in_place(card: HtmlElement, made: list[HtmlElement]) -> None:
    parent = card.getparent()
    if parent is None:
        return
    made[-1].tail = card.tail
    place = parent.index(card)
    parent.remove(card)
    for element in reversed(made):
        parent.insert(place, element)
