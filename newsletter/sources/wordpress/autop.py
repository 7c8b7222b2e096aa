"""The raw text of a WordPress post, as an export file has it, as the HTML that readers of the site get.

Written in blocks (since WordPress 5) or in the classic editor, which leaves paragraphs to blank lines. Shortcodes are
shortcodes.py's part, safety is sanitize.py's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter.sources.wordpress.bare_urls import embedded
from newsletter.sources.wordpress.reusable_blocks import Lost, Patterns, nothing_lost, with_patterns
from newsletter.sources.wordpress.shortcodes import Gallery, without_shortcodes

_COMMENT = re.compile(r"\s*(/?)wp:([a-z][a-z0-9_/-]*)\b", re.IGNORECASE)
_BLOCKS = (
    "p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre table caption thead tbody tfoot tr td th colgroup figure "
    "figcaption div section article aside header footer nav main form fieldset iframe video audio object hr address "
    "details summary center style script noscript"
)
_TAG = re.compile(rf"<(/?)({'|'.join(_BLOCKS.split())})\b[^<>]{{0,5000}}>", re.IGNORECASE)
_NO_END = frozenset({"hr"})
#: Line breaks in these are the author's, and blank lines make paragraphs always, or only where there are some.
_ALWAYS_PARAGRAPHS = frozenset({"", "blockquote"})
_PERHAPS_PARAGRAPHS = frozenset(
    {"div", "section", "article", "main", "aside", "details", "center", "td", "li", "dd"}
)
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_ADDRESS = re.compile(r"https?://[^\s<>\"']{1,2000}")
_LINE_END = re.compile(r"(?<!<br>)(?<!<br/>)(?<!<br />)[ \t]*\n")


def _none(number: int) -> str | None:
    return None


def drawn(text: str, gallery: Gallery, patterns: Patterns = _none, lost: Lost = nothing_lost) -> str:
    """The HTML of a post's raw text. ``gallery`` finds the pictures of [gallery], ``patterns`` reusable blocks;
    ``lost`` is told what falls out."""
    text = with_patterns(text, patterns, lost)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("]]>", "]]&gt;")  # as the_content() does
    text = without_shortcodes(text, gallery, lost)
    return "".join(piece if inside else paragraphs(piece) for inside, piece in _pieces(text))


def _pieces(text: str) -> Iterator[tuple[bool, str]]:
    """The text without comments, in pieces: is this one inside a block, which has its paragraphs already?

    ``<!--more-->`` and ``<!--nextpage-->`` are gaps between paragraphs.
    """
    depth = end = 0
    piece: list[str] = []
    while (start := text.find("<!--", end)) >= 0:
        piece.append(text[end:start])
        close = text.find("-->", start)
        end = len(text) if close < 0 else close + 3
        block = _COMMENT.match(text, start + 4, end)
        if not block:
            piece.append("\n\n" if depth == 0 else "")
            continue
        if text.endswith("/-->", start, end) or block[2].lower() == "shortcode":
            continue  # a block without a text of its own, or one whose text is as in the classic editor
        if depth == 0 or (depth == 1 and block[1]):
            yield depth > 0, "".join(piece)
            piece = []
        depth = max(depth + (-1 if block[1] else 1), 0)
    piece.append(text[end:])
    yield depth > 0, "".join(piece)


def paragraphs(text: str) -> str:
    """Blank lines as paragraphs and single line ends as breaks, where no element has them already."""
    parts: list[str] = []
    opened: list[str] = []
    end = 0
    for tag in _TAG.finditer(text):
        parts.append(_run(text[end : tag.start()], opened[-1] if opened else ""))
        parts.append(tag[0])
        end = tag.end()
        _step(opened, tag[2].lower(), closing=bool(tag[1]))
    parts.append(_run(text[end:], opened[-1] if opened else ""))
    return "".join(parts)


def _step(opened: list[str], name: str, *, closing: bool) -> None:
    if not closing:
        if opened and opened[-1] == "p":
            opened.pop()  # a block ends a paragraph (HTML §4.4.1)
        if name not in _NO_END and len(opened) < 500:
            opened.append(name)
        return
    for depth in range(1, min(len(opened), 20) + 1):
        if opened[-depth] == name:
            del opened[-depth:]
            return


def _run(text: str, where: str) -> str:
    """What stands between two block elements, ``where`` being the one around it."""
    if not text.strip():
        return text
    if where in _ALWAYS_PARAGRAPHS:
        return _split(text)
    if where == "p":
        return _lines(text)
    if where in _PERHAPS_PARAGRAPHS and _BLANK_LINES.search(text.strip()):
        return _split(text)
    return text


def _split(text: str) -> str:
    found = (part.strip() for part in _BLANK_LINES.split(text))
    return "\n".join(f"<p>{_lines(part)}</p>" for part in found if part)


def _lines(text: str) -> str:
    """Line ends as breaks; an address alone on its line is what WordPress embeds."""
    bare = text.strip()
    lines = (
        embedded(line.strip()) if _ADDRESS.fullmatch(line.strip()) else line for line in bare.split("\n")
    )
    return _LINE_END.sub("<br>\n", "\n".join(lines))
