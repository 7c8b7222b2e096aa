"""Values of front matter that YAML would refuse or misread, as their author plainly meant them. YAML is yaml.py's.

Only keys that hold a line of words are looked at, and only lines that say all there is of one: "title: Lunch: the
sequel" has one meaning for people. Whether a post is a draft, or of what day it is, is never guessed.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

#: Without hyphens and underscores, in lower case.
_WORDS = frozenset(
    ["title", "subtitle", "linktitle", "summary", "description", "excerpt", "teaser", "lead", "abstract"]
)
_NAMES = frozenset(
    ["author", "byline", "category", "imagealt", "coveralt", "heroalt", "caption", "imagecaption", "alt"]
)
_LINE = re.compile(r"""^(?P<key>[A-Za-z][\w -]{0,40}?)(?P<colon>[ \t]*:[ \t]*)(?P<value>\S.*?)[ \t]*$""")
_TAGS = frozenset(["tags", "categories", "topics"])
#: " #5", "#hashtag"; a comment has a space behind its mark.
_HASH_OF_A_WORD = re.compile(r"(?:^|\s)#(?=\w)")
_COMMENT = re.compile(r"\s#(?!\w).*$")
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def as_meant(text: str) -> str:
    """The same lines, with quotation marks around the values that need them."""
    lines = text.split("\n")
    seen: set[str] = set()
    for place, line in enumerate(lines):
        found = _LINE.match(line)
        goes_on = place + 1 < len(lines) and re.match(r"[ \t]+\S", lines[place + 1])
        if not found or goes_on:
            continue
        name = re.sub(r"[-_ ]", "", found["key"]).lower()
        if name in seen:
            continue  # given twice, which is refused
        seen.add(name)
        if name in _TAGS and re.match(r"#\w", found["value"]):
            lines[place] = _quoted(found["key"], found["value"])
        if name not in _WORDS | _NAMES:
            continue
        meant = _meant(found["value"], text, is_words=name in _WORDS)
        if meant is None and found["colon"].endswith(":"):
            lines[place] = f"{found['key']}: {found['value']}"
        elif meant is not None:
            lines[place] = _quoted(found["key"], meant)
    return "\n".join(lines)


def _quoted(key: str, value: str) -> str:
    doubled = value.replace("'", "''")
    return f"{key}: '{doubled}'"


def unclosed(text: str) -> int | None:
    """The place among the lines (from 0) of the first whose value opens a quotation mark that it does not close."""
    for place, line in enumerate(text.split("\n")):
        found = re.match(r"""^[ \t]*(?:- )?[\w -]+:[ \t]+(["'])(.*)$""", line)
        if found and found[1] not in found[2]:
            return place
    return None


def _meant(value: str, text: str, *, is_words: bool) -> str | None:
    """What a value says where YAML would not say the same; None where it does, and where nobody can tell."""
    if value.startswith("{{"):
        return None
    try:
        read = yaml.load(f"v: {value}", Loader=_Loader)["v"]  # noqa: S506  # BaseLoader: text, lists, mappings only
    except yaml.YAMLError:
        return _without_quotes(value)
    if not isinstance(read, str):
        return value if is_words and isinstance(read, list) and value.startswith("[") else None
    if value[0] in "\"'":
        return None
    if value[0] == "&" and f"*{value[1:].split()[0]}" in text.replace(value, ""):
        return None
    if value[0] in "&!*" and read != value:
        return value
    if _HASH_OF_A_WORD.search(value) and read != value:
        whole = _COMMENT.sub("", value)
        return whole if whole != read else None
    return None


def _without_quotes(value: str) -> str | None:
    """A value that YAML cannot read, without the marks that its author put around all of it."""
    mark = value[0]
    if mark in "[{":
        return value if "]}"["[{".index(mark)] in value else None
    if mark not in "\"'":
        return value
    inner = value[1:-1]
    if value.count(mark) == 1:
        return None
    if value[-1] != mark or len(value) < 3:
        return value
    if mark not in inner:
        return inner  # a backslash that YAML does not know
    # 'It's here' and "He said "no" to it" are quoted as a whole; "Yes" and "no" are two words.
    first = inner.find(mark)
    opens = first == 0 or inner[first - 1] in " (—–-"
    apostrophe = mark == "'" and re.search(r"\w'\w", inner)
    return inner if opens or apostrophe else value
