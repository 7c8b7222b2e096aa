"""Code as highlighters leave it, made code again: its text, its language, no line numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from newsletter.sources.html.tree import Element, Node

_LANGUAGE = re.compile(
    r"(?:^|\s)(?:lang(?:uage)?-|highlight-source-|brush:\s*)([a-z0-9+#.-]{1,20})", re.IGNORECASE
)
#: Pandoc and Hexo name the language beside a class of their own.
_BESIDE = re.compile(r"(?:^|\s)(?:sourceCode|highlight|hljs|codehilite)\s+([a-z][a-z0-9+#-]{0,19})(?:\s|$)")
_NO_LANGUAGES = frozenset({"plaintext", "text", "none", "plain", "nohighlight", "txt", "highlight", "code"})
_NUMBERS = frozenset(
    {
        *("lineno", "linenos", "line-number", "line-numbers", "linenumber", "ln", "lnt", "gutter", "gl"),
        *(
            "line-numbers-rows",
            "rouge-gutter",
            "blob-num",
            "hljs-ln-numbers",
            "react-syntax-highlighter-line-number",
        ),
    }
)
_DIGITS = re.compile(r"[\s\d.]*")


def code(element: Element, parents: Sequence[Element]) -> None:
    """Keep of a ``code`` element's class its language, as "language-python"."""
    language = ""
    if any(parent.tag == "pre" for parent in parents[-2:]):
        language = _language(element) or next(filter(None, map(_language, reversed(parents[-4:]))), "")
    element.attributes = {
        **{name: value for name, value in element.attributes.items() if name in ("dir", "lang")},
        **({"class": f"language-{language}"} if language else {}),
    }


def pre(element: Element, parents: Sequence[Element]) -> None:
    """Lines as lines, no numbers before them; code that says its language in words that all highlighters share."""
    language = _language(element) or next(filter(None, map(_language, reversed(parents[-3:]))), "")
    element.children = _plain(element.children)
    if language and not any(element.elements("code")):
        element.children = [Element("code", {"class": f"language-{language}"}, element.children)]
    _strip_first_line_ends(element)


def is_line_number(element: Element) -> bool:
    """A number beside a line of code, by the names that highlighters give it."""
    return element.has_class(*_NUMBERS) and _is_number(element)


def code_of_table(table: Element) -> Element | None:
    """The code of a table whose first column numbers its lines; None for any other table."""
    rows = [[cell for cell in row.children if isinstance(cell, Element)] for row in table.elements("tr")]
    if not rows or any(len(row) != 2 for row in rows) or not all(_is_number(row[0]) for row in rows):
        return None
    if len(rows) == 1:
        return next((found for found in rows[0][1].elements("pre") if any(rows[0][0].elements("pre"))), None)
    telling = table.has_class(
        "highlight", "highlighttable", "hljs-ln", "rouge-table", "js-file-line-container"
    )
    if not telling and not all(_is_numbered(row[0]) for row in rows):
        return None
    lines = "\n".join(_escaped(row[1]).strip("\n") for row in rows)
    return Element("pre", {}, [Element("code", {}, [lines])])


def _is_number(cell: Element) -> bool:
    return all(_DIGITS.fullmatch(node) for node in cell.inside() if isinstance(node, str))


def _is_numbered(cell: Element) -> bool:
    return cell.has_class(*_NUMBERS) or "data-line-number" in cell.attributes


def _escaped(element: Element) -> str:
    return "".join(node for node in element.inside() if isinstance(node, str))


def _language(element: Element) -> str:
    given = element.attributes
    said = given.get("data-lang") or given.get("data-language") or ""
    if not said:
        found = _LANGUAGE.search(given.get("class", "")) or _BESIDE.search(given.get("class", ""))
        said = found[1] if found else ""
    said = said.lower()
    return said if re.fullmatch(r"[a-z0-9+#.-]{1,20}", said) and said not in _NO_LANGUAGES else ""


def _plain(children: Sequence[Node]) -> list[Node]:
    """Without the line breaks that are elements, and in blocks of lines without the blocks."""
    plain: list[Node] = []
    for node in children:
        if isinstance(node, str):
            plain.append(node)
        elif node.tag == "br":
            plain.append("\n")
        elif node.tag in ("div", "p"):
            plain += [*_plain_block(node), "\n"]
        else:
            if node.tag == "code":
                node.children = _plain(node.children)
            plain.append(node)
    return plain


def _plain_block(block: Element) -> list[Node]:
    last = _escaped(block)
    children = list(block.children)
    if last.endswith("\n") and children and isinstance(children[-1], str):
        children[-1] = children[-1].removesuffix("\n")
    return children


def _strip_first_line_ends(element: Element) -> None:
    """HTML drops the first line end in a ``pre`` at each reading (HTML §13.2.6.4.7)."""
    while element.children and isinstance(element.children[0], str):
        element.children[0] = element.children[0].lstrip("\n")
        if element.children[0]:
            return
        del element.children[0]
