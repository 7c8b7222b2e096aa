"""Posts that got a password at their source after they came to us: they stay as they were, and staff are told. sources/
protected_posts.py knows an entry with a password."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from newsletter.models import Post, PostState
from newsletter.publishing.ingest.identity import known_by
from newsletter.sources.base import Name, Problem


def told(source: str, protected: Iterable[tuple[Name, ...]]) -> Iterator[Problem]:
    """One problem for each that is out, until staff withdraw it or it is open again. ``protected`` are the names of
    what has a password now."""
    found = known_by(source, protected)
    for post in Post.objects.filter(pk__in=found, source=source, state=PostState.RELEASED).order_by("pk"):
        what = (
            f'the post "{post.title[:80]}" has a password now, which takes nothing back: what is out stays as it was. '
            f"If it should not be read any more: newsletter posts withdraw {post.key}"
        )
        yield Problem(post.url or post.key, what, minor=True)
