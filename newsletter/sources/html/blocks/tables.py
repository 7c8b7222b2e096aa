"""Tables: those that hold data are kept, those that only place things on a page or number lines of code are undone."""

from __future__ import annotations

from collections.abc import Sequence

from newsletter.sources.html.blocks.code_blocks import code_of_table
from newsletter.sources.html.tree import Element, Node


def table(element: Element, parents: Sequence[Element]) -> Sequence[Node]:
    """A table, or what is left when it was none."""
    if found := code_of_table(element):
        return [found]
    if not _places_things(element):
        return [element]
    return [Element("div", {}, cell.children) for cell in _cells(element) if cell.children]


def _places_things(element: Element) -> bool:
    """By its own word (ARIA), or because it is one cell, which relates nothing to anything."""
    if any(element.elements("th", "caption")):
        return False
    if element.attributes.get("role", "").lower() in ("presentation", "none"):
        return True
    return len(_cells(element)) == 1


def _cells(element: Element) -> list[Element]:
    """Its own cells, not those of a table in it."""
    found: list[Element] = []
    waiting: list[Node] = element.children[::-1]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            continue
        if node.tag in ("td", "th"):
            found.append(node)
        elif node.tag != "table":
            waiting += node.children[::-1]
    return found
