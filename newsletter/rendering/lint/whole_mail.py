"""The lint's rules for a mail as a whole: subject, size, text part, what the law wants in it, and leftovers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from newsletter.rendering.email import LARGEST, LONGEST_SUBJECT
from newsletter.rendering.lint.level import Level, LintProblem, error, warning
from newsletter.rendering.lint.subject import LintedMail
from newsletter.rendering.mail_parts import Entry
from newsletter.rendering.mime import quoted_printable
from newsletter.text.graphemes import cut

#: Bytes of the HTML as it is sent. Gmail hides what is beyond some 102 KiB.
CLIPPED, LARGE = 102 * 1024, 90 * 1024
#: Characters of a subject: telephones show about sixty, and nobody reads 150.
USEFUL, LONGEST = 60, LONGEST_SUBJECT

#: What templates of other systems, or mistakes in ours, leave in a mail.
_LEFTOVERS = re.compile(
    r"\{\{[^{}\n]{0,80}(?:\}\})?|\{%[^{}\n]{0,80}(?:%\})?|%7B%7B\S{0,60}|\*\|[A-Z][A-Z0-9_:]*\|\*|\[\[\w+\]\]"
    r"|<(?:bound method|function|built-in)[^>\n]{0,60}|\blorem ipsum\b",
    re.IGNORECASE,
)
#: Python's and JavaScript's words for nothing, where they stand for a value: alone, or between separators.
_NOTHING = re.compile(r"(?:^|[:·|,/]\s*)(None|undefined|NaN)(?=\s*(?:[·|,/]|$))", re.MULTILINE)


def look(variant: LintedMail) -> Iterator[LintProblem]:
    yield from _subject(variant.rendered.subject)
    yield from _size(variant)
    yield from _way_out(variant)
    yield from _postal_address(variant)
    yield from _text(variant)
    yield from _leftovers(variant)


def _subject(subject: str) -> Iterator[LintProblem]:
    length = len(subject.strip())
    if not length:
        yield error(
            "subject", "the subject is empty: give the campaign one, such as {title}", where="subject"
        )
    elif length > LONGEST:
        yield error(
            "subject",
            f"the subject has {length} characters: shorten it to {USEFUL}, at most {LONGEST}",
            where="subject",
        )
    elif length > USEFUL:
        yield warning(
            "subject",
            f"the subject has {length} characters and telephones show about {USEFUL}: put what matters first",
            where="subject",
        )


def _size(variant: LintedMail) -> Iterator[LintProblem]:
    size = len(quoted_printable.encode(variant.rendered.html))
    if size > CLIPPED:
        yield error(
            "size",
            f"the HTML has {size // 1024} KB and Gmail hides what is beyond 102: shorten the note or the template",
        )
    elif size > LARGE:
        yield warning(
            "size",
            f"the HTML has {size // 1024} KB and a mail holds {LARGEST // 1024}: look at the preview, for what does "
            "not fit is only linked",
        )


def _way_out(variant: LintedMail) -> Iterator[LintProblem]:
    for part, content in (("HTML", variant.rendered.html), ("text", variant.rendered.text)):
        if variant.rendered.marks.get("unsubscribe_url", "\0") not in content:
            yield error(
                "unsubscribe",
                f"the {part} has no link to unsubscribe: put {{{{ personal.unsubscribe_url }}}} into the template",
                where="foot",
                legal=True,
            )
        if variant.rendered.marks.get("preferences_url", "\0") not in content:
            yield warning(
                "preferences",
                f"the {part} has no link to the reader's preferences: put {{{{ personal.preferences_url }}}} into the "
                "template, for who wants less mail leaves where that is the only choice",
                where="foot",
            )


def _postal_address(variant: LintedMail) -> Iterator[LintProblem]:
    lines = [" ".join(line.split()) for line in variant.frame.postal_address.splitlines() if line.strip()]
    level = Level.ERROR if variant.real else Level.WARNING
    if not lines:
        yield LintProblem(
            "postal address",
            level,
            "there is no postal address: set site.postal_address, the law wants it in every mail",
            "foot",
            legal=variant.real,
        )
        return
    for part, content in (("HTML", variant.words), ("text", " ".join(variant.rendered.text.split()))):
        if not all(line in content for line in lines):
            yield LintProblem(
                "postal address",
                level,
                f"the {part} does not show the postal address: put {{{{ frame.postal_lines }}}} into the template",
                "foot",
                legal=variant.real,
            )


def _text(variant: LintedMail) -> Iterator[LintProblem]:
    text = variant.rendered.text
    if not text.strip():
        yield error("text part", "the text part is empty: its template gives nothing", where="text")
        return
    in_html = [entry for entry in variant.entries if _first(entry, variant) >= 0]
    in_text = [entry for entry in variant.entries if _place(entry, text, unquote(text)) >= 0]
    for only, part, other in ((in_html, "HTML", in_text), (in_text, "text", in_html)):
        for entry in only:
            if entry not in other:
                yield error(
                    "text part",
                    f'the post "{cut(entry.title, 60)}" stands in the {part} only: '
                    "let both templates show the same posts",
                    where="text",
                )
    if variant.entries and not in_html and not in_text:
        yield error("text part", "none of its posts stands in the mail: let the templates go through entries")
    both = [entry.key for entry in in_html if entry in in_text]
    by_html = sorted(both, key=[e.key for e in sorted(in_html, key=lambda e: _first(e, variant))].index)
    by_text = sorted(
        both, key=[e.key for e in sorted(in_text, key=lambda e: _place(e, text, unquote(text)))].index
    )
    if by_html != by_text:
        yield warning("text part", "the text has the posts in another order than the HTML", where="text")


def _first(entry: Entry, variant: LintedMail) -> int:
    return _place(entry, variant.words, variant.unquoted)


def _place(entry: Entry, words: str, source: str) -> int:
    """Where a post first stands: by its address, or where none is given by its title; -1 for nowhere. ``source`` comes
    without percent-encoding: HTML and text write an address each in their own way."""
    found = re.search(rf"{re.escape(unquote(entry.url))}(?![\w/-])", source)
    if found:
        return found.start()
    title = " ".join(entry.title.split())[:60].strip()
    return words.find(title) if title else -1


def _leftovers(variant: LintedMail) -> Iterator[LintProblem]:
    rendered = variant.rendered
    for name, content in (
        ("subject", rendered.subject),
        ("HTML", _visible(variant)),
        ("text", rendered.text),
    ):
        for found in dict.fromkeys(match[0].strip() for match in _LEFTOVERS.finditer(content)):
            by_post = variant.post_saying(_about(found))
            yield error(
                "leftover",
                f"“{found}” stands in the {name}: a template's word was not replaced",
                about=_about(found) if by_post else found,
                where="" if by_post else _by_staff(found, name, variant),
            )
        for word in dict.fromkeys(match[1] for match in _NOTHING.finditer(content)):
            yield _nothing(word, name, variant)


def _by_staff(found: str, name: str, variant: LintedMail) -> str:
    """The place of what staff wrote with the edition; empty for what is in a template."""
    if name == "subject":
        return "subject"
    return "note" if found in " ".join(variant.frame.note.split()) else ""


def _about(found: str) -> str:
    """What to look for in posts: without what happens to stand behind it."""
    if found.startswith("{{") and not found.endswith("}}"):
        return "{{"
    return re.sub(r"\W+$", "", found) if found.startswith("%") else found


def _nothing(word: str, name: str, variant: LintedMail) -> LintProblem:
    """An error, unless somebody wrote it: "Damage: None"."""
    text = f"“{word}” stands in the {name} where a value is missing: ask for it with {{% if %}}"
    frame = variant.frame
    by_staff = "\n".join((frame.note, frame.subject, frame.preheader, frame.site_title, frame.organisation))
    key = variant.post_with_word(word)
    if key or re.search(rf"\b{word}\b", by_staff):
        return warning("leftover", text, where=f"post {key}" if key else "")
    return error("leftover", text)


def _visible(variant: LintedMail) -> str:
    """Words and addresses of the HTML, a line each: code of CSS and comments is none of it."""
    lines = []
    for element in variant.document.iter():
        if isinstance(element.tag, str) and element.tag not in ("style", "script"):
            lines += [
                element.text or "",
                *(element.get(name) or "" for name in ("href", "src", "alt", "title")),
            ]
        lines.append(element.tail or "")
    return "\n".join(" ".join(line.split()) for line in lines if line.strip())
