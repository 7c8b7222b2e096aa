"""What the tests of trafilatura and htmldate say of the pages beside them: their asserts, as pieces, titles and days.

Both keep saved pages in ``tests/cache`` of a source distribution (trafilatura 1.0.0, htmldate 1.0.0; newer ones have
none). The asserts were written until those libraries passed them, so they favour them. Nothing of the tests is run.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

#: Shorter pieces are found in any text.
_SHORTEST = 3
#: Where the tests say what is in a text and what is not; the others are about single elements.
_OF_TEXTS = "realworld_tests"
#: What a call is asked for beside a page, and then answers something else: the last change, another spelling.
_OTHER_DATES = {"original_date": False, "extensive_search": False}


@dataclass
class Asserted:
    """What the tests say of one page."""

    file: str
    inside: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    title: str = ""
    date: str = ""
    author: str = ""


def asserted(tests: Path) -> dict[str, Asserted]:
    """By the address of each page that is there and of which something is said."""
    found: dict[str, Asserted] = {}
    for path in sorted(tests.glob("*tests.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        files = _files(tree)
        for function in tree.body:
            if isinstance(function, ast.FunctionDef):
                _read_function(function, files, found, is_text=path.stem == _OF_TEXTS)
    said = {url: page for url, page in found.items() if page.inside or page.title or page.date or page.author}
    return {url: page for url, page in said.items() if (tests / "cache" / page.file).exists()}


def _files(tree: ast.Module) -> dict[str, str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "MOCK_PAGES":
            files = ast.literal_eval(node.value)
            assert isinstance(files, dict)
            return files
    return {}


def _read_function(
    function: ast.FunctionDef, files: dict[str, str], found: dict[str, Asserted], *, is_text: bool
) -> None:
    url = ""
    for statement in _in_order(function.body):
        named = [node.value for node in ast.walk(statement) if isinstance(node, ast.Constant)]
        here = next((value for value in named if isinstance(value, str) and value in files), "")
        url = here or url
        if url and isinstance(statement, ast.Assert):
            page = found.setdefault(url, Asserted(files[url]))
            for compared in ast.walk(statement.test):
                if not isinstance(compared, ast.Compare):
                    continue
                if not isinstance(compared.left, ast.Constant):
                    _read_value(compared, page, is_here=bool(here))
                elif is_text:
                    _read_piece(compared, page)


def _in_order(statements: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements in order, those within conditions too."""
    for statement in statements:
        blocks = [getattr(statement, name, []) for name in ("body", "orelse")]
        if any(blocks):
            for block in blocks:
                yield from _in_order(block)
        else:
            yield statement


def _read_piece(compared: ast.Compare, page: Asserted) -> None:
    """ "'piece' in result", or not in it."""
    piece, how = getattr(compared.left, "value", None), compared.ops[0]
    if isinstance(piece, str) and "<" not in piece and len(piece) >= _SHORTEST:
        if isinstance(how, ast.In):
            page.inside.append(piece)
        elif isinstance(how, ast.NotIn):
            page.outside.append(piece)


def _read_value(compared: ast.Compare, page: Asserted, *, is_here: bool) -> None:
    """ "metadata['title'] == '…'", or "find_date(…) == '…'" with the page's address in it (``is_here``)."""
    left, right = compared.left, compared.comparators[0]
    if not isinstance(compared.ops[0], ast.Eq) or not isinstance(right, ast.Constant):
        return
    if isinstance(left, ast.Subscript) and isinstance(left.slice, ast.Constant):
        if left.slice.value in ("title", "date", "author"):
            setattr(page, left.slice.value, right.value)
    elif is_here and isinstance(left, ast.Call) and getattr(left.func, "id", "") == "find_date":
        asked = {word.arg: getattr(word.value, "value", None) for word in left.keywords}
        if "outputformat" not in asked and not any(
            asked.get(name) is no for name, no in _OTHER_DATES.items()
        ):
            page.date = right.value if isinstance(right.value, str) else ""
