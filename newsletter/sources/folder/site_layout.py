"""Which part of a whole site holds its posts: by its generator's configuration and the names of folders.

What lies in that part is listed in files.py. Nothing is opened here.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from newsletter.sources.folder.images import has_configuration
from newsletter.sources.local_files import OwnFiles

#: Where a whole site keeps all its texts, the surest first.
_CONTENT = ("content", "src/content", "source")
#: What frameworks call the folder of their posts, and the part of it that is in no address.
_POSTS = {
    "_posts": "", "blog": "", "posts": "", "articles": "", "news": "", "journal": "", "writing": "",
    "data/blog": "data", "data/posts": "data", "data/articles": "data",
    "src/blog": "src", "src/posts": "src", "src/articles": "src", "src/_posts": "src", "src/news": "src",
    "src/data/blog": "src/data", "src/data/posts": "src/data",
    "src/lib/posts": "src/lib", "src/lib/blog": "src/lib", "src/lib/content": "src/lib/content",
    "lib/posts": "lib", "app/posts": "app", "app/content": "app/content", "app/blog": "app", "app/articles": "app",
    "src/app/blog": "src/app", "src/app/posts": "src/app", "pages/blog": "pages", "pages/posts": "pages",
    "src/pages/blog": "src/pages", "src/pages/posts": "src/pages",
    "src/routes/blog": "src/routes", "src/routes/posts": "src/routes",
    "docs/blog/posts": "docs", "docs/blog": "docs", "docs/posts": "docs", "docs/_posts": "docs",
    "user/pages": "user/pages",
}  # fmt: skip
#: Where a framework keeps its pages, and posts among them.
_PAGES = ("src/app", "app", "src/pages", "pages", "src/routes")
#: Frameworks whose Markdown is pages and documentation as much as posts: only what lies where posts do is one.
_FRAMEWORKS = (
    "next.config.", "docusaurus.config.", "nuxt.config.", "svelte.config.", "astro.config.", "gatsby-config.",
    "gridsome.config.", "remix.config.", "react-router.config.", "quartz.config.", "mkdocs.yml", "_quarto.yml",
    "vite.config.",
)  # fmt: skip
_HIDDEN_ONES = (".vitepress", ".vuepress")
#: Names of folders that hold posts, wherever they lie.
_CALLED_SO = frozenset({"blog", "posts", "_posts", "articles", "news"})
#: Never looked into when posts are looked for.
_NO_POSTS_IN = (
    "node_modules bower_components vendor dist build out output public static assets themes layouts archetypes "
    "resources test tests fixtures cache coverage __pycache__ _site _layouts _includes templates examplesite "
    "scaffolds"
)
_NOT_THERE = frozenset(_NO_POSTS_IN.split())
_DEEPEST = 5


@dataclass(frozen=True, slots=True)
class Part:
    """What of a folder is read."""

    #: Where its posts lie, below the folder; empty for all of it.
    start: str = ""
    #: The beginning of paths that is in no address ("content"); empty for none.
    below: str = ""
    #: Whether what has no date is a page of a site rather than a post.
    is_site: bool = False


def part_of(root: Path, endings: Collection[str], own: OwnFiles) -> Part:
    """Of a whole site, given by the folder of its configuration, the part with its posts; of another folder, all."""
    hidden = any((root / top / name).is_dir() for top in (".", "docs") for name in _HIDDEN_ONES)
    if not hidden and not has_configuration(root, own):
        return Part()
    if (root / "_posts").is_dir():
        return Part()
    for place in _CONTENT:
        if _holds(root / place, endings):
            return Part(place, place, True)
    names = os.listdir(root)
    if hidden or any(name.startswith(_FRAMEWORKS) for name in names):
        places = [*_POSTS.items(), *((place, place) for place in _PAGES)]
        found = next(((place, below) for place, below in places if _holds(root / place, endings)), None)
        return Part(*found, True) if found else Part("", "", True)
    place = next((place for place in _CONTENT if (root / place).is_dir()), "")
    return Part(place, place, bool(place))


def _holds(folder: Path, endings: Collection[str]) -> bool:
    return folder.is_dir() and any(_texts(folder, endings))


def _texts(folder: Path, endings: Collection[str]) -> Iterator[Path]:
    """The files in it that may be posts by their ending, not too deep."""
    top = len(folder.parts)
    for here, inner, files in os.walk(folder):
        place = Path(here)
        deep = len(place.parts) - top >= _DEEPEST
        inner[:] = [] if deep else sorted(name for name in inner if _is_looked_into(name))
        # A folder of its own holds a post as index.md; the one above them all is a list.
        names = (name for name in files if place != folder or not name.startswith("index."))
        yield from (place / name for name in names if _is_text(name, endings))


def _is_looked_into(name: str) -> bool:
    return not name.startswith(".") and name.lower() not in _NOT_THERE


def _is_text(name: str, endings: Collection[str]) -> bool:
    stem, dot, ending = name.rpartition(".")
    about = stem.lower() in ("readme", "license", "changelog", "contributing", "_index", "404")
    return bool(dot) and f".{ending.lower()}" in endings and not name.startswith((".", "_")) and not about


def elsewhere(root: Path, part: Part, endings: Collection[str], *, nothing: bool) -> dict[str, int]:
    """Folders of a whole site outside of its part that seem to hold posts, each with how many texts: those that are
    called so; when ``nothing`` was found, any with Markdown in it."""
    read = root / part.start if part.start else None
    found: dict[str, int] = {}
    for file in _texts(root, endings):
        folder = file.parent
        if read and file.is_relative_to(read):
            continue
        names = folder.relative_to(root).parts
        at = next((place for place, name in enumerate(names) if name.lower() in _CALLED_SO), None)
        if at is None and not (nothing and names):
            continue
        where = "/".join(names[: at + 1] if at is not None else names)
        found[where] = found.get(where, 0) + 1
    return found
