"""Plain text: characters that a text may hold, and the words of some HTML. Nothing here keeps markup."""

from __future__ import annotations

import html as entities
import re

import nh3

from newsletter.sources.html.allowlist import BLOCKS, GONE_WITH_CONTENT
from newsletter.sources.html.math import find
from newsletter.sources.html.parser_limits import flat_enough
from newsletter.text.writing_systems import lowered, raised
from newsletter.text.xml_characters import FORBIDDEN

_OVER = re.compile(r"<(?:su[bp]|rt|q|del|s|strike|math)\b", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_Q = re.compile(r"<(/?)q\b[^<>]*>", re.IGNORECASE)
_READING = re.compile(r"<rt\b[^<>]*>([^<>]++)(?:</rt\s*>|(?=<rt|</ruby))", re.IGNORECASE)
_STRUCK_TAG = re.compile(r"<(?:del|s|strike)\b", re.IGNORECASE)
_STRUCK = re.compile(
    r"<(del|s|strike)\b[^<>]*>(?:[^<]|<(?!/?(?:del|s|strike)\b)){0,20000}</\1\s*>", re.IGNORECASE
)
#: With the tags of one word in it at most: a link, emphasis.
_SCRIPT = re.compile(r"<(su[bp])\b[^<>]*>((?:[^<>]|<(?!/?su[bp]\b)[^<>]*>){0,200})</\1\s*>", re.IGNORECASE)
#: With its semicolon: "R&D" and "Q&amp" hold none.
_WHOLE_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_LINE_BREAK = re.compile(r"<(?:br|wbr)\s*/?>", re.IGNORECASE)
#: Emphasis from its beginning to its end: a tag that stands alone is what the title is about.
_EMPHASIS = re.compile(
    r"<(em|strong|i|b|u|s|del|ins|q|code|kbd|cite|small|mark|su[bp]|span|abbr)(?:\s[^<>]{0,300})?>"
    r"([^<>]{0,2000})</\1\s*>",
    re.IGNORECASE,
)
#: With C1 controls and a byte order mark within a text, which show nothing.
_NOT_TEXT = re.compile(f"[{FORBIDDEN}\x7f-\x9f\ufeff]")


def without_controls(text: str) -> str:
    """The text without control characters, lone surrogates and other code points that XML refuses."""
    return _NOT_TEXT.sub("", text)


def one_line(text: str) -> str:
    """The text on one line, without control characters: for titles, names and tags."""
    return " ".join(without_controls(text.replace("\x85", " ")).split())


def written_words(text: str) -> str:
    """A line that its author wrote for a page, such as a title in front matter, as the page shows it: entities as their
    characters (once: "&amp;amp;" is "&amp;"), and without the tags of emphasis. Anything else in it stays."""
    if "<" in text:
        text = _LINE_BREAK.sub(" ", in_one_line(text) if _EMPHASIS.search(text) else text)
        while (without := _EMPHASIS.sub(r"\2", text)) != text:
            text = without
    return one_line(_WHOLE_ENTITY.sub(lambda found: entities.unescape(found[0]), text))


def in_one_line(html: str) -> str:
    """The HTML with what stands above, below and over its line in the line: 10<sup>6</sup> as 10⁶, ruby in brackets,
    quotation marks, formulas, and without what is struck out (unless it is all there is)."""
    if not _OVER.search(html):
        return html
    html = find.in_one_line(html)
    if _STRUCK_TAG.search(html):
        without = _STRUCK.sub(" ", html)
        html = without if re.search(r"\w", _TAG.sub("", without)) else html
    html = _Q.sub(lambda found: "”" if found[1] else "“", html)
    if "<rt" in html.lower() and "<rp" not in html.lower():
        html = _READING.sub(lambda found: f"({found[1].strip()})", html)
    return _SCRIPT.sub(_in_line, html)


def _in_line(found: re.Match[str]) -> str:
    inner = entities.unescape(_TAG.sub("", found[2]))
    before = _TAG.sub("", found.string[max(found.start() - 200, 0) : found.start()])[-1:]
    shown = raised(inner, before) if found[1].lower() == "sup" else lowered(inner, before)
    return entities.escape(shown, quote=False)


def plain_text(html: str) -> str:
    """The words of some HTML: a blank line between blocks, no markup, nothing of scripts or forms."""
    kept = nh3.clean(
        in_one_line(flat_enough(without_controls(html))),
        tags=set(BLOCKS),
        attributes={},
        clean_content_tags=set(GONE_WITH_CONTENT),
        link_rel=None,
    )
    kept = re.sub(r"\s+", " ", kept)
    kept = re.sub(r"</t[dh]>\s*<t[dh]>", " | ", kept)
    kept = re.sub(r"</(?:li|tr|t[dh]|d[dt])>\s*|<t[dh]>", "", kept)
    kept = re.sub(r"<(?:br|li|tr|d[dt])>", "\n", kept)
    kept = without_controls(entities.unescape(re.sub(r"<[^<>]*>", "\n\n", kept)))
    lines = (" ".join(line.split()) for line in kept.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
