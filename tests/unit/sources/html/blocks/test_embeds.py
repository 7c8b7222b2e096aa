"""Frames, players and posts of social networks: what of them a mail and a feed can carry."""

from __future__ import annotations

import pytest

from newsletter.sources.html.sanitize import clean

BASE = "https://hub.example.org/posts/seeds"
WATCH = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
STILL = "https://i.ytimg.com/vi/dQw4w9WgXcQ/hqdefault.jpg"


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube.com/embed/dQw4w9WgXcQ",
        "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?rel=0",
        "//www.youtube.com/embed/dQw4w9WgXcQ?feature=oembed",
        "https://youtube.com/shorts/dQw4w9WgXcQ",
        "https://youtu.be/dQw4w9WgXcQ",
        "https://m.youtube.com/watch?v=dQw4w9WgXcQ&pp=x",
    ],
)
def test_a_film_of_youtube_is_its_picture_and_a_link(address: str) -> None:
    cleaned = clean(f'<iframe src="{address}" title="How to graft"></iframe>', BASE)
    picture = f'<img src="{STILL}" alt="Video: How to graft">'
    assert cleaned == f'<p><a href="{WATCH}">{picture}<br>▶ How to graft</a></p>'


def test_a_title_that_every_frame_has_says_nothing() -> None:
    cleaned = clean(
        '<iframe src="https://www.youtube.com/embed/dQw4w9WgXcQ" title="YouTube video player"></iframe>', BASE
    )
    assert cleaned == f'<p><a href="{WATCH}"><img src="{STILL}" alt="Video"><br>▶ YouTube</a></p>'


@pytest.mark.parametrize(
    ("address", "page", "name"),
    [
        ("https://player.vimeo.com/video/12345?h=ab12cd", "https://vimeo.com/12345/ab12cd", "Vimeo"),
        ("https://embed.ted.com/talks/lang/es/ana_seeds", "https://www.ted.com/talks/ana_seeds", "TED"),
        (
            "https://films.example.org/videos/embed/9c9de5e8-0a1e-484a-b099-e80766180a6d?autoplay=1",
            "https://films.example.org/w/9c9de5e8-0a1e-484a-b099-e80766180a6d",
            "films.example.org",
        ),
        (
            "https://www.youtube.com/embed/videoseries?list=PLabc",
            "https://www.youtube.com/playlist?list=PLabc",
            "YouTube",
        ),
        (
            "https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Fwww.facebook.com%2Fhub%2Fvideos%2F1%2F",
            "https://www.facebook.com/hub/videos/1/",
            "facebook.com/hub/videos/1/",
        ),
        (
            "https://open.spotify.com/embed/episode/4rOoJ6",
            "https://open.spotify.com/episode/4rOoJ6",
            "open.spotify.com/episode/4rOoJ6",
        ),
        ("https://maps.example.org/?q=mill", "https://maps.example.org/?q=mill", "maps.example.org/?q=mill"),
    ],
)
def test_what_has_no_picture_of_a_known_address_is_a_plain_link(address: str, page: str, name: str) -> None:
    assert clean(f'<iframe src="{address}"></iframe>', BASE) == f'<p><a href="{page}">{name}</a></p>'


@pytest.mark.parametrize(
    ("address", "page", "picture"),
    [
        (
            "https://geo.dailymotion.com/player.html?video=x8abcd",
            "https://www.dailymotion.com/video/x8abcd",
            "https://www.dailymotion.com/thumbnail/video/x8abcd",
        ),
        (
            "https://archive.org/embed/seed-film_1950",
            "https://archive.org/details/seed-film_1950",
            "https://archive.org/services/img/seed-film_1950",
        ),
    ],
)
def test_other_hosts_with_public_pictures(address: str, page: str, picture: str) -> None:
    cleaned = clean(f'<iframe src="{address}" title="Seeds"></iframe>', BASE)
    assert cleaned == f'<p><a href="{page}"><img src="{picture}" alt="Video: Seeds"><br>▶ Seeds</a></p>'


def test_within_a_line_of_text_a_film_stays_in_the_line() -> None:
    cleaned = clean('<p>See <iframe src="https://player.vimeo.com/video/1"></iframe> now</p>', BASE)
    assert cleaned == '<p>See <a href="https://vimeo.com/1">Vimeo</a> now</p>'


@pytest.mark.parametrize(
    "html",
    [
        '<lite-youtube videoid="dQw4w9WgXcQ" playlabel="How to graft"></lite-youtube>',
        '<amp-youtube data-videoid="dQw4w9WgXcQ" title="How to graft"></amp-youtube>',
        '<div class="player"></div><noscript><iframe src="https://www.youtube.com/embed/dQw4w9WgXcQ" '
        'title="How to graft"></iframe></noscript>',
    ],
)
def test_players_that_a_script_would_start(html: str) -> None:
    picture = f'<img src="{STILL}" alt="Video: How to graft">'
    assert f'<a href="{WATCH}">{picture}<br>▶ How to graft</a>' in clean(html, BASE)


def test_wordpress_leaves_a_bare_address_of_what_it_could_not_embed() -> None:
    html = (
        '<figure class="wp-block-embed is-provider-youtube"><div class="wp-block-embed__wrapper">\n'
        "https://youtu.be/dQw4w9WgXcQ\n</div><figcaption>The mill</figcaption></figure>"
    )
    link = f'<p><a href="{WATCH}"><img src="{STILL}" alt="Video"><br>▶ YouTube</a></p>'
    assert clean(html, BASE) == f"<figure>{link}<figcaption>The mill</figcaption></figure>"


def test_a_film_of_ones_own_shows_its_poster() -> None:
    html = '<video poster="/mill.jpg" title="The mill"><source src="/mill.mp4" type="video/mp4">Old browser</video>'
    assert clean(html, BASE) == (
        '<p><a href="https://hub.example.org/mill.mp4"><img src="https://hub.example.org/mill.jpg" '
        'alt="Video: The mill"><br>▶ The mill</a></p>'
    )


def test_recordings_and_documents_are_links_and_flash_is_gone() -> None:
    assert clean('<audio src="/a.mp3" title="Talk">x</audio>', BASE) == (
        '<p><a href="https://hub.example.org/a.mp3">Talk</a></p>'
    )
    assert clean('<object data="/a.pdf" type="application/pdf"></object>', BASE) == (
        '<p><a href="https://hub.example.org/a.pdf">hub.example.org/a.pdf</a></p>'
    )
    assert clean('<object data="/a.swf"><embed src="/a.swf"><p>A picture of it</p></object>', BASE) == (
        "<p>A picture of it</p>"
    )


def test_a_quoted_post_keeps_its_words_and_its_link() -> None:
    html = (
        '<blockquote class="twitter-tweet" data-dnt="true"><p lang="es" dir="ltr">Semillas</p>&mdash; Ana (@ana) '
        '<a href="https://twitter.com/ana/status/1">June 1</a></blockquote><script src="//x.example/w.js"></script>'
    )
    assert clean(html, BASE) == (
        '<blockquote><p lang="es" dir="ltr">Semillas</p>— Ana (@ana) '
        '<a href="https://twitter.com/ana/status/1">June 1</a></blockquote>'
    )


@pytest.mark.parametrize("name", ["cite", "data-instgrm-permalink"])
def test_a_quoted_post_without_a_link_gets_the_one_that_its_script_would_use(name: str) -> None:
    kind = "tiktok-embed" if name == "cite" else "instagram-media"
    html = f'<blockquote class="{kind}" {name}="https://posts.example.net/p/1?utm_source=x"><section>Hi</section></blockquote>'
    assert '<p><a href="https://posts.example.net/p/1">posts.example.net/p/1</a></p></blockquote>' in clean(
        html, BASE
    )


@pytest.mark.parametrize(
    "html",
    [
        '<iframe src="javascript:alert(1)"></iframe>',
        '<iframe srcdoc="<script>x</script>"></iframe>',
        '<iframe src="about:blank"></iframe>',
        '<video src="data:video/mp4;base64,AAAA"></video>',
        "<lite-youtube videoid='\"><script>'></lite-youtube>",
        '<embed src="vbscript:x">',
        "<object></object>",
        "<video>Your browser cannot show films.</video>",
        '<iframe src="https://t.example.net/count" width="0" height="0"></iframe>',
        '<iframe src="https://t.example.net/count" style="WIDTH:1px; height:1px;border:0"></iframe>',
        '<video src="https://t.example.net/a.mp4" poster="/p.gif" width="1" height="1"></video>',
    ],
)
def test_a_frame_without_a_web_address_or_a_size_leaves_nothing(html: str) -> None:
    assert clean(f"<p>a</p>{html}", BASE) == "<p>a</p>"


@pytest.mark.parametrize(
    "attributes", ['style="width:1px;min-width:100%"', 'style="width:0" height="400"', 'height="0"']
)
def test_a_frame_whose_other_side_a_script_sets_is_a_link(attributes: str) -> None:
    frame = f'<iframe src="https://charts.example.org/1" title="Chart" {attributes}></iframe>'
    assert clean(frame, BASE) == '<p><a href="https://charts.example.org/1">Chart</a></p>'
