"""Whatever a document is, it becomes a safe post or a sentence, soon and in little memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import documents
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.slow

KINDS = sorted(documents.KINDS)
COUNT = 10_000


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_few_documents_of_each_kind(kind: str, data: st.DataObject) -> None:
    documents.read_one(kind, data.draw(documents.KINDS[kind][0]))


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS)
def test_ten_thousand_documents_of_each_kind_within_two_seconds_and_200_mb_each(kind: str) -> None:
    """Read in a process of its own, which must not end before all are read, and whose memory tells the worst."""
    paths = [str(folder) for folder in Path(documents.__file__).parents[:3]]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
    program = [sys.executable, documents.__file__]
    with subprocess.Popen(
        [*program, "make", kind, str(COUNT)], env=environment, stdout=subprocess.PIPE
    ) as making:
        done = subprocess.run(
            [*program, "read", kind], env=environment, stdin=making.stdout, capture_output=True, check=False
        )
    assert making.returncode == 0
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-3000:]
    worst = json.loads(done.stdout)
    print(worst)  # noqa: T201  # pytest -rP shows it
    assert worst["read"] >= COUNT
    assert worst["slowest"] < 2
    assert worst["megabytes"] < 200
