"""Picture files beside the posts of a folder that has no address on the web: found, checked, and made files of ours.

html/images/image_files.py knows which bytes are a picture. Nothing outside of the folder and its own site is ever read.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path, PurePosixPath

from newsletter.errors import SourceError
from newsletter.sources.base import MediaFile
from newsletter.sources.html.images.image_files import MOST_BYTES, media_file, size_of
from newsletter.sources.local_files import OwnFiles, is_file_in, openable, read

#: What lies at the top of a site that a generator builds; pictures may lie anywhere below.
_CONFIGURATION_NAMES = (
    "_config.yml _config.yaml _config.toml hugo.toml hugo.yaml hugo.yml hugo.json config.toml config.yaml config.yml "
    "config.json .eleventy.js eleventy.config.js eleventy.config.mjs eleventy.config.cjs eleventy.config.ts "
    "pelicanconf.py conf.py gatsby-config.js gatsby-config.ts gatsby-config.mjs next.config.js next.config.mjs "
    "next.config.cjs next.config.ts astro.config.mjs astro.config.ts astro.config.js astro.config.cjs zola.toml "
    "docusaurus.config.js docusaurus.config.ts docusaurus.config.mjs nuxt.config.ts nuxt.config.js nuxt.config.mjs "
    "svelte.config.js svelte.config.ts gridsome.config.js quartz.config.ts remix.config.js react-router.config.ts "
    "vite.config.js vite.config.ts mkdocs.yml mkdocs.yaml _quarto.yml _config.ts _config.js deno.json "
    "bridgetown.config.yml _cobalt.yml package.json"
)
CONFIGURATIONS = frozenset(_CONFIGURATION_NAMES.split())
#: How far above the folder that may be.
_HIGHEST = 4
#: Where generators keep what they copy to the top of the site as it is.
_SHELVES = (
    "static",
    "public",
    "assets",
    "source",
    "src",
    "src/assets",
    "content",
    "files",
    "images",
    "img",
    "media",
)
#: How the files of pictures end. Those that mails do not show are opened to say what they are.
_PICTURE_ENDINGS = ".jpg .jpeg .jpe .jfif .png .apng .gif .webp .avif .svg .bmp .tif .tiff .heic .heif .ico"
PICTURES = frozenset(_PICTURE_ENDINGS.split())
NOT_BY_NAME = "is none by its name; save it as .jpg, .png, .gif or .webp"
_SVG = (b"<svg", b"<?xml", b"<!doctype svg")


class FileOnDisk(MediaFile):
    """A picture that is read when it is wanted: the pictures of a whole site do not fit into memory."""

    __slots__ = ("_path", "size")
    _path: Path
    #: Width and height in pixels, where they are known.
    size: tuple[int, int] | None

    def __init__(self, name: str, media_type: str, path: Path, size: tuple[int, int] | None = None) -> None:
        """``name`` and ``size`` are those of the content that ``path`` has now."""
        object.__setattr__(self, "size", size)
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "media_type", media_type)
        object.__setattr__(self, "_path", path)

    @property
    def content(self) -> bytes:
        """Raises SourceError when the file is no longer what it was."""
        try:
            content = read(self._path, MOST_BYTES + 1)
        except OSError as error:
            raise SourceError(f"{self._path}: the picture cannot be read any more; sync again") from error
        if hashlib.sha256(content).hexdigest()[:32] != self.name.partition(".")[0]:
            raise SourceError(f"{self._path}: the picture was changed while it was read; sync again")
        return content

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MediaFile) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)


class NoPicture(Exception):
    """A file that cannot be shown. The message is a clause: what is the matter and what to do."""


class LocalPictures:
    """The pictures that posts of one folder may show."""

    def __init__(self, folder: Path, own: OwnFiles) -> None:
        """``folder`` exists; it is resolved."""
        self._folder = folder
        self._own = own
        self.root = site_of(folder, own)
        shelves = [self.root / shelf for shelf in _SHELVES]
        shelves += [folder.parent / shelf for shelf in _SHELVES] if self.root == folder else []
        #: Where a picture may be, all symbolic links followed.
        self._allowed = [place.resolve() for place in (self.root, *shelves) if place.is_dir()]
        self._bases = list(
            dict.fromkeys([self.root, folder, *(shelf for shelf in shelves if shelf.is_dir())])
        )
        self._take = lru_cache(maxsize=20_000)(_taken)

    @property
    def prefix(self) -> str:
        """The folder's own place below the top of its site: "content/posts", or empty."""
        inside = self._folder.relative_to(self.root).as_posix()
        return "" if inside == "." else inside

    def find(self, path: str, post: str) -> Path | None:
        """The picture at ``path``, a path below the top of the site, that the post (a path below the folder) shows.

        None when there is none; also for one that leads out, by ".." or by a link, for a file that is no picture by its
        name, and for what is the program's own.
        """
        found = (openable(file, self._allowed, PICTURES, self._own) for file in self._candidates(path, post))
        return next(filter(None, found), None)

    def is_there(self, path: str, post: str) -> bool:
        """Whether any file is there, for a message. Opens nothing."""
        return any(is_file_in(file, self._allowed) for file in self._candidates(path, post))

    def _candidates(self, path: str, post: str) -> Iterator[Path]:
        path = path.lstrip("/")
        if not path or ".." in path.split("/") or "\x00" in path:
            return
        for base in self._bases:
            yield base / path
        # Hexo keeps a post's pictures in a folder of its name.
        beside = PurePosixPath(post)
        yield self._folder / beside.parent / beside.stem / PurePosixPath(path).name

    def take(self, file: Path) -> MediaFile:
        """The file as one of ours. Raises NoPicture for what cannot be shown, or is too large."""
        found = self._take(file, os.stat(file).st_mtime_ns)
        if isinstance(found, str):
            raise NoPicture(found)
        return found


def _taken(file: Path, changed: int) -> MediaFile | str:
    """The picture, or why it is none. ``changed`` is part of what is remembered."""
    try:
        content = read(file, MOST_BYTES + 1)
    except OSError as error:
        return f"cannot be read ({(error.strerror or 'unknown').lower()}); check its permissions"
    if content[:400].lstrip().lower().startswith(_SVG):
        return "is an SVG, which mails do not show; save it as PNG"
    if len(content) > MOST_BYTES:
        return f"is larger than {MOST_BYTES // 1024 // 1024} MB; make it smaller"
    found = media_file(content)
    if found is None:
        return "is no picture that mails show; save it as JPEG, PNG, GIF or WebP"
    return FileOnDisk(found.name, found.media_type, file, size_of(content))


def site_of(folder: Path, own: OwnFiles) -> Path:
    """The top of the site that the folder belongs to, by its generator's configuration; else the folder itself."""
    for place in [folder, *folder.parents][: _HIGHEST + 1]:
        if has_configuration(place, own):
            return place
    return folder


def has_configuration(folder: Path, own: OwnFiles) -> bool:
    """Whether a generator's configuration lies in a folder. Our own config.toml is none, though Hugo's is called so."""
    files = (folder / name for name in CONFIGURATIONS)
    return any(file.is_file() and not own.hold(file) for file in files)
