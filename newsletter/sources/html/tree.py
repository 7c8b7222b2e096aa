"""HTML as nh3 writes it, taken apart into elements and put together again. element_rules.py decides
what becomes of each.

nh3 parses as browsers do and closes what it opens, so that this needs no parser of its own. Nothing here recurses: a
post may be nested deeper than Python's stack.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from newsletter.sources.html.parser_limits import in_parts

_TOKEN = re.compile(
    r'<(/?)([a-z][^\s<>/"]*)((?:\s+[^\s<>"=/]+="[^"]*")*)\s*>|([^<]+)|<',
)
_ATTRIBUTE = re.compile(r'\s+([^\s<>"=/]+)="([^"]*)"')
#: Elements that have no end tag (HTML §13.1.2).
VOID = frozenset({"br", "embed", "hr", "img", "input", "source", "track", "wbr", "col", "param"})
#: What stands in these is not markup, and nobody sees it.
_RAW_TEXT = frozenset({"iframe"})


@dataclass(slots=True, eq=False)
class Element:
    """One element. ``attributes`` are as they are meant; text among ``children`` is escaped already."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)

    def has_class(self, *names: str) -> bool:
        """Whether it has one of these classes."""
        own = self.attributes.get("class", "")
        return bool(own) and not set(own.lower().split()).isdisjoint(names)

    def inside(self) -> Iterator[Node]:
        """Every element and text below it, in order."""
        waiting: list[Node] = self.children[::-1]
        while waiting:
            node = waiting.pop()
            yield node
            if isinstance(node, Element):
                waiting += node.children[::-1]

    def elements(self, *tags: str) -> Iterator[Element]:
        """The elements of these names below it."""
        return (node for node in self.inside() if isinstance(node, Element) and node.tag in tags)

    def text(self) -> str:
        """The words in it, as they are meant."""
        return entities.unescape("".join(node for node in self.inside() if isinstance(node, str)))


Node = Element | str
#: What stands in an element's place. Its own children have been decided; it is told what it stands in.
Decide = Callable[[Element, Sequence[Element]], Sequence[Node]]


def rebuilt(html: str, decide: Decide) -> list[Node]:
    """Take nh3's HTML apart; every element is decided once, after what is in it."""
    root = Element("")
    opened = [root]
    skip_until = ""
    for token in _TOKEN.finditer(html):
        closing, tag, attributes, text = token.groups()
        if skip_until:
            if not (closing and tag == skip_until):
                continue
            skip_until = ""
        if tag is None:
            opened[-1].children.append(text or "&lt;")
        elif not closing:
            pairs = _ATTRIBUTE.findall(attributes) if attributes else ()
            found = {name: entities.unescape(value) for name, value in pairs}
            opened.append(Element(tag, found))
            if tag in VOID:
                _close(opened, decide)
            elif tag in _RAW_TEXT:
                skip_until = tag
        elif len(opened) > 1 and opened[-1].tag == tag:
            _close(opened, decide)
    while len(opened) > 1:
        _close(opened, decide)
    return root.children


def _close(opened: list[Element], decide: Decide) -> None:
    element = opened.pop()
    opened[-1].children += decide(element, opened)


def written(nodes: Sequence[Node]) -> str:
    """The HTML of some nodes, for nh3: long texts are in parts."""
    parts: list[str] = []
    waiting: list[Node] = list(nodes[::-1])
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            parts.append(in_parts(node))
            continue
        attributes = [f' {name}="{entities.escape(value)}"' for name, value in node.attributes.items()]
        parts.append(f"<{node.tag}{''.join(attributes)}>")
        if node.tag not in VOID:
            waiting.append(f"</{node.tag}>")
            waiting += node.children[::-1]
    return "".join(parts)


def words(text: str) -> str:
    """A text of our own as a node."""
    return entities.escape(text, quote=False)
