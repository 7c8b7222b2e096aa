"""An HTML page → a post: which part of it is the post, its title, date and authors. Fetching is fetch.py's part."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Sequence
from dataclasses import replace

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring, tostring

from newsletter import dates
from newsletter.dates import PartialDate, Precision
from newsletter.sources.base import Item
from newsletter.sources.bylines import MOST_LINE, Byline, read_byline
from newsletter.sources.clean import absolute_url, clean_with_files, one_line, without_controls
from newsletter.sources.depth import is_flat, without_crowded_tags
from newsletter.sources.furniture import bare_line
from newsletter.sources.metadata import Metadata, read_metadata
from newsletter.sources.pagebody import find_body, remove_edges, remove_furniture
from newsletter.sources.pageopening import remove_about
from newsletter.sources.pagepicture import picture_of
from newsletter.sources.quotations import quotations

_WHOLE_PAGE = re.compile(
    r"\s*+(?:<!--(?:-?>|(?:(?!-->).)*+-->)\s*+|<\?xml[^>]*+>\s*+)*+<(?:!doctype\s+html|html|head|body)\b",
    re.I | re.DOTALL,
)
#: A whole page costs more than its text: each part of it is weighed against the others.
MOST_ELEMENTS = 20_000
MOST_CHARACTERS = 5_000_000
#: "&amp;", and characters that become such.
MOST_REFERENCES = 100_000
#: What readers do not see as text: pictures that are written into the page, programs, looks.
_UNSEEN = re.compile(
    r"data:[a-z]+/[\w.+-]+;base64,[A-Za-z0-9+/=\s]{200,}+|<(script|style|svg)\b(?:.*?</(?=\1)|.*)",
    re.I | re.DOTALL,
)
_REFERENCE = re.compile(r"&#(?:x0*([0-9a-f]{1,8})|0*([0-9]{1,8}))(?![0-9a-f]);?", re.IGNORECASE)
#: What browsers write into a page they save (Internet Explorer, Chrome, SingleFile).
_SAVED_FROM = re.compile(
    r"<!--\s*(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:\s*)(https?://\S+)"
)
#: So many lines are tried, the likeliest first.
_MOST_BYLINES = 500
_BYLINE_TAGS = ("time", "div", "span", "li", "address", "a", "h2", "h3", "h4", "h5", "h6")
_BYLINE_CLASS = re.compile(
    r"(?:^|[-_ ])(?:byline|author|date|published|posted|meta|time|dateline)(?:$|[-_ ])", re.I
)


def is_whole_page(text: str) -> bool:
    """True for a page with a head and a body, false for a piece of HTML that goes into one."""
    return bool(_WHOLE_PAGE.match(text[:4096]))


def too_much_html(text: str, most_elements: int = MOST_ELEMENTS) -> str:
    """Why a page, or a piece of HTML, is too much to be read, as a clause that begins a sentence; empty for any other.

    Programs, styles and pictures that are written into it do not count.
    """
    seen = _UNSEEN.sub("", text) if len(text) > MOST_CHARACTERS or text.count("<") > most_elements else text
    if len(seen) > MOST_CHARACTERS:
        return f"the text is longer than {MOST_CHARACTERS // 1_000_000} million characters"
    if seen.count("<") - seen.count("</") > most_elements:
        return f"there are more than {most_elements} elements in it"
    lone = max(seen.count(">") - seen.count("<"), 0)
    if seen.count("&") + seen.count("\u00a0") + lone > MOST_REFERENCES:
        return f"there are more than {MOST_REFERENCES} references such as &amp; in it"
    return "" if is_flat(seen, 50 * most_elements) else "its elements are nested too deeply"


def read_html(
    text: str, base_url: str, *, zone: str, site_titles: Sequence[str] = (), media_url: str = ""
) -> Item:
    """Find the post on a page. ``title`` and ``html`` are empty where there is none; ``names`` is empty.

    ``base_url`` is where the page came from, empty if unknown. ``url`` is the page's own canonical address.
    ``site_titles`` are headings of the site itself. ``zone`` is for times without one. With ``media_url``, where
    files of ours are served, pictures that are written into the page become such files.
    """
    text = without_crowded_tags(_REFERENCE.sub(_without_control, without_controls(text)))
    page = _parsed(text)
    if page is None:
        return Item(names=(), title="", html="")
    saved = _SAVED_FROM.search(text[:4096])
    origin = base_url or (saved[1] if saved else "")
    about = read_metadata(page, _base(page, origin), zone=zone)
    base = _base(page, origin or about.canonical or "")
    title = _title(page, about, site_titles)
    remove_furniture(page)
    body = find_body(page)
    byline = _byline(body, title, zone)
    authors = about.authors or byline.authors
    image, image_alt = picture_of(page, body, about.image, about.image_alt, base)
    remove_about(body, authors, about.categories)
    remove_edges(body, title, site_titles)
    _quote(body)
    html, files = clean_with_files(_inner(body), base, media_url)
    item = Item(
        names=(),
        title=title,
        html=html,
        files=files,
        date=_date(about.date, byline.date),
        authors=authors,
        summary=about.summary,
        url=about.canonical or (saved[1] if saved and not base_url else None),
        categories=about.categories,
        image=image,
        image_alt=image_alt,
        language=about.language,
    )
    updated = about.updated or byline.updated
    return replace(item, updated=updated.starts(zone)) if updated else item


def _without_control(reference: re.Match[str]) -> str:
    """A numeric reference to what XML refuses, which lxml would read and then not write."""
    code = int(reference[1], 16) if reference[1] is not None else int(reference[2] or "0")
    windows = 0x80 <= code < 0xA0  # "&#147;" is a curly quote (HTML §13.2.5.80)
    if windows or (code <= 0x10FFFF and without_controls(chr(code))):
        return reference[0]
    return ""


def _parsed(text: str) -> HtmlElement | None:
    try:
        page = document_fromstring(
            text.encode(), parser=HTMLParser(encoding="utf-8", no_network=True, remove_pis=True)
        )
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    return page if page.find("body") is not None else None


def _base(page: HtmlElement, address: str) -> str:
    """What relative links start from (HTML §2.4.1)."""
    for found in page.iter("base"):
        if href := found.get("href"):
            return absolute_url(href, address) or address
    return address


def _title(page: HtmlElement, about: Metadata, site_titles: Sequence[str]) -> str:
    """The heading that a reader sees; what the head says where there is none, without the site's name."""
    sites = {bare_line(name).casefold() for name in (about.site_name, *site_titles)}
    said = " ".join((about.headline, *about.titles)).casefold()
    exactly = {words.casefold() for words in (about.headline, *about.titles) if words}
    ours, banner = _headings(page, ("h1",), sites)
    smaller, _ = _headings(page, ("h2", "h3"), sites)
    named = [words for words in ours if words.casefold() in said]
    told = [words for words in smaller if words.casefold() in said]
    equal = [words for words in (*named, *told) if words.casefold() in exactly]
    titles = [_without_site(title, about.site_name) for title in about.titles]
    told_in_banner = [words for words in banner if words.casefold() in said]
    found = (*equal, *named, *ours, about.headline, *told, *told_in_banner, *banner, *titles, *smaller)
    return next(filter(None, found), "")


def _headings(page: HtmlElement, tags: tuple[str, ...], sites: set[str]) -> tuple[list[str], list[str]]:
    """The words of the page's headings, and of those in its banner, without the site's names."""
    found: tuple[list[str], list[str]] = ([], [])
    for heading in page.iter(*tags):
        words = one_line(heading.text_content())
        if words and bare_line(words).casefold() not in sites:
            found[_in_banner(heading)].append(words)
    return found


def _in_banner(heading: HtmlElement) -> bool:
    """True for the site's own name at the top, which many pages make an h1."""
    inside = [parent.tag for parent in heading.iterancestors()]
    return "nav" in inside or ("header" in inside and "article" not in inside and "main" not in inside)


def _without_site(title: str, site: str) -> str:
    """ "Seeds | Example Hub" → "Seeds"; a hyphen only counts before the site's known name."""
    for mark in ("|", "»", "–", "—", "·", "-"):
        head, found, tail = title.rpartition(f" {mark} ")
        if (
            found
            and head
            and (tail.casefold() == site.casefold() or (mark != "-" and len(tail.split()) <= 5))
        ):
            return head.strip()
    return title


def _byline(body: HtmlElement, title: str, zone: str) -> Byline:
    """Date and authors as the page shows them, above or inside the post; the lines are taken out of it."""
    date: PartialDate | None = None
    updated: PartialDate | None = None
    authors: tuple[str, ...] = ()
    for element, own_line in _byline_places(body, title):
        words = one_line(element.text_content())
        found = read_byline(words, zone=zone) or _from_attributes(element, zone)
        if not found:
            continue
        date, updated, authors = date or found.date, updated or found.updated, authors or found.authors
        if own_line and element.getparent() is not None:
            element.drop_tree()
    return Byline(date, updated, authors)


def _byline_places(body: HtmlElement, title: str) -> list[tuple[HtmlElement, bool]]:
    """Small elements that may hold a byline, the likeliest first, and whether each is one of the body's own lines.

    The short lines that open the post, then what has a telling tag or class: upwards from the post (its own date
    stands nearest), below it, and last what is deep inside, which may be any date of the story.
    """
    root = body.getroottree().getroot()
    inside = set(body.iter())
    ranked: list[tuple[int, int, HtmlElement]] = []
    place = "before"
    for number, element in enumerate(root.iter("p", *_BYLINE_TAGS)):
        words = one_line(element.text_content())
        if element in inside:
            long = element.tag == "p" and len(words) > MOST_LINE
            place = "inside" if long or place == "inside" else "opening"
        elif place != "before":
            place = "below"
        if not words or len(words) > MOST_LINE or words == title or element is body:
            continue
        if place == "opening" or _is_telling(element):
            order = -number if place == "before" else number
            ranked.append((("opening", "before", "below", "inside").index(place), order, element))
    ranked.sort(key=lambda found: found[:2])
    return [(element, rank == 0) for rank, _, element in ranked[:_MOST_BYLINES]]


def _is_telling(element: HtmlElement) -> bool:
    named = bool(_BYLINE_CLASS.search(element.get("class") or ""))
    return (
        named
        or element.tag == "time"
        or element.get("itemprop") in ("author", "datePublished", "dateModified")
    )


def _from_attributes(element: HtmlElement, zone: str) -> Byline | None:
    stamp = element.get("datetime") or element.get("content") or ""
    found = dates.parse(stamp, zone=zone) if element.tag == "time" or element.get("itemprop") else None
    if not found:
        return None
    return Byline(updated=found) if element.get("itemprop") == "dateModified" else Byline(date=found)


def _date(stamped: PartialDate | None, shown: PartialDate | None) -> PartialDate | None:
    """The date in the head, unless the page shows readers less of the same: a stamp fills in what nobody wrote."""
    if not stamped or not shown or shown.precision not in (Precision.YEAR, Precision.MONTH):
        return stamped or shown
    moment = stamped.starts("UTC")
    same = shown.year == moment.year and shown.month in (None, moment.month)
    return shown if same else stamped


def _quote(body: HtmlElement) -> None:
    """Paragraphs of one quotation, wrapped in a blockquote where the page has not done so."""
    for parent in [body, *body.iterdescendants("div", "section", "article", "main")]:
        run: list[HtmlElement] = []
        for child in [*parent, None]:
            if child is not None and child.tag == "p" and not (child.tail or "").strip():
                run.append(child)
                continue
            for found in quotations([one_line(paragraph.text_content()) for paragraph in run]):
                _wrap([run[place] for place in found])
            run = []


def _wrap(paragraphs: list[HtmlElement]) -> None:
    parent = paragraphs[0].getparent()
    if parent is None:
        return
    quote = parent.makeelement("blockquote")
    parent.insert(parent.index(paragraphs[0]), quote)
    for paragraph in paragraphs:
        quote.append(paragraph)


def _inner(body: HtmlElement) -> str:
    """What is inside the element, without the element."""
    inside = "".join(tostring(child, encoding="unicode") for child in body)
    return entities.escape(body.text or "", quote=False) + inside
