"""The opening of a post as a few words, for digests, lists and feeds. Nothing is cleaned here."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator

import nh3

from newsletter.sources.html.allowlist import BLOCKS, GONE_WITH_CONTENT
from newsletter.sources.html.parser_limits import flat_enough
from newsletter.sources.html.plain_text import in_one_line, one_line, plain_text, without_controls
from newsletter.text.graphemes import cut_at_word

_ENDS = re.compile(r"""[.!?…]+["”’'»)\]]*(?=\s+["“‘'«(\[¿¡]*[^\W_a-z])|[。！？]+[”」』]*""")
#: A point after these ends a word, not a sentence. A single letter does so too (U.S., J. Smith).
_ABBREVIATION = re.compile(
    r"(?:^|[\s(“\"])(?:\w|\w\.\w|[Mm]rs?|[Mm]s|[Dd]r|Prof|St|No|vs|e\.g|i\.e|ca|approx)\.$"
)


#: A footnote's mark, which leads nowhere outside of its post.
_MARK = re.compile(r"<sup>\s*\[[^<>\[\]]{1,4}\]\s*</sup>")
#: An opening that is shorter goes on into the next paragraph.
_LONG_ENOUGH = 120
_PARTS = re.compile(r"<(/?)(p|div|section|article|li|blockquote|a|br)(?: [^<>]*)?>")
_TAG = re.compile(r"</?([a-z][a-z0-9]*)[^<>]*>")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_PARAGRAPHS = frozenset({"p", "div", "section", "article", "li", "blockquote", "a", "br"})
_ASIDES = _HEADINGS | {"figcaption", "caption", "table", "pre", "dl", "dt", "dd", "address", "summary"}
_ALT = re.compile(r'<img [^<>]*\balt="([^"<>]*)"')
#: Characters of a title that is made of a text's first words.
_MOST_OF_A_TITLE = 80


def summary_of(html: str, most: int = 280) -> str:
    """The opening of a post as plain text on one line, ``most`` characters at the most.

    That is its first paragraph, and the next ones while it is short; list entries and quotations only in a post that
    has no paragraph, headings only in one that has nothing else. Ends at a sentence where one fits in the last two
    thirds, else at a word, with "…".
    """
    html = in_one_line(_MARK.sub("", html))
    text = _opening(html) or _prose(html) or " ".join(plain_text(html).split())
    if len(text) <= most:
        return text
    ends = [
        end.end() for end in _ENDS.finditer(text, 0, most + 2) if not _ABBREVIATION.search(text[: end.end()])
    ]
    fitting = [end for end in ends if most // 3 <= end <= most]
    return text[: fitting[-1]] if fitting else cut_at_word(text, most)


def title_of(html: str) -> str:
    """What a post that its author gave no title is called: its first words. Empty where there are none."""
    return summary_of(html, _MOST_OF_A_TITLE)


def shown_in(html: str) -> str:
    """What the first picture of a clean text shows that says so, on one line; empty where none does."""
    return next((shows for alt in _ALT.findall(html) if (shows := one_line(entities.unescape(alt)))), "")


def is_title_of(title: str, html: str) -> bool:
    """Whether a title is no more than the first words of the text, so that both together would stand twice."""
    return 0 < len(title) <= _MOST_OF_A_TITLE + 1 and title == title_of(html)


def _opening(html: str) -> str:
    text = ""
    for paragraph in _paragraphs(html):
        text = f"{text} {paragraph}".strip()
        if len(text) >= _LONG_ENOUGH:
            break
    return text


def _paragraphs(html: str) -> Iterator[str]:
    """Its paragraphs outside of lists and quotations, each on one line; not those that are nothing but a link."""
    bare = _only(html, _PARAGRAPHS, _ASIDES)
    deep = end = 0
    link = ""
    found = [""]
    words = [""]
    for part in _PARTS.finditer(bare + "<p>"):
        between = bare[end : part.start()] if deep == 0 else ""
        end = part.end()
        found.append(between)
        words.append("" if link else between)
        closing, name = part.groups()
        if name == "a":
            link = "" if closing else name
            continue
        if name == "br":
            found.append(" ")
            continue
        if re.search(r"\w", entities.unescape("".join(words))):
            yield one_line(entities.unescape("".join(found)))
        found, words = [], []
        if name in ("li", "blockquote"):
            deep = max(deep + (-1 if closing else 1), 0)


def _prose(html: str) -> str:
    """Its paragraphs and list entries, without headings, captions and tables."""
    bare = _only(html, frozenset({"p", "li", "blockquote"}), _HEADINGS | {"figcaption", "table", "pre"})
    return " ".join(plain_text(bare).split())


def _only(html: str, tags: frozenset[str], without: frozenset[str]) -> str:
    """The HTML with these elements alone; of ``without`` the words are gone too, of others they stay apart."""
    kept = nh3.clean(
        flat_enough(without_controls(html)),
        tags=set(tags | BLOCKS) - without,
        attributes={},
        clean_content_tags=set(GONE_WITH_CONTENT | without),
        link_rel=None,
    )
    return _TAG.sub(lambda tag: tag[0] if tag[1] in tags else " ", kept)
