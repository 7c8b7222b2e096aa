"""Whether a post's page is there for its readers: what a server answered, judged. Nothing is fetched here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from newsletter.http.client import Answer
from newsletter.http.encodings import decode
from newsletter.sources.access_walls import wall_of
from newsletter.sources.html.plain_text import plain_text


class Presence(StrEnum):
    """What a page's answer means for the mail that would lead there."""

    THERE = "there"
    #: It may be there for readers: walls against robots, faults that pass, servers that are down.
    UNSURE = "unsure"
    GONE = "gone"
    #: Readers would stand before a form.
    LOG_IN = "log-in"


@dataclass(frozen=True, slots=True)
class LinkFinding:
    """What was found, and one clause that goes on "its page …"; empty when it is there."""

    presence: Presence
    said: str = ""


_GONE = frozenset({404, 410})
#: The last word of a path, or the name of a host, where people are asked who they are.
_LOG_IN_PATH = re.compile(
    r"/(?:wp-login\.php|(?:users?/|account/|accounts/|auth/|session/|sessions/)?(?:log[-_]?in|sign[-_]?in|logon|sso|authenticate)"
    r"|sessions?/new|accounts?|oauth2?/authori[sz]e|saml2?)(?:[./?]|$)",
    re.IGNORECASE,
)
_LOG_IN_HOST = re.compile(r"^(?:accounts?|log-?in|sign-?in|sso|auth|idp|id)\.", re.IGNORECASE)
_PASSWORD = re.compile(rb"""<input\b[^<>]*\btype\s*=\s*["']?password\b""", re.IGNORECASE)
_TITLE = re.compile(r"<title[^<>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)


def judge(url: str, title: str, answer: Answer) -> LinkFinding:
    """What the answer to a GET of ``url`` says about the post of that title. Never raises."""
    status = answer.status
    if status in _GONE:
        return LinkFinding(Presence.GONE, f"answered {status}")
    if status == 401:
        return LinkFinding(Presence.LOG_IN, "answered 401 and asks for a log-in")
    if status == 200:
        return _judge_page(url, title, answer)
    if 200 <= status < 300:
        return LinkFinding(Presence.THERE)
    why = {403: " (it may keep robots out)", 429: " (it was asked too often)"}.get(status, "")
    return LinkFinding(Presence.UNSURE, f"answered {status}{why}")


def _judge_page(url: str, title: str, answer: Answer) -> LinkFinding:
    elsewhere = _place(url) != _place(answer.url)
    asks = bool(_PASSWORD.search(answer.content))
    if elsewhere and _is_log_in(answer.url) and not _is_log_in(url):
        return LinkFinding(Presence.LOG_IN, f"leads to a log-in page ({_host_and_path(answer.url)})")
    if asks and not _tells(title, answer):
        where = (
            f"leads to a log-in page ({_host_and_path(answer.url)})"
            if elsewhere
            else "shows a log-in form only"
        )
        return LinkFinding(Presence.LOG_IN, where)
    if wall := wall_of(decode(answer.content, answer.headers.get("content-type", ""))):
        return LinkFinding(Presence.LOG_IN, wall)
    return LinkFinding(Presence.THERE)


def _place(url: str) -> tuple[str, str]:
    """Host and path, by which a page is the same with or without www, a slash at the end and https."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/")
    except ValueError:
        return "", url


def _is_log_in(url: str) -> bool:
    host, path = _place(url)
    return bool(_LOG_IN_HOST.search(host) or _LOG_IN_PATH.search(path))


def _host_and_path(url: str) -> str:
    host, path = _place(url)
    return f"{host}{path}"[:150]


def _tells(title: str, answer: Answer) -> bool:
    """Whether the post's title stands on the page."""
    text = decode(answer.content, answer.headers.get("content-type", ""))
    head = _TITLE.search(text[:100_000])
    return _bare(title) in _bare(f"{head[1] if head else ''} {plain_text(text)}")


def _bare(text: str) -> str:
    """Letters and digits alone: typography changes on the way."""
    return "".join(character for character in text.casefold() if character.isalnum())
