"""An HTML page → a post: which part of it is the post, its title, date and authors. Fetching is client.py's part."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring, tostring

from newsletter.dates import Precision
from newsletter.sources.article.comments import remove_marked
from newsletter.sources.article.details.byline_block import in_article_footers, take_byline
from newsletter.sources.article.details.bylines import people
from newsletter.sources.article.details.lead_image import picture_of
from newsletter.sources.article.details.metadata import read_metadata
from newsletter.sources.article.details.page_date import finer, guessed_date, told_and_shown
from newsletter.sources.article.details.page_title import title_of
from newsletter.sources.article.edges import remove_edges
from newsletter.sources.article.extract import propose
from newsletter.sources.article.main_content import find_body, remove_furniture
from newsletter.sources.article.match_text import keep_only, matched
from newsletter.sources.article.opening import remove_about
from newsletter.sources.article.quotations import quotations
from newsletter.sources.base import Item
from newsletter.sources.html.math import find
from newsletter.sources.html.parser_limits import is_flat, without_crowded_tags
from newsletter.sources.html.sanitize import absolute_url, clean_with_files, one_line, without_controls

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
#: Authors write some into their longest words; programs write them into each, for the width of one column.
_SOFT_HYPHEN = re.compile("\u00ad|&shy;|&#(?:0*173|x0*ad);", re.IGNORECASE)
_MOST_SOFT_HYPHENS = 30
#: What browsers write into a page they save (Internet Explorer, Chrome, SingleFile).
_SAVED_FROM = re.compile(
    r"<!--\s*(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:\s*)(https?://\S+)"
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
    text = find.prepared(_REFERENCE.sub(_without_control, without_controls(text)))
    if len(_SOFT_HYPHEN.findall(text)) > _MOST_SOFT_HYPHENS:
        text = _SOFT_HYPHEN.sub("", text)
    text = without_crowded_tags(text)
    page = _parsed(text)
    if page is None:
        return Item(names=(), title="", html="")
    saved = _SAVED_FROM.search(text[:4096])
    origin = base_url or (saved[1] if saved else "")
    about = read_metadata(page, _base(page, origin), zone=zone)
    base = _base(page, origin or about.canonical or "")
    title = title_of(page, about, site_titles, base)
    remove_marked(page)
    proposal = propose(page, base)
    match = matched(page, proposal.words) if proposal.words else None
    footer = in_article_footers(page, zone)
    remove_furniture(page, match)
    body = find_body(page, match)
    shown = take_byline(body, title, zone)
    if match and match.chosen(body):
        keep_only(body, match, _host(base))
    sites = (about.site_name, *site_titles)
    told = (about.authors, shown.near.authors, footer.authors, (proposal.author,), shown.far.authors)
    authors = next((names for some in told if (names := people(some, sites))), ())
    date = told_and_shown(about.date, shown.near.date or footer.date, zone)
    if date is None or (about.date is None and date.precision in (Precision.YEAR, Precision.MONTH)):
        date = finer(date, guessed_date(_parsed(text), about.canonical or origin)) or shown.far.date
    image, image_alt, image_size = picture_of(
        page, body, about.image, about.image_alt, about.image_size, base
    )
    remove_about(body, authors, about.categories, about.summary)
    remove_edges(body, title, site_titles, match)
    _quote(body)
    html, files, lost = clean_with_files(_inner(body), base, media_url)
    item = Item(
        names=(),
        title=title,
        html=html,
        files=files,
        lost=lost,
        date=date,
        authors=authors,
        summary=about.summary,
        url=about.canonical or (saved[1] if saved and not base_url else None),
        categories=about.categories,
        image=image,
        image_alt=image_alt,
        image_size=image_size,
        language=about.language,
    )
    updated = about.updated or shown.near.updated or footer.updated or shown.far.updated
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


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _inner(body: HtmlElement) -> str:
    """What is inside the element, without the element."""
    inside = "".join(tostring(child, encoding="unicode") for child in body)
    return entities.escape(body.text or "", quote=False) + inside
