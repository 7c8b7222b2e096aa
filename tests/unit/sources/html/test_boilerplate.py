# ruff: noqa: E501  (markup as content systems write it)
"""What stands in a post's HTML for its site's sake goes, and cards stay whole, from whatever source they come."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from feed_server import item, rss

from newsletter.sources.html.plain_text import plain_text
from newsletter.sources.html.sanitize import clean
from newsletter.sources.webfeed.items import Ours, read_items
from newsletter.sources.webfeed.source import read_feed

PAGE = "https://pier.example.org/cards/"


def cleaned(html: str) -> str:
    found = clean(html, PAGE)
    assert clean(found, PAGE) == found
    return found


@pytest.mark.parametrize(
    "around",
    [
        '<div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">Share this:</h3><div class="sd-content"><ul><li>'
        '<a class="share-twitter" href="https://x.example.org/?share=twitter"><span>Tweet</span></a></li></ul></div></div>',
        '<div id="jp-relatedposts" class="jp-relatedposts"><h3><em>Related</em></h3></div>',
        "<h3><em>Related</em></h3>",
        '<p><a class="more-link" href="/cards/#more-3">Continue reading <span class="screen-reader-text">Cards</span></a></p>',
        f'<p><a href="{PAGE}">Weiterlesen →</a></p>',
        f'<p>Der Beitrag <a href="{PAGE}">Karten</a> erschien zuerst auf <a href="https://pier.example.org">Alter Pier</a>.</p>',
        '<h3>Teilen</h3><p><a href="https://www.facebook.com/sharer/sharer.php?u=1">auf Facebook</a> '
        '<a href="mailto:?subject=x">E-Mail</a></p>',
        '<ul><li><a href="https://bsky.app/intent/compose?text=x"><img src="b.png"></a></li>'
        '<li><a href="https://wa.me/?text=x">WhatsApp</a></li></ul>',
        '<div class="subscription-widget-wrap"><div class="preamble"><p>Pier is a reader-supported publication.</p></div>'
        "<form><input></form></div>",
        '<p class="button-wrapper"><a href="https://pier.example.com/subscribe?"><span>Subscribe now</span></a></p>',
        '<p class="button-wrapper"><a href="https://pier.example.com/p/x?action=share"><span>Share</span></a></p>',
        '<h4>Sharing is caring!</h4><ul class="networks"><li><a href="https://www.facebook.com/sharer/sharer.php?u=1">Share</a></li>'
        '<li><a href="https://new.example.net/post?url=https%3A%2F%2Fpier.example.org%2Fcards%2F&amp;t=Cards">New</a></li></ul>',
        '<ul class="shariff-buttons"><li><a href="https://s2f.kytta.dev/?text=Cards" title="Bei Mastodon teilen">teilen</a></li></ul>',
        f'<hr><p><a href="{PAGE}">Cards</a> was originally published in <a href="https://medium.com/pier">Pier</a> on Medium, '
        "where people are continuing the conversation by highlighting and responding to this story.</p>",
        '<h3>Artículos relacionados</h3><ul><li><a href="https://pier.example.org/o1">Uno</a> (2025)</li><li><a href="/o2">Dos</a></li></ul>',
        '<div class="elementor-share-btn" role="button"><span>Facebook</span></div>',
        '<div class="blogger-post-footer">Subscribe to my feed</div>',
        '<div class="wp-block-rank-math-toc-block"><h2>Table of Contents</h2><nav><ul><li><a href="#a">A</a></li></ul></nav></div>',
        f'<ul class="links inline"><li class="comment-add"><a href="{PAGE}#comment-form">Add new comment</a></li></ul>',
        '<div class="kg-card kg-signup-card"><h2>Sign up for Pier</h2><form><input type="email"></form></div>',
    ],
)  # fmt: skip
def test_what_a_site_puts_around_a_post_goes(around: str) -> None:
    assert cleaned(f"<p>Body words here.</p>{around}") == "<p>Body words here.</p>"
    feed = read_feed(
        rss(item(1, link=PAGE, description=f"<![CDATA[<p>Body words here.</p>{around}]]>")).encode(), "", PAGE
    )
    ours = Ours(datetime(2026, 11, 30, tzinfo=UTC), "UTC", "https://hub.example.org")
    assert read_items(feed, PAGE, (), ours).items[0].html == "<p>Body words here.</p>"


def test_a_feed_of_drupal_says_title_author_and_hour_once() -> None:
    above = (
        '<span class="field field--name-title field--type-string">Cards</span>\n'
        '<span class="field field--name-uid"><span about="/user/1">admin</span></span>\n'
        '<span class="field field--name-created">Mon, 11/30/2026 - 10:00</span>\n'
    )
    assert (
        cleaned(f'{above}<div class="field field--name-body"><p>Body words.</p></div>')
        == "<p>Body words.</p>"
    )
    other = '<h3><a href="/other"><span class="field field--name-title">Another post</span></a></h3>'
    assert "Another post" in cleaned(f"<p>See also what we wrote.</p>{other}<p>More.</p>")


@pytest.mark.parametrize(
    "own",
    [
        '<h3>Related posts</h3><ul><li><a href="https://other.example.net/a">A study of piers</a></li></ul>',
        '<h3>Related posts</h3><ul><li><a href="/a">Ours</a> tells how the pier was built by hand in those three years, and by whom.</li></ul>',
        '<h3>Latest news</h3><ul><li><a href="/a">The pier is open</a></li></ul>',
        '<h3>Related posts</h3><p><a href="/a">Ours</a></p><h3>Afterwards</h3><p>We went home.</p>',
        f'<p><a href="https://archive.example.net/?url={PAGE}">A copy of this page, kept for later</a></p>',
        f'<p>Translate it: <a href="https://translate.example.net/?u={PAGE}">into Welsh</a> with care, said the pilot.</p>',
        '<p>Please <a href="https://twitter.com/intent/tweet?text=1">tweet your MP</a> about the harbour.</p>',
        '<p><a href="https://wa.me/?text=1">Ask your neighbours to come on Monday</a></p>',
        '<p><a href="https://elsewhere.example.org/cards">Read more</a></p>',
        f'<div class="read-more"><p>{"A whole text that hides behind a button. " * 30}</p></div>',
        '<p class="button-wrapper"><a href="https://pier.example.org/give">Give</a></p>',
        "<h3>Related</h3><p>That is what the cousins are.</p>",
        "<p>Write (opens in a new tab) behind a link that does.</p>",
        "<p>He opened a new window, and the cat left.</p>",
    ],
)
def test_what_an_author_wrote_stays(own: str) -> None:
    assert plain_text(cleaned(f"<p>Before.</p>{own}")) == f"Before.\n\n{plain_text(own)}"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            '<h2 id="a">Tides</h2><a class="sl-anchor-link" href="#a"><span class="sr-only">Section titled “Tides”</span></a>',
            "<h2>Tides</h2>",
        ),
        ('<h2>Tides <a href="#a">Section titled Tides</a></h2>x', "<h2>Tides </h2>x"),
        ('<h2>Tides<a class="headerlink" href="#a" title="Permalink">¶</a></h2>x', "<h2>Tides</h2>x"),
        ('<h2><a class="header-link" href="#a">Tides</a></h2>x', "<h2>Tides</h2>x"),
        ('<a href="/b">b<span class="sr-only"> (opens in a new tab)</span></a>', "<a>b</a>"),
        ('<a href="/b">the <b>map</b> (opens in a new tab)</a>, and', "<a>the <b>map</b></a>, and"),
        ('<a href="/b">b</a> (öffnet in neuem Fenster) und', "<a>b</a> und"),
        ('<a href="/b">b <span>(ouvre un nouvel onglet)</span></a>.', "<a>b </a>."),
        ('<a href="/b">b（新しいタブで開く）</a>', "<a>b</a>"),
        ('Hi <img src="https://s.example.org/x.png" alt="🎉" class="wp-smiley">!', "Hi 🎉!"),
    ],
)  # fmt: skip
def test_words_for_who_listens_and_marks_of_headings_go(html: str, expected: str) -> None:
    assert cleaned(f"<p>Before.</p>{html}<p>After.</p>").replace(
        ' href="https://pier.example.org/b"', ""
    ) == (f"<p>Before.</p>{expected}<p>After.</p>")


CARDS = {
    "bookmark": (
        '<figure class="kg-card kg-bookmark-card"><a class="kg-bookmark-container" href="https://x.example.org/tides">'
        '<div class="kg-bookmark-content"><div class="kg-bookmark-title">Tide tables</div><div '
        'class="kg-bookmark-description">For the year</div><div class="kg-bookmark-metadata"><img class="kg-bookmark-icon" '
        'src="https://x.example.org/favicon.ico"><span class="kg-bookmark-author">Pier</span><span '
        'class="kg-bookmark-publisher">Jo</span></div></div><div class="kg-bookmark-thumbnail"><img src="t.jpg"></div></a>'
        "<figcaption>Seen in May</figcaption></figure>",
        '<p><a href="https://x.example.org/tides"><strong>Tide tables</strong></a><br>For the year<br>Pier · Jo</p>'
        "<p>Seen in May</p>",
    ),
    "file": (
        '<div class="kg-card kg-file-card"><a class="kg-file-card-container" href="https://x.example.org/n.pdf"><div><div '
        'class="kg-file-card-title">Report</div><div class="kg-file-card-caption">All figures</div><div><div '
        'class="kg-file-card-filename">n.pdf</div><div class="kg-file-card-filesize">1 MB</div></div></div></a></div>',
        '<p><a href="https://x.example.org/n.pdf"><strong>Report</strong></a><br>All figures<br>n.pdf · 1 MB</p>',
    ),
    "audio": (
        '<div class="kg-card kg-audio-card"><img class="kg-audio-thumbnail kg-audio-hide" src="" alt="thumbnail"><div>'
        '<audio src="https://x.example.org/a.mp3"></audio><div class="kg-audio-title">The ferry</div><div '
        'class="kg-audio-player"><span>0:00</span><div>/<span>207</span></div><button>1×</button></div></div></div>',
        '<p><a href="https://x.example.org/a.mp3">The ferry</a></p>',
    ),
    "video": (
        '<figure class="kg-card kg-video-card"><div class="kg-video-container"><video src="https://x.example.org/v.mp4" '
        'poster="https://img.example.org/640x360/spacer.png" width="640" height="360"></video><div '
        'class="kg-video-player-container"><span>0:00</span><div>/<span>0:13</span></div></div></div></figure>',
        '<p><a href="https://x.example.org/v.mp4">x.example.org/v.mp4</a></p>',
    ),
    "callout": (
        '<div class="kg-card kg-callout-card"><div class="kg-callout-emoji">💡</div><div class="kg-callout-text">Bring a '
        "<b>coat</b>.</div></div>",
        "<blockquote><p>💡 Bring a <b>coat</b>.</p></blockquote>",
    ),
    "toggle": (
        '<div class="kg-card kg-toggle-card"><div class="kg-toggle-heading"><h4>What?</h4><button class="kg-toggle-card-icon">'
        '<svg></svg></button></div><div class="kg-toggle-content"><p>That.</p></div></div>',
        "<div><h4>What?</h4><p>That.</p></div>",
    ),
    "product": (
        '<div class="kg-card kg-product-card"><h4><span>Lamp</span></h4><div class="kg-product-card-rating">★</div><p>It '
        'shines.</p><a class="kg-product-card-button" href="https://x.example.org/buy"><span>Buy</span></a></div>',
        '<div><h4>Lamp</h4><p>It shines.</p><p><a href="https://x.example.org/buy">Buy</a></p></div>',
    ),
    "button": (
        '<div class="kg-card kg-button-card"><a href="https://x.example.org/give" class="kg-btn">Give</a></div>',
        '<p><a href="https://x.example.org/give">Give</a></p>',
    ),
    "post of Substack": (
        '<div class="embedded-post-wrap"><a class="embedded-post" href="https://s.example.org/p/q"><div><img src="l.png"><span '
        'class="embedded-post-publication-name">Pier</span></div><div class="embedded-post-title">Q</div><div '
        'class="embedded-post-body">Body</div><span>Read more</span><div>2 years ago · 12 likes</div></a></div>',
        '<p><a href="https://s.example.org/p/q"><strong>Q</strong></a><br>Body<br>Pier</p>',
    ),
}  # fmt: skip


def test_a_picture_behind_words_that_only_a_style_shows_is_shown() -> None:
    style = "background-image:url(https://pier.example.org/sea.jpg)"
    inner = '<div class="wp-block-cover__inner-container"><p>By the sea</p></div>'
    assert cleaned(f'<div class="wp-block-cover" style="{style}">{inner}</div>') == (
        '<div><img src="https://pier.example.org/sea.jpg" alt=""><p>By the sea</p></div>'
    )


def test_a_badge_that_hands_this_page_to_another_site_stays() -> None:
    badge = f'<p><a href="https://play.example.net/?url={PAGE}"><img src="/badge.png" alt="Listen"></a></p>'
    assert 'alt="Listen"' in cleaned(f"<p>Before.</p>{badge}")


@pytest.mark.parametrize("name", CARDS)
def test_a_card_is_words_and_a_link(name: str) -> None:
    html, expected = CARDS[name]
    assert cleaned(f"<p>Before.</p>{html}<p>After.</p>") == f"<p>Before.</p>{expected}<p>After.</p>"
