"""What a rule of the lint says. The rules are in the modules beside this one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """What becomes of an edition with such a problem."""

    #: It is not approved and not sent.
    ERROR = "error"
    #: It is shown.
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class LintProblem:
    """One thing that is wrong."""

    #: A short name, the heading in docs/lint.md.
    rule: str
    level: Level
    #: One sentence: what is wrong, and the cure.
    text: str
    #: "post KEY", "email/post.html, line 12", "subject", "foot"; empty where nobody knows.
    where: str = ""
    #: What to look for to find the place: an address, or words.
    about: str = ""
    #: The law asks for it: staff cannot send despite it.
    legal: bool = False

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.text}"


def error(rule: str, text: str, *, where: str = "", about: str = "", legal: bool = False) -> LintProblem:
    return LintProblem(rule, Level.ERROR, text, where, about, legal)


def warning(rule: str, text: str, *, where: str = "", about: str = "") -> LintProblem:
    return LintProblem(rule, Level.WARNING, text, where, about)


def errors(problems: Iterable[LintProblem]) -> list[LintProblem]:
    """Those that stop an edition."""
    return [problem for problem in problems if problem.level is Level.ERROR]


def as_json(problems: Iterable[LintProblem]) -> list[dict[str, Any]]:
    """As ``--json`` and the desk show them."""
    return [
        {"level": problem.level.value, "rule": problem.rule, "text": problem.text, "where": problem.where}
        for problem in problems
    ]
