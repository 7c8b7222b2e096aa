"""Which files of a folder may be posts, and which belong to the generator that makes a site of them. Opens none."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from newsletter.sources.base import Problem
from newsletter.sources.folder.body import MARKDOWN
from newsletter.sources.folder.images import has_configuration
from newsletter.sources.folder.site_layout import Part, part_of
from newsletter.sources.local_files import OwnFiles

SUFFIXES = MARKDOWN | {".html", ".htm"}
#: Posts in these are known to exist and are not read.
OTHER_MARKUP = {
    ".rst": "reStructuredText",
    ".adoc": "AsciiDoc",
    ".asciidoc": "AsciiDoc",
    ".org": "Org",
    ".textile": "Textile",
    ".ipynb": "a Jupyter notebook",
    ".qmd": "Quarto",
    ".rmd": "R Markdown",
    ".svx": "mdsvex",
    ".mdoc": "Markdoc",
}
#: Texts of office programs. A whole site keeps such files for its readers to load; elsewhere a post was meant.
OFFICE = {
    ".doc": "a Word document",
    ".docx": "a Word document",
    ".odt": "a LibreOffice document",
    ".pages": "a Pages document",
    ".rtf": "a document in RTF",
    #: Of "first.md.txt", as an editor for plain text saves it, and a window shows it without its end.
    ".txt": "a plain text by the end of its name",
}
#: Never posts, wherever they lie: what generators make, and what they make it with.
_MADE = "node_modules bower_components __pycache__ _site _layouts _includes _data _sass _plugins _templates _assets"
_NEVER = frozenset(_MADE.split())
#: Never posts beside a generator's configuration; anywhere else a folder may be called so.
_PARTS_OF_A_SITE = (
    "public themes layouts resources archetypes static assets dist build out output vendor scaffolds i18n data "
    "templates plugins cache coverage test tests"
)
_BESIDE_CONFIGURATION = frozenset(_PARTS_OF_A_SITE.split())
_PAGES_TOO = frozenset(["pelicanconf.py", "conf.py"])
_ABOUT_THE_FOLDER = frozenset(
    [
        "readme",
        "license",
        "licence",
        "changelog",
        "contributing",
        "code_of_conduct",
        "copying",
        "404",
        "_index",
    ]
)
#: Files about the folder when they are written in capitals, as their custom is; else possibly posts.
_IN_CAPITALS = frozenset(
    ["SECURITY", "AUTHORS", "NOTICE", "SUPPORT", "HISTORY", "TODO", "INSTALL", "CONTRIBUTORS"]
)


@dataclass(slots=True)
class Listing:
    """What lies in a folder."""

    #: Files that may be posts: paths below the folder with forward slashes, sorted.
    posts: list[str] = field(default_factory=list)
    #: Files in a markup that is not read, by ending.
    others: dict[str, list[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    #: What of the folder is read.
    part: Part = field(default_factory=Part)
    #: Changes when a file does: names, sizes, times.
    fingerprint: str = ""
    #: When the newest file was changed, in nanoseconds since 1970.
    newest: int = 0


def list_files(root: Path, own: OwnFiles) -> Listing:
    """Everything in the folder but hidden files, links that lead out, and our own. ``root`` exists and is resolved."""
    part = part_of(root, SUFFIXES, own)
    listing = Listing(part=part)
    digest = hashlib.sha256(str(part).encode())
    files = sorted(_walk(root / part.start, root, listing.problems, own))
    # Where there is such a folder, Jekyll and its like take nothing else for a post.
    jekyll = (root / "_posts").is_dir() or any("_posts" in file.split("/") for file, _ in files)
    for file, facts in files:
        digest.update(f"{file!r}{facts}".encode("utf-8", "surrogateescape"))
        listing.newest = max(listing.newest, facts[0])
        if not _is_about_the_folder(file) and (not jekyll or {"_posts", "_drafts"} & set(file.split("/"))):
            _sort_in(file, listing, whole_site=bool(part.start) or part.is_site or jekyll)
    listing.fingerprint = digest.hexdigest()
    return listing


def _sort_in(file: str, listing: Listing, *, whole_site: bool) -> None:
    suffix = PurePosixPath(file).suffix.lower()
    if suffix in SUFFIXES:
        listing.posts.append(file)
    elif suffix in OTHER_MARKUP or (not whole_site and _is_office(file, suffix)):
        listing.others.setdefault(suffix, []).append(file)


def _is_office(file: str, suffix: str) -> bool:
    if suffix == ".txt":
        return PurePosixPath(file).with_suffix("").suffix.lower() in SUFFIXES
    return suffix in OFFICE


#: When a file was changed, and its state, its size and its number on the disk.
_Facts = tuple[int, int, int, int]


def _walk(start: Path, root: Path, problems: list[Problem], own: OwnFiles) -> Iterator[tuple[str, _Facts]]:
    def unreadable(error: OSError) -> None:
        where = os.path.relpath(error.filename, root) if error.filename else str(root)
        problems.append(
            Problem(where, f"the folder cannot be read ({(error.strerror or 'unknown').lower()})")
        )

    for folder, inner, files in os.walk(start, onerror=unreadable):
        here = Path(folder)
        inner[:] = sorted(name for name in inner if _is_entered(name, here, root, own))
        for name in files:
            file = here / name
            if name.startswith("."):
                continue
            try:
                if file.is_symlink() and not _stays_inside(file, root):
                    continue
                if own.hold(file):
                    continue
                facts = file.stat()
            except (OSError, RuntimeError):
                continue
            path = os.path.relpath(file, root).replace(os.sep, "/")
            yield path, (facts.st_mtime_ns, facts.st_ctime_ns, facts.st_size, facts.st_ino)


def _is_entered(name: str, here: Path, root: Path, own: OwnFiles) -> bool:
    if name.startswith(".") or name in _NEVER or own.hold(here / name):
        return False
    if name == "pages" and any((place / one).is_file() for place in (here, root) for one in _PAGES_TOO):
        return False
    return not (name in _BESIDE_CONFIGURATION and has_configuration(here, own))


def _is_about_the_folder(path: str) -> bool:
    """README.md and its like, and what begins with "_", which every generator leaves out."""
    stem = PurePosixPath(path).stem
    if stem.startswith("_") or stem.lower().partition(".")[0] in _ABOUT_THE_FOLDER:
        return True
    return stem in _IN_CAPITALS


def _stays_inside(link: Path, root: Path) -> bool:
    """True for a link to something in the folder that is not read by its own name anyway."""
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):
        return False
    if not target.is_relative_to(root):
        return False
    parts = target.relative_to(root).parts
    hidden = any(part.startswith(".") for part in parts)
    return not hidden and target.suffix.lower() not in SUFFIXES
