"""A post as a careful person would type it: HTML in, plain text out. The mail around it is a text template.

The conventions: the mail's title is underlined with "=", a post's headings with "-", smaller ones stand alone;
quotations get ">", lists hang, code is indented and kept as it is; links become numbered notes, pictures give their
description. Nothing of HTML is left over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import html as lxml_html
from lxml.html import HtmlElement

from newsletter.rendering.list_numbers import labels, whole
from newsletter.rendering.plaintext.inline_text import (
    BLOCKS,
    BREAK,
    GLUE,
    SILENT,
    Book,
    holds_blocks,
    inline,
    noted,
    one_line,
    plain,
    shown_address,
)
from newsletter.rendering.plaintext.tables import set_table
from newsletter.rendering.plaintext.wrap import WIDTH, indented, underlined, wrapped

_UNDERLINES = {"h1": "=", "h2": "-"}
#: However deep quotations and lists are nested, a line keeps so many columns.
_NARROWEST = 24
_FIXED = "\u00a0"
#: What makes a table's cell more than a line of words.
_STRUCTURE = ("ul", "ol", "dl", "pre", "blockquote", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr")
#: Columns that one cell may span: more are a mistake, or meant to hurt.
_MOST_SPAN = 40


@dataclass(slots=True)
class Written:
    """Text and the addresses that its notes stand for: note [1] is ``notes[0]``."""

    text: str = ""
    notes: list[str] = field(default_factory=list)


class _Items(str):
    """A list as text: within an item it follows on the next line."""

    __slots__ = ()


def write(html: str, width: int = WIDTH) -> Written:
    """Turn clean HTML into plain text of at most ``width`` columns (addresses and code stay whole)."""
    if not html.strip():
        return Written()
    fragment = html.replace(BREAK, "").replace(GLUE, "")
    root = lxml_html.fragment_fromstring(fragment, create_parent="div")
    book = Book(said=" ".join("".join(root.itertext()).casefold().split()))
    text = "\n\n".join(_blocks(root, width, book)).replace(GLUE, " ")
    return Written(text, list(book.numbers))


def _blocks(parent: HtmlElement, width: int, book: Book) -> list[str]:
    """The blocks inside an element; text that stands loose among them makes paragraphs of its own."""
    blocks: list[str] = []
    loose = plain(parent.text or "")
    for child in parent:
        if isinstance(child.tag, str) and (child.tag in BLOCKS or holds_blocks(child)):
            blocks += _paragraphs(loose, width)
            loose = ""
            blocks += _block(child, width, book)
        else:
            loose += inline(child, book)
        loose += plain(child.tail or "")
    return [*blocks, *_paragraphs(loose, width)]


def _paragraphs(text: str, width: int) -> list[str]:
    paragraph = "\n".join(_line(line, width) for line in text.split(BREAK)).strip("\n")
    return [re.sub(r"\n{3,}", "\n\n", paragraph)] if paragraph.strip() else []


def _line(text: str, width: int) -> str:
    """One line that was meant, wrapped. No-break spaces before it are a poem's margin, those among plain spaces
    a word processor's habit."""
    flat = text.lstrip(" \t\r\n")
    words = flat.lstrip(_FIXED)
    margin = " " * min(len(flat) - len(words), _NARROWEST // 2)
    evened = re.sub(rf"{_FIXED}*[ \t\r\n][ \t\r\n{_FIXED}]*", " ", words).rstrip(f" {_FIXED}")
    return wrapped(evened, width, margin)


def _block(element: HtmlElement, width: int, book: Book) -> list[str]:
    tag = str(element.tag)
    if tag in SILENT:
        return []
    if re.fullmatch("h[1-6]", tag):
        return _heading(element, width, book)
    match tag:
        case "ul" | "ol":
            return _list(element, width, book)
        case "dl":
            return _definitions(element, width, book)
        case "blockquote":
            return _quotation(element, width, book)
        case "pre":
            return _code(element, book)
        case "hr":
            return ["* * *"]
        case "table":
            return _table(element, width, book)
        case "figure":
            return _figure(element, width, book)
        case "a":
            return _card(element, width, book)
    return _blocks(element, width, book)


def _card(element: HtmlElement, width: int, book: Book) -> list[str]:
    """A link around whole blocks: the blocks, then where they lead."""
    address = shown_address(element.get("href") or "")
    return [*_blocks(element, width, book), *([address] if address else [])]


def _figure(element: HtmlElement, width: int, book: Book) -> list[str]:
    """A picture's caption stands right under it."""
    blocks = _blocks(element, width, book)
    return ["\n".join(blocks)] if len(blocks) == 2 and blocks[0].startswith("[Picture: ") else blocks


def _heading(element: HtmlElement, width: int, book: Book) -> list[str]:
    title = one_line(element, book)
    if not title:
        return []
    char = _UNDERLINES.get(str(element.tag))
    return [underlined(title, char, width) if char else wrapped(title, width)]


def _quotation(element: HtmlElement, width: int, book: Book) -> list[str]:
    inner = "\n\n".join(_blocks(element, max(width - 2, _NARROWEST), book))
    return ["\n".join(f"> {line}".rstrip() for line in inner.split("\n"))] if inner else []


def _code(element: HtmlElement, book: Book) -> list[str]:
    """As it stands: indented, never wrapped. Links in it are named below, for nothing is put into code."""
    code = "".join(_verbatim(element)).strip("\n")
    addresses = [shown_address(link.get("href") or "") for link in element.iter("a")]
    hidden = [address for address in addresses if address and address not in code]
    if not code.strip():
        return hidden
    numbers = [f"[{noted(address, book)}]" for address in hidden]
    below = [f"Links in it: {', '.join(dict.fromkeys(numbers))}"] if numbers else []
    return [indented(code, "    ", "    "), *below]


def _verbatim(element: HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == "br":
            yield "\n"
        elif child.tag == "img":
            yield child.get("alt") or ""
        elif isinstance(child.tag, str):
            yield from _verbatim(child)
        yield child.tail or ""


# lists


def _list(element: HtmlElement, width: int, book: Book) -> list[str]:
    numbers = labels(element) if element.tag == "ol" else None
    items: list[str] = [*_paragraphs(plain(element.text or ""), width)]
    for child in element:
        if child.tag == "li":
            bullet = f"{next(numbers)} " if numbers else "- "
            blocks = _blocks(child, max(width - len(bullet), _NARROWEST), book)
            items += [indented("\n".join(_tightened(blocks)), bullet)] if blocks else []
        elif child.tag in (
            "ul",
            "ol",
        ):  # a list in a list, without an item around it: often seen, and shown so
            items += [indented(inner, "  ") for inner in _list(child, max(width - 2, _NARROWEST), book)]
        elif isinstance(child.tag, str):
            items += (
                _block(child, width, book) if child.tag in BLOCKS else _paragraphs(inline(child, book), width)
            )
        items += _paragraphs(plain(child.tail or ""), width)
    separator = "\n\n" if any("\n\n" in item for item in items) else "\n"
    return [_Items(separator.join(items))] if items else []


def _tightened(blocks: list[str]) -> list[str]:
    """A list inside an item follows it on the next line; paragraphs keep their distance."""
    lines = blocks[:1]
    for block in blocks[1:]:
        lines += [block] if isinstance(block, _Items) else ["", block]
    return lines


def _definitions(element: HtmlElement, width: int, book: Book) -> list[str]:
    """A term, and under it, indented, what it means."""
    blocks: list[str] = []
    for child in _flattened(element):
        if child.tag == "dd":
            inner = _blocks(child, max(width - 4, _NARROWEST), book)
            meaning = indented("\n\n".join(inner), "    ", "    ") if inner else ""
            if meaning and blocks:
                blocks[-1] += f"\n{meaning}"
            elif meaning:
                blocks.append(meaning)
        else:
            blocks += _block(child, width, book)
        blocks += _paragraphs(plain(child.tail or ""), width)
    return _paragraphs(plain(element.text or ""), width) + blocks


def _flattened(element: HtmlElement) -> Iterator[HtmlElement]:
    """The children of a <dl>; HTML allows a <div> around each term and its meanings."""
    for child in element:
        if child.tag == "div" and not (child.text or "").strip() and not (child.tail or "").strip():
            yield from child
        elif isinstance(child.tag, str):
            yield child


# tables


def _table(element: HtmlElement, width: int, book: Book) -> list[str]:
    own = [row for row in element.iter("tr") if next(row.iterancestors("table")) is element]
    captions = [block for part in element.iterchildren("caption") for block in _blocks(part, width, book)]
    cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in own]
    if max(map(len, cells), default=0) < 2 or any(_structured(cell) for row in cells for cell in row):
        return captions + [block for row in cells for cell in row for block in _blocks(cell, width, book)]
    rows = [row for row in _grid(cells, book) if any(row)]
    header = len(rows) > 1 and _names_columns(cells[0])
    return captions + ([set_table(rows, width, header=header)] if rows else [])


def _names_columns(row: list[HtmlElement]) -> bool:
    """Whether a first row is a header; the corner above a column of names is often an empty <td>."""
    in_head = any(next(cell.iterancestors("thead"), None) is not None for cell in row)
    return bool(row) and (in_head or all(cell.tag == "th" or not cell.text_content().strip() for cell in row))


def _structured(cell: HtmlElement) -> bool:
    return next(cell.iter(*_STRUCTURE), None) is not None or len(list(cell.iter("p"))) > 1


def _grid(cells: list[list[HtmlElement]], book: Book) -> list[list[str]]:
    """The words of each cell in its column: one that spans several leaves the others empty."""
    grid: list[list[str]] = []
    taken: dict[int, int] = {}
    for row in cells:
        line: list[str] = []
        for cell in row:
            while taken.get(len(line), 0):
                line.append("")
            down, across = _span(cell, "rowspan"), _span(cell, "colspan")
            for place in range(across):
                taken[len(line)] = down
                line.append(one_line(cell, book) if place == 0 else "")
        taken = {place: left - 1 for place, left in taken.items() if left > 1}
        grid.append(line)
    return grid


def _span(cell: HtmlElement, name: str) -> int:
    return max(1, min(whole(cell.get(name), 1), _MOST_SPAN))
