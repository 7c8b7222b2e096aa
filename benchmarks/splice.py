"""What one personal copy of a compiled message costs: `python benchmarks/splice.py` prints a table."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path[:0] = [str(Path(__file__).parents[1] / folder) for folder in ("", "tests", "tests/samples")]

from mail_samples import digest_entries, frame, long_entry, somebody  # noqa: E402

from newsletter.rendering.email import render  # noqa: E402
from newsletter.rendering.mail_parts import Entry  # noqa: E402
from newsletter.rendering.mime.message import compile_message  # noqa: E402
from newsletter.rendering.templates.environment import EDITION_KINDS, template_sources  # noqa: E402

ROUNDS = 5


def best(work: Callable[[], object], times: int) -> float:
    """Seconds for one call, the best of a few rounds: the machine's other work only ever adds."""
    rounds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for _ in range(times):
            work()
        rounds.append((time.perf_counter() - started) / times)
    return min(rounds)


def measured(entries: list[Entry], name: str) -> tuple[str, ...]:
    """One kind's name; milliseconds to render and to compile; microseconds to splice, plain and accented; size."""
    templates = template_sources([], *EDITION_KINDS)
    rendered = render(frame(), entries, templates)
    compiled = compile_message(rendered, frame())
    plain, accented = somebody(), replace(somebody(), name="Zoë Ångström 李")
    return (
        name,
        f"{best(lambda: render(frame(), entries, templates), 3) * 1e3:.1f}",
        f"{best(lambda: compile_message(rendered, frame()), 20) * 1e3:.2f}",
        f"{best(lambda: compiled.splice(plain), 5000) * 1e6:.1f}",
        f"{best(lambda: compiled.splice(accented), 5000) * 1e6:.1f}",
        f"{len(compiled.splice(plain)):,}",
    )


def main() -> None:
    table = Table(title="one variant, then one copy of it")
    for heading in ("kind", "render, ms", "compile, ms", "splice, µs", "accented name, µs", "bytes"):
        table.add_column(heading, justify="left" if heading == "kind" else "right")
    table.add_row(*measured([long_entry()], "post"))
    table.add_row(*measured(digest_entries(8), "digest of 8"))
    Console().print(table)


if __name__ == "__main__":
    main()
