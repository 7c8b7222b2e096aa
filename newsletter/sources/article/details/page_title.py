"""The title of a page's post: the heading that readers see, without the site's name and the words above a headline.

What the head says is metadata.py's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import SplitResult, urlsplit

from lxml.html import HtmlElement

from newsletter.sources.article.details.metadata import Metadata
from newsletter.sources.html.boilerplate.lines import bare_line
from newsletter.sources.html.sanitize import one_line
from newsletter.text.writing_systems import lowered, raised

#: Nobody reads these in a heading.
_UNREAD = frozenset(
    {"style", "script", "template", "noscript", "svg", "button", "input", "select", "textarea"}
)
_HIDDEN = re.compile(
    r"(?:^|[-_ ])(?:sr-only|visually-hidden|screen-reader\S*|anchor\S*|headerlink|permalink)(?:$|[-_ ])", re.I
)
_BLOCKS = frozenset({"br", "div", "p", "li", "hr", "small", "h1", "h2", "h3", "h4"})
#: The short line above a headline, by the names that systems give it.
_KICKER = re.compile(
    r"(?:^|[-_ ])(?:kicker|eyebrow|overline|topline|over(?:head|title)line|dachzeile|spitzmarke|roofline|suptitle"
    r"|supertitle"
    r"|pretitle|pre-title|surtitre|antetitulo|antet[ií]tulo|volanta|occhiello|tag|badge|category|section-name|label|rubri[ck]\w*"
    r"|flag|flagged|premium|type|subtitle|sub-title|subhead(?:line|ing)?|deck|standfirst|dek|tagline)(?:$|[-_ ]|__)",
    re.IGNORECASE,
)
_BANNER = re.compile(
    r"(?:^|[-_ ])(?:site-?(?:title|name|header|branding|logo|heading)|blog-?(?:title|name)|logo\w*"
    r"|brand(?:ing)?|masthead|banner|navbar"
    r"|header-?(?:image|logo|title)|header section)(?:$|[-_ ])",
    re.IGNORECASE,
)
_SURE_PARTS = re.compile(r"\s+[|»«–—·•-]\s+")
_PARTS = re.compile(r"\s+[|»«–—·•‹›~:/\\-]+\s+|\s*[|»]\s*|:\s+")
_MOST_HEADINGS = 200


def title_of(page: HtmlElement, about: Metadata, site_titles: Sequence[str], address: str) -> str:
    """The heading that a reader sees; what the head says where there is none, without the site's name.

    ``address`` is the page's own, for links to its home page.
    """
    headings = [
        heading for number, heading in enumerate(page.iter("h1", "h2", "h3")) if number < _MOST_HEADINGS
    ]
    names = {bare_line(name).casefold() for name in (about.site_name, *site_titles) if name}
    told = [words for words in (about.headline, *about.titles) if words]
    names |= {
        bare_line(words).casefold()
        for heading in headings
        if heading.tag == "h1"
        and (words := read_heading(heading, ()))
        and (_leads_home(heading, address) or (_leads_up(heading, address) and _same(words) in _ends(told)))
    }
    heads = {_same(words) for words in told}
    heads |= {
        _same(part)
        for words in told
        for part in _PARTS.split(words)
        if bare_line(part).casefold() not in names
    }
    said = " ".join(told).casefold()
    spelled = [*told, *(part for words in told for part in _SURE_PARTS.split(words) if part != words)]
    ours: list[str] = []
    banner: list[str] = []
    smaller: list[str] = []
    for heading in headings:
        words = read_heading(heading, spelled)
        if not words or bare_line(words).casefold() in names:
            continue
        if _in_banner(heading):
            banner += [words] if heading.tag == "h1" else []
        else:
            (ours if heading.tag == "h1" else smaller).append(words)
    others = _site_beside(told, ours, smaller)
    ours = [words for words in ours if words not in others]
    told_here = [words for words in (*ours, *smaller, *banner) if words.casefold() in said]
    equal = [words for words in (*ours, *smaller) if _same(words) in heads]
    named = [words for words in ours if words.casefold() in said]
    titles = [
        without_site(title, {about.site_name.casefold(), *names, *map(str.casefold, others)})
        for title in about.titles
    ]
    found = (*equal, *named, *ours, about.headline, *told_here, *banner, *titles, *smaller)
    return next(filter(None, found), "")


def read_heading(heading: HtmlElement, told: Sequence[str]) -> str:
    """A heading's words as they are read: no styles, no hidden words, no line above the headline.

    ``told`` is what the head calls the page: it decides whether two parts are one title.
    """
    whole = one_line("".join(_texts(heading, skip_kickers=False)))
    plain = one_line("".join(_texts(heading, skip_kickers=True)))
    for title in told:
        if whole and _same(whole) == _same(title):
            # Two parts that stand glued together in the page have their colon here.
            return (
                title if any(_is_apart(child) for child in heading if isinstance(child.tag, str)) else whole
            )
    for part in _parts_of(heading):
        if any(_same(part) == _same(title) for title in told) and len(part) > 0.4 * len(whole):
            return part
    return plain or whole


def _parts_of(heading: HtmlElement) -> Iterator[str]:
    for element in heading.iterdescendants():
        if isinstance(element.tag, str) and element.tag not in _UNREAD:
            yield one_line("".join(_texts(element, skip_kickers=False)))
    whole = one_line("".join(_texts(heading, skip_kickers=False)))
    for child in heading:
        said = one_line("".join(_texts(child, skip_kickers=False))) if isinstance(child.tag, str) else ""
        if said and whole.startswith(said):
            yield whole.removeprefix(said).strip()
        elif said and whole.endswith(said):
            yield whole.removesuffix(said).strip()


def _texts(element: HtmlElement, *, skip_kickers: bool) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if not isinstance(child.tag, str):
            yield child.tail or ""
            continue
        named = f"{child.get('class') or ''} {child.get('id') or ''}"
        unread = child.tag in _UNREAD or child.get("hidden") is not None or bool(_HIDDEN.search(named))
        if not unread and not (skip_kickers and (child.tag == "small" or _KICKER.search(named))):
            if child.tag in ("sup", "sub"):
                yield _in_line(child, "".join(_texts(child, skip_kickers=skip_kickers)))
                yield child.tail or ""
                continue
            gap = " " if child.tag in _BLOCKS or _is_apart(child) else ""
            yield gap
            yield from _texts(child, skip_kickers=skip_kickers)
            yield gap
        yield child.tail or ""


def _in_line(child: HtmlElement, inner: str) -> str:
    """What stands above or below the line, behind what stands before it."""
    beside, around = child.getprevious(), child.getparent()
    before = beside.tail if beside is not None else around.text if around is not None else ""
    return raised(inner, before or "") if child.tag == "sup" else lowered(inner, before or "")


def _is_apart(child: HtmlElement) -> bool:
    """True for one of several parts with nothing between them: their words are not one word. A drop cap's letter is."""
    beside = child.getprevious() if child.getprevious() is not None else child.getnext()
    if beside is None or beside.tag != child.tag or child.tag not in ("span", "strong", "em", "b", "i"):
        return False
    between = (beside.tail if beside is child.getprevious() else child.tail) or ""
    return not between and min(len(child.text_content()), len(beside.text_content())) > 1


def _same(words: str) -> str:
    """Without marks, spaces and capitals."""
    return re.sub(r"[\W_]+", "", words).casefold()


def _site_beside(told: Sequence[str], ours: Sequence[str], smaller: Sequence[str]) -> set[str]:
    """First-level headings that are one end of the page's name, while its other end is another heading."""
    found: set[str] = set()
    headings = {_same(words) for words in (*ours, *smaller)}
    for title in told:
        parts = [_same(part) for part in _PARTS.split(title) if _same(part)]
        if len(parts) < 2:
            continue
        for words in ours:
            mine = _same(words)
            longest = max((part for part in (parts[0], parts[-1]) if part in headings), key=len, default="")
            if (
                mine in parts
                and longest
                and longest != mine
                and (mine == parts[-1] or len(mine) < len(longest))
            ):
                found.add(words)
    return found


def _leads_home(heading: HtmlElement, address: str) -> bool:
    """True for a heading that is nothing but a link to the home page."""
    for link in heading.iter("a"):
        href = (link.get("href") or "").strip()
        target, own = _split(href), _split(address)
        home = href in ("/", "./", "../", "../../", "index.html", "/index.html", "#top")
        home = home or (
            bool(target.netloc)
            and target.path in ("", "/")
            and target.netloc in ("", own.netloc or target.netloc)
        )
        return home and len(one_line(link.text_content())) > 0.8 * len(one_line(heading.text_content()))
    return False


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def _leads_up(heading: HtmlElement, address: str) -> bool:
    """True for a heading that is nothing but a link to another page near the top of a site, such as /blog/."""
    link = next(heading.iter("a"), None)
    if link is None or not address:
        return False
    path = _split((link.get("href") or "").strip()).path.rstrip("/")
    near = path.count("/") <= 1 and path != _split(address).path.rstrip("/")
    return near and len(one_line(link.text_content())) > 0.8 * len(one_line(heading.text_content()))


def _ends(told: Sequence[str]) -> set[str]:
    """The first and last parts of what the head calls the page, where it has several."""
    parts = [part for words in told if len(part := _SURE_PARTS.split(words)) > 1]
    return {_same(part) for several in parts for part in (several[0], several[-1])}


def _in_banner(heading: HtmlElement) -> bool:
    """True for the site's own name at the top, which many pages make an h1."""
    inside = list(heading.iterancestors())
    tags = [parent.tag for parent in inside]
    if "nav" in tags or ("header" in tags and "article" not in tags and "main" not in tags):
        return True
    named = [heading, *inside[:2]]
    return any(_BANNER.search(f"{element.get('class') or ''} {element.get('id') or ''}") for element in named)


def without_site(title: str, sites: set[str]) -> str:
    """ "Seeds | Example Hub" → "Seeds"; a hyphen or a colon only counts beside the site's known name."""
    for mark in (" | ", " » ", " – ", " — ", " · ", " - ", " • ", ": "):
        head, found, tail = title.rpartition(mark)
        sure = mark in (" | ", " » ", " – ", " — ", " · ", " • ")
        if found and head and (tail.casefold() in sites or (sure and len(tail.split()) <= 5)):
            return head.strip()
        head, found, tail = title.partition(mark)
        if found and tail and head.casefold() in sites:
            return tail.strip()
    return title
