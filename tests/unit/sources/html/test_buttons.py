"""Buttons of a post: those that lead somewhere are links that stand apart, those that do something on a page go."""

from __future__ import annotations

import pytest

from newsletter.sources.html.sanitize import clean, plain_text

BASE = "https://hub.example.org/posts/seeds"


@pytest.mark.parametrize(
    "html",
    [
        '<p><a class="btn btn-primary" href="/book">book</a><a class="btn" href="/call">call</a></p>',
        '<p><a class="wp-block-button__link" href="/book">book</a><strong><a href="/call">call</a></strong></p>',
        '<a role=button href="/book">book</a><a role=button href="/book">call</a>',
        '<a style="display:inline-block" href="/book">book</a><span><a href="/call">call</a></span>',
        '<p><a href="/book"><button>book</button></a><a class="cta-link" href="/call">call</a></p>',
        '<form action="/book"><button>book</button><button formaction="/call">call</button></form>',
        '<p>book<a class="button" href="/call">call</a></p>',
    ],
)
def test_buttons_side_by_side_are_not_glued(html: str) -> None:
    assert plain_text(clean(html, BASE)) == "book call"


def test_two_links_are_two_words_where_the_second_begins_one() -> None:
    assert plain_text(clean('<a href="/book">Book</a><a href="/call">Call</a>', BASE)) == "Book Call"


@pytest.mark.parametrize(
    "html",
    [
        '<p><a href="/c">co</a><a href="/o">op</a></p>',
        '<p><a href="/c">co</a><a href="/c">op</a></p>',
        '<p>co<a href="/o">op</a></p>',
    ],
)
def test_a_word_of_two_links_stays_one(html: str) -> None:
    assert plain_text(clean(html, BASE)) == "coop"


@pytest.mark.parametrize(
    ("html", "becomes"),
    [
        ('<a href="/d"><button>Give</button></a>', '<a href="https://hub.example.org/d">Give</a>'),
        ('<button><a href="/d">Give</a></button>', '<a href="https://hub.example.org/d">Give</a>'),
        (
            '<form action="/d"><button>Give</button></form>',
            '<div><a href="https://hub.example.org/d">Give</a></div>',
        ),
        (
            '<form action="/d?old=1" method=GET><p>Help us.</p><input type=hidden name=to value="a b">'
            '<input type=submit name=by value="Give now"></form>',
            "<div><p>Help us.</p>"
            '<a href="https://hub.example.org/d?to=a+b&amp;by=Give+now">Give now</a></div>',
        ),
        (
            "<button onclick=\"location.href='/d'\">Give</button>",
            '<a href="https://hub.example.org/d">Give</a>',
        ),
        (
            "<h3><button aria-expanded=false>What grows?</button></h3><p>Beans</p>",
            "<h3>What grows?</h3><p>Beans</p>",
        ),
    ],
)
def test_a_button_that_leads_somewhere_keeps_its_words(html: str, becomes: str) -> None:
    assert clean(html, BASE) == becomes


@pytest.mark.parametrize(
    "html",
    [
        "<button>Like</button><button type=button>Copy</button>",
        '<form action="/join" method=post><p>Join</p><button>Sign up</button></form>',
        '<form action="/find"><input name=q><button>Search</button></form>',
        '<form action="/find"><select name=s><option>New</option></select><button>Sort</button></form>',
        '<form action="/say"><textarea name=t>words</textarea><button>Say</button></form>',
        "<form><button>Go</button></form>",
        '<form action="#"><button>Go</button></form>',
        '<form action="javascript:alert(1)"><button>Go</button></form>',
        "<button onclick=\"location.href='javascript:alert(1)'\">Go</button>",
    ],
)
def test_a_button_that_only_does_something_goes(html: str) -> None:
    assert clean(f"<p>a</p>{html}", BASE) == "<p>a</p>"
