"""What only a style sets apart from the words around it: lines of their own, things in a row, notes in the margin, the
lines of a verse, and what is set high or low. Without it their words would be glued together."""

from __future__ import annotations

import re
from collections.abc import Sequence

from newsletter.sources.html.tree import Element, Node

_STYLE = re.compile(r"(?:^|;)\s*display\s*:\s*(?:block|flex|grid|table)\s*(?:;|$)", re.IGNORECASE)

_RAISED = re.compile(r"(?:^|;)\s*vertical-align\s*:\s*(super|sub)\s*(?:;|$)", re.IGNORECASE)
#: What stands in such a box stands apart, side by side.
_ROW = re.compile(r"(?:^|;)\s*display\s*:\s*(?:inline-)?(?:flex|grid)\s*(?:;|$)", re.IGNORECASE)
_LINES_KEPT = re.compile(
    r"(?:^|;)\s*white-space\s*:\s*(?:pre|pre-wrap|pre-line|break-spaces)\s*(?:;|$)", re.IGNORECASE
)
#: Of Tufte's style sheet and its kin, of LaTeXML, and of what is shown when a pointer rests on a note's number.
_ASIDE = ("sidenote", "marginnote", "margin-note", "side-note", "ltx_note_outer", "footnote-tooltip")


def said_otherwise(element: Element) -> list[Node] | None:
    """What a span becomes that is set high or low, or is a note beside the text; None for any other."""
    if found := _RAISED.search(element.attributes.get("style", "")):
        return [Element({"super": "sup", "sub": "sub"}[found[1].lower()], {}, element.children)]
    if element.has_class(*_ASIDE) and (said := element.text().strip()):
        marks = ("", "") if said[0] in "([" else ("(", ")")
        return [f" {marks[0]}", *element.children, marks[1]]
    return None


def is_one(element: Element) -> bool:
    """Whether an element with words in it is shown as a line of its own."""
    return bool(_STYLE.search(element.attributes.get("style", ""))) and bool(element.text().strip())


def is_in_a_row(parents: Sequence[Element]) -> bool:
    """Whether an element stands beside others in a box that sets its children apart."""
    return bool(parents) and is_row(parents[-1])


def is_row(element: Element) -> bool:
    """Whether an element is such a box."""
    return bool(_ROW.search(element.attributes.get("style", "")))


def drop_double_blanks(row: Element) -> None:
    """What stands in a row was set apart on both sides: one blank is enough, and none at either end."""
    kept: list[Node] = []
    for node in row.children:
        is_after_one = not kept or (isinstance(kept[-1], str) and kept[-1][-1:].isspace())
        found = node.lstrip() if is_after_one and isinstance(node, str) else node
        kept += [found] if found else []
    if kept and isinstance(kept[-1], str):
        kept[-1] = kept[-1].rstrip()
    row.children = kept


def keep_lines(element: Element) -> None:
    """The lines of a text whose style keeps them, each broken from the next."""
    if not _LINES_KEPT.search(element.attributes.get("style", "")):
        return
    last = next((node for node in reversed(element.children) if isinstance(node, str)), "")
    waiting = [element]
    while waiting:
        inside = waiting.pop()
        found: list[Node] = []
        for node in inside.children:
            if isinstance(node, Element):
                if node.tag != "pre":
                    waiting.append(node)
                found.append(node)
                continue
            first = not found and inside is element
            lines = (node.lstrip("\n") if first else node).split("\n")
            if inside is element and node is last and node is element.children[-1] and not lines[-1].strip():
                del lines[-1]
            for number, line in enumerate(lines):
                found += [Element("br"), line] if number else [line]
        inside.children = found


def within_a_line(nodes: Sequence[Node], parent: Element) -> list[Node]:
    """The nodes with the line broken before and behind them."""
    before = parent.children[-1:]
    is_first = not before or (isinstance(before[0], Element) and before[0].tag == "br")
    return [*([] if is_first else [Element("br")]), *nodes, Element("br")]
