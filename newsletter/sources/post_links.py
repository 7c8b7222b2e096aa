"""Links between the posts of one folder: which file one means, and where that post lives. Reads only what is linked."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath

from newsletter.sources.permalinks import read_name


class PostLinks:
    """The posts of a folder by the names that links use: a path, a file's name, a slug."""

    def __init__(self, posts: Sequence[str], address: Callable[[str], str | None]) -> None:
        """``posts`` are paths below the folder; ``address`` says where one lives, None where it has no address."""
        self._address = address
        self._known: dict[str, str | None] = {}
        self._paths: dict[str, str | None] = {}
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
        for path in posts:
            self._paths[path] = path

    def address(self, post: str, wanted: str) -> str | None:
        """Where the post lives that ``wanted``, as written in ``post``, means; None when that is not known."""
        name, hash_mark, place = wanted.strip().partition("#")
        path = self._find(post, name.strip())
        if path is None:
            return None
        if path not in self._known:
            self._known[path] = self._address(path)
        found = self._known[path]
        return f"{found}{hash_mark}{place}" if found else None

    def _find(self, post: str, name: str) -> str | None:
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(post), name))
        inside = posixpath.normpath(name.removeprefix("@").lstrip("/"))  # Zola writes @/blog/post.md
        for tried in (beside, inside, inside.removeprefix("_posts/"), posixpath.basename(inside)):
            if found := self._paths.get(tried):
                return found
        return None
