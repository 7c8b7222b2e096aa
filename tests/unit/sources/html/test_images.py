"""One real picture for each that a reader was meant to see, and files for those written into the text."""

from __future__ import annotations

import base64
import hashlib
import struct

import pytest
from hostile import assert_safe, hostile_text
from hypothesis import given, settings
from hypothesis import strategies as st
from picture_samples import png

from newsletter.sources.html.images.content_images import MOST_FILES
from newsletter.sources.html.images.image_files import MOST_BYTES, kind_of, media_file
from newsletter.sources.html.sanitize import clean, clean_with_files

BASE = "https://hub.example.org/posts/seeds"
MEDIA = "https://hub.example.org/media/"


def data(content: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def test_a_picture_in_the_text_becomes_a_file_named_by_its_content() -> None:
    content = png()
    html, files, _ = clean_with_files(f'<p><img src="{data(content)}" alt="A bean"></p>', BASE, MEDIA)
    name = f"{hashlib.sha256(content).hexdigest()[:32]}.png"
    assert html == f'<p><img src="{MEDIA}{name}" alt="A bean" width="40" height="30"></p>'
    assert [(file.name, file.media_type, file.content) for file in files] == [(name, "image/png", content)]
    assert clean_with_files(html, BASE, MEDIA) == (html, (), ())


def test_without_a_place_for_files_such_pictures_are_left_out() -> None:
    assert clean(f'<p>a<img src="{data(png())}">b</p>', BASE) == "<p>ab</p>"


@pytest.mark.parametrize(
    ("beginning", "ending", "media_type"),
    [
        (png(), "png", "image/png"),
        (b"\xff\xd8\xff\xe0" + b"j" * 40, "jpg", "image/jpeg"),
        (b"GIF89a" + struct.pack("<HH", 20, 20), "gif", "image/gif"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "webp", "image/webp"),
        (b"\0\0\0\x1cftypavif" + b"\0" * 16, "avif", "image/avif"),
    ],
)
def test_the_content_and_not_its_label_says_what_it_is(
    beginning: bytes, ending: str, media_type: str
) -> None:
    _, (file,), _ = clean_with_files(f'<img src="{data(beginning, "text/html")}">', BASE, MEDIA)
    assert (file.name.rpartition(".")[2], file.media_type) == (ending, media_type)


@pytest.mark.parametrize(
    "source",
    [
        data(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/svg+xml"),
        data(b"<script>alert(1)</script>", "image/png"),
        data(b"BM" + b"\0" * 60, "image/bmp"),
        data(png(1, 1)),
        data(b"GIF89a" + struct.pack("<HH", 1, 1)),
        "data:image/png;base64,!!!!",
        "data:image/png",
        "data:",
        "data:image/svg+xml,%3Csvg%3E",
    ],
)
def test_what_is_no_picture_or_shows_nothing_is_left_out(source: str) -> None:
    assert clean_with_files(f'<p>a<img src="{source}">b</p>', BASE, MEDIA) == ("<p>ab</p>", (), ())


@pytest.mark.slow
def test_a_picture_that_is_too_large_is_left_out_and_so_is_one_too_many() -> None:
    large = png(more=b"x" * MOST_BYTES)
    assert clean_with_files(f'<p>a<img src="{data(large)}">b</p>', BASE, MEDIA) == ("<p>ab</p>", (), ())
    assert media_file(large) is None
    many = "".join(f'<img src="{data(png(more=str(number).encode()))}">' for number in range(MOST_FILES + 3))
    html, files, _ = clean_with_files(many, BASE, MEDIA)
    assert (len(files), html.count("<img")) == (MOST_FILES, MOST_FILES)


def test_the_same_picture_twice_is_one_file() -> None:
    html, files, _ = clean_with_files(f'<img src="{data(png())}"><img src="{data(png())}">', BASE, MEDIA)
    assert (html.count("<img"), len(files)) == (2, 1)


@settings(deadline=None)
@given(hostile_text, st.binary(max_size=40), st.sampled_from([b"", png()[:30], b"\xff\xd8\xff", b"GIF89a"]))
def test_no_data_address_is_ever_stored(text: str, rest: bytes, beginning: bytes) -> None:
    html, files, _ = clean_with_files(f'{text}<img src="{data(beginning + rest)}">{text}', BASE, MEDIA)
    assert_safe(html)
    assert 'src="data:' not in html
    assert all(kind_of(file.content) == file.name.rpartition(".")[2] for file in files)
    assert all(f"{MEDIA}{file.name}" in html for file in files)


@pytest.mark.parametrize(
    ("html", "address"),
    [
        ('<img src="/s.gif" data-src="/real.jpg">', "/real.jpg"),
        ('<img src="data:image/gif;base64,R0lGODlh" data-lazy-src="/real.jpg">', "/real.jpg"),
        ('<img data-srcset="/small.jpg 400w, /real.jpg 1024w, /huge.jpg 2048w">', "/real.jpg"),
        ('<img srcset="/huge.jpg 3000w, /large.jpg 2000w">', "/large.jpg"),
        ('<img srcset="/one.jpg, /two.jpg 2x">', "/one.jpg"),
        ('<img src="/huge.jpg" srcset="/real.jpg 1200w, /huge.jpg 2400w">', "/real.jpg"),
        ('<img src="/own.jpg" srcset="/s.jpg 300w, /huge.jpg 2400w">', "/own.jpg"),
        (
            '<picture><source type="image/avif" srcset="/a.avif 800w"><source srcset="/real.jpg 800w">'
            '<img alt=""></picture>',
            "/real.jpg",
        ),
        ('<picture><source type="image/webp" srcset="/a.webp"><img src="/real.jpg"></picture>', "/real.jpg"),
        (
            '<amp-img src="/real.jpg" width="9" height="6"><noscript><img src="/real.jpg"></noscript></amp-img>',
            "/real.jpg",
        ),
    ],
)
def test_of_many_addresses_the_one_that_a_mail_can_show(html: str, address: str) -> None:
    cleaned = clean(html, BASE)
    assert f'src="https://hub.example.org{address}"' in cleaned
    assert cleaned.count("<img") == 1
    assert "srcset" not in cleaned


def test_a_picture_for_browsers_without_scripts_is_not_shown_twice() -> None:
    late = '<img src="data:image/gif;base64,R0lGODlh" data-src="/a.jpg" alt="A"><noscript><img src="/a.jpg"></noscript>'
    assert clean(f"<figure>{late}</figure>", BASE) == (
        '<figure><img src="https://hub.example.org/a.jpg" alt="A"></figure>'
    )
    assert clean('<p>a<noscript>Switch scripts on. <img src="/a.jpg" alt="A"></noscript></p>', BASE) == (
        '<p>a<img src="https://hub.example.org/a.jpg" alt="A"></p>'
    )
    counter = '<noscript><img height="1" width="1" src="https://t.example.net/tr?id=1"></noscript>'
    assert clean(f"<p>a{counter}b</p>", BASE) == "<p>ab</p>"


@pytest.mark.parametrize(
    "attributes",
    [
        'width="1" height="1"',
        'width="1px" height="20"',
        'width="2" height="3"',
        'style="min-height:1px!important;width:1px!important"',
        'style="display: none !important"',
        'style="visibility:hidden"',
        'style="border:0;height:0px"',
        'style="WIDTH: 1px; HEIGHT: 1px"',
        'style="Display: None"',
        'style="width:1pt"',
        'style="height:0em"',
        'width="1em"',
        'width="+1"',
        'height="1;"',
        'width="1%"',
        "hidden",
    ],
)
def test_counters_of_readers_are_told_by_their_size(attributes: str) -> None:
    assert clean(f'<p>a<img src="https://t.example.net/o.gif" {attributes}>b</p>', BASE) == "<p>ab</p>"


@pytest.mark.parametrize(
    "address",
    [
        "https://www.facebook.com/tr?id=1&ev=PageView&noscript=1",
        "https://www.google-analytics.com/collect?v=1",
        "https://pixel.wp.com/b.gif?host=hub.example.org",
        "https://vg08.met.vgwort.de/na/0123456789abcdef",
        "https://counts.example.org/matomo.php?idsite=1&rec=1",
    ],
)
def test_counters_of_readers_are_told_by_their_address(address: str) -> None:
    assert clean(f'<p>a<img src="{address}" alt="">b</p>', BASE) == "<p>ab</p>"


@pytest.mark.parametrize(
    "address", ["https://www.facebook.com/trip.jpg", "https://hub.example.org/doubleclick.net/a.jpg"]
)
def test_an_address_that_only_looks_like_a_counter_is_a_picture(address: str) -> None:
    assert clean(f'<img src="{address}" width="100" height="10" alt="A">', BASE) == (
        f'<img src="{address}" alt="A" width="100" height="10">'
    )


def test_a_picture_always_says_what_it_shows_even_if_that_is_nothing() -> None:
    assert clean('<img src="/a.jpg">', BASE) == '<img src="https://hub.example.org/a.jpg" alt="">'
