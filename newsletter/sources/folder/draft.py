"""One post file while it is drawn, and where its folder's posts belong. Nothing is drawn here: body.py does that."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath

from newsletter.sources.base import MediaFile, Problem
from newsletter.sources.folder.generator_config import SiteSettings
from newsletter.sources.folder.images import LocalPictures
from newsletter.sources.folder.links import PostLinks
from newsletter.sources.frontmatter.keys import FrontMatterKeys


@dataclass(frozen=True, slots=True)
class FolderPlace:
    """Where a folder's posts belong."""

    #: The public address of our own pages.
    site_url: str
    #: Where these posts live on the web; empty when only our archive shows them.
    base_url: str
    #: The site's zone, for dates without one.
    zone: str
    #: Where the picture files of posts will be served, with a slash at the end; empty leaves them out.
    media_url: str = ""
    #: The part of the folder whose name is in no address ("content", of a whole site); empty for none.
    below: str = ""
    #: Whether what has no date is taken for a page of a site.
    is_site: bool = False
    #: How the site makes the addresses of its posts.
    settings: SiteSettings = field(default_factory=SiteSettings)
    #: The other posts of the folder; None where there are none, as for a single page.
    links: PostLinks | None = None
    #: None where a folder's own pictures are not looked for.
    pictures: LocalPictures | None = None


@dataclass(slots=True)
class Draft:
    """One post file while it is drawn."""

    #: Relative to the folder, with forward slashes.
    path: str
    #: The whole file, for the lines in messages.
    text: str
    body: str
    #: The line on which ``body`` begins, from 1.
    body_line: int
    keys: FrontMatterKeys
    place: FolderPlace
    #: Where relative addresses of the post start; empty when it has none of its own on the web.
    base: str
    problems: list[Problem] = field(default_factory=list)
    files: dict[str, MediaFile] = field(default_factory=dict)

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.path).suffix.lower()

    @property
    def is_ours(self) -> bool:
        """Whether its pictures are looked for in the folder, because it lives nowhere else."""
        return not self.base and self.place.pictures is not None

    def say(self, needle: str, what: str) -> None:
        """A problem at the line where something stands."""
        at = self.text.find(needle) if needle else -1
        where = f"{self.path}:{self.text.count(chr(10), 0, at) + 1}" if at >= 0 else self.path
        self.problems.append(Problem(where, what))
