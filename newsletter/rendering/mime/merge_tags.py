"""Marks: what stands in a rendered mail where a personal value will go, what takes its place, and the proof
that each stands only where it may.

They are drawn at random for every render. A fixed mark could be written into a post by somebody hostile,
whose link would then collect every reader's token.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from secrets import token_hex

from lxml import html as lxml_html

from newsletter.errors import RenderError
from newsletter.rendering.mail_parts import Personal
from newsletter.rendering.mime import headers

#: The personal values that templates may use, by their names in Personal.
PERSONAL = ("address_shown", "name", "unsubscribe_url", "preferences_url")
#: Those that are web addresses: they may stand in a link, and only as the whole of it.
LINKS = frozenset({"unsubscribe_url", "preferences_url"})
#: Characters of a mark that show it was cut or changed. One more than a colour's digits, which are made by the way.
_PIECE = 7
#: Text inside these is not shown as text.
_NOT_TEXT = frozenset({"style", "script", "textarea", "template", "noscript"})


def draw(texts: Iterable[str]) -> dict[str, str]:
    """A mark for each personal value, letters and digits only; no piece of it stands in any of the texts."""
    known = "\n".join(texts).lower()
    while True:
        marks = {name: f"m{token_hex(12)}" for name in PERSONAL}
        if not any(piece in known for mark in marks.values() for piece in _pieces(mark)):
            return marks


def _pieces(mark: str) -> Iterator[str]:
    return (mark[start : start + _PIECE] for start in range(len(mark) - _PIECE + 1))


def pattern(marks: Mapping[str, str]) -> re.Pattern[str]:
    """Finds every mark; the mark itself is group 1, so that ``split`` gives text and marks in turn."""
    return re.compile("(" + "|".join(map(re.escape, marks.values())) + ")" if marks else "((?!))")


def value(name: str, personal: Personal, *, is_html: bool) -> str:
    """What takes a mark's place: a link that is one (UnsafeValue if not), or words on one line; escaped for
    HTML.
    """
    raw: str = getattr(personal, name)
    safe = headers.checked_link(raw, f"personal.{name}") if name in LINKS else headers.CONTROL.sub(" ", raw)
    return escape(safe, quote=True) if is_html else safe


def count(text: str, marks: Mapping[str, str]) -> dict[str, int]:
    """How often each mark stands in the text."""
    return {name: text.count(mark) for name, mark in marks.items()}


def check_unmoved(before: str, after: str, marks: Mapping[str, str], file: str) -> None:
    """Raise RenderError when inlining lost or doubled a mark."""
    first, then = count(before, marks), count(after, marks)
    for name in marks:
        if first[name] != then[name]:
            raise RenderError(
                f"{file}: personal.{name} stands {first[name]} times in the template's output and "
                f"{then[name]} times after inlining; use it in plain text or as a whole link"
            )


def check_whole(output: str, marks: Mapping[str, str], file: str, sources: Mapping[str, str]) -> None:
    """Raise RenderError when a template cut or changed a mark: readers would see what is left of it.

    ``sources`` are the templates, to name the one that did where it can be seen; else it is ``file``.
    """
    rest = pattern(marks).sub("", output).lower()
    for name, mark in marks.items():
        if any(piece in rest for piece in _pieces(mark)):
            raise RenderError(
                f"{_changing(name, sources) or file}: personal.{name} is put in for each reader after the template "
                "is filled, so that no filter can cut or change it: use it as it is"
            )


def _changing(name: str, sources: Mapping[str, str]) -> str:
    for file, source in sources.items():
        if found := re.search(rf"\bpersonal\.{name}\s*[|\[.~]", source):
            return f"{file}, line {source.count(chr(10), 0, found.start()) + 1}"
    return ""


def check_places(document: str, marks: Mapping[str, str], file: str) -> None:
    """Raise RenderError when a mark stands where its value could do harm: in an attribute other than a whole
    href, in CSS, or (a name, an address) in any attribute at all.
    """
    found = pattern(marks)
    names = {mark: name for name, mark in marks.items()}
    links = {marks[name] for name in LINKS if name in marks}
    for node in lxml_html.document_fromstring(document).iter():
        for mark, place in _out_of_place(node, found, links):
            raise RenderError(f"{file}: personal.{names[mark]} must not stand in {place}")


def _out_of_place(
    node: lxml_html.HtmlElement, found: re.Pattern[str], links: set[str]
) -> Iterable[tuple[str, str]]:
    if not isinstance(node.tag, str):
        yield from _in_comment(node.text or "", found, links)
        return
    for key, value in node.attrib.items():
        for match in found.finditer(f"{key} {value}"):
            if not (key == "href" and node.tag == "a" and value == match[1] and value in links):
                yield (
                    match[1],
                    f'the attribute {key} of <{node.tag}> (only a whole href="…" of a link takes one)',
                )
    if node.tag in _NOT_TEXT:
        for match in found.finditer(node.text or ""):
            yield match[1], f"<{node.tag}>"


def _in_comment(comment: str, found: re.Pattern[str], links: set[str]) -> Iterable[tuple[str, str]]:
    """Outlook's buttons live in conditional comments: a whole href is in order there too."""
    for match in found.finditer(comment):
        whole = comment[: match.start()].endswith('href="') and comment[match.end() :].startswith('"')
        if not (whole and match[1] in links):
            yield match[1], "a comment"
