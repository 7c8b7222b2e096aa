"""The lint's rules for what screen readers and mail programs need of the HTML itself (WCAG 2.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from lxml.html import HtmlElement

from newsletter.rendering.lint.level import LintProblem, warning
from newsletter.rendering.lint.subject import LintedMail
from newsletter.text.graphemes import cut

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def look(variant: LintedMail) -> Iterator[LintProblem]:
    yield from _head(variant.document)
    yield from _headings(variant.body)
    yield from _tables(variant)
    if not _has_preheader(variant.body):
        yield warning(
            "preheader",
            "there are no hidden words at the beginning, so inboxes show whatever comes first: begin with a preheader",
        )


def _head(document: HtmlElement) -> Iterator[LintProblem]:
    """WCAG 3.1.1 and 2.4.2."""
    if not document.get("lang"):
        yield warning(
            "lang", '<html> has no lang: write lang="{{ frame.language }}", or it is read aloud as English'
        )
    if not document.get("dir"):
        yield warning(
            "lang", '<html> has no dir: write dir="{{ frame.direction }}", for languages that run leftwards'
        )
    if not (document.findtext(".//title") or "").strip():
        yield warning("title", "the HTML has no <title>: write <title>{{ subject }}</title>")
    metas = {(meta.get("name") or "").lower() for meta in document.iter("meta")}
    if "viewport" not in metas:
        yield warning("viewport", 'there is no <meta name="viewport">: telephones show it as a tiny page')


def _headings(body: HtmlElement) -> Iterator[LintProblem]:
    """WCAG 1.3.1: who listens goes from heading to heading."""
    found = list(body.iter(*_HEADINGS))
    levels = [int(str(element.tag)[1]) for element in found]
    if levels.count(1) != 1:
        yield warning(
            "headings", f"there are {levels.count(1)} headings <h1>, and one is right: the mail's title"
        )
    for (_, before), (element, after) in pairwise(zip(found, levels, strict=True)):
        if after > before + 1:
            words = cut(" ".join("".join(element.itertext()).split()), 40)
            yield warning(
                "headings", f"“{words}” is <h{after}> after <h{before}>: leave no level out", about=words
            )


def _tables(variant: LintedMail) -> Iterator[LintProblem]:
    """WCAG 1.3.1: a table that only lays out is read aloud as rows and columns unless it says so."""
    bare = [
        table
        for table in variant.body.iter("table")
        if table.get("role") not in ("presentation", "none") and not _has_data(table)
    ]
    ours = [table for table in bare if not _in_post(table, variant)]
    if ours:
        yield warning(
            "tables",
            f'{len(ours)} of the tables that lay out say no role="presentation": add it, or they are read aloud as '
            "data",
        )


def _has_data(table: HtmlElement) -> bool:
    return next(table.iter("th", "caption", "thead"), None) is not None


def _in_post(table: HtmlElement, variant: LintedMail) -> bool:
    words = cut(" ".join(" ".join(table.itertext()).split()), 40)
    return any("<table" in entry.html and words[:12] in entry.html for entry in variant.entries)


def _has_preheader(body: HtmlElement) -> bool:
    """The first words of the body stand in an element that is hidden."""
    for element in body.iter():
        if not isinstance(element.tag, str) or not (element.text or "").strip():
            if isinstance(element.tag, str) and (element.tail or "").strip():
                return False
            continue
        chain = [element, *element.iterancestors()]
        return any(re.search(r"display:\s*none|mso-hide", one.get("style") or "") for one in chain)
    return True
