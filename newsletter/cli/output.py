"""How commands speak: sentences, tables, JSON, questions and progress. What is said is decided by the commands."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import typer


def say(sentence: str) -> None:
    """A line on stdout."""
    typer.echo(plain(sentence))


def aside(sentence: str) -> None:
    """A line on stderr, for what a script that reads stdout must not see."""
    typer.echo(plain(sentence), err=True)


def plain(text: str) -> str:
    """Text without control characters: a title or a relay's words must not steer a person's terminal."""
    return "".join(c if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs") else " " for c in text)


def as_json(data: Any) -> None:
    """The answer of ``--json``: UTF-8, times in RFC 3339, keys in the order they were given."""
    typer.echo(json.dumps(data, indent=2, ensure_ascii=False, default=_json_value))


def as_json_rows(rows: Iterable[Any]) -> None:
    """A list of ``--json`` that is written as it is read, so that it may be as long as it likes."""
    before = "["
    for row in rows:
        text = json.dumps(row, indent=2, ensure_ascii=False, default=_json_value)
        typer.echo(before + "\n  " + text.replace("\n", "\n  "), nl=False)
        before = ","
    typer.echo("[]" if before == "[" else "\n]")


def _json_value(value: Any) -> str | None:
    return rfc3339(value) if isinstance(value, datetime) else str(value)


def rfc3339(at: datetime | None) -> str | None:
    """An instant for machines, "2026-11-24T14:00:00Z"; None stays None."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z") if at else None


def moment(at: datetime | None, zone: str) -> str:
    """An instant for people, with its zone: "2026-11-24 09:00 America/New_York"; empty for None."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}" if at else ""


def table(columns: Sequence[str], rows: Sequence[Sequence[object]], empty: str) -> None:
    """A table for people; ``empty`` is the sentence for no rows. Whole words in a pipe, fitted to a terminal."""
    if not rows:
        say(empty)
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in columns:
        grid.add_column(column, overflow="fold")
    for row in rows:
        grid.add_row(*(Text(plain("" if cell is None else str(cell))) for cell in row))
    width = None if sys.stdout.isatty() else 1000
    Console(width=width, highlight=False).print(grid)


def facts(pairs: Mapping[str, object]) -> None:
    """A few named values, one a line; what is empty is left out."""
    shown = {name: value for name, value in pairs.items() if value not in (None, "", [])}
    width = max(map(len, shown), default=0)
    for name, value in shown.items():
        say(f"{name + ':':<{width + 1}} {value}")


def sure(question: str, *, yes: bool, instead: str) -> None:
    """Ask on a terminal; elsewhere only ``--yes`` is an answer. Leaves with exit code 1 on "no"."""
    if yes:
        return
    if not sys.stdin.isatty():
        aside(f"newsletter: {question} {instead}")
        raise typer.Exit(1)
    if not typer.confirm(question, err=True):
        aside("Nothing was done.")
        raise typer.Exit(1)


class Bar(Protocol):
    """A progress bar, or nothing where there is no terminal."""

    def __call__(self, done: int, total: int | None = None) -> None: ...


@contextmanager
def progress(label: str, total: int | None) -> Iterator[Bar]:
    """A progress bar on stderr, only on a terminal."""
    if not sys.stderr.isatty():
        yield lambda done, total=None: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total)
        yield lambda done, total=None: bar.update(
            task, completed=done, **({} if total is None else {"total": total})
        )


def counted(number: int, singular: str, plural: str = "") -> str:
    """ "1 post", "7 posts"."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def listed(counts: Mapping[str, int]) -> str:
    """ "3 paused, 1 suppressed": the counts that are not zero."""
    return ", ".join(f"{number:,} {word}" for word, number in counts.items() if number)
