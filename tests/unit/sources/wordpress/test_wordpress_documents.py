"""Whatever a WordPress answers, and whatever is in an export file: posts, or one sentence, never anything else."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wordpress_documents import Api, assert_sound, exports, read_export, replies

pytestmark = pytest.mark.slow

PROGRAM = Path(__file__).parents[3] / "samples" / "wordpress_documents.py"
SOME = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    api = Api()
    with api.site:
        yield api


@SOME
@given(pair=st.tuples(replies, replies))
def test_any_answer_of_the_api_gives_posts_or_one_sentence(api: Api, pair: Any) -> None:
    assert_sound(api.read(pair))


@SOME
@given(content=exports)
def test_any_export_gives_posts_or_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    assert_sound(read_export(tmp_path_factory.getbasetemp() / "any.xml")(content))


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["api", "export"])
def test_ten_thousand_documents_take_two_seconds_and_two_hundred_megabytes_at_most(kind: str) -> None:
    """Measured in a process of its own, so that nothing but them is counted."""
    run = subprocess.run(
        [sys.executable, str(PROGRAM), kind, "10000"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr[-3000:]
    figures = json.loads(run.stdout)
    assert figures["documents"] >= 10_000
    assert figures["slowest"] < 2
    assert figures["peak_mb"] < 200
