"""A post as a careful person would type it: HTML in, plain text out. The mail around it is a text template.

Links become numbered notes, quotations get ">", lists hang, headings are underlined, pictures give their
description. Nothing of HTML is left over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import html as lxml_html
from lxml.html import HtmlElement

from newsletter.rendering.wrap import WIDTH, columns, indented, underlined, wrapped

_HEADINGS = {"h1": "=", "h2": "=", "h3": "-", "h4": "-", "h5": "", "h6": ""}
_SILENT = frozenset({"script", "style", "head", "template", "noscript", "title"})
#: Elements that stand on lines of their own. Whatever is not named here runs on in its line.
_BLOCKS = frozenset(
    """
    address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th
    thead tr ul
    """.split()  # noqa: SIM905 (as in body.py)
)
_BREAK = "\x00"


@dataclass(slots=True)
class Written:
    """Text and the addresses that its notes stand for: note [1] is ``notes[0]``."""

    text: str = ""
    notes: list[str] = field(default_factory=list)


def write(html: str, width: int = WIDTH) -> Written:
    """Turn clean HTML into plain text of at most ``width`` columns (addresses stay whole)."""
    written = Written()
    if html.strip():
        root = lxml_html.fragment_fromstring(html.replace(_BREAK, ""), create_parent="div")
        written.text = "\n\n".join(_blocks(root, width, written.notes))
    return written


def _blocks(parent: HtmlElement, width: int, notes: list[str]) -> list[str]:
    """The blocks inside an element; text that stands loose among them makes paragraphs of its own."""
    blocks: list[str] = []
    loose = parent.text or ""
    for child in parent:
        if isinstance(child.tag, str) and (child.tag in _BLOCKS or _holds_blocks(child)):
            blocks += _paragraph(loose, width)
            loose = ""
            blocks += _block(child, width, notes)
        else:
            loose += _inline(child, notes)
        loose += child.tail or ""
    return [*blocks, *_paragraph(loose, width)]


def _holds_blocks(element: HtmlElement) -> bool:
    return any(isinstance(inner.tag, str) and inner.tag in _BLOCKS for inner in element.iterdescendants())


def _paragraph(text: str, width: int) -> list[str]:
    lines = [wrapped(line, width) for line in text.split(_BREAK)]
    paragraph = "\n".join(lines).strip("\n")
    return [re.sub(r"\n{3,}", "\n\n", paragraph)] if paragraph.strip() else []


def _block(element: HtmlElement, width: int, notes: list[str]) -> list[str]:
    tag = str(element.tag)
    if tag in _SILENT:
        return []
    if tag in _HEADINGS:
        return _heading(element, width, notes)
    if tag in ("ul", "ol"):
        return _list(element, width, notes)
    if tag == "blockquote":
        inner = "\n\n".join(_blocks(element, max(width - 2, 20), notes))
        return ["\n".join(f"> {line}".rstrip() for line in inner.split("\n"))] if inner else []
    if tag == "pre":
        code = "".join(element.itertext()).strip("\n")
        return [indented(code, "    ", "    ")] if code.strip() else []
    if tag == "hr":
        return ["* * *"]
    if tag == "table":
        return _table(element, width, notes)
    if tag == "a":
        return _card(element, width, notes)
    if tag == "dd":
        return [indented(block, "    ", "    ") for block in _blocks(element, max(width - 4, 20), notes)]
    return _blocks(element, width, notes)


def _card(element: HtmlElement, width: int, notes: list[str]) -> list[str]:
    """A link around whole blocks: the blocks, then where they lead."""
    address = element.get("href") or ""
    return [
        *_blocks(element, width, notes),
        *([address] if address.startswith(("http://", "https://")) else []),
    ]


def _heading(element: HtmlElement, width: int, notes: list[str]) -> list[str]:
    title = " ".join(_contents(element, notes).replace(_BREAK, " ").split())
    if not title:
        return []
    char = _HEADINGS[str(element.tag)]
    return [underlined(title, char, width) if char else wrapped(title, width)]


def _list(element: HtmlElement, width: int, notes: list[str]) -> list[str]:
    items = [child for child in element if child.tag == "li"]
    start = int(element.get("start", "1")) if re.fullmatch(r"\d{1,6}", element.get("start", "1")) else 1
    lines = []
    for number, item in enumerate(items, start):
        bullet = f"{number}. " if element.tag == "ol" else "- "
        blocks = _blocks(item, max(width - len(bullet), 20), notes)
        lines += [indented("\n".join(_tightened(blocks)), bullet)] if blocks else []
    separator = "\n\n" if any("\n\n" in line for line in lines) else "\n"
    return [separator.join(lines)] if lines else []


def _tightened(blocks: list[str]) -> list[str]:
    """A list inside an item follows it on the next line; paragraphs keep their distance."""
    lines = blocks[:1]
    for block in blocks[1:]:
        lines += [block] if re.match(r"(- |\d+\. )", block) else ["", block]
    return lines


def _table(element: HtmlElement, width: int, notes: list[str]) -> list[str]:
    """Columns set side by side where they fit, else one cell under the other."""
    blocks = [
        block for caption in element.iterchildren("caption") for block in _blocks(caption, width, notes)
    ]
    rows = [_cells(row, notes) for row in element.iter("tr")]
    rows = [row for row in rows if any(row)]
    widths = [
        max(columns(row[place]) if place < len(row) else 0 for row in rows)
        for place in range(max(map(len, rows), default=0))
    ]
    if sum(widths) + 3 * (len(widths) - 1) <= width:
        lines = [
            "   ".join(cell + " " * (widths[n] - columns(cell)) for n, cell in enumerate(row)).rstrip()
            for row in rows
        ]
        return blocks + (["\n".join(lines)] if lines else [])
    return blocks + ["\n".join(wrapped(cell, width) for cell in row if cell) for row in rows]


def _cells(row: HtmlElement, notes: list[str]) -> list[str]:
    return [
        " ".join(_contents(cell, notes).replace(_BREAK, " ").split())
        for cell in row
        if cell.tag in ("td", "th")
    ]


def _contents(element: HtmlElement, notes: list[str]) -> str:
    parts = [element.text or ""]
    for child in element:
        parts += [_inline(child, notes), child.tail or ""]
    return "".join(parts)


def _inline(element: HtmlElement, notes: list[str]) -> str:
    tag = element.tag
    if not isinstance(tag, str) or tag in _SILENT:
        return ""
    if tag == "br":
        return _BREAK
    if tag == "img":
        described = " ".join((element.get("alt") or "").split())
        return f"[Picture: {described}]" if described else ""
    inner = _contents(element, notes)
    if tag == "a":
        return _link(inner, element.get("href") or "", notes)
    if tag == "q":
        return f"“{inner}”"
    return f" {inner} " if tag in _BLOCKS else inner


def _link(inner: str, address: str, notes: list[str]) -> str:
    """The words, then the number of a note; an address that is shown already needs none."""
    shown = " ".join(inner.replace(_BREAK, " ").split())
    if address.startswith("mailto:"):
        mailbox = address.removeprefix("mailto:").partition("?")[0]
        return inner if mailbox.casefold() in shown.casefold() else f"{inner} <{mailbox}>"
    if not address.startswith(("http://", "https://")):
        return inner
    if not shown:
        return address
    if shown.rstrip("/") in (address.rstrip("/"), address.partition("://")[2].rstrip("/")):
        return inner.replace(shown, address)
    if address not in notes:
        notes.append(address)
    return f"{inner.rstrip()} [{notes.index(address) + 1}]{inner[len(inner.rstrip()) :]}"
