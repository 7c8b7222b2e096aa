"""Links between the posts of one folder: which file one means, and where that post lives. Reads only what is linked."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePosixPath

from newsletter.sources.folder.permalinks import read_name

#: "2026/11/20/mill", as Jekyll and many others put it.
_DATED = re.compile(r"(?:[^/]+/)*?(\d{4})/(\d{2})/(\d{2})/([^/]+)")


class PostLinks:
    """The posts of a folder by the names that links use: a path, a file's name, a slug."""

    def __init__(self, posts: Sequence[str], address: Callable[[str], str | None], below: str = "") -> None:
        """``posts`` are paths below the folder; ``address`` says where one lives, None where it has no address.

        ``below``: as in post_body.Place.
        """
        self._address = address
        self._known: dict[str, str | None] = {}
        self._paths: dict[str, str | None] = {}
        self._pages: dict[str, str | None] = {}
        for path in posts:
            file = PurePosixPath(path)
            bundle = str(file.parent) if file.stem == "index" else ""
            for name in {
                path,
                str(file.with_suffix("")),
                file.name,
                file.stem,
                read_name(path).slug,
                bundle,
            } - {""}:
                # Two posts of one name: only their whole paths tell them apart.
                self._paths[name] = None if self._paths.get(name, path) != path else path
            for page in _pages_of(path, bundle, below):
                self._pages[page] = None if self._pages.get(page, path) != path else path
        for path in posts:
            self._paths[path] = self._pages[path] = path
        folded = Counter(path.casefold() for path in posts)
        #: Some disks do not tell "Mill.md" from "mill.md", and their people do not either.
        self._in_other_case = {path.casefold(): path for path in posts if folded[path.casefold()] == 1}

    def address(self, post: str, wanted: str) -> str | None:
        """Where the post lives that ``wanted``, as written in ``post``, means; None when that is not known."""
        _, hash_mark, place = wanted.strip().partition("#")
        path = self.path(post, wanted)
        if path is None:
            return None
        if path not in self._known:
            self._known[path] = self._address(path)
        found = self._known[path]
        return f"{found}{hash_mark}{place}" if found else None

    def path(self, post: str, wanted: str) -> str | None:
        """The file of the post that ``wanted``, as written in ``post``, means."""
        return self._find(post, wanted.strip().partition("#")[0].strip())

    def page(self, address: str) -> str | None:
        """The file of the post whose page a generator would put at this path below the folder: "land/mill" for
        land/mill.md, "2026/11/20/mill.html" for 2026-11-20-mill.md."""
        plain = re.sub(r"(?:/index)?\.html?$", "", address)
        if dated := _DATED.fullmatch(plain):
            plain = f"{dated[1]}-{dated[2]}-{dated[3]}/{dated[4]}"
        return self._pages.get(address) or self._pages.get(plain)

    def _find(self, post: str, name: str) -> str | None:
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(post), name))
        inside = posixpath.normpath(name.removeprefix("@").lstrip("/"))  # Zola writes @/blog/post.md
        for tried in (beside, inside, inside.removeprefix("_posts/"), posixpath.basename(inside)):
            if found := self._paths.get(tried) or self._in_other_case.get(tried.casefold()):
                return found
        return None


def _pages_of(path: str, bundle: str, below: str) -> Iterator[str]:
    name = read_name(path, below)
    yield str(PurePosixPath(path).with_suffix(""))
    yield f"{name.folder}/{name.slug}".strip("/")
    if bundle:
        yield bundle
    if name.date is not None:
        yield f"{name.date}/{name.slug}"
