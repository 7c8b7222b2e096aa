"""Keys that hold for a whole folder: Eleventy's posts/posts.json and post.11tydata.json. Their meaning is
frontmatter/keys.py's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from newsletter.errors import SourceError
from newsletter.sources.frontmatter.split import MOST_CHARACTERS, deep
from newsletter.sources.local_files import OwnFiles, openable, read


class FolderData:
    """The data files of one folder, each read once. Those in JavaScript are not read: nothing of a folder is run."""

    def __init__(self, root: Path, own: OwnFiles) -> None:
        """``root`` is resolved."""
        self._root = root
        self._own = own
        self._read: dict[str, Mapping[str, Any]] = {}

    def of(self, path: str) -> Mapping[str, Any]:
        """What holds for the post at ``path`` besides its own front matter; the nearest file decides.

        Raises SourceError for a data file that cannot be read: it may say that these posts are drafts.
        """
        found: dict[str, Any] = {}
        file = PurePosixPath(path)
        for folder in reversed(file.parents):
            name = folder.name or self._root.name
            found |= self._file(folder / f"{name}.json") | self._file(folder / f"{name}.11tydata.json")
        return found | dict(self._file(file.with_suffix(".11tydata.json")))

    def _file(self, path: PurePosixPath) -> dict[str, Any]:
        name = str(path)
        if name not in self._read:
            self._read[name] = _values(self._root / path, name, self._root, self._own)
        return dict(self._read[name])


def _values(file: Path, name: str, root: Path, own: OwnFiles) -> Mapping[str, Any]:
    try:
        if (real := openable(file, [root], (".json",), own)) is None:
            return {}
        content = read(real, MOST_CHARACTERS + 1)
        if len(content) > MOST_CHARACTERS:
            return {}  # larger than any such file: data of another kind, with its folder's name by chance
        text = content.decode("utf-8-sig")
        values = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except (OSError, ValueError, RecursionError) as error:
        raise SourceError(
            f"the data file {name} beside it cannot be read as JSON; mend or remove it"
        ) from error
    return values if isinstance(values, dict) and not deep(values) else {}
