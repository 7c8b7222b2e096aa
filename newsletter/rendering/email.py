"""A frame and its posts become one variant: subject, HTML and text, with marks where personal values will go.

Nothing here knows a recipient (message.py splices those in) or a database.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from jinja2.sandbox import ImmutableSandboxedEnvironment

from newsletter.errors import RenderError, UnsafeValue
from newsletter.rendering import body, context
from newsletter.rendering.inline import inline
from newsletter.rendering.mail_parts import Entry, Frame, Rendered
from newsletter.rendering.mime import merge_tags, quoted_printable
from newsletter.rendering.mime.headers import checked
from newsletter.rendering.plaintext import html_to_text
from newsletter.rendering.templates.environment import fill, make_environment, template_names

#: Bytes of HTML, as it goes over the wire. Gmail shows about 102 KiB and hides the rest, footer and all;
#: whether it counts before or after decoding is not known, so the larger count is held, with room for
#: personal values.
LARGEST = 97_000

#: Characters of a subject that is not too long to be sent (whole_mail.py), and of a post's title in it.
LONGEST_SUBJECT, SUBJECT_TITLE = 150, 130

#: As many posts stay linked while others are shown with their summaries.
_ENOUGH_LINKS = 40

_WORDS = re.compile(r"\{(title|count|date)\}")


def kind_of(entries: Sequence[Entry]) -> str:
    """ "post" when there is one post and it comes with its full text, else "digest"."""
    return "post" if len(entries) == 1 and entries[0].html.strip() else "digest"


def render(frame: Frame, entries: Sequence[Entry], templates: Mapping[str, str]) -> Rendered:
    """Render one variant; ``entries`` come newest first, ``templates`` from ``template_sources``.

    Without entries the frame's note is the mail (an announcement or a correction).
    Raises RenderError, and UnsafeValue for a subject with a control character.
    """
    if not entries and not frame.note.strip():
        raise RenderError("there is nothing to send: no post and no note")
    kind = kind_of(entries)
    subject = _subject(frame, entries, kind, templates)
    drawn = merge_tags.draw(_written(frame, entries, templates))
    page = _Page(frame, entries, kind, templates, context.of_frame(frame, subject, drawn, web=False))
    html, shown = page.fitting()
    written = page.text(shown)
    _check_marks(html, written, drawn, page.names, templates)
    return Rendered(subject, html, written, drawn)


def render_web(frame: Frame, entries: Sequence[Entry], templates: Mapping[str, str]) -> str:
    """The same mail as a page of the archive: nothing personal, nothing left out for size, noindex."""
    kind = kind_of(entries)
    subject = _subject(frame, entries, kind, templates)
    # Templates may name personal values outside their {% if not web %}; on the web they are empty.
    nobody = dict.fromkeys(merge_tags.PERSONAL, "")
    page = _Page(frame, entries, kind, templates, context.of_frame(frame, subject, nobody, web=True))
    return page.whole()


def render_notice(
    frame: Frame, kind: str, values: Mapping[str, str], templates: Mapping[str, str]
) -> Rendered:
    """Render a mail to one person that is no edition, such as kind "confirm" (needs ``confirm_url``).

    ``values`` reach the templates as values.NAME, escaped; frame.subject, when set, wins over the template's.
    Raises RenderError, and UnsafeValue for a value with a control character.
    """
    safe = {name: checked(value, f"values.{name}") for name, value in values.items()}
    environment = make_environment(templates)
    drawn = merge_tags.draw([*_written(frame, [], templates), *safe.values()])
    given = context.of_frame(frame, "", drawn, web=False) | context.of_entries(frame, [], [], 0)
    given["values"] = safe
    html_name, text_name, subject_name = names = template_names(kind)
    subject = fill(environment, subject_name, given | {"subject": frame.subject})
    given["subject"] = _never_empty(subject, frame, subject_name)
    filled = fill(environment, html_name, given)
    html = inline(filled, html_name)
    merge_tags.check_unmoved(filled, html, drawn, html_name)
    written = _tidy(fill(environment, text_name, given))
    _check_marks(html, written, drawn, names, templates)
    return Rendered(given["subject"], html, written, drawn)


def _check_marks(
    html: str,
    written: str,
    drawn: Mapping[str, str],
    names: tuple[str, str, str],
    templates: Mapping[str, str],
) -> None:
    merge_tags.check_whole(html, drawn, names[0], templates)
    merge_tags.check_whole(written, drawn, names[1], templates)
    merge_tags.check_places(html, drawn, names[0])


class _Page:
    """One variant on its way to HTML that is small enough."""

    def __init__(
        self,
        frame: Frame,
        entries: Sequence[Entry],
        kind: str,
        templates: Mapping[str, str],
        given: dict[str, Any],
    ) -> None:
        self.frame, self.entries, self.given = frame, entries, given
        self.names = template_names(kind)
        self.environment: ImmutableSandboxedEnvironment = make_environment(templates)
        self.most = len(entries) if kind == "post" else min(max(frame.most, 0), len(entries))
        self.ready = [context.of_entry(frame, entry, full=kind == "post") for entry in entries[: self.most]]

    def fitting(self) -> tuple[str, dict[str, Any]]:
        """The HTML, and the part of the context that made it small enough (the text shows the same posts)."""
        shown, linked = self.most, len(self.entries) - self.most
        while True:
            chosen = self.chosen(self.ready, shown, linked)
            html = self.html(chosen)
            size = len(quoted_printable.encode(html))
            if size <= LARGEST:
                return html, chosen
            if self.ready and self.ready[0]["html"]:
                self.shorten(size)
            elif shown or linked:
                shown, linked = _less(shown, linked, size)
            else:
                raise RenderError(
                    f"{self.names[0]}: {size} bytes without a single post, and only {LARGEST} are "
                    "shown by every mail program: shorten the note or the template"
                )

    def whole(self) -> str:
        return self.html(self.chosen(self.ready, self.most, len(self.entries) - self.most))

    def chosen(self, ready: list[dict[str, Any]], shown: int, linked: int) -> dict[str, Any]:
        rest = self.entries[shown : shown + linked]
        unlinked = len(self.entries) - shown - len(rest)
        return self.given | context.of_entries(self.frame, ready[:shown], rest, unlinked)

    def html(self, chosen: dict[str, Any]) -> str:
        filled = fill(self.environment, self.names[0], chosen)
        html = inline(filled, self.names[0])
        if not chosen["web"]:
            merge_tags.check_unmoved(filled, html, chosen["personal"], self.names[0])
        return html

    def shorten(self, size: int) -> None:
        """A post too long for a mail keeps its beginning and a button to the rest."""
        entry = self.ready[0]
        most = int(len(entry["html"].encode()) * LARGEST / size * 0.95)
        entry["html"] = body.shorten(entry["html"], most if most > 2_000 else 0)
        entry["shortened"] = True
        written = html_to_text.write(entry["html"])
        entry["text"], entry["notes"] = written.text, written.notes

    def text(self, chosen: dict[str, Any]) -> str:
        return _tidy(fill(self.environment, self.names[1], chosen))


def _less(shown: int, linked: int, size: int) -> tuple[int, int]:
    """The next smaller mail: many links go first, for the archive has them all, then summaries, but for the newest."""
    if linked > _ENOUGH_LINKS:
        return shown, max(_fewer(linked, size), _ENOUGH_LINKS)
    if shown > 1:
        fewer = max(_fewer(shown, size), 1)
        return fewer, linked + shown - fewer
    return (shown, _fewer(linked, size)) if linked else (0, shown)


def _fewer(number: int, size: int) -> int:
    return min(number - 1, int(number * LARGEST / size))


def _subject(frame: Frame, entries: Sequence[Entry], kind: str, templates: Mapping[str, str]) -> str:
    """frame.subject with its three words replaced, once: a title that holds {count} keeps it."""
    room = LONGEST_SUBJECT - len(frame.subject.replace("{title}", ""))
    # However long an author's title is, it keeps no mail from going out.
    whole, most = entries[0].title if entries else "", min(max(room, 40), SUBJECT_TITLE)
    title = context.line(whole, most)
    words = {
        "title": (whole if len(whole) <= most else title) if entries else frame.site_title,
        "count": str(len(entries)),
        "date": frame.date_text,
    }
    replaced = _WORDS.sub(lambda match: words[match[1]], frame.subject)
    given = context.of_frame(frame, checked(replaced, "the subject"), {}, web=False)
    file = template_names(kind)[2]
    filled = fill(make_environment(templates), file, given | {"title": title, "count": len(entries)})
    return _never_empty(filled, frame, file)


def _never_empty(subject: str, frame: Frame, file: str) -> str:
    """The subject template's words; never empty."""
    return checked(subject.strip("\n"), f"{file}: the subject") or checked(frame.site_title, "site.title")


def _written(frame: Frame, entries: Sequence[Entry], templates: Mapping[str, str]) -> list[str]:
    """Everything that others wrote into this mail."""
    return [str(frame.as_json()), *(str(entry.as_json()) for entry in entries), *templates.values()]


def _tidy(text: str) -> str:
    """Text templates leave blank lines where a part is missing: never more than one at a time."""
    lines = [line.rstrip(" ") for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"


__all__ = ["LARGEST", "UnsafeValue", "kind_of", "render", "render_notice", "render_web"]
