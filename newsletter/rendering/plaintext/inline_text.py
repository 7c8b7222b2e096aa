"""The words inside a line of a mail's text: links with the numbers of their notes, emphasis, pictures, small print.

Blocks (paragraphs, lists, tables) are html_to_text.py's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from lxml.html import HtmlElement

from newsletter.host_names import shown_host
from newsletter.text import writing_systems

#: Elements that stand on lines of their own. Whatever is not named here runs on in its line.
BLOCKS = frozenset(
    """
    address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th
    thead tr ul
    """.split()  # noqa: SIM905 (as in body.py)
)
SILENT = frozenset({"script", "style", "head", "template", "noscript", "title"})
#: A line end that is meant. It cannot occur in a post: HTML has no such character.
BREAK = "\x00"
#: A space at which no line is broken; it becomes a plain one when the text is finished.
GLUE = "\x01"

_EMPHASIS = frozenset({"em", "strong", "b", "i"})
#: In these everything stands out already.
_STANDS_OUT = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "th", "dt", "caption", "summary", *_EMPHASIS})
#: What leads back from a footnote or marks a heading's own address: it leads nowhere in a text.
_ARROWS = re.compile("[↩↑⤴⏎←^#¶§🔗\ufe0e\ufe0f\\s]*")
#: How sources/html/blocks/footnotes.py writes a footnote's mark; the notes of links have brackets of that kind here.
_NOTE_MARK = re.compile(r"\[([^\[\]\s]{1,4})\]")
#: Descriptions that describe nothing: a camera's or a program's name for the file, or the word itself.
_FILE_NAME = re.compile(r"\S*\.(?:jpe?g|png|gif|webp|avif|svg|heic|bmp|tiff?)", re.IGNORECASE)
_EMPTY_WORDS = frozenset({"image", "img", "photo", "picture", "logo", "icon", "untitled", "banner", "spacer"})


@dataclass(slots=True)
class Book:
    """What is known while one post is written: its notes, and what was said already."""

    #: Address → the number of its note, from 1 on, in order.
    numbers: dict[str, int] = field(default_factory=dict)
    #: All words of the post, to know whether it explains an abbreviation itself.
    said: str = ""
    explained: set[str] = field(default_factory=set)


def holds_blocks(element: HtmlElement) -> bool:
    """Whether an element that runs on in its line has blocks inside all the same."""
    return any(isinstance(inner.tag, str) and inner.tag in BLOCKS for inner in element.iterdescendants())


def plain(value: str) -> str:
    """Text of a post; U+2028 and U+2029 are line ends that are meant."""
    return value.replace("\u2028", BREAK).replace("\u2029", BREAK)


def contents(element: HtmlElement, book: Book) -> str:
    """Everything inside an element as one run of words, BREAK where a line end is meant."""
    parts = [plain(element.text or "")]
    for child in element:
        parts += [inline(child, book), plain(child.tail or "")]
    return "".join(parts)


def one_line(element: HtmlElement, book: Book) -> str:
    """The same on one line, for headings and cells."""
    return " ".join(re.split(r"[ \t\r\n]+", contents(element, book).replace(BREAK, " "))).strip()


def inline(element: HtmlElement, book: Book) -> str:
    """One element inside a line, without what follows it."""
    tag = element.tag
    if not isinstance(tag, str) or tag in SILENT:
        return ""
    if tag == "br":
        return BREAK
    if tag == "img":
        return _picture(element)
    inner = contents(element, book)
    if tag == "a":
        return _link(element, inner, book)
    if tag in _EMPHASIS:
        return _emphasised(element, inner)
    if tag in _WRITTEN:
        return _WRITTEN[tag](element, inner, book)
    return f" {inner} " if tag in BLOCKS else inner


# links


def shown_address(href: str) -> str:
    """Where a link leads, as a reader can use it: a web address, a mailbox or a number; empty for none."""
    href = href.strip()
    scheme, _, rest = href.partition(":")
    match scheme.lower():
        case "http" | "https":
            return _typeable(href)
        case "mailto":
            return unquote(rest.partition("?")[0]).strip()
        case "tel":
            return unquote(rest).strip()
    return ""


def _typeable(address: str) -> str:
    """A web address without a space, its host in its own letters and the rest in ASCII: what people can read and mail
    programs make a link of."""
    scheme, slashes, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    return (
        scheme
        + slashes
        + shown_host(host).replace(" ", "%20")
        + slash
        + quote(path, safe="!#$%&'()*+,/:;=?@[]~-._")
    )


def _link(element: HtmlElement, inner: str, book: Book) -> str:
    """The words, then the number of a note; an address that is shown already needs none."""
    href = (element.get("href") or "").strip()
    shown = " ".join(inner.replace(BREAK, " ").split())
    if href.startswith("#"):
        return _inside(element, inner, shown)
    address = shown_address(href)
    if not address:
        return inner
    if not shown:
        return address
    if href.lower().startswith(("mailto:", "tel:")):
        return inner if _says(shown, address) else _appended(inner, f"<{address}>")
    if shown.rstrip("/") in (address.rstrip("/"), address.partition("://")[2].rstrip("/")):
        return inner.replace(shown, address) if shown in inner else address
    return _appended(inner, f"[{noted(address, book)}]")


def noted(address: str, book: Book) -> int:
    """The number of an address in the list of notes."""
    return book.numbers.setdefault(address, len(book.numbers) + 1)


def _appended(inner: str, mark: str) -> str:
    """The mark behind the last word, never alone at the beginning of a line."""
    words = inner.rstrip()
    return f"{words}{GLUE}{mark}{inner[len(words) :]}"


def _inside(element: HtmlElement, inner: str, shown: str) -> str:
    """A link within the post: a footnote's number in brackets, no arrows back, else the words."""
    if _ARROWS.fullmatch(shown):
        return ""
    bare = shown.strip("[]()*")
    if re.fullmatch(r"\d{1,3}|[*†‡a-z]", bare) and (_is(element.getparent(), "sup") or bare != shown):
        return f"{GLUE}({bare})"
    return inner


def _says(shown: str, address: str) -> bool:
    """Whether the words of a link name the mailbox or the number already."""
    if "@" in address:
        return address.casefold() in shown.casefold()
    digits = re.sub(r"\D", "", address)
    return bool(digits) and re.sub(r"\D", "", shown)[-6:] == digits[-6:]


# words


def _emphasised(element: HtmlElement, inner: str) -> str:
    """Between asterisks where it stands in a sentence; a whole line of emphasis stands out by itself."""
    words = inner.strip()
    if (
        not any(char.isalnum() for char in words)
        or any(char in words for char in f"*{BREAK}")
        or any(_is(ancestor, *_STANDS_OUT) for ancestor in element.iterancestors())
        or holds_blocks(element)
        or _stands_alone(element)
        or _within_word(element)
    ):
        return inner
    start = inner.index(words)
    return f"{inner[:start]}*{words}*{inner[start + len(words) :]}"


def _stands_alone(element: HtmlElement) -> bool:
    parent = element.getparent()
    return (
        parent is not None
        and len(parent) == 1
        and not f"{parent.text or ''}{element.tail or ''}".strip(" \t\r\n.:")
    )


def _within_word(element: HtmlElement) -> bool:
    previous, parent = element.getprevious(), element.getparent()
    before = (previous.tail if previous is not None else parent.text if parent is not None else "") or ""
    return before[-1:].isalnum() or (element.tail or "")[:1].isalnum()


def _raised(element: HtmlElement, inner: str, book: Book) -> str:
    if found := _NOTE_MARK.fullmatch(inner.strip()):
        return f"{GLUE}({found[1]})"
    return inner if GLUE in inner else writing_systems.raised(inner, _before(element))


def _lowered(element: HtmlElement, inner: str, book: Book) -> str:
    return writing_systems.lowered(inner, _before(element))


def _before(element: HtmlElement) -> str:
    """The character that stands before an element in its line; empty where there is none."""
    previous, parent = element.getprevious(), element.getparent()
    if previous is None:
        return (parent.text or "")[-1:] if parent is not None else ""
    return (previous.tail or "".join(previous.itertext()))[-1:]


def _explained(element: HtmlElement, inner: str, book: Book) -> str:
    """An abbreviation, with what it stands for the first time, unless the post says so itself."""
    meaning = " ".join((element.get("title") or "").split())
    short = inner.strip()
    if not meaning or not short or short in book.explained or meaning.casefold() in book.said:
        return inner
    book.explained.add(short)
    return f"{inner.rstrip()} ({meaning})"


def _struck(element: HtmlElement, inner: str, book: Book) -> str:
    return f"[struck out: {inner.strip()}]" if inner.strip() else ""


def _quoted(element: HtmlElement, inner: str, book: Book) -> str:
    return f"“{inner}”"


def _ruby(element: HtmlElement, inner: str, book: Book) -> str:
    """How the characters before it are read; <rp> brings brackets of its own."""
    around = element.getparent()
    has_brackets = around is not None and around.find(".//rp") is not None
    return inner if has_brackets or not inner.strip() else f"({inner.strip()})"


_WRITTEN = {
    "sup": _raised,
    "sub": _lowered,
    "abbr": _explained,
    "del": _struck,
    "s": _struck,
    "q": _quoted,
    "rt": _ruby,
}


# pictures


def _picture(element: HtmlElement) -> str:
    """Its description in brackets, when there is one and the caption does not say the same."""
    described = " ".join(plain(element.get("alt") or "").replace(BREAK, " ").split())
    words = described.casefold().strip(" .:")
    if not words or words in _EMPTY_WORDS or _FILE_NAME.fullmatch(described):
        return ""
    if re.fullmatch(r":[\w+-]{1,40}:", described):  # a smiley of a site's own, by its name
        return described
    figure = next((above for above in element.iterancestors() if _is(above, "figure")), None)
    caption = figure.find(".//figcaption") if figure is not None else None
    if caption is not None and " ".join(caption.itertext()).casefold().strip(" .:\n") == words:
        return ""
    return f"[Picture: {described}]"


def _is(element: HtmlElement | None, *tags: str) -> bool:
    return element is not None and element.tag in tags
