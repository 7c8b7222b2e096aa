"""What falls out of posts when they are made fit for a mail, a sentence each for staff. What falls out is told where a
text is cleaned (html/sanitize.py); blocks and shortcodes of WordPress are its own part's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from newsletter.sources.base import Item, NameScheme, Problem

#: What a cleaned text says was lost (``Item.lost``), and why, with what to do.
FORMULA, DRAWING, MARKUP = "a formula", "a drawing", "all but the words"
_BECAUSE = {
    MARKUP: "it has more HTML than can be read, or nested too deep; divide it into several posts",
    FORMULA: (
        "a program only painted it and its words are nowhere in the text; write it in words or as MathML, or switch on "
        "assistive MathML in MathJax"
    ),
    DRAWING: "mails show none that stands in the text as SVG or canvas; put it into the post as a picture",
}


def fallen_out(items: Iterable[Item], where: str) -> Iterator[Problem]:
    """One problem for each kind of loss. ``where`` is for those of several posts, and for one without an address."""
    losers: dict[str, list[Item]] = {}
    for item in items:
        for what in item.lost:
            losers.setdefault(what, []).append(item)
    for what, of in losers.items():
        first = f'"{of[0].title[:80]}"'
        posts = first if len(of) == 1 else f"{len(of)} posts, such as {first}"
        place = where if len(of) > 1 else _place(of[0]) or where
        yield Problem(place, f"{what} falls out of {posts}, because {_BECAUSE[what]}", minor=True)


def _place(item: Item) -> str:
    paths = [name.value for name in item.names if name.scheme == NameScheme.PATH]
    return next(iter(paths), item.url or "")
