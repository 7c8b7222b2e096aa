from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html
from mail_looks import OURS, RECORDING, tides
from mail_samples import digest_entries, frame

from newsletter.rendering.email import render
from newsletter.rendering.enclosure import label, link


@pytest.mark.parametrize(
    ("media_type", "length", "words"),
    [
        ("audio/mpeg", 24_300_000, "Listen (MP3, 24 MB)"),
        ("audio/mpeg", 9_940_000, "Listen (MP3, 9.9 MB)"),
        ("audio/x-m4a; x=y", 2_000_000, "Listen (M4A, 2 MB)"),
        ("AUDIO/OGG", 999_400, "Listen (OGG, 999 KB)"),
        ("audio/ogg", 999_600, "Listen (OGG, 1 MB)"),
        ("audio/opus", None, "Listen (OPUS)"),
        ("video/mp4", 1_250_000_000_000, "Watch (MP4, 1250 GB)"),
        ("application/pdf", 0, "Download (PDF)"),
        ("application/vnd.oasis.opendocument.text", -5, "Download"),
        ("", 1_500, "Download (1.5 KB)"),
    ],
)
def test_a_recording_is_named_as_people_name_it(media_type: str, length: int | None, words: str) -> None:
    assert label(media_type, length) == words


@given(st.text(max_size=40), st.one_of(st.none(), st.integers(-(10**6), 10**18)))
def test_whatever_a_feed_says_the_words_are_short_and_plain(media_type: str, length: int | None) -> None:
    words = label(media_type, length)
    assert words.split()[0] in ("Listen", "Watch", "Download")
    assert len(words) < 50
    assert not set(words) & set("<>&\n\r")


@pytest.mark.parametrize("given", [None, {}, {"url": ""}, {"url": "javascript:x"}, {"url": "https://a b/"}])
def test_what_has_no_web_address_is_no_link(given: dict[str, str] | None) -> None:
    assert link(given) == {}


def test_a_length_that_is_no_number_is_left_out() -> None:
    assert (
        link({"url": "https://x.example/a", "media_type": "audio/mpeg", "length": "x"})["label"]
        == "Listen (MP3)"
    )


@pytest.mark.parametrize(
    "entries",
    [[tides()], [dataclasses.replace(digest_entries(1)[0], enclosure=RECORDING), *digest_entries(2)]],
)
def test_a_recording_stands_below_the_title_in_html_and_text(entries: list) -> None:
    rendered = render(frame(), entries, OURS)
    found = lxml_html.document_fromstring(rendered.html).xpath("//p[@class='listen']/a")
    assert [(node.get("href"), node.text) for node in found] == [(RECORDING["url"], "Listen (MP3, 24 MB)")]
    assert f"Listen (MP3, 24 MB):\n{RECORDING['url']}\n" in rendered.text
