"""Buttons: what becomes of one that leads somewhere, of the form around it, and how links that look like buttons stay
apart. Forms that ask for something are no part of a post and go; nothing is ever sent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlencode

from newsletter.sources.html.tree import Element, Node, words
from newsletter.sources.html.urls import absolute_url

#: What an editor, a theme or a page builder calls a link that it draws as a button.
_CALLED_SO = re.compile(r"(?:^|[\s_-])(?:btn|buttons?|cta)(?:$|[\s_-])", re.IGNORECASE)
_BOXED = re.compile(r"(?:^|;)\s*display\s*:\s*inline-(?:block|flex|grid)\s*(?:;|$)", re.IGNORECASE)
#: Such a button opens the text below it (an accordion's), and its words are that text's heading.
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt", "legend"})
_AROUND = frozenset({"strong", "b", "em", "i", "small", "span", "u", "s", "mark", "sup", "sub"})
_OPENS = re.compile(
    r"(?:location(?:\.href)?\s*=|location\.(?:assign|replace)\(|window\.open\()\s*(['\"])([^'\"]{1,2000})\1"
)
#: Fields that a visitor neither sees nor fills in.
_ASKS_NOTHING = frozenset({"hidden", "submit", "image", "button", "reset"})


def button(element: Element, parents: Sequence[Element], base_url: str) -> Sequence[Node]:
    """The words of a button that is a link or a heading; one in a form waits for the form's word. Others only do
    something on a page, and go."""
    around = {parent.tag for parent in parents}
    if (
        "a" in around
        or around & _HEADINGS
        or any("href" in link.attributes for link in element.elements("a"))
    ):
        return element.children
    if "form" in around:
        return [element]
    given = element.attributes
    opens = _OPENS.search(given.get("onclick", ""))
    return _link(given.get("data-href") or (opens[2] if opens else ""), element.children, base_url)


def form(element: Element, base_url: str) -> Element | None:
    """A form that asks for nothing and only leads somewhere (GET) as a division with links; None for any other."""
    fields = list(element.elements("input"))
    if any(field.attributes.get("type", "text").lower() not in _ASKS_NOTHING for field in fields):
        return None
    if element.attributes.get("method", "get").strip().lower() != "get":
        return None
    hidden = [pair for field in fields if _kind(field) == "hidden" for pair in _pairs(field)]
    element.tag, found = "div", False
    waiting = [element]
    while waiting:
        inside = waiting.pop()
        kept: list[Node] = []
        for node in inside.children:
            if isinstance(node, Element) and node.tag in ("button", "input"):
                link = _of_form(node, element.attributes.get("action", ""), hidden, base_url)
                found = found or bool(link)
                kept += apart(link, kept)
                continue
            if isinstance(node, Element):
                waiting.append(node)
            kept.append(node)
        inside.children = kept
    return element if found else None


def asks(element: Element, parents: Sequence[Element]) -> Sequence[Node]:
    """What a list to choose from or a large field for words becomes: within a form, a sign that it asks something."""
    return [Element("input", {"type": "text"})] if any(parent.tag == "form" for parent in parents) else []


def _of_form(
    control: Element, action: str, hidden: Sequence[tuple[str, str]], base_url: str
) -> Sequence[Node]:
    given = control.attributes
    kind = _kind(control)
    if kind not in ("submit", "image"):
        return []
    address = (given.get("formaction") or action).strip()
    query = urlencode([*hidden, *(_pairs(control) if kind == "submit" else ())])
    # What stands in the query of a form's own address is not sent (HTML, "mutate action URL").
    address = f"{address.partition('#')[0].partition('?')[0]}?{query}" if query and address else address
    shown = (
        control.children if control.tag == "button" else [words(given.get("alt") or given.get("value", ""))]
    )
    return _link(address, shown, base_url)


def _kind(control: Element) -> str:
    return control.attributes.get("type", "submit" if control.tag == "button" else "text").strip().lower()


def _pairs(control: Element) -> list[tuple[str, str]]:
    name = control.attributes.get("name", "")
    return [(name, control.attributes.get("value", ""))] if name else []


def _link(address: str, shown: Sequence[Node], base_url: str) -> Sequence[Node]:
    found = absolute_url(address, base_url) if address and not address.startswith("#") else None
    return [Element("a", {"href": found, "role": "button"}, list(shown))] if found else []


def apart(nodes: Sequence[Node], before: Sequence[Node]) -> Sequence[Node]:
    """The nodes, with a blank in front where a link would be glued to the button, or the words, before it."""
    if not nodes or not before:
        return nodes
    first = _edge(nodes[0], 0)
    last = _edge(before[-1], -1)
    if not isinstance(first, Element) or first.tag != "a":
        return nodes
    if isinstance(last, str):
        glued = _looks_so(first) and last[-1:].isalnum()
    else:
        glued = last.tag == "a" and (_looks_so(first) or _looks_so(last) or _are_two_things(last, first))
    return [" ", *nodes] if glued else nodes


def _edge(node: Node, which: int) -> Node:
    while isinstance(node, Element) and node.tag in _AROUND and node.children:
        node = node.children[which]
    return node


def _looks_so(link: Element) -> bool:
    given = link.attributes
    return (
        given.get("role") == "button"
        or bool(_CALLED_SO.search(given.get("class", "")))
        or bool(_BOXED.search(given.get("style", "")))
    )


def _are_two_things(one: Element, other: Element) -> bool:
    """Whether two links without a blank between them are two words all the same: an editor splits one link into two,
    and a word of two links goes on in small letters."""
    if one.attributes.get("href") == other.attributes.get("href"):
        return False
    return one.text()[-1:].isalnum() and other.text()[:1].isupper()
