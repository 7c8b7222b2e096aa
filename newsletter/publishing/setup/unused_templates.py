"""Files in a site's templates/ that no mail and no page uses: a misspelt name would be passed over in silence."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import SequenceMatcher
from pathlib import Path, PurePosixPath

from newsletter.rendering.templates.environment import OURS, own_folder

#: The desk is filled from our own templates alone.
_NOT_THEIRS = "desk/"
#: How alike two names are, from 0 to 1, for one to be meant by the other: "pots.html" and "post.html".
_ALIKE = 0.8


def unused(folder: Path, used: Collection[str]) -> Iterator[tuple[str, str]]:
    """Each as its path below ``folder``, with the name of ours that was probably meant, or "".

    ``used`` are the templates that mails use. A page's template is used when it has the name of one of ours, or when
    another one names it. Hidden files and the copies that editors leave are no templates.
    """
    ours = [name for name in _files(own_folder()) if not name.startswith(_NOT_THEIRS)]
    theirs = _files(folder)
    pages = [name for name in theirs if name.startswith("web/")]
    texts = [(folder / name).read_text(encoding="utf-8", errors="replace") for name in pages]
    known = {*ours, *(name.removeprefix(OURS) for name in used)}
    for name in theirs:
        named = name in pages and any(name in text for text in texts)
        if name not in known and not named:
            yield name, _meant(name, ours)


def _files(folder: Path) -> list[str]:
    found = (file.relative_to(folder).as_posix() for file in sorted(folder.rglob("*")) if file.is_file())
    return [name for name in found if not name.endswith("~") and "/." not in f"/{name}"]


def _meant(name: str, ours: Collection[str]) -> str:
    file = PurePosixPath(name)

    def likeness(other: str) -> tuple[float, bool]:
        known = PurePosixPath(other)
        return SequenceMatcher(None, file.name.lower(), known.name).ratio(), file.parent == known.parent

    best = max(ours, key=likeness)
    return best if likeness(best)[0] >= _ALIKE else ""
