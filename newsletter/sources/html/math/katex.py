"""Formulas that KaTeX drew for the eye alone: what its boxes mean. Where MathML stands beside them, they are not needed
(find.py).

KaTeX stacks rows in a "vlist", from the bottom to the top; each begins with a "pstrut" (katex.org, its own CSS).
"""

from __future__ import annotations

from collections.abc import Sequence

from newsletter.sources.html.math import linear_parts
from newsletter.sources.html.tree import Element, Node, words

#: The classes that say how parts stand to each other.
CLASSES = frozenset({"pstrut", "vlist", "vlist-t2", "msupsub", "mfrac", "sqrt", "mrel", "mbin"})
_ROW, _STACK, _DEEP = "data-row", "data-stack", "data-deep"


def box(element: Element, shown: set[str]) -> Sequence[Node]:
    """What a span becomes that has one of CLASSES (``shown``); after what is in it."""
    if "pstrut" in shown:
        return [Element("span", {_ROW: ""})]
    if "vlist" in shown:
        return [Element("span", {_STACK: ""}, list(_rows(element.children)))]
    if "vlist-t2" in shown:  # something hangs below the line
        for span in element.elements("span"):
            if _STACK in span.attributes:
                span.attributes[_DEEP] = ""
        return element.children
    if shown & {"mrel", "mbin"}:
        return [words(f" {_text(element)} ")]
    stack = next((node for node in element.elements("span") if _STACK in node.attributes), None)
    rows = [
        text for row in (stack.children if stack else ()) if isinstance(row, Element) and (text := _text(row))
    ]
    if not rows or stack is None:
        return element.children
    if "mfrac" in shown:
        return [words(linear_parts.fraction(rows[-1], rows[0]) if len(rows) > 1 else rows[0])]
    if "sqrt" in shown:
        return [words(linear_parts.rooted(rows[0]))]
    below = rows[0] if _DEEP in stack.attributes else ""
    above = rows[-1] if len(rows) > 1 or not below else ""
    return [words(linear_parts.scripts(below, above))]


def text_of(element: Element) -> str:
    """The whole formula on one line."""
    return _text(element)


def _rows(children: Sequence[Node]) -> Sequence[Element]:
    rows: list[Element] = []
    for node in children:
        if isinstance(node, Element) and _ROW in node.attributes:
            rows.append(Element("span"))
        elif rows:
            rows[-1].children.append(node)
    return rows


def _text(element: Element) -> str:
    return " ".join(element.text().replace("\u200b", "").replace("\u2061", "").split())
