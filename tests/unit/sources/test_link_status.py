"""What a page's answer says about the mail that would lead there."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.http.client import Answer
from newsletter.sources.link_status import Presence, judge

URL = "https://hub.example.org/2026/seeds/"
PAGE = (
    b"<html><head><title>Seeds | Hub</title></head><body><h1>Seeds &amp; beans</h1><p>Text</p></body></html>"
)
FORM = b'<form method=post><input name=user><input type="password" name=pwd></form>'


def found(
    status: int = 200, url: str = URL, content: bytes = PAGE, title: str = "Seeds & beans"
) -> tuple[str, str]:
    finding = judge(URL, title, Answer(url, status, {"content-type": "text/html; charset=utf-8"}, content))
    return finding.presence.value, finding.said


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone(status: int) -> None:
    assert found(status) == ("gone", f"answered {status}")


@pytest.mark.parametrize("status", [200, 204, 206])
def test_a_page_that_is_there(status: int) -> None:
    assert found(status) == ("there", "")


@pytest.mark.parametrize("status", [403, 429, 500, 502, 503, 418, 451, 304])
def test_what_may_be_there_for_readers_is_no_verdict(status: int) -> None:
    presence, said = found(status)
    assert presence == "unsure"
    assert said.startswith(f"answered {status}")


@pytest.mark.parametrize(
    "url",
    [
        "https://hub.example.org/wp-login.php?redirect_to=x",
        "https://hub.example.org/login",
        "https://hub.example.org/user/login/?next=/2026/seeds/",
        "https://hub.example.org/users/sign_in",
        "https://accounts.example.net/oauth/authorize?client=1",
        "https://login.example.net/",
        "https://hub.example.org/session/new",
        "https://sso.example.net/saml2?SAMLRequest=x",
    ],
)
def test_a_redirect_to_where_people_log_in(url: str) -> None:
    presence, said = found(url=url, content=b"<h1>Welcome</h1>")
    assert (presence, said[:23]) == ("log-in", "leads to a log-in page ")


def test_a_redirect_to_a_form_at_any_address() -> None:
    assert found(url="https://hub.example.org/welcome", content=FORM) == (
        "log-in",
        "leads to a log-in page (hub.example.org/welcome)",
    )


def test_401_and_a_form_where_the_post_should_be() -> None:
    assert found(401) == ("log-in", "answered 401 and asks for a log-in")
    assert found(content=FORM) == ("log-in", "shows a log-in form only")


@pytest.mark.parametrize(
    "url",
    [
        URL,
        "https://www.hub.example.org/2026/seeds",
        "https://hub.example.org/blog/seeds",
        "http://hub.example.org/2026/seeds/",
    ],
)
def test_a_post_with_a_form_beside_it_is_there(url: str) -> None:
    assert found(url=url, content=PAGE + FORM) == ("there", "")


def test_typography_does_not_hide_a_title() -> None:
    page = "<h1>“Seeds” – and  beans…</h1>".encode() + FORM
    assert found(content=page, title='"Seeds" - and beans...') == ("there", "")


def test_a_post_about_logging_in_at_its_own_address_is_there() -> None:
    own = "https://hub.example.org/help/login"
    answer = Answer(own, 200, {}, b"<h1>How to log in</h1>")
    assert judge(own, "How to log in", answer).presence == Presence.THERE


@settings(deadline=None)
@given(st.integers(100, 599), st.binary(max_size=200), st.text(max_size=40), st.text(max_size=20))
def test_whatever_a_server_sends_it_never_raises(status: int, content: bytes, url: str, title: str) -> None:
    judge(url, title, Answer(url, status, {"content-type": "text/html"}, content))
    finding = judge(URL, title, Answer(URL, status, {}, content))
    if status in (404, 410):
        assert finding.presence == Presence.GONE
    if status >= 500:
        assert finding.presence == Presence.UNSURE
