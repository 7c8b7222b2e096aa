"""The key-and-value lines above a post, in every form that generators write: where they end, and their values.

YAML (---), TOML (+++) and JSON ({…} or ;;;) are read here, lines without a fence in unfenced.py. What the keys mean
is keys.py's. Values keep their author's spelling: YAML and JSON numbers come as text (so that "no" is a title and
2017-06 a month), TOML gives its own types.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from newsletter.errors import SourceError
from newsletter.sources.frontmatter import unfenced
from newsletter.sources.frontmatter.yaml import MOST_DEPTH, one_sentence, read_yaml
from newsletter.sources.frontmatter.yaml_repair import as_meant

#: No front matter of a person is longer.
MOST_CHARACTERS = 64 * 1024

#: gray-matter (Eleventy, Gatsby) lets the fence name its language: "---json".
_OPENING = re.compile(r"^(---|\+\+\+|;;;)[ \t]*(\w*)[ \t]*(?:\n|$)")
_CLOSING = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE),
    ";;;": re.compile(r"^;;;[ \t]*$", re.MULTILINE),
}
_JSON_OPENING = re.compile(r'^\{\s*(?:"|\})')
#: "a.b.c…": each point is a table in a table, and each key of it is looked for from the first.
_LONG_KEY = re.compile(
    r"""^[ \t]*+(?:\[[ \t]*+){0,2}+(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){40}|"""
    r"""[{,][ \t]*+(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){40}""",
    re.MULTILINE,
)
#: What Python's reader says of the mistakes that people make most, and what helps.
_TOML_IN_PLAIN_WORDS = (
    (
        "Expected newline or end of document",
        'more stands behind a value; write \\" for a quotation mark within quotes',
    ),
    ("Invalid value", 'text needs quotes around it: title = "Seeds"'),
    ("Expected '='", 'a line has no "=" between key and value'),
    ("Illegal character '\\n'", "a quotation mark is opened here and never closed"),
    ("Unescaped '\\'", "a backslash stands within double quotes; write it twice, or use single quotes"),
    ("Cannot overwrite a value", "a key is given twice; keep one"),
)
#: Hexo also reads JSON without braces, and YAML without a first fence.
_BARE_JSON = re.compile(r'^"[\w-]+"\s*:[^\n]*\n')
_BARE_YAML = re.compile(
    r"^(?:title|date|layout|author|tags|categories)[ \t]*:(?:[^\n]+\n){1,60}?---[ \t]*(?:\n|$)"
)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stood above a post, and the post."""

    values: Mapping[str, Any] = field(default_factory=dict)
    body: str = ""
    #: The line of the file on which ``body`` starts, counted from 1.
    body_line: int = 1
    #: Whether any stood there, even with nothing in it.
    given: bool = True


def split(text: str, where: str) -> FrontMatter:
    """Take a post apart. A byte order mark and CRLF are understood; without front matter, all is body.

    Raises SourceError, which names ``where`` and the line, when front matter is begun and cannot be read.
    """
    text = plain_lines(text)
    if _JSON_OPENING.match(text):
        return _from_json(text, where)
    opening = _OPENING.match(text)
    if opening and (opening[2] == "" or opening[1] == "---"):
        return _fenced(text, opening[1], opening[2].lower(), opening.end(), where)
    if _BARE_JSON.match(text) and _CLOSING[";;;"].search(text):
        return _fenced(text, ";;;", "", 0, where)
    if _BARE_YAML.match(text):
        return _fenced(text, "---", "", 0, where)
    if found := unfenced.read_lines(text, where):
        values, end = found
        return FrontMatter(values, text[end:], text.count("\n", 0, end) + 1)
    return FrontMatter(body=text, given=False)


def plain_lines(text: str) -> str:
    """The text with "\\n" as its only line end and without a byte order mark."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _fenced(text: str, fence: str, language: str, start: int, where: str) -> FrontMatter:
    closing = _CLOSING[fence].search(text, start)
    if not closing:
        raise SourceError(
            f'{where}:1: the front matter begun by "{fence}" never ends; add a line "{fence}" after it'
        )
    inner = text[start : closing.start()]
    if len(inner) > MOST_CHARACTERS:
        raise SourceError(
            f"{where}:1: the front matter is longer than {MOST_CHARACTERS} characters; "
            f'is the line "{fence}" after it missing?'
        )
    read = _READERS.get(language or fence)
    if read is None:
        raise SourceError(
            f'{where}:1: front matter in "{language}" is not read; write it in YAML, TOML or JSON'
        )
    values = read(inner, where, 2 if start else 1)
    if deep(values):
        raise SourceError(f"{where}:1: the front matter is nested too deeply; write plain values and lists")
    return FrontMatter(values, text[closing.end() + 1 :], text.count("\n", 0, closing.end()) + 2)


def deep(value: Any) -> bool:
    """True for lists and mappings in one another as no person writes them; looked at without recursion."""
    level = [value]
    for _ in range(MOST_DEPTH):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return False
    return True


def _inside(value: Any) -> Sequence[Any]:
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, list) else ()


def _from_json(text: str, where: str) -> FrontMatter:
    values, end = _decoded(text, where, 1)
    if deep(values):
        raise SourceError(f"{where}:1: the JSON front matter cannot be read: it is nested too deeply")
    rest = text[end:]
    blank = len(rest) - len(rest.lstrip(" \t\n"))
    return FrontMatter(values, rest[blank:], text.count("\n", 0, end + blank) + 1)


def _json(text: str, where: str, line: int) -> dict[str, Any]:
    """What stands between two fences; braces may be missing, as Hexo writes it."""
    stripped = text.strip()
    values, _ = _decoded(
        text if stripped.startswith("{") else "{" + text.rstrip().rstrip(",") + "}", where, line
    )
    return values


def _decoded(text: str, where: str, line: int) -> tuple[dict[str, Any], int]:
    decoder = json.JSONDecoder(object_pairs_hook=_once, parse_int=str, parse_float=str, parse_constant=str)
    blank = len(text) - len(text.lstrip())
    try:
        values, end = decoder.raw_decode(text, blank)
    except json.JSONDecodeError as error:
        raise SourceError(
            f"{where}:{error.lineno + line - 1}: the JSON front matter cannot be read: {error.msg.lower()}"
        ) from error
    except _Twice as error:
        at = text.count("\n", 0, text.rfind(f'"{error}"')) + line
        raise SourceError(
            f'{where}:{at}: the JSON front matter cannot be read: "{error}" is given twice; keep one'
        ) from error
    except (ValueError, RecursionError) as error:
        raise SourceError(
            f"{where}:{line}: the JSON front matter cannot be read: {_reason(error)}"
        ) from error
    return values, end


class _Twice(Exception):
    """A key that stands twice in one object; the later would win unseen."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in pairs:
        if key in values:
            raise _Twice(key[:60])
        values[key] = value
    return values


def _toml(text: str, where: str, line: int) -> dict[str, Any]:
    if long := _LONG_KEY.search(text):
        at = text.count("\n", 0, long.start()) + line
        raise SourceError(f"{where}:{at}: the TOML front matter cannot be read: it is nested too deeply")
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        found = re.search(r"^(.*?) \(at (?:line (\d+)|end of document).*\)$", str(error), re.DOTALL)
        at = int(found[2]) + line - 1 if found and found[2] else line - 1 or 1
        reason = found[1] if found else _reason(error)
        reason = next((words for said, words in _TOML_IN_PLAIN_WORDS if reason.startswith(said)), reason)
        raise SourceError(f"{where}:{at}: the TOML front matter cannot be read: {reason}") from error


def _yaml(text: str, where: str, line: int) -> dict[str, Any]:
    return read_yaml(as_meant(text), where, line)


_READERS: dict[str, Callable[[str, str, int], dict[str, Any]]] = {
    "---": _yaml,
    "+++": _toml,
    ";;;": _json,
    "yaml": _yaml,
    "yml": _yaml,
    "toml": _toml,
    "json": _json,
}


def _reason(error: Exception) -> str:
    return "it is nested too deeply" if isinstance(error, RecursionError) else one_sentence(str(error))
