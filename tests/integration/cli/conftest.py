"""What the tests of the command line share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from staff import Staff

from newsletter.cli import bootstrap


@pytest.fixture
def staff(site: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Iterator[Staff]:
    """Staff of a prepared site in practice."""
    yield Staff(capsys, tmp_path)
    bootstrap.take_common_options([])


@pytest.fixture
def outbox(site: Any) -> Callable[[], dict[str, bytes]]:
    """Address → the newest mail in the outbox."""

    def read() -> dict[str, bytes]:
        files = sorted(site.outbox_folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        return {file.name.rpartition("-")[0]: file.read_bytes() for file in files}

    return read
