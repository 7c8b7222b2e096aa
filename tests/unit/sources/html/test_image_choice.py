"""Of what a page says about a picture: the true address, the size that is meant, and signs as signs."""

import base64
import struct

import pytest
from picture_samples import png

from newsletter.sources.html.images.image_files import size_of
from newsletter.sources.html.sanitize import clean, clean_with_files

BASE = "https://hub.example.org/posts/seeds"
REAL = "https://cdn.example.org/real.jpg"
STAND_IN = "https://cdn.example.org/placeholder.gif"


def only(html: str) -> str:
    """The address of the only picture of a post."""
    kept = clean(html, BASE)
    assert kept.count("<img") == 1, kept
    assert clean(kept, BASE) == kept
    return kept.partition('src="')[2].partition('"')[0]


LATE = """
    data-src data-lazy-src data-original data-lazy data-lazyload data-ezsrc nitro-lazy-src data-breeze data-cfsrc
    data-opt-src data-flickity-lazyload data-flickity-lazyload-src data-echo data-normal data-actualsrc data-image
    data-orig-file data-full-url data-large-file data-pin-media data-spai-src data-my-plugin-src lazy-src
    data-pagespeed-lazy-src data-pagespeed-high-res-src data-deferred-src data-dt-lazy-src data-delayed-url
    data-wpfc-original-src
    """
LATE_SETS = """
    srcset data-srcset data-lazy-srcset nitro-lazy-srcset data-breeze-srcset data-ezsrcset
    data-flickity-lazyload-srcset
    """


@pytest.mark.parametrize("name", LATE.split())
def test_a_script_would_load_it(name):
    assert only(f'<p><img src="{STAND_IN}" {name}="{REAL}" alt="A"></p>') == REAL
    assert only(f'<p><img {name}="{REAL}" src="data:image/gif;base64,R0lGODlhAQABAAAAACw="></p>') == REAL


@pytest.mark.parametrize("name", LATE_SETS.split())
def test_a_script_would_choose_it_of_a_set(name):
    assert only(f'<p><img src="{STAND_IN}" {name}="{REAL} 800w" alt="A"></p>') == REAL
    assert 'width="800"' in clean(f'<p><img src="{STAND_IN}" {name}="{REAL} 800w" alt="A"></p>', BASE)


@pytest.mark.parametrize(
    "html",
    [
        f'<img src="{REAL}" data-orig-file="https://cdn.example.org/huge.jpg" data-image="x" data-id="9">',
        f'<img src="{REAL}" data-thumb-src="/thumb.jpg" data-src-fallback="/f.jpg" data-lazy="true">',
        f'<img src="{STAND_IN}" class="lazy"><noscript><img src="{REAL}" alt="A"></noscript>',
        f'<noscript><img src="{REAL}" alt="A"></noscript><img src="{STAND_IN}" data-src="{REAL}">',
        f'<noscript><img src="{REAL}" alt="A"></noscript><img src="data:image/gif;base64,R0lGODlh" class="lazy">',
        f'<p><img src="https://m.example.org/max/60/a.jpg" width="700"><noscript><img src="{REAL}"></noscript></p>',
        f'<picture><source srcset="{REAL} 900w" type="image/jpeg"><img src="/plan.svg" alt="A"></picture>',
        f'<picture><source srcset="/a.avif" type="image/avif"><source srcset="{REAL}"><img src="/a.heic"></picture>',
        f'<picture><source media="(prefers-color-scheme: dark)" srcset="/night.png"><img src="{REAL}"></picture>',
        f'<picture><source data-srcset="{REAL} 640w"><img src="{STAND_IN}"></picture>',
        f'<img src="/a-30x20.jpg" srcset="/a-300x200.jpg 300w, {REAL} 1024w">',
        f'<img src="/_next/image?url=%2Fa.jpg&amp;w=16&amp;q=75" width="800" srcset="{REAL} 640w, /b.jpg 3840w">',
        f'<img src="https://i.example.org/a.jpg?w=20&amp;blur=50" srcset="{REAL} 900w">',
        f'<img src="{REAL}" data-src="{REAL}.webp" data-lazy-src="/a.avif">',
        f'<img src="blank.gif" data-src="spacer.png" data-lazy-src="{REAL}">',
    ],
)
def test_the_picture_and_not_its_stand_in(html):
    assert only(html) == REAL


def test_a_blur_that_nobody_is_told_of_goes():
    real = f'src="{REAL}" alt="A"'
    gatsby = (
        '<div><img aria-hidden="true" data-placeholder-image="" alt="" src="data:image/png;base64,iVBORw0KGgo=">'
        f'<picture><source type="image/webp" data-srcset="/a.webp 700w"><img data-main-image="" data-{real}></picture>'
        f"<noscript><picture><img {real}></picture></noscript></div>"
    )
    assert only(gatsby) == REAL
    assert only('<img src="https://c.example.org/upload/w_20,e_blur:900/v1/a.jpg">') == (
        "https://c.example.org/upload/v1/a.jpg"
    )


def test_a_blur_of_a_server_that_draws_pictures_is_undone():
    blurred = "https://static.example.org/media/1_a.jpg/v1/fill/w_49,h_33,al_c,q_80,blur_2,enc_auto/a.jpg"
    assert (
        only(f'<img src="{blurred}" alt="A" style="width:740px">')
        == "https://static.example.org/media/1_a.jpg"
    )


def test_what_only_may_be_a_stand_in_stays_where_it_is_alone():
    for name in ("loading-dock.jpg", "placeholder.png", "blurred-lines.jpg"):
        assert only(f'<p><img src="/{name}" alt="A"></p>') == f"https://hub.example.org/{name}"
    assert clean('<p>a<img src="/img/blank.gif"><img src="spacer.png?v=2"></p>', BASE) == "<p>a</p>"


@pytest.mark.parametrize(
    ("attributes", "sizes"),
    [
        ('style="width:120px;height:auto"', 'width="120"'),
        ('width="1024" height="512" style="width:150px"', 'width="150" height="75"'),
        ('style="width: 3em; height: 1.5em"', 'width="48" height="24"'),
        ('style="height:1em;max-height:1em"', 'height="16"'),
        ('style="width:50%"', 'width="268"'),
        ('width="50%"', 'width="268"'),
        ('style="width:100%"', ""),
        ('style="max-width:100%;height:auto" width="300" height="200"', 'width="300" height="200"'),
        ('style="max-width:200px" width="400" height="100"', 'width="200" height="50"'),
        ('style="max-width:200px"', 'width="200"'),
        ('style="max-height:40px"', 'height="40"'),
        ('style="max-height:400px"', ""),
        ('style="WIDTH: 120PX !important"', 'width="120"'),
        ('height="30"', 'height="30"'),
        ('height="400"', ""),
        ('srcset="/real.jpg 800w" sizes="(max-width: 600px) 100vw, 300px"', 'width="300"'),
        ('srcset="/real.jpg 800w" sizes="100vw"', 'width="800"'),
        ("", ""),
    ],
)
def test_the_size_that_its_author_meant(attributes, sizes):
    kept = clean(f'<p><img src="/real.jpg" alt="" {attributes}></p>', BASE)
    assert kept == f'<p><img src="https://hub.example.org/real.jpg" alt=""{" " if sizes else ""}{sizes}></p>'


def test_a_figure_may_say_how_wide_its_picture_is():
    kept = clean('<figure style="width:150px"><img src="/a.jpg"><figcaption>x</figcaption></figure>', BASE)
    assert 'src="https://hub.example.org/a.jpg" alt="" width="150">' in kept


def test_a_picture_that_a_mail_would_have_to_stretch_is_not_chosen_for_being_small_enough():
    sizes = "https://x.example.org/p-300x200.jpg 300w, https://x.example.org/p.jpg 1500w"
    for html in (
        f'<p><img src="https://x.example.org/p.jpg" srcset="{sizes}"></p>',
        f'<p><img srcset="{sizes}, https://x.example.org/q.jpg 3000w"></p>',
    ):
        assert only(html) == "https://x.example.org/p.jpg"


@pytest.mark.parametrize(
    ("address", "sizes"),
    [
        ("/a-300x200.jpg", 'width="300" height="200"'),
        ("/a.jpg?w=320", 'width="320"'),
        ("/a.jpg?resize=300%2C200", 'width="300" height="200"'),
        ("/upload/c_fill,w_240/a.jpg", 'width="240"'),
        ("/thumb/a.png/120px-a.png", 'width="120"'),
        ("/s320/a.jpg", 'width="320"'),
        ("/2026-11x12.jpg", ""),
        ("/a.jpg", ""),
    ],
)
def test_the_size_that_an_address_says(address, sizes):
    kept = clean(f'<p><img src="{address}" alt=""></p>', BASE)
    assert kept == f'<p><img src="https://hub.example.org{address}" alt=""{" " if sizes else ""}{sizes}></p>'


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        (
            '<img src="https://s.w.org/images/core/emoji/14.0.0/72x72/2693.png" alt="⚓" class="wp-smiley">',
            "⚓",
        ),
        (
            '<img src="https://s.w.org/images/core/emoji/14.0.0/svg/1f468-200d-1f469.svg" alt="">',
            "👨\u200d👩",
        ),
        (
            '<img class="emoji" title=":tada:" alt=":tada:" src="https://g.example.org/unicode/1f389.png">',
            "🎉",
        ),
        ('<g-emoji alias="tada">🎉</g-emoji>', "🎉"),
        (
            '<img class="Emoji Emoji--forText" alt="👍🏽" src="https://abs.twimg.com/emoji/v2/72x72/1f44d.png">',
            "👍🏽",
        ),
        ('<img alt="1️⃣" class="emoji" src="/x.png">', "1️⃣"),
        (
            '<img class="emoji" alt=":heart:" src="https://forum.example.org/images/set/heart.png" width="20">',
            "❤️",
        ),
        ('<img class="c-emoji" alt="rocket" src="https://chat.example.org/google-medium/1f680.png">', "🚀"),
        (
            '<img goomoji="1f44d" alt="👍" src="https://mail.example.org/e/1f44d" style="max-height:24px">',
            "👍",
        ),
        (
            '<img alt="👍" src="https://x.example.org/thumb.jpg" width="400" height="300">',
            '<img src="https://x.example.org/thumb.jpg" alt="👍" width="400" height="300">',
        ),
        ('<img class="wp-smiley" alt=":)" src="/wp-includes/images/smilies/icon_smile.gif">', ":)"),
        (
            '<img class="emoji" alt=":octocat:" src="https://g.example.org/emoji/octocat.png">',
            '<img src="https://g.example.org/emoji/octocat.png" alt=":octocat:" height="16">',
        ),
        (
            '<img class="emoji" alt=":q:" src="https://g.example.org/x.png" width="20" height="20">',
            '<img src="https://g.example.org/x.png" alt=":q:" width="20" height="20">',
        ),
    ],
)
def test_a_picture_of_a_sign_is_the_sign(html, kept):
    assert clean(f"<p>Ahoy {html} crew.</p>", BASE) == f"<p>Ahoy {kept} crew.</p>"


def _jpeg(width: int, height: int, orientation: int = 1) -> bytes:
    tiff = b"MM\0*\0\0\0\x08\0\x01" + struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0) + b"\0\0\0\0"
    exif = b"Exif\0\0" + tiff
    frame = struct.pack(">BHHB", 8, height, width, 3) + b"\0" * 9
    return (
        b"\xff\xd8"
        + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
        + b"\xff\xc2" + struct.pack(">H", len(frame) + 2) + frame
        + b"\xff\xda"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (png(24, 30), (24, 30)),
        (b"GIF89a" + struct.pack("<HH", 24, 30), (24, 30)),
        (_jpeg(24, 30), (24, 30)),
        (_jpeg(24, 30, orientation=6), (30, 24)),
        (b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 24, 30), (24, 30)),
        (b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f" + (23 | 29 << 14).to_bytes(4, "little"), (24, 30)),
        (b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0" + b"\x17\0\0\x1d\0\0", (24, 30)),
        (b"\0\0\0\x1cftypavif" + b"\0\0\0\x14ispe\0\0\0\0" + struct.pack(">II", 24, 30), (24, 30)),
        (b"\xff\xd8\xff" + b"j" * 40, None),
        (b"\x89PNG\r\n\x1a\n", None),
        (b"\xff\xd8\xff\xe1\0\x20Exif\0\0MM\0*\xff\xff\xff\xff", None),
        (b"no picture", None),
    ],
)
def test_bytes_say_how_large_a_picture_is(content, size):
    assert size_of(content) == size


def test_a_picture_in_the_text_has_the_size_of_its_bytes():
    data = base64.b64encode(png(24, 24)).decode()
    html, *_ = clean_with_files(
        f'<img src="data:image/png;base64,{data}">', BASE, "https://hub.example.org/media/"
    )
    assert html.endswith('alt="" width="24" height="24">')
    html, *_ = clean_with_files(
        f'<img style="width:12px" src="data:image/png;base64,{data}">', BASE, "https://hub.example.org/media/"
    )
    assert html.endswith('alt="" width="12">')
