"""Foreign HTML made safe by an allow-list before anything is stored, and plain text made from it.

What a post means is kept (headings, lists, tables, quotations, pictures); what it does or how it looks, not.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urljoin, urlsplit

import nh3


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_BLOCKS = _names(
    "p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre hr br figure figcaption div "
    "table caption thead tbody tfoot tr th td details summary address section article"
)
_INLINE = _names(
    "a abbr b bdi bdo cite code del dfn em i img ins kbd mark q rp rt ruby s samp small span "
    "strong sub sup time u var"
)
#: Their words go with them: a script's source or a sign-up form's labels are no part of a post.
_GONE_WITH_CONTENT = _names(
    "script style form iframe object embed applet svg math noscript noembed noframes template title "
    "textarea select button option video audio canvas"
)
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"dir", "lang"},
    "a": {"href", "hreflang", "title"},
    "abbr": {"title"},
    "blockquote": {"cite"},
    "q": {"cite"},
    "del": {"datetime"},
    "ins": {"datetime"},
    "time": {"datetime"},
    "img": {"src", "alt", "width", "height", "title"},
    "ol": {"start", "reversed", "type"},
    "li": {"value"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}
#: Longer addresses work nowhere (and are nobody's picture).
MOST_ADDRESS = 2000
#: What the first pass keeps for us to look at; the second and last pass knows none of it.
_EMBEDS = frozenset({"iframe", "video", "audio", "source"})
_FIRST_ATTRIBUTES = _ATTRIBUTES | {
    "img": _ATTRIBUTES["img"] | {"style", "data-src", "data-lazy-src", "data-original", "hidden"},
    "iframe": {"src", "title", "data-src"},
    "video": {"src", "title"},
    "audio": {"src", "title"},
    "source": {"src"},
}
#: XML 1.0 §2.2 forbids these, and one of them is enough to lose a whole feed; C1 controls and
#: a byte order mark within a text show nothing.
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_ATTRIBUTE_LIST = r'((?: [a-z-]+="[^"]*")*)'
_IMAGE = re.compile(rf"<img{_ATTRIBUTE_LIST}>")
_EMBED = re.compile(rf"<(iframe|video|audio){_ATTRIBUTE_LIST}>(.*?)</\1>", re.DOTALL)
_BACK_LINK = re.compile(r"<a>\s*(?:↩|↑|⤴|\^)\ufe0e?\s*</a>")
_NO_LINK = re.compile(r'<a(?: (?:title|hreflang|lang|dir)="[^"]*")*>(.*?)</a>', re.DOTALL)
_EMPTY = re.compile(r"<(p|figure|span|div|em|strong|b|i)>\s*</\1>")
#: Elements that stay open until they are closed; the others end by themselves (HTML §13.1.2.4).
_NESTING_TAG = re.compile(
    r"<(/?)(?!(?:p|li|d[dt]|t[rdh]|tbody|thead|tfoot|option|br|img|hr|wbr|input|meta|link|source|col)\b)[a-z]",
    re.IGNORECASE,
)
_DEEPEST = 500
#: How deep empty elements are looked for in one another.
_MOST_EMPTY = 6
_TINY_STYLE = re.compile(r"(?:^|;)(?:display:none|(?:width|height):[01](?:px)?)(?:;|$)")


def clean(html: str, base_url: str) -> str:
    """Safe HTML with absolute addresses. Never raises: what is not allowed is left out.

    Relative links and pictures are made absolute against ``base_url``, or lose their address if it is empty.
    A link to a place in the same page becomes plain text: a post is shown in mails and feeds, away from its
    page. Films and frames become links; pictures that only count readers (1 × 1, hidden) go.
    """
    kept = _pass(
        _flat_enough(without_controls(html)), base_url, _BLOCKS | _INLINE | _EMBEDS, _FIRST_ATTRIBUTES
    )
    kept = _EMBED.sub(_linked, kept)
    kept = _IMAGE.sub(_real_image, kept)
    kept = _pass(kept, base_url, _BLOCKS | _INLINE, _ATTRIBUTES)
    kept = _NO_LINK.sub(r"\1", _BACK_LINK.sub("", kept))
    for _ in range(_MOST_EMPTY):
        kept = _EMPTY.sub("", without_controls(kept))
    return kept.strip()


def without_controls(text: str) -> str:
    """The text without control characters, lone surrogates and other code points that XML refuses."""
    return _NOT_TEXT.sub("", text)


def one_line(text: str) -> str:
    """The text on one line, without control characters: for titles, names and tags."""
    return " ".join(without_controls(text.replace("\x85", " ")).split())


def plain_text(html: str) -> str:
    """The words of some HTML: a blank line between blocks, no markup, nothing of scripts or forms."""
    kept = nh3.clean(
        _flat_enough(without_controls(html)),
        tags=set(_BLOCKS),
        attributes={},
        clean_content_tags=set(_GONE_WITH_CONTENT),
        link_rel=None,
    )
    kept = re.sub(r"\s+", " ", kept)
    kept = re.sub(r"</t[dh]>\s*<t[dh]>", " | ", kept)
    kept = re.sub(r"</(?:li|tr|t[dh]|d[dt])>\s*|<t[dh]>", "", kept)
    kept = re.sub(r"<(?:br|li|tr|d[dt])>", "\n", kept)
    kept = without_controls(entities.unescape(re.sub(r"<[^<>]*>", "\n\n", kept)))
    lines = (" ".join(line.split()) for line in kept.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


_ENDS = re.compile(r"""[.!?…]+["”’'»)\]]*(?=\s+["“‘'«(\[¿¡]*[^\W_a-z])|[。！？]+[”」』]*""")
#: A point after these ends a word, not a sentence. A single letter does so too (U.S., J. Smith).
_ABBREVIATION = re.compile(
    r"(?:^|[\s(“\"])(?:\w|\w\.\w|[Mm]rs?|[Mm]s|[Dd]r|Prof|St|No|vs|e\.g|i\.e|ca|approx)\.$"
)


#: An opening that is shorter goes on into the next paragraph.
_LONG_ENOUGH = 120
_PARTS = re.compile(r"<(/?)(p|div|section|article|li|blockquote|a|br)(?: [^<>]*)?>")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ASIDES = _HEADINGS | _names("figcaption caption table pre dl dt dd address summary")


def summary_of(html: str, most: int = 280) -> str:
    """The opening of a post as plain text on one line, ``most`` characters at the most.

    That is its first paragraph, and the next ones while it is short; list entries and quotations only in a post that
    has no paragraph, headings only in one that has nothing else. Ends at a sentence where one fits in the last two
    thirds, else at a word, with "…".
    """
    text = _opening(html) or _prose(html) or " ".join(plain_text(html).split())
    if len(text) <= most:
        return text
    ends = [
        end.end() for end in _ENDS.finditer(text, 0, most + 2) if not _ABBREVIATION.search(text[: end.end()])
    ]
    fitting = [end for end in ends if most // 3 <= end <= most]
    return text[: fitting[-1]] if fitting else _cut_at_word(text, most)


def _opening(html: str) -> str:
    text = ""
    for paragraph in _paragraphs(html):
        text = f"{text} {paragraph}".strip()
        if len(text) >= _LONG_ENOUGH:
            break
    return text


def _paragraphs(html: str) -> Iterator[str]:
    """Its paragraphs outside of lists and quotations, each on one line; not those that are nothing but a link."""
    bare = _only(html, _names("p div section article li blockquote a br"), _ASIDES)
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
    bare = _only(html, _names("p li blockquote"), _HEADINGS | _names("figcaption table pre"))
    return " ".join(plain_text(bare).split())


def _only(html: str, tags: frozenset[str], without: frozenset[str]) -> str:
    """The HTML with these elements alone; of ``without`` the words are gone too, of others they stay."""
    return nh3.clean(
        _flat_enough(without_controls(html)),
        tags=set(tags),
        attributes={},
        clean_content_tags=set(_GONE_WITH_CONTENT | without),
        link_rel=None,
    )


def _cut_at_word(text: str, most: int) -> str:
    cut = text[: most - 1]
    if not text[most - 1].isspace() and " " in cut:
        cut = cut.rpartition(" ")[0]
    return cut.rstrip(" ,;:–—-(“‘") + "…"


def _flat_enough(html: str) -> str:
    """The HTML itself, or only its paragraphs where elements are nested as no person nests them.

    The parser's time grows with the square of the depth: 50,000 open divs held it for 15 seconds.
    """
    depth = deepest = 0
    for tag in _NESTING_TAG.finditer(html):
        depth = max(depth + (-1 if tag[1] else 1), 0)
        deepest = max(deepest, depth)
    if deepest <= _DEEPEST:
        return html
    html = re.sub(r"<(script|style)\b.*?</\1\s*>", " ", html, flags=re.DOTALL | re.IGNORECASE)
    return re.sub(r"<(?!/?(?:p|br)\b)[^<>]*>", " ", html, flags=re.IGNORECASE)


def _pass(html: str, base_url: str, tags: frozenset[str], attributes: dict[str, set[str]]) -> str:
    return nh3.clean(
        html,
        tags=set(tags),
        attributes=attributes,
        tag_attribute_values={"td": {"align": _ALIGN}, "th": {"align": _ALIGN}},
        clean_content_tags=set(_GONE_WITH_CONTENT - tags),
        filter_style_properties={"width", "height", "display"},
        url_schemes=_SCHEMES,
        url_relative=_absolute_against(base_url),
        link_rel=None,
        strip_comments=True,
    )


_ALIGN = {"left", "center", "right"}


def _absolute_against(base_url: str) -> Callable[[str], str | None]:
    def absolute(url: str) -> str | None:
        if url.startswith("#") or not url.strip():
            return None
        return absolute_url(url, base_url)

    return absolute


def absolute_url(url: str, base_url: str) -> str | None:
    """``url`` as an absolute http(s) address, or None when it cannot be one."""
    try:
        joined = urljoin(base_url, url.strip()) if base_url else url.strip()
        if not base_url and joined.startswith("//"):
            joined = "https:" + joined
        parts = urlsplit(joined)
        if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
            return None
        _ = parts.port  # raises ValueError for one that is not a number
    except ValueError:
        return None
    joined = re.sub(r"\s", "%20", without_controls(joined))
    return joined if len(joined) <= MOST_ADDRESS else None


def _attributes(text: str) -> dict[str, str]:
    return dict(_ATTRIBUTE.findall(text))


def _real_image(match: re.Match[str]) -> str:
    """The picture with its real address (scripts that load it late are gone), or nothing for a counter."""
    found = _attributes(match[1])
    style = found.pop("style", "")
    if _TINY_STYLE.search(style) or "hidden" in found:
        return ""
    for side in ("width", "height"):
        size = re.fullmatch(r"\s*(\d{1,5})(?:\.\d+)?(?:px)?\s*", found.get(side, ""))
        if size and int(size[1]) <= 1:
            return ""
        found.pop(side, None)
        if size:
            found[side] = size[1]
    late = [found.pop(name, "") for name in ("data-src", "data-lazy-src", "data-original")]
    if not found.get("src", "").startswith("http"):
        found["src"] = next((address for address in late if address), "")
    if not found["src"] or found["src"].startswith(("mailto:", "tel:", "data:")):
        return ""
    found = {"src": found.pop("src"), "alt": found.pop("alt", "")} | found
    return "<img" + "".join(f' {name}="{value}"' for name, value in found.items()) + ">"


def _linked(match: re.Match[str]) -> str:
    """A film or frame as a link in words; one without an address is left out."""
    found = _attributes(match[2])
    source = found.get("src") or found.get("data-src") or ""
    if not source and (inner := re.search(rf"<source{_ATTRIBUTE_LIST}>", match[3])):
        source = _attributes(inner[1]).get("src", "")
    address = _watch_page(entities.unescape(source))
    if not address.startswith(("http://", "https://")):
        return ""
    words = found.get("title", "").strip() or entities.escape(re.sub(r"^https?://(?:www\.)?", "", address))
    return f'<p><a href="{entities.escape(address)}">{words}</a></p>'


def _watch_page(address: str) -> str:
    """The page where a person can watch what a frame shows; the frame's own address for unknown sites."""
    try:
        parts = urlsplit(address)
        host, last = (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/").rpartition("/")[2]
    except ValueError:
        return ""
    if host in ("youtube.com", "youtube-nocookie.com") and parts.path.startswith("/embed/"):
        start = parse_qs(parts.query).get("start", [""])[0]
        return f"https://www.youtube.com/watch?v={last}" + (f"&t={start}" if start.isdigit() else "")
    if host == "player.vimeo.com":
        return f"https://vimeo.com/{last}"
    return address
