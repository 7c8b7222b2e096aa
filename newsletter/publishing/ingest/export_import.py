"""The posts of another system's export, taken in at once by staff: into feed and archive, never into mail.

sources/other_exports.py reads such a file, sync.py decides what becomes of one post.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from newsletter.config import Config
from newsletter.models import Post, PostState
from newsletter.publishing.from_config import own_files
from newsletter.publishing.ingest import sync
from newsletter.publishing.ingest.post_keys import key_of, path_of
from newsletter.sources import other_exports
from newsletter.sources.base import Problem
from newsletter.sources.ghost.export import GhostReading
from newsletter.sources.html.images.content_images import media_url
from newsletter.sources.losses import fallen_out


@dataclass(slots=True)
class Imported:
    """What came of an export."""

    new: list[Post] = field(default_factory=list)
    known: list[Post] = field(default_factory=list)
    #: How many posts of each kind were left out ("drafts").
    left_out: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def held(self) -> list[Post]:
        """New ones that look like a post we have."""
        return [post for post in self.new if post.state == PostState.HELD]


def import_export(where: str, config: Config, now: datetime, *, site: str = "") -> Imported | None:
    """Take in every public post of an export file, oldest first; None when the file is not one that is read whole.

    ``site`` is where the exported site is on the web, for its pictures. A post that came in earlier is brought up to
    date. Raises SourceError.
    """

    def post_url(slug: str) -> str | None:
        key = key_of(slug)
        # Another post of ours may have that key already: the link then stays as it was.
        other = Post.objects.filter(key=key).exclude(names__source="").exists()
        return None if other or not key else f"{config.site.url}{path_of(key)}"

    reading = GhostReading(config.site.timezone, media_url(config.site.url), site, post_url)
    export = other_exports.read(where, own_files(config), reading)
    if export is None:
        return None
    done = Imported(left_out=export.left_out, problems=(*export.problems, *fallen_out(export.items, where)))
    for item in export.items:
        post, new = sync.import_page(item, config, now, mail=False, replace=True)
        (done.new if new else done.known).append(post)
    return done
