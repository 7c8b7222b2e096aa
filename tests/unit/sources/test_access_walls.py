"""What stands in place of a post for those who may not read it, in a feed and on its page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from feed_server import item, rss
from hypothesis import given
from hypothesis import strategies as st

from newsletter.http.client import Answer
from newsletter.sources.access_walls import asks_for_a_password, wall_of
from newsletter.sources.link_status import Presence, judge
from newsletter.sources.protected_posts import is_protected
from newsletter.sources.webfeed.items import FeedReading, Ours, read_items
from newsletter.sources.webfeed.source import read_feed
from newsletter.sources.wordpress.api_post import has_password

URL = "https://pier.example.org/staff-party/"
FORM = (
    '<form action="https://pier.example.org/wp-login.php?action=postpass" class="post-password-form" method="post">'
    '<p>This content is password-protected.</p><label>Password: <input name="post_password" type="password"></label>'
    '<input type="submit" value="Enter"></form>'
)
LOG_IN = (
    '<form action="/wp-login.php"><input name="log" type="text"><input name="pwd" type="password"></form>'
)
NO_EXCERPT = "There is no excerpt because this is a protected post."


def reading(*items: str) -> FeedReading:
    feed = read_feed(rss(*items).encode(), "text/xml", URL)
    return read_items(
        feed, URL, (), Ours(datetime(2026, 11, 30, tzinfo=UTC), "UTC", "https://hub.example.org")
    )


def page(body: str, title: str = "Staff party") -> str:
    html = f"<!doctype html><title>{title} – Pier</title><body><h1>{title}</h1>{body}"
    return judge(
        URL, title, Answer(URL, 200, {"content-type": "text/html; charset=utf-8"}, html.encode())
    ).presence


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Protected: Staff party", FORM),
        ("Staff party", FORM),  # a theme that takes the word away
        ("Protected: Staff party", NO_EXCERPT),
        ("Staff party", f"<p>{NO_EXCERPT}</p>"),
        ("Protected: Staff party", ""),
        ("Protected: Staff party", "This content is password-protected. To view it, enter the password below."),
        ("Geschützt: Betriebsfest", "Es gibt keinen Textauszug, da dies ein geschützter Beitrag ist."),
        ("Betriebsfest", "Es gibt keinen Auszug, da dies ein geschützter Beitrag ist."),
        ("Protégé : La fête", "Il n’y a pas d’extrait, car cette publication est protégée."),
        ("Protégé\u00a0: La fête", ""),
        ("Protegido: La fiesta", "No hay extracto porque es una entrada protegida."),
        ("Protetto: La festa", "Non è disponibile alcun riassunto in quanto si tratta di un articolo protetto."),
        ("Beveiligd: Het feest", "Er is geen samenvatting omdat dit een beschermd bericht is."),
        ("Protegido: A festa", "Não há resumo porque este post está protegido."),
        ("Zabezpieczone: Przyjęcie", "Brak zajawki, ponieważ wpis jest zabezpieczony hasłem."),
        ("Защищено: Праздник", "Отрывка нет, потому что запись защищена."),
        ("保護中: 忘年会", "この投稿はパスワードで保護されているため抜粋文はありません。"),
        ("受保护的文章：年会", "因为是受保护的文章，没有摘要。"),
        ("Skyddad: Festen", "Det finns inget utdrag eftersom detta är ett skyddat inlägg."),
    ],
)  # fmt: skip
def test_a_post_with_a_password_is_no_post_of_a_feed(title: str, text: str) -> None:
    assert is_protected(title, text)
    found = reading(item(1, title=title, description=f"<![CDATA[{text}]]>"), item(2))
    assert ([one.title for one in found.items], len(found.protected)) == (["Post 2"], 1)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Protected: the meadows of the Tarn", "Since Monday nobody may build on them."),
        ("Staff party", "There is no excerpt of the speech. " + "It was long, and about protected species. " * 9),
        ("How a form works", "<pre>&lt;form class=\"post-password-form\"&gt;&lt;input type=\"password\"&gt;</pre>"),
        ("The members' corner", f"<p>Sign in to say something.</p>{LOG_IN}"),
        ("Notes", ""),
    ],
)  # fmt: skip
def test_a_post_about_such_things_is_one(title: str, text: str) -> None:
    assert not is_protected(title, text)


@pytest.mark.parametrize(
    "form",
    [
        FORM,
        '<form action="/wp-login.php?action=postpass" class="theme-form"><input type=password name=secret></form>',
        '<div><input name="post_password" type="password"></div>',
        '<form class="unlock"><input type="hidden" name="to"><INPUT TYPE=password></form>',
    ],
)
def test_a_password_form_on_its_page_holds_a_post_whatever_stands_above_it(form: str) -> None:
    assert page(form) == Presence.LOG_IN
    assert page(form, title="Protected: Staff party") == Presence.LOG_IN


@pytest.mark.parametrize(
    "wall",
    [
        '<aside class="gh-post-upgrade-cta"><h2>This post is for paying subscribers only</h2></aside>',
        '<div data-testid="paywall" class="paywall"><h2>Keep reading with a 7-day free trial</h2></div>',
        '<div class="pmpro_content_message">For members only.</div>',
        '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>',
        '<script type="application/ld+json">{"@graph": [{"@type": ["BlogPosting"], "isAccessibleForFree": "False"}]}'
        "</script>",
    ],
)
def test_what_only_members_may_read_is_held(wall: str) -> None:
    assert page(f"<p>How it begins.</p>{wall}") == Presence.LOG_IN


@pytest.mark.parametrize(
    "beside",
    [
        LOG_IN,
        f"<!-- {FORM} -->",
        f"<script>var form = '{FORM}'</script>",
        f"<template>{FORM}</template>",
        '<script type="application/ld+json">{"@type": "Event", "isAccessibleForFree": false}</script>',
        '<script type="application/ld+json">{"@type": "Article", "isAccessibleForFree": true}</script>',
        "<style>.paywall {color: red} .post-password-form {margin: 0}</style>",
        '<p class="about-paywalls">About a paywall.</p>',
    ],
)
def test_what_stands_beside_a_post_or_is_not_shown_is_no_wall(beside: str) -> None:
    assert page(f"<p>The whole text.</p>{beside}") == Presence.THERE


def test_a_form_in_an_answer_of_the_api_is_a_password_too() -> None:
    assert has_password({"content": {"rendered": FORM, "protected": False}})
    assert not has_password({"content": {"rendered": "<p>Words</p>", "protected": False}})


@given(st.text(alphabet="<>/form inputscrypt=\"' -!", max_size=300))
def test_whatever_a_page_holds_it_never_raises(html: str) -> None:
    wall_of(html)
    asks_for_a_password(f"<form>{html}<input type=password>")
