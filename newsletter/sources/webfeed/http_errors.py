"""What an answer that is no feed means, and what staff can do about it: one sentence each. Nothing is fetched here."""

from __future__ import annotations

from datetime import datetime, timedelta

from newsletter.errors import SourceError
from newsletter.http.client import Answer
from newsletter.sources.webfeed.polling import retry_after

_MEANINGS = {
    401: "asks for a user name and a password (401); a feed must be open: ask who runs the site for an open address",
    402: "wants to be paid (402); ask who runs the site for an open address",
    403: "refuses us (403), most often a wall against robots; ask who runs the site to let our feed reader "
    '("learning-hub-newsletter") pass, or to give another address',
    404: "is not there (404); open it in a browser and correct url in [sources.{name}] "
    "(the site's own address will do)",
    405: "takes no plain requests (405); it is no feed: correct url in [sources.{name}]",
    407: "is behind a proxy that wants a log-in (407); ask who runs your network",
    410: "is gone for good (410) and is not asked any more; give a new url in [sources.{name}] or take the source out "
    "(newsletter sync {name} asks once more)",
    429: "says that we ask too often (429)",
    451: "is blocked for legal reasons (451); correct url in [sources.{name}] or take the source out",
    503: "is busy or being repaired (503)",
}


class FeedFailed(SourceError):
    """One address did not give a feed."""

    def __init__(self, message: str, *, ban: timedelta | None = None, gone: bool = False) -> None:
        """``ban``: how long the server wants to be left alone, as it says; ``gone``: it answered 410."""
        super().__init__(message)
        self.ban = ban
        self.gone = gone


def failure(answer: Answer, name: str, now: datetime) -> FeedFailed:
    """What a status other than 200 and 304 means for the source of this name."""
    status = answer.status
    ban = None
    if status in (429, 503):
        ban = retry_after(answer.headers.get("retry-after", ""), now)
    meaning = _MEANINGS.get(status)
    if meaning is None and status >= 500:
        meaning = f"has a fault ({status}), which only those who run it can mend"
    if meaning is None:
        meaning = f"answered {status} instead of a feed; open it in a browser to see why"
    return FeedFailed(f"{answer.url} {meaning.format(name=name)}", ban=ban, gone=status == 410)


def clock(moment: datetime) -> str:
    """An hour for a person: "2026-11-24 09:40 UTC"."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"
