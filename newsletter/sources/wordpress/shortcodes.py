"""[Shortcodes] in the raw text of WordPress posts: what they show where it can be known, else what is between them.

What is no shortcode stays: an "[sic]", a "[1]", and everything in code. Paragraphs are autop.py's part.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from newsletter.sources.wordpress import page_builders
from newsletter.sources.wordpress.bare_urls import embedded
from newsletter.sources.wordpress.reusable_blocks import Lost, nothing_lost


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the site's media library."""

    #: Absolute.
    url: str
    alt: str = ""
    caption: str = ""
    #: In pixels; 0 where nobody knows.
    size: tuple[int, int] = (0, 0)


#: The pictures of a [gallery]: those with these numbers, or with none given all that hang on the post.
Gallery = Callable[[list[int]], list[Picture]]

_TOKEN = re.compile(r"\[(\[?)(/?)([A-Za-z][A-Za-z0-9_-]{0,60})((?:[\s=:][^\[\]]{0,3000}|/)?)\](\]?)")
_ATTRIBUTE = re.compile(r"""([\w-]{1,60})\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"']+))""")
#: In these nothing is a shortcode: code, and what WordPress notes about its blocks.
_VERBATIM = re.compile(r"<(/?)(pre|code|script|style|textarea)\b|(<!--)|(-->)", re.IGNORECASE)
#: Shortcodes that may stand alone, without attributes; another such word in brackets is the author's.
_ALONE = frozenset(
    """
    gallery playlist audio video toc contact-form contact-form-7 contact products cart checkout sitemap
    recent-posts subscribe subscribe2 newsletter donation donate caption embed
    """.split()  # noqa: SIM905
)
#: They show files of the site or of others, and have their own form.
_SHOWN = frozenset({"caption", "wp_caption", "embed", "gallery", "audio", "video", "youtube", "vimeo"})
#: Links that look like buttons, by whatever plugin; where it leads, and what it says.
_BUTTON = re.compile(r"(?:.*[_-])?(?:button|btn)", re.IGNORECASE)
_LEADS_TO = ("link", "url", "href", "button_url", "button_link", "link_url", "target_url", "btn_link")
_SAYS = ("text", "title", "button_text", "label", "content", "btn_text", "caption")
#: Of WPBakery: "url:https%3A%2F%2F…|title:…|target:_blank".
_PACKED = re.compile(r"(?:^|\|)url:([^|]*)")
#: They show a gap, or the page and not the post.
_NO_PART = re.compile(
    r".*(?:space|spacer|separator|divider|clear|gap|anchor|toc|row|column|section|breadcrumbs?|share|sharing|related|sitemap"
    r"|recent.posts|subscribe\d?|newsletter|cart|checkout|nextpage|more)",
    re.IGNORECASE,
)
#: How deep captions and players stand in one another; below, only their text is kept.
_DEEPEST = 10
_IMAGE = re.compile(r"(?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*</a>)?", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>\"'\]]{1,2000}")
_MEDIA = ("src", "mp3", "m4a", "ogg", "wav", "mp4", "m4v", "webm", "ogv", "url")


@dataclass(slots=True)
class _Open:
    """A shortcode that has begun, and what came since."""

    start: int
    name: str
    attributes: str
    parts: list[str] = field(default_factory=list)


def without_shortcodes(text: str, gallery: Gallery, lost: Lost = nothing_lost) -> str:
    """The text with its shortcodes resolved or taken out. Takes time in proportion to the text's length. ``lost`` is
    told of those that are part of the post and of which nothing is left."""
    tokens = [token for token in _TOKEN.finditer(text) if _is_free(token)]
    free = _outside_code(text, tokens)
    closed = _closed(free)
    opened = [_Open(-1, "", "")]
    end = 0
    for token in free:
        opened[-1].parts.append(text[end : token.start()])
        end = token.end()
        partner = closed.get(token.start())
        if partner is None:
            opened[-1].parts.append(_single(token, gallery, lost))
        elif token[2] and opened[-1].start == partner:
            done = opened.pop()
            opened[-1].parts.append(_told(done.name, done.attributes, "".join(done.parts), gallery, lost))
        elif not token[2] and _has_a_form(token[3].lower()) and len(opened) < _DEEPEST:
            opened.append(_Open(token.start(), token[3].lower(), token[4]))
    opened[-1].parts.append(text[end:])
    return "".join(part for level in opened for part in level.parts)


def _is_free(token: re.Match[str]) -> bool:
    """False for a link of Markdown's form, which WordPress does not know but people write: [word](address)."""
    return token.string[token.end() : token.end() + 1] != "("


def _outside_code(text: str, tokens: list[re.Match[str]]) -> list[re.Match[str]]:
    ranges = _verbatim(text)
    found = []
    start, end = next(ranges, (len(text), len(text)))
    for token in tokens:
        while token.start() >= end and end < len(text):
            start, end = next(ranges, (len(text), len(text)))
        if token.start() < start:
            found.append(token)
    return found


def _verbatim(text: str) -> Iterator[tuple[int, int]]:
    """Where code and comments begin and end, in order; one that is not closed ends with the text."""
    until, start = "", 0
    for mark in _VERBATIM.finditer(text):
        name = (mark[2] or "").lower()
        if not until:
            if name and not mark[1]:
                until, start = name, mark.start()
            elif mark[3]:
                until, start = "-->", mark.start()
        elif (mark[4] or (name if mark[1] else "")) == until:
            yield start, mark.end()
            until = ""
    if until:
        yield start, len(text)


def _closed(tokens: list[re.Match[str]]) -> dict[int, int]:
    """Start of each opening that is closed → start of what closes it; both ways. Pairs never overlap."""
    pairs: dict[int, int] = {}
    waiting: list[re.Match[str]] = []
    count: dict[str, int] = {}
    for token in tokens:
        name = token[3].lower()
        if _escaped(token):
            continue
        if not token[2]:
            waiting.append(token)
            count[name] = count.get(name, 0) + 1
        elif count.get(name):
            while waiting:
                last = waiting.pop()
                count[last[3].lower()] -= 1
                if last[3].lower() == name:
                    pairs[last.start()], pairs[token.start()] = token.start(), last.start()
                    break
    return pairs


def _escaped(token: re.Match[str]) -> bool:
    """[[name]] means the words "[name]" (Shortcode API, "Escaping")."""
    return bool(token[1] and token[5])


def _has_a_form(name: str) -> bool:
    return name in _SHOWN or bool(_BUTTON.fullmatch(name)) or page_builders.has_a_form(name)


def _told(name: str, attributes: str, inner: str, gallery: Gallery, lost: Lost) -> str:
    """What it shows; told where that is nothing."""
    shown = _shown(name, attributes, inner, gallery)
    if not shown.strip():
        lost(f"[{name}]")
    return shown


def _single(token: re.Match[str], gallery: Gallery, lost: Lost) -> str:
    """A shortcode without an end: what it shows, nothing, or itself where it is none."""
    name, attributes = token[3].lower(), token[4]
    if _escaped(token):
        return token[0][1:-1]
    if token[2]:
        return "" if _is_shortcode(name, attributes) or name in _SHOWN else token[0]
    if (name in _SHOWN and (attributes or name in _ALONE)) or (_BUTTON.fullmatch(name) and "=" in attributes):
        return _told(name, attributes, "", gallery, lost)
    if not _is_shortcode(name, attributes):
        return token[0]
    if page_builders.has_a_form(name) and (shown := _shown(name, attributes, "", gallery)).strip():
        return shown
    if not _NO_PART.fullmatch(name):
        lost(f"[{name}]")
    return ""


def _is_shortcode(name: str, attributes: str) -> bool:
    return name in _ALONE or "_" in name or bool(_ATTRIBUTE.search(attributes))


def _shown(name: str, attributes: str, inner: str, gallery: Gallery) -> str:
    found = {key.lower(): a or b or c for key, a, b, c in _ATTRIBUTE.findall(attributes)}
    if _BUTTON.fullmatch(name):
        return _link(found, inner)
    if name not in _SHOWN:
        if (shows := page_builders.pictured(name, found, inner)) is not None:
            by_number = gallery(list(shows.numbers)) if shows.numbers else []
            by_address = [Picture(shows.address, shows.alt)] if shows.address else []
            return "".join(_figure(picture) for picture in by_number or by_address)
        around = page_builders.around(name, found, inner)
        return inner if around is None else around
    match name:
        case "caption" | "wp_caption":
            return _caption(found, inner)
        case "gallery":
            numbers = [
                int(word) for word in re.findall(r"\d{1,15}", found.get("ids") or found.get("include") or "")
            ]
            return "".join(_figure(picture) for picture in gallery(numbers))
        case "audio" | "video":
            return _recording(name, found, inner)
        case "vimeo" if number := re.search(r"\d{5,12}", attributes + inner):
            return f"\n\n<p>{embedded('https://vimeo.com/' + number[0])}</p>\n\n"
        case _:
            address = _ADDRESS.search(attributes + " " + inner)
            return f"\n\n<p>{embedded(address[0])}</p>\n\n" if address else ""


def _link(found: Mapping[str, str], inner: str) -> str:
    address = next((found[key] for key in _LEADS_TO if found.get(key, "").strip()), "")
    if packed := _PACKED.search(address):
        address = unquote(packed[1])
    words = inner.strip() or next(
        (entities.escape(found[key], quote=False) for key in _SAYS if found.get(key)), ""
    )
    if not address or not words or "<a " in words.lower():
        return words
    return f'<a href="{entities.escape(entities.unescape(address))}">{words}</a>'


def _caption(found: Mapping[str, str], inner: str) -> str:
    image = _IMAGE.search(inner)
    if not image:
        return inner
    words = (inner[: image.start()] + inner[image.end() :]).strip() or found.get("caption", "")
    below = f"<figcaption>{words}</figcaption>" if words else ""
    return f"\n\n<figure>{image[0]}{below}</figure>\n\n"


def _figure(picture: Picture) -> str:
    caption = entities.escape(picture.caption, quote=False)
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    source, alt = entities.escape(picture.url), entities.escape(picture.alt)
    return f'\n\n<figure><img src="{source}" alt="{alt}">{below}</figure>\n\n'


def _recording(name: str, found: Mapping[str, str], inner: str) -> str:
    address = next(
        (found[key] for key in _MEDIA if found.get(key, "").startswith(("http://", "https://"))), ""
    )
    if not address and (inside := _ADDRESS.search(inner)):
        address = inside[0]
    return f'\n\n<{name} src="{entities.escape(address)}"></{name}>\n\n' if address else ""
