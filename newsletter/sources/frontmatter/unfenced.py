"""Front matter without a fence: Pelican's "Title: …" lines, and Nikola's ".. title: …" in a comment or a second file.

What the keys mean is keys.py's.
"""

from __future__ import annotations

import re

#: Nobody writes more of them, and a text that begins with "Name: …" lines is soon over.
_MOST_LINES = 60
_PELICAN = re.compile(r"^([A-Za-z][A-Za-z0-9_-]{0,30}):[ \t]*(.*)$")
_GOES_ON = re.compile(r"^(?: {4}|\t)\s*(\S.*)$")
_NIKOLA = re.compile(r"^\.\.[ \t]+([\w-]{1,40}):[ \t]*(.*)$")
_COMMENT = re.compile(r"^\s{0,40}<!--[ \t]*\n((?:(?!-->)[^\n]*\n){1,80}?)[ \t]*-->[ \t]*(?:\n|$)")
_DATED = re.compile(r"(?:^|/)\d{4}-\d{2}-\d{2}[^/]*$")


def read_lines(text: str, where: str) -> tuple[dict[str, str], int] | None:
    """The values, and where the body begins; None when the text begins with something else.

    ``where`` is the file's name: Pelican's lines count only with a title and a date, in them or in the name, so that
    notes that begin with "Title: …" are not taken for a post.
    """
    comment = _COMMENT.match(text)
    if comment and (values := read_nikola(comment[1])):
        return values, _after_blank(text, comment.end())
    if text.startswith(".. ") and (values := read_nikola(text)):
        return values, _after_blank(text, len("".join(_until_blank(text))))
    values = _pelican(text)
    if "title" in values and ("date" in values or _DATED.search(where)):
        return values, _after_blank(text, len("".join(_until_blank(text))))
    return None


def begins_like_pelican(text: str) -> bool:
    """True for a text whose first lines name a title, though they may not be enough to publish it."""
    return "title" in _pelican(text)


def read_nikola(text: str) -> dict[str, str]:
    """Lines ".. key: value" up to the first blank line that follows one; lines of other kinds are passed over."""
    values: dict[str, str] = {}
    for line in text.split("\n")[:_MOST_LINES]:
        if found := _NIKOLA.match(line):
            values.setdefault(found[1].lower(), found[2].strip())
        elif values and not line.strip():
            break
    # Before version 8, and with USE_TAG_METADATA since, Nikola's drafts and private posts are told by a tag.
    if {"draft", "private"} & {tag.strip().lower() for tag in values.get("tags", "").split(",")}:
        values.setdefault("status", "draft")
    return values


def _pelican(text: str) -> dict[str, str]:
    values: dict[str, str] = {}
    last = ""
    for line in _until_blank(text):
        if found := _PELICAN.match(line.rstrip("\n")):
            last = found[1].lower()
            values.setdefault(last, found[2].strip())
        elif last and (more := _GOES_ON.match(line.rstrip("\n"))):
            values[last] = f"{values[last]} {more[1].strip()}".strip()
        else:
            return {}
    return values


def _until_blank(text: str) -> list[str]:
    """The first lines, with their ends, up to a blank one; none when they do not end soon."""
    lines: list[str] = []
    start = 0
    while start < len(text) and len(lines) <= _MOST_LINES:
        end = text.find("\n", start) + 1 or len(text)
        line = text[start:end]
        if not line.strip():
            return lines
        lines.append(line)
        start = end
    return lines if len(lines) <= _MOST_LINES else []


def _after_blank(text: str, start: int) -> int:
    """Past the blank lines, at the beginning of the first line that holds something."""
    rest = text[start:]
    blank = len(rest) - len(rest.lstrip())
    return start + (rest.rfind("\n", 0, blank) + 1)
