"""The peak of memory that other tests measure is that of the one process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import peak_memory
import pytest


@pytest.mark.slow
def test_what_the_starting_process_had_is_not_counted() -> None:
    large = bytearray(b"x" * 300_000_000)
    program = "from peak_memory import peak_megabytes; print(peak_megabytes())"
    run = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(Path(peak_memory.__file__).parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(large) // 1_000_000 > int(run.stdout) > 1


def test_what_a_process_took_and_gave_back_is_counted() -> None:
    large = bytearray(b"x" * 200_000_000)
    del large
    assert peak_memory.peak_megabytes() > 180
