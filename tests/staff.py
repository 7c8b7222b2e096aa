"""Staff at the command line: commands in this process, on the tests' own database, without a new process each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from newsletter.cli import main


@dataclass
class Staff:
    """Types commands."""

    capsys: pytest.CaptureFixture[str]
    folder: Path
    #: What the last command printed on stdout and said on stderr.
    out: str = ""
    err: str = ""

    def __call__(self, *arguments: str, code: int = 0) -> str:
        """Run one command, hold it to its exit code, and give what it printed: stdout, or stderr of a failed one."""
        self.capsys.readouterr()
        ended = 0
        try:
            main.main(arguments)
        except SystemExit as leaving:
            ended = int(leaving.code or 0)
        printed = self.capsys.readouterr()
        assert ended == code, f"{arguments} → {ended}\n{printed.out}{printed.err}"
        self.out, self.err = printed.out, printed.err
        return printed.err if code else printed.out

    def json(self, *arguments: str, code: int = 0) -> Any:
        """The answer of a command with ``--json``."""
        self(*arguments, "--json", code=code)
        return json.loads(self.out)

    def post(self, name: str, title: str, *, tags: str = "") -> None:
        """Import a post for mail."""
        file = self.folder / f"{name}.md"
        file.write_text(f"---\nid: {name}\ntitle: {title}\ntags: [{tags}]\n---\n\nSome words about {name}.\n")
        self("posts", "import", str(file), "--mail")
