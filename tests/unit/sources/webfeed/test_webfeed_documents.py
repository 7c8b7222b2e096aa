"""Thousands of made-up documents, whole and damaged: none ends in a traceback, none gives an item that may harm."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import feed_documents
import feedparser
import pytest
from feed_documents import documents, judge, read, types
from feed_server import item, rss
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.slow

FEW = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize("kind", ["rss", "atom", "json"])
def test_no_document_is_a_traceback_and_no_item_harms(kind: str) -> None:
    @FEW
    @given(documents(kind), types)
    def holds(content: bytes, content_type: str) -> None:
        found = read(content, content_type)
        if found:
            judge(found[1])

    holds()


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["rss", "atom", "json"])
def test_of_ten_thousand_documents_none_takes_two_seconds_or_200_megabytes(kind: str) -> None:
    """They are read in a process of their own, so that its peak of memory is that of reading."""
    reader = subprocess.Popen(
        [sys.executable, feed_documents.__file__],
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}:{ROOT / 'tests' / 'samples'}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert reader.stdin is not None

    @settings(FEW, max_examples=10_000, database=None, phases=[Phase.generate])
    @given(documents(kind), types)
    def send(content: bytes, content_type: str) -> None:
        head = json.dumps({"length": len(content), "type": content_type})
        with suppress(BrokenPipeError):  # it ended with a traceback, which is shown below
            reader.stdin.write(head.encode() + b"\n" + content)
            reader.stdin.flush()

    send()
    out, trouble = reader.communicate()
    assert reader.returncode == 0, trouble.decode()[-4000:]
    worst = json.loads(out)
    sys.stdout.write(f"{kind}: {worst}\n")  # shown with -s or -rP
    assert worst["documents"] >= 9_000
    assert worst["feeds"] >= 3_000
    assert worst["items"] >= 3_000
    assert worst["seconds"] < 2, worst
    assert worst["megabytes"] < 200, worst


TITLES = st.text(alphabet=st.sampled_from("xyzé 磨&<>\"'😀"), min_size=1, max_size=12).filter(
    lambda text: text.strip(" <>&")
)


@settings(deadline=None)
@given(st.lists(TITLES, min_size=1, max_size=6))
def test_whole_feeds_are_read_as_feedparser_reads_them(titles: list[str]) -> None:
    """An independent account, from the library that most readers use. It is given a stream: a text or bytes that look
    like a path or an address it would open."""
    text = rss(*(item(number, title=feed_documents.escaped(title)) for number, title in enumerate(titles)))
    theirs = feedparser.parse(io.BytesIO(text.encode()))
    found = read(text.encode(), "application/rss+xml")
    assert found
    assert [entry.id for entry in found[0].entries] == [entry.id for entry in theirs.entries]
    assert [entry.link for entry in found[0].entries] == [entry.link for entry in theirs.entries]
    assert [entry.title for entry in found[0].entries] == [" ".join(title.split()) for title in titles]
