"""A picture that a page has twice, loaded by a script and in ``noscript`` for browsers without: one stays, the true
one."""

from __future__ import annotations

from collections.abc import Sequence

from newsletter.sources.html.blocks import embeds
from newsletter.sources.html.images.content_images import POOR, TWIN
from newsletter.sources.html.images.image_url import is_loaded_late
from newsletter.sources.html.tree import Element, Node


def fallback(element: Element, before: Sequence[Node]) -> Sequence[Node]:
    """What stands in ``noscript``: the picture or film that a script would have put in its place, and no words.

    Where it stands beside a picture that is only a stand-in, it takes that one's place; beside the picture itself it is
    the same once more.
    """
    top = [node for node in element.children if isinstance(node, Element)]
    kept = [node for node in top if node.tag == "img" or any(node.elements("img")) or _is_film(node)]
    inside = [image for node in kept for image in (node, *node.elements("img")) if image.tag == "img"]
    if (beside := _last_picture(before)) is not None:
        if POOR in beside.attributes and len(inside) == 1 and POOR not in inside[0].attributes:
            words_of_it = {
                name: value for name, value in beside.attributes.items() if name not in ("src", POOR)
            }
            told = {name: value for name, value in inside[0].attributes.items() if value}
            beside.attributes = words_of_it | told
        return []
    for image in inside:
        image.attributes[TWIN] = ""
    return kept


def _last_picture(before: Sequence[Node]) -> Element | None:
    """The picture that stands right before, alone or in something; None where words come between."""
    for node in reversed(before):
        if isinstance(node, Element):
            images = [node] if node.tag == "img" else list(node.elements("img"))
            return images[-1] if images else None
        if node.strip():
            return None
    return None


def is_told_already(found: Element, element: Element, before: Sequence[Node]) -> bool:
    """Whether a picture follows its twin for browsers without scripts."""
    last = _last_picture(before)
    if last is None or TWIN not in last.attributes:
        return False
    same = found.attributes["src"] == last.attributes["src"]
    return same or POOR in found.attributes or is_loaded_late(element.attributes)


def _is_film(node: Element) -> bool:
    return any(embeds.film(link.attributes.get("href", "")).host for link in (node, *node.elements("a")))
