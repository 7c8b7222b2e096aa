"""How well posts are found on pages, beside trafilatura alone and readability-lxml where that is installed.

``python benchmarks/pages.py FOLDER...``; each folder holds pages whose posts are known, in one of these forms:

- ``evaldata.json``: for each address a file, pieces that are in the post (``with``) and pieces that are not
  (``without``), and perhaps ``title``, ``date`` and ``author``. benchmarks/made_pages.py writes such a folder.
- folders with ``source.html``, ``expected.html`` and perhaps ``expected-metadata.json``.
- the ``tests`` folder of a source distribution of trafilatura or htmldate (asserted_pages.py).
- ``NAME.html`` beside ``NAME.json`` with the post in ``expected``, whose text may be the beginning alone.

Pieces are counted one by one, white space aside; whole texts by the words that they share. No rule of ours is made to
fit the pages of others: they are for measuring.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import logging
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from asserted_pages import asserted
from lxml.html import fromstring

from newsletter import date_parsing
from newsletter.http.encodings import decode
from newsletter.sources.article.html_page import read_html, too_much_html
from newsletter.sources.html.sanitize import plain_text

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")

_CAPTION = re.compile(r"<figcaption\b.*?</figcaption>", re.DOTALL)


@dataclass(frozen=True)
class Page:
    name: str
    html: str
    url: str
    inside: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    #: The whole text; empty where only pieces are known.
    text: str = ""
    title: str = ""
    date: str = ""
    authors: str = ""


@dataclass
class Reading:
    title: str = ""
    text: str = ""
    date: str = ""
    authors: str = ""


@dataclass
class Score:
    pieces: Counter[str] = field(default_factory=Counter)
    shares: list[tuple[float, float]] = field(default_factory=list)
    right: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    slowest: float = 0.0


def pages_in(folder: Path) -> Iterator[Page]:
    """The pages of a folder, whichever of the forms above it has."""
    if (folder / "evaldata.json").exists():
        yield from _with_pieces(folder)
    if (folder / "cache").is_dir():
        yield from _with_asserts(folder)
    for source in sorted(folder.rglob("source.html")):
        if (source.parent / "expected.html").exists():
            yield _with_text(source)
    for data in sorted(folder.glob("*.json")):
        if (page := data.with_suffix(".html")).exists():
            yield _with_beginning(page, json.loads(data.read_text()))


def _with_pieces(folder: Path) -> Iterator[Page]:
    files = {path.name: path for path in folder.rglob("*.htm*")}
    for url, entry in json.loads((folder / "evaldata.json").read_text()).items():
        if path := files.get(Path(entry["file"]).name):
            yield Page(
                entry["file"],
                decode(path.read_bytes(), ""),
                url,
                tuple(entry.get("with", ())),
                tuple(entry.get("without", ())),
                title=entry.get("title") or "",
                date=entry.get("date") or "",
                authors=entry.get("author") or "",
            )


def _with_asserts(tests: Path) -> Iterator[Page]:
    for url, said in asserted(tests).items():
        html = decode((tests / "cache" / said.file).read_bytes(), "")
        pieces = tuple(said.inside), tuple(said.outside)
        yield Page(said.file, html, url, *pieces, title=said.title, date=said.date, authors=said.author)


def _with_text(source: Path) -> Page:
    about_path = source.parent / "expected-metadata.json"
    about = json.loads(about_path.read_text()) if about_path.exists() else {}
    expected = plain_text(decode((source.parent / "expected.html").read_bytes(), ""))
    html = decode(source.read_bytes(), "")
    url = f"http://fakehost/{source.parent.name}"
    return Page(source.parent.name, html, url, text=expected, title=about.get("title") or "")


def _with_beginning(path: Path, data: dict[str, object]) -> Page:
    expected = data.get("expected") or {}
    assert isinstance(expected, dict)
    pieces = [piece.strip() for piece in str(expected.get("cleaned_text") or "").split("\n\n")]
    return Page(
        path.name,
        decode(path.read_bytes(), ""),
        str(data.get("url") or "https://example.org/a"),
        tuple(piece for piece in pieces if len(piece) > 20),
        title=expected.get("title") or "",
    )


def ours(page: Page) -> Reading:
    if too_much_html(page.html):
        return Reading()
    item = read_html(page.html, page.url, zone="UTC")
    day = str(item.date)[:10] if item.date else ""
    return Reading(item.title, plain_text(item.html), day, "; ".join(item.authors))


def ours_without_captions(page: Page) -> Reading:
    """trafilatura leaves out the words below pictures: ours beside it, without them."""
    found = ours(page)
    if too_much_html(page.html):
        return found
    html = read_html(page.html, page.url, zone="UTC").html
    return Reading(found.title, plain_text(_CAPTION.sub(" ", html)), found.date, found.authors)


def trafilatura_alone(page: Page) -> Reading:
    from trafilatura import bare_extraction

    found = bare_extraction(page.html, url=page.url, with_metadata=True, include_comments=False)
    if found is None:
        return Reading()
    return Reading(found.title or "", found.text or "", found.date or "", found.author or "")


def readability_alone(page: Page) -> Reading:
    from readability import Document

    document = Document(page.html)
    return Reading(document.short_title(), fromstring(document.summary()).text_content())


def measured(read: Callable[[Page], Reading], pages: Sequence[Page]) -> Score:
    """How that reader does on these pages."""
    score = Score()
    for page in pages:
        started = time.perf_counter()
        try:
            found = read(page)
        except Exception as error:
            print(f"{read.__name__} on {page.name}: {error!r}")
            found = Reading()
        taken = time.perf_counter() - started
        score.seconds, score.slowest = score.seconds + taken, max(score.slowest, taken)
        count_pieces(score.pieces, page, found.text)
        if page.text:
            score.shares.append(shares(found.text, page.text))
        for name, is_same in (("title", _same_title), ("date", _same_date), ("authors", _same_people)):
            if wanted := getattr(page, name):
                score.said[name] += 1
                score.right[name] += is_same(getattr(found, name), wanted)
    return score


def count_pieces(counts: Counter[str], page: Page, text: str) -> None:
    text = _squeezed(text)
    for piece in page.inside:
        counts["found" if _squeezed(piece) in text else "missed"] += 1
    for piece in page.outside:
        counts["wrong" if _squeezed(piece) in text else "left"] += 1


def shares(found: str, wanted: str) -> tuple[float, float]:
    """Precision and recall of the words."""
    here, there = Counter(_WORD.findall(found.lower())), Counter(_WORD.findall(wanted.lower()))
    both = sum((here & there).values())
    return both / max(sum(here.values()), 1), both / max(sum(there.values()), 1)


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _same_title(found: str, wanted: str) -> bool:
    return _WORD.findall(found.lower()) == _WORD.findall(wanted.lower())


def _same_date(found: str, wanted: str) -> bool:
    day = date_parsing.parse(wanted, zone="UTC")
    return bool(found) and found == (str(day)[:10] if day else wanted)


def _same_people(found: str, wanted: str) -> bool:
    return set(_WORD.findall(found.lower())) == set(_WORD.findall(wanted.lower()))


def line(name: str, score: Score, pages: int) -> str:
    cells = [f"{name:22}"]
    counts = score.pieces
    if counts:
        right = counts["found"]
        precision = right / max(right + counts["wrong"], 1)
        recall = right / max(right + counts["missed"], 1)
        cells.append(_ratios(precision, recall))
    if score.shares:
        each = [2 * p * r / (p + r) if p + r else 0.0 for p, r in score.shares]
        precision, recall = (sum(values) / len(each) for values in zip(*score.shares, strict=True))
        cells.append(f"{precision:9.3f}{recall:8.3f}{sum(each) / len(each):8.3f}")
    cells += [
        f"{score.right[name]:5}/{score.said[name]:<4}"
        for name in ("title", "date", "authors")
        if score.said[name]
    ]
    cells.append(f"{1000 * score.seconds / max(pages, 1):8.0f} ms{1000 * score.slowest:8.0f} ms")
    return "  ".join(cells)


def _ratios(precision: float, recall: float) -> str:
    both = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return f"{precision:9.3f}{recall:8.3f}{both:8.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--worst", type=int, default=0, help="name so many pages with the most pieces wrong")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    readers: list[tuple[str, Callable[[Page], Reading]]] = [
        ("ours", ours),
        ("ours, no captions", ours_without_captions),
        ("trafilatura alone", trafilatura_alone),
    ]
    if importlib.util.find_spec("readability"):
        readers.append(("readability-lxml alone", readability_alone))
    for folder in options.folders:
        pages = list(pages_in(folder))
        print(f"\n{folder.name}: {len(pages)} pages")
        print(f"{'':22}  precision  recall      F1  right: title, date, authors     mean   slowest")
        for name, read in readers:
            print(line(name, measured(read, pages), len(pages)), flush=True)
        for page in worst(pages, options.worst):
            print(page)


def worst(pages: Sequence[Page], count: int) -> list[str]:
    """The pages with the most pieces missed or wrong, for a look at them."""
    rows: list[tuple[int, str]] = []
    for page in pages if count else ():
        counts: Counter[str] = Counter()
        found = ours(page)
        count_pieces(counts, page, found.text)
        about = [
            f"{name}: {getattr(found, name)!r}, not {wanted!r}"
            for name, is_same in (("title", _same_title), ("date", _same_date), ("authors", _same_people))
            if (wanted := getattr(page, name)) and not is_same(getattr(found, name), wanted)
        ]
        bad = counts["missed"] + counts["wrong"]
        rows.append(
            (bad + len(about), f"  {page.name}: {counts['missed']} missed, {counts['wrong']} wrong; {about}")
        )
    return [row for bad, row in sorted(rows, reverse=True)[:count] if bad]


if __name__ == "__main__":
    main()
