"""The key-and-value lines above a post: YAML (---), TOML (+++) or JSON. Their meaning is post_file.py's.

Values keep their author's spelling: YAML gives text only (so that "no" is a title and 2017-06 a month), TOML
and JSON give their own types.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from newsletter.errors import SourceError

#: No front matter of a person is longer, deeper or refers to itself more often.
MOST_CHARACTERS = 64 * 1024
MOST_DEPTH = 12
MOST_ALIASES = 10

_OPENING = re.compile(r"^(---|\+\+\+)[ \t]*(?:\n|$)")
_CLOSING = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE),
}
_TEXT_TAG = "tag:yaml.org,2002:str"
#: What PyYAML says of the mistake that people make most, and what helps.
_PLAIN_WORDS = {"mapping values are not allowed here": 'a value that holds ": " needs quotes around it'}
_JSON_OPENING = re.compile(r'^\{\s*(?:"|\})')


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
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if _JSON_OPENING.match(text):
        return _from_json(text, where)
    opening = _OPENING.match(text)
    if not opening:
        return FrontMatter(body=text, given=False)
    fence = opening[1]
    closing = _CLOSING[fence].search(text, opening.end())
    if not closing:
        raise SourceError(
            f'{where}:1: the front matter begun by "{fence}" never ends; add a line "{fence}" after it'
        )
    inner = text[opening.end() : closing.start()]
    if len(inner) > MOST_CHARACTERS:
        raise SourceError(
            f"{where}:1: the front matter is longer than {MOST_CHARACTERS} characters; "
            f'is the line "{fence}" after it missing?'
        )
    values = _yaml(inner, where) if fence == "---" else _toml(inner, where)
    body = text[closing.end() + 1 :]
    return FrontMatter(values, body, text.count("\n", 0, closing.end()) + 2)


def _from_json(text: str, where: str) -> FrontMatter:
    try:
        values, end = json.JSONDecoder().raw_decode(text)
    except json.JSONDecodeError as error:
        raise SourceError(
            f"{where}:{error.lineno}: the JSON front matter cannot be read: {error.msg.lower()}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{where}:1: the JSON front matter cannot be read: {_reason(error)}") from error
    rest = text[end:]
    blank = len(rest) - len(rest.lstrip(" \t\n"))
    return FrontMatter(values, rest[blank:], text.count("\n", 0, end + blank) + 1)


def _toml(text: str, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        found = re.search(r"^(.*?) \(at (?:line (\d+)|end of document).*\)$", str(error), re.DOTALL)
        line = int(found[2]) + 1 if found and found[2] else 1
        reason = found[1] if found else _reason(error)
        raise SourceError(f"{where}:{line}: the TOML front matter cannot be read: {reason}") from error


def _yaml(text: str, where: str) -> dict[str, Any]:
    try:
        _refuse_tricks(text)
        values = yaml.load(text, Loader=_TextLoader)  # noqa: S506  # BaseLoader: text, lists and mappings only
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 2 if mark else 1
        problem = error.problem or error.context or "not YAML"
        reason = _PLAIN_WORDS.get(problem, one_sentence(problem))
        raise SourceError(f"{where}:{line}: the YAML front matter cannot be read: {reason}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise SourceError(f"{where}:1: the YAML front matter cannot be read: {_reason(error)}") from error
    if values in (None, ""):
        return {}
    if not isinstance(values, dict):
        raise SourceError(f'{where}:2: the front matter holds no keys; write lines such as "title: Seeds"')
    return values


class _TextLoader(yaml.BaseLoader):
    """YAML without types: every scalar is the text that stood there. A key given twice is a mistake."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f'"{key.value}" is given twice; keep one', key.start_mark
                )
            seen.add(str(key.value))
        return dict(super().construct_mapping(node, deep=True))


def _refuse_tricks(text: str) -> None:
    """Look at the events before anything is built, so that an alias bomb never grows.

    Raises yaml.MarkedYAMLError for tags other than YAML's own, deep nesting and more than a few aliases.
    """
    depth = aliases = 0
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        aliases += isinstance(event, yaml.AliasEvent)
        tag = getattr(event, "tag", None) or _TEXT_TAG
        if tag != _TEXT_TAG:
            problem = f"the tag {tag} is not allowed"
        elif depth > MOST_DEPTH:
            problem = "it is nested too deeply"
        elif aliases > MOST_ALIASES:
            problem = "it has too many aliases (*name)"
        else:
            continue
        mark = event.start_mark
        line = yaml.Mark("front matter", mark.index, mark.line, mark.column, None, 0) if mark else None
        raise yaml.MarkedYAMLError(problem=problem, problem_mark=line)


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return one_sentence(str(error))


def one_sentence(text: str) -> str:
    """A parser's words on one line, at a length that fits into a message."""
    return " ".join(text.split())[:200].rstrip(" .")
