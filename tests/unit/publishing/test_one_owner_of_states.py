"""The state of an edition is written by ``transitions`` alone: the syntax tree of every other module is searched."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[3] / "newsletter"
OWNER = PACKAGE / "publishing/editions/transitions.py"
#: Whose ``state`` an assignment may be outside of it: rows of other tables.
_OTHERS = {"post", "row", "campaign", "mail"}
_WRITES = {"update", "create", "get_or_create", "update_or_create", "aupdate", "acreate"}


def writes_a_state(source: str) -> list[int]:
    """The lines of a module that write the state of an edition, or may."""
    return sorted({node.lineno for node in ast.walk(ast.parse(source)) if _writes(node)})


def _writes(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        states = [one for one in _flat(targets) if isinstance(one, ast.Attribute) and one.attr == "state"]
        unknown = [one for one in states if not _names(one.value) <= _OTHERS]
        return bool(unknown) or bool(
            states and node.value is not None and "EditionState" in _names(node.value)
        )
    if isinstance(node, ast.Call):
        function = node.func
        if isinstance(function, ast.Name) and function.id == "setattr":
            return any(isinstance(one, ast.Constant) and one.value == "state" for one in node.args)
        makes = isinstance(function, ast.Name) and function.id == "Edition"
        if isinstance(function, ast.Attribute) and function.attr in _WRITES:
            makes = "Edition" in _names(function)
        elif not makes:
            return False
        written = [word.value for word in node.keywords if word.arg in ("state", "defaults", None)]
        return any("EditionState" in _names(value) for value in written) or (makes and bool(written))
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return "update newsletter_edition " in " ".join(node.value.casefold().split())
    return False


def _flat(targets: list[ast.expr]) -> Iterator[ast.expr]:
    for one in targets:
        yield from _flat(one.elts) if isinstance(one, ast.Tuple | ast.List) else (one,)


def _names(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


@pytest.mark.parametrize(
    "line",
    [
        "edition.state = new",
        "made.state, made.reason = EditionState.PAUSED, reason",
        "row.edition.state = EditionState.SENT",
        "self.edition.state = word",
        "Edition.objects.filter(pk=1).update(state=EditionState.SENT, finished_at=now)",
        "editions.update(state=EditionState.CANCELLED)",
        "Edition.objects.filter(pk=1).update(state=word)",
        "Edition(campaign=campaign, state=word)",
        "Edition.objects.create(campaign=campaign, state=word)",
        'setattr(edition, "state", word)',
        'cursor.execute("UPDATE newsletter_edition SET state = %s", [word])',
    ],
)
def test_a_write_is_found(line: str) -> None:
    assert writes_a_state(f"x = 1\n{line}\n") == [2]


def test_what_only_reads_or_is_of_another_table_is_none() -> None:
    source = """
post.state = PostState.HELD
row.state, row.reply = DeliveryState.SKIPPED, "gone"
Edition.objects.filter(state=EditionState.SENDING).update(trouble="")
Delivery.objects.filter(edition__state=EditionState.SENDING).update(state=DeliveryState.PENDING)
seen = edition.state, edition.approved_at
"""
    assert writes_a_state(source) == []


def test_only_transitions_writes_the_state_of_an_edition() -> None:
    others = [file for file in PACKAGE.rglob("*.py") if file != OWNER and file.parent.name != "migrations"]
    found = {str(file.relative_to(PACKAGE)): writes_a_state(file.read_text()) for file in others}
    assert {name: lines for name, lines in found.items() if lines} == {}
    assert writes_a_state(OWNER.read_text()), "the owner writes it, so this would find it"
