"""A page saved as plain text → a post: title, date, authors and paragraphs, without the furniture around them."""

from __future__ import annotations

import html as entities
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from newsletter.dates import PartialDate
from newsletter.sources.article.details.bylines import read_byline
from newsletter.sources.article.quotations import quotations
from newsletter.sources.base import Item
from newsletter.sources.html.boilerplate.lines import (
    bare_line,
    is_furniture,
    is_furniture_at_the_edge,
    is_menu,
    may_open_other_posts,
    opens_other_posts,
)
from newsletter.sources.html.sanitize import clean, one_line, without_controls

#: As many pieces at the most stand between the top of a page and the line with its date.
_DEEPEST_BYLINE = 12
_LONGEST_TITLE = 250
#: As many pieces at the most are looked at for title, date and authors: the longest menu, and more.
_LONGEST_HEAD = 300
#: A page of text has fewer characters and lines; a post has room for neither.
MOST_CHARACTERS = 1_000_000
MOST_LINES = 50_000
_LINE_END = re.compile(r"\r\n?|[\n\u2028\u2029\x85\x0c]")
#: As many pieces at the end of a page may be its footer.
_LAST_LINES = 6
#: Lines as long as this were broken by an editor's margin and belong together.
_MARGIN = range(45, 101)
_SENTENCE_END = re.compile(r"[.!?:;…][”\"’»)\]]*$")
_LIST_MARK = re.compile(r"^(?:[-*•‣◦]|(\d{1,2})[.)])\s+(?=\S)")


@dataclass(slots=True)
class _Page:
    title: str = ""
    date: PartialDate | None = None
    updated: PartialDate | None = None
    authors: tuple[str, ...] = ()
    body: list[str] = field(default_factory=list)


def read_text(text: str, *, zone: str, site_titles: Sequence[str] = ()) -> Item:
    """Find the post on a page of text. ``title`` and ``html`` are empty where there is none; ``names`` is empty.

    ``site_titles`` are headings of the site itself, which are no part of a post. ``zone`` is for times without one.
    """
    pieces = [piece for piece in _pieces(without_controls(text)) if not is_furniture(piece)]
    page = _read(pieces, zone, site_titles)
    return Item(
        names=(),
        title=page.title,
        html=clean(_as_html(page.body), ""),
        date=page.date,
        updated=page.updated.starts(zone) if page.updated else None,
        authors=page.authors,
    )


def too_much_text(text: str) -> str:
    """Why a page of text is too much to be read, as a clause that begins a sentence; empty for one that is not."""
    if len(text) > MOST_CHARACTERS:
        return f"the text is longer than {MOST_CHARACTERS // 1_000_000} million characters"
    lines = sum(1 for _ in _LINE_END.finditer(text))
    return f"the text has more than {MOST_LINES} lines" if lines > MOST_LINES else ""


def _pieces(text: str) -> list[str]:
    """The page's paragraphs, headings, list entries and single lines, each on one line."""
    pieces: list[str] = []
    for block in re.split(r"\n\s*\n", re.sub(r"\r\n?|[\u2028\u2029\x85\x0c]", "\n", text)):
        lines = [" ".join(line.split()) for line in block.split("\n") if line.strip()]
        wrapped = bool(lines) and max(map(len, lines)) in _MARGIN
        previous = ""
        for line in lines:
            goes_on = wrapped and len(previous) in _MARGIN and not _LIST_MARK.match(line)
            if goes_on and not is_furniture(line) and not is_furniture(previous):
                pieces[-1] += " " + line
            else:
                pieces.append(line)
            previous = line
    return pieces


def _is_prose(piece: str) -> bool:
    return len(piece) >= 140 or (len(piece) >= 60 and bool(_SENTENCE_END.search(piece)))


def _read(pieces: list[str], zone: str, site_titles: Sequence[str]) -> _Page:
    page = _Page()
    seen = Counter(bare_line(piece).casefold() for piece in pieces)
    last = (
        {bare_line(piece).casefold() for piece in pieces[-_LAST_LINES:]}
        if len(pieces) > _LAST_LINES
        else set()
    )
    head_end = _end_of_head(pieces, zone)
    head, rest = pieces[:head_end], pieces[head_end:]
    bylines = {place for place, piece in enumerate(head) if _take_byline(piece, page, zone)}
    candidates = [
        place
        for place, piece in enumerate(head)
        if place not in bylines
        and len(piece) <= _LONGEST_TITLE
        and not is_furniture_at_the_edge(piece, site_titles)
    ]
    if candidates:
        chosen = max(candidates, key=lambda place: (_titleness(place, head, bylines, last), -place))
        page.title = _without_mark(head[chosen])
        kept = [head[place] for place in candidates if place > chosen]
    elif rest:
        page.title, kept, rest = _without_mark(rest[0]), [], rest[1:]
    else:
        return page
    rest = [piece for place, piece in enumerate(rest) if place > 3 or not _take_byline(piece, page, zone)]
    page.body = _without_tail(kept + rest, page.title, seen, site_titles)
    return page


def _end_of_head(pieces: list[str], zone: str) -> int:
    """Where the post's own text begins: at its first prose, or below the line that dates it if that comes later."""
    prose = next((place for place, piece in enumerate(pieces) if _is_prose(piece)), None)
    end = min(prose, _LONGEST_HEAD) if prose is not None else min(1, len(pieces))
    passed = 0
    for place, piece in enumerate(pieces[:_DEEPEST_BYLINE]):
        passed += _is_prose(piece)
        # One piece of prose may be a standfirst above the date; below more, a date is that of another post.
        if passed > 1 or len(piece) > _LONGEST_TITLE or (passed and opens_other_posts(piece)):
            break
        if read_byline(piece, zone=zone) and place > 0:
            end = max(end, place + 1)
    return end


def _take_byline(piece: str, page: _Page, zone: str) -> bool:
    found = read_byline(piece, zone=zone)
    if not found:
        return False
    page.date = page.date or found.date
    page.updated = page.updated or found.updated
    page.authors = page.authors or found.authors
    return True


def _titleness(place: int, head: list[str], bylines: set[int], last: set[str]) -> int:
    """How much a line of the head looks like the post's title rather than a site's name or a standfirst."""
    piece = head[place]
    words = len(piece.split())
    score = 2 if 3 <= words <= 20 else 0
    score += 6 if piece.startswith("# ") else 0
    score += 2 if place + 1 in bylines else 0
    score += 1 if place + 2 in bylines else 0
    score -= 3 if piece.endswith(".") or len(piece) > 140 else 0
    score -= 2 if is_menu(piece) else 0
    named = bare_line(piece).casefold()
    # A breadcrumb or a window title that ends or begins with the line names the post, not the site.
    score += (
        3 if words > 2 and any(named in line.casefold() for line in head if len(line) > len(piece)) else 0
    )
    # What stands at the bottom of the page as well is the site's name.
    score -= 4 if named in last else 0
    return score


def _without_mark(title: str) -> str:
    return one_line(re.sub(r"^#{1,6}\s+", "", title))


def _without_tail(body: list[str], title: str, seen: Counter[str], site_titles: Sequence[str]) -> list[str]:
    """The body up to where other posts are listed, without furniture and repeated lines at its end."""
    total, before = _prose(body), 0
    for place, piece in enumerate(body):
        after = total - before
        listed = opens_other_posts(piece, site_titles) and after < before
        if listed or (not after and may_open_other_posts(piece)):
            body = body[:place]
            break
        before += _prose([piece])
    end = len(body)
    while end and _is_tail(body[end - 1], seen, site_titles):
        end -= 1
    body = body[:end]
    named = bare_line(title).casefold()
    body = [piece for place, piece in enumerate(body) if place > 1 or bare_line(piece).casefold() != named]
    return [piece for piece in body if not opens_other_posts(piece, site_titles) or _is_prose(piece)]


def _is_tail(piece: str, seen: Counter[str], site_titles: Sequence[str]) -> bool:
    if _LIST_MARK.match(piece) or _is_prose(piece):
        return False
    repeated = seen[bare_line(piece).casefold()] > 1 and len(piece) <= 80
    return repeated or is_furniture_at_the_edge(piece, site_titles)


def _prose(pieces: Sequence[str]) -> int:
    return sum(len(piece) for piece in pieces if _is_prose(piece))


def _as_html(pieces: list[str]) -> str:
    """Paragraphs, lists, headings and quotations, with everything escaped."""
    quoted = {place: run for run in quotations(pieces) for place in run}
    parts: list[str] = []
    for place in range(len(pieces)):
        run = quoted.get(place)
        if run and place == run.start:
            parts.append("<blockquote>")
        parts.append(_element(place, pieces))
        if run and place == run[-1]:
            parts.append("</blockquote>")
    html = "\n".join(parts)
    return re.sub(r"</(ul|ol)>\n<\1>\n", "", html)


def _element(place: int, pieces: list[str]) -> str:
    piece = pieces[place]
    if mark := _LIST_MARK.match(piece):
        tag = "ol" if mark[1] else "ul"
        # A list of one entry is a dash that opens a line of speech, or a sentence that begins with a number.
        near = [
            _LIST_MARK.match(other)
            for other in pieces[max(place - 1, 0) : place] + pieces[place + 1 : place + 2]
        ]
        if any(other and bool(other[1]) == bool(mark[1]) for other in near):
            return f"<{tag}>\n<li>{entities.escape(piece[mark.end() :], quote=False)}</li>\n</{tag}>"
    if _is_heading(place, pieces):
        words = re.sub(r"^#{1,6}\s+", "", piece)
        return f"<h2>{entities.escape(words, quote=False)}</h2>"
    return f"<p>{entities.escape(piece, quote=False)}</p>"


def _is_heading(place: int, pieces: list[str]) -> bool:
    """A short line without a full stop, between a paragraph and a long one."""
    piece = pieces[place]
    if place + 1 >= len(pieces):
        return False
    if re.match(r"^#{2,6}\s+\S", piece):
        return True
    plain = len(piece) <= 70 and piece[0].isalnum() and not piece[0].islower() and piece[-1] not in ',;”"»'
    return plain and place > 0 and not _SENTENCE_END.search(piece) and _is_prose(pieces[place + 1])
