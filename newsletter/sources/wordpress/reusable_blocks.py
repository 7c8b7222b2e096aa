"""Blocks of a raw WordPress text that only refer to something: reusable ones, which have a record of their own in the
export, and those that WordPress's programs fill when a page is shown. Blocks with a text of their own are autop.py's
part.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from newsletter.sources.base import Problem

#: The raw text of the reusable block with this number; None where it is not known.
Patterns = Callable[[int], str | None]
#: Told of what falls out of a post, in words that begin a sentence.
Lost = Callable[[str], None]

_REFERRING = re.compile(
    r"<!--\s{0,9}wp:([a-z][a-z0-9_/-]{0,80})(\s[^<>]{0,5000}?)?\s{0,9}/-->", re.IGNORECASE
)
#: Reusable blocks may stand in one another; one that stands in itself ends here.
_DEEPEST = 5
#: Of one post, with all that is put into it.
_MOST_TEXT = 5_000_000
#: They show the site and not the post, or a gap.
_NO_PART = re.compile(
    r"(?:core/)?(?:spacer|separator|more|nextpage|footnotes|latest-(?:posts|comments)|archives|categories|tag-cloud|calendar"
    r"|rss|search|social-links?|page-list|navigation|home-link|site-.*|post-.*|query.*|loginout|avatar|read-more|comments?.*"
    r"|template-part|table-of-contents)"
    r"|jetpack/(?:subscriptions|related-posts|sharing-buttons?|likes?)|yoast(?:-seo)?/.*|rank-math/(?:toc|breadcrumbs).*"
    r"|.*(?:toc|table-of-contents|breadcrumbs|share|sharing|related|subscribe|spacer|separator|divider)[a-z-]*",
    re.IGNORECASE,
)


def nothing_lost(what: str) -> None:
    """For who does not ask what fell out."""


def with_patterns(text: str, patterns: Patterns, lost: Lost = nothing_lost) -> str:
    """The text with its reusable blocks in their places. What has no text here and is part of the post is told."""
    room = _MOST_TEXT - len(text)

    def filled(found: re.Match[str]) -> str:
        nonlocal room
        number = _reference(found)
        own = patterns(number) if number is not None else None
        if own is None or len(own) > room:
            return found[0]
        room -= len(own)
        return own

    for _ in range(_DEEPEST):
        before, text = text, _REFERRING.sub(filled, text)
        if text == before:
            break
    for found in _REFERRING.finditer(text):
        if what := _said(found):
            lost(what)
    return text


def _reference(found: re.Match[str]) -> int | None:
    if found[1].lower() not in ("block", "core/block"):
        return None
    try:
        number = json.loads(found[2] or "").get("ref")
    except (ValueError, AttributeError, RecursionError):
        return None
    return number if type(number) is int else None


def _said(found: re.Match[str]) -> str:
    name = found[1].lower()
    if name in ("block", "core/block"):
        return f"the reusable block {_reference(found) or ''}".strip()
    return "" if _NO_PART.fullmatch(name) else f"the block {name}"


def fallen_out(lost: Mapping[str, Sequence[str]], where: str) -> Iterator[Problem]:
    """What fell out of posts (→ their titles), a sentence each."""
    for what, titles in lost.items():
        of = f'"{titles[0][:80]}"' if len(titles) == 1 else f'{len(titles)} posts, such as "{titles[0][:80]}"'
        yield Problem(where, f"{what} falls out of {of}, because {_cure(what)}", minor=True)


def _cure(what: str) -> str:
    if what.startswith("the reusable"):
        return 'it is not there: in WordPress choose Tools, Export, "All content"'
    if what in ("[gallery]", "[playlist]", "[audio]", "[video]"):
        return 'its files are not there: in WordPress choose Tools, Export, "All content"'
    return "only WordPress knows what it shows; put that into the post, or read the site by its address"
