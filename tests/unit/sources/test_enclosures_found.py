"""Which recording belongs to a post: one that its front matter names, or a sound file that its text links to."""

from __future__ import annotations

import pytest

from newsletter.sources.base import Enclosure
from newsletter.sources.enclosures import recording_in, type_of
from newsletter.sources.folder.items import FileReading, FolderPlace, read_post
from newsletter.sources.html.sanitize import clean

URL = "https://radio.example.org/tides.mp3"


def read(front: str, base: str = "https://posts.example.org") -> FileReading:
    text = f"---\ntitle: A\ndate: 2024-03-01\n{front}\n---\nWords.\n"
    return read_post(text.encode(), "2024-03-01-a.md", FolderPlace("https://hub.example.org", base, "UTC"))


@pytest.mark.parametrize(
    ("front", "length"),
    [
        (f"audio: {URL}", None),
        (f"audio:\n  - {URL}", None),
        (f"audio: {{src: {URL}, size: 24300000}}", 24_300_000),
        (f"enclosure: {URL} 24300000 audio/mpeg", 24_300_000),
        (f"enclosure:\n  url: {URL}\n  length: 24300000\n  type: audio/mpeg", 24_300_000),
        (f"podcast_file: {URL}\npodcast_file_size: 24,300,000", 24_300_000),
        (f'podcast: {{url: {URL}, length: "32:10"}}', None),
        (f"params:\n  audioUrl: {URL}", None),
    ],
)
def test_front_matter_names_a_recording(front: str, length: int | None) -> None:
    reading = read(front)
    assert reading.item is not None
    assert reading.item.enclosure == Enclosure(URL, "audio/mpeg", length)
    assert not reading.problems


def test_a_path_belongs_to_the_site_that_the_posts_live_on() -> None:
    reading = read("audio: /sounds/tides.ogg")
    assert reading.item is not None
    assert reading.item.enclosure == Enclosure("https://posts.example.org/sounds/tides.ogg", "audio/ogg")


@pytest.mark.parametrize("front", ["audio: true", "podcast: The morning show", "audio: {}", "podcast: false"])
def test_what_names_no_file_is_none(front: str) -> None:
    reading = read(front)
    assert reading.item is not None
    assert (reading.item.enclosure, reading.problems) == (None, ())


@pytest.mark.parametrize(
    ("front", "base", "said"),
    [
        ("audio: tides.mp3", "", "has no address on the web; upload it and write its address"),
        ("audio: /tides.txt", "https://posts.example.org", "is no recording; its address ends in .mp3"),
    ],
)
def test_what_cannot_be_heard_is_said_with_its_line_and_the_post_goes_on(
    front: str, base: str, said: str
) -> None:
    reading = read(front, base)
    assert reading.item is not None
    assert reading.item.enclosure is None
    assert [(problem.where, said in problem.what) for problem in reading.problems] == [
        ("2024-03-01-a.md:4", True)
    ]


@pytest.mark.parametrize(
    "html",
    [
        f'<audio controls src="{URL}"></audio>',
        f'<figure class="wp-block-audio"><audio controls><source src="{URL}" type="audio/mpeg"></audio></figure>',
        f'<p>Words</p><p><a href="https://a.example/">A</a> <a href="{URL}">Download</a></p>',
    ],
)
def test_a_player_or_a_link_to_a_sound_file_is_the_posts_recording(html: str) -> None:
    assert recording_in(clean(html, "https://posts.example.org/a/")) == Enclosure(URL, "audio/mpeg")


def test_films_and_pages_are_none() -> None:
    html = '<p><a href="https://a.example/film.mp4">a</a> <a href="https://a.example/mp3">b</a></p>'
    assert recording_in(html) is None
    assert type_of("https://[a") == ""
    assert type_of("https://a.example/a.MP3?x=1.txt") == "audio/mpeg"
