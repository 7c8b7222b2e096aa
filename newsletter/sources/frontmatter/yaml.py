"""YAML → text, lists and mappings, and nothing else: no types, no objects, no bombs. Fences are split.py's."""

from __future__ import annotations

import re
from typing import Any

import yaml

from newsletter.errors import SourceError
from newsletter.sources.frontmatter.yaml_repair import unclosed

#: No front matter of a person is deeper or refers to itself more often.
MOST_DEPTH = 12
MOST_ALIASES = 10

_TEXT_TAG = "tag:yaml.org,2002:str"
_QUOTES = "write the whole value in single quotes: title: '\"Yes\" and no'"
#: What the two parsers say of the mistakes that people make most, and what helps.
_PLAIN_WORDS = (
    ("mapping values are not allowed", 'a value that holds ": " needs quotes around it'),
    ("cannot start any token", "a value that begins with this sign needs quotes around it"),
    ("unhashable key", "a value that begins with a brace or a bracket needs quotes around it"),
    ("expected alphabetic or numeric character", "a value that begins with * or & needs quotes around it"),
    ("did not find expected alphabetic", "a value that begins with * or & needs quotes around it"),
    ("undefined alias", "a value that begins with * needs quotes around it"),
    (
        "did not find expected key",
        f"what stands behind a closing quotation mark belongs to no value; {_QUOTES}",
    ),
    ("expected <block end>", f"what stands behind a closing quotation mark belongs to no value; {_QUOTES}"),
    (
        "did not find expected node content",
        "a value in brackets that begins with a sign needs quotes around it",
    ),
    ("did not find expected ',' or ']'", 'a list that begins with "[" has no "]" at its end'),
    ("did not find expected ',' or '}'", 'a value that begins with "{" has no "}" at its end'),
    ("block sequence entries are not allowed", 'a value that begins with "- " needs quotes around it'),
    (
        "expected a comment or a line break",
        f"a value that begins with | or > needs quotes around it; {_QUOTES}",
    ),
    (
        "did not find expected comment or line break",
        f"a value that begins with | or > needs quotes; {_QUOTES}",
    ),
    ("could not find expected ':'", 'a line has no ": " between key and value, or a quote is never closed'),
    ("unexpected end of stream", "a quote is never closed"),
)
#: YAML 1.1 §4.1 allows no others.
_NOT_YAML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: libyaml is ten times as fast, and comes with PyYAML's wheels; without it the same is done in Python.
_Parser: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def read_yaml(text: str, where: str, first_line: int) -> dict[str, Any]:
    """The keys and values of some YAML, every value as the text that stood there.

    ``first_line`` is the line of ``where`` on which it begins. Raises SourceError with the line of the mistake, also
    for tags, nesting and aliases that no front matter needs, and for a key that is given twice.
    """
    if odd := _NOT_YAML.search(text):
        line = text.count("\n", 0, odd.start()) + first_line
        raise SourceError(
            f"{where}:{line}: the YAML front matter cannot be read: it holds the control character "
            f"U+{ord(odd[0]):04X}; take it out"
        )
    try:
        _refuse_tricks(text)
        values = yaml.load(text, Loader=_TextLoader)  # noqa: S506  # BaseLoader: text, lists and mappings only
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if error.context_mark and re.search("simple key|flow (?:sequence|mapping)", error.context or ""):
            mark = error.context_mark  # where it begins; the problem is found further down
        line, reason = mark.line + first_line if mark else 1, _plain(error, text)
        if (place := unclosed(text)) is not None and (mark is None or place <= mark.line):
            line, reason = place + first_line, "a quotation mark is opened here and never closed"
        raise SourceError(f"{where}:{line}: the YAML front matter cannot be read: {reason}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else one_sentence(str(error))
        raise SourceError(f"{where}:1: the YAML front matter cannot be read: {reason}") from error
    if values in (None, ""):
        return {}
    if not isinstance(values, dict):
        raise SourceError(
            f'{where}:{first_line}: the front matter holds no keys; write lines such as "title: Seeds"'
        )
    return values


def _plain(error: yaml.MarkedYAMLError, text: str) -> str:
    problem = error.problem or error.context or "not YAML"
    mark = error.problem_mark
    lines = text.split("\n")
    if mark and mark.line < len(lines) and re.match(r"[ ]*\t", lines[mark.line]):
        return "a tab stands at the beginning of the line; indent with spaces"
    if (
        mark
        and "mapping values are not allowed" in problem
        and lines[mark.line : mark.line + 1][0][:1] == " "
    ):
        return "the line is set in, so it belongs to the one above; begin it at the margin"
    if mark and mark.line < len(lines) and re.match(r"[^:]+:[ \t]+\{\{", lines[mark.line]):
        return "a value that begins with a brace or a bracket needs quotes around it"
    return next((words for said, words in _PLAIN_WORDS if said in problem), one_sentence(problem))


class _TextLoader(_Parser):  # type: ignore[misc]  # one of two classes
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
    for event in yaml.parse(text, Loader=_Parser):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        aliases += isinstance(event, yaml.AliasEvent)
        tag = getattr(event, "tag", None) or _TEXT_TAG
        if tag not in (_TEXT_TAG, "!"):
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


def one_sentence(text: str) -> str:
    """A parser's words on one line, at a length that fits into a message."""
    return " ".join(text.split())[:200].rstrip(" .")
