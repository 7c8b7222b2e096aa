"""Shortcodes and template tags in a post's text: where they stand and what belongs together.

Hugo's and Nikola's {{< … >}}, Jekyll's, Hexo's, Eleventy's and Zola's {% … %} and {{ … }}. shortcode_html.py says
what a known one becomes. None is mailed as it stands: what has no meaning in a mail is left out, and staff are told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from newsletter.sources.markup.code_in_markdown import CODE, FENCE, end_of_fence

#: Longer is no shortcode, and deeper no post.
_LONGEST = 2000
_DEEPEST = 20
_COMMENT = r"(?P<comment><!--)"
_HUGO = r"\{\{(?P<hugo>[<%](?:(?!\{\{|\}\}).){0,2000}[>%])\}\}"
_LIQUID = r"\{%[-+]?(?P<liquid>(?:(?!\{%|%\}).){0,2000}?)[-+]?%\}"
_OUTPUT = r"\{\{(?P<output>(?:(?!\{\{|\}\}).){0,2000})\}\}"
_TOKEN = re.compile("|".join((FENCE, CODE, _COMMENT, _HUGO, _LIQUID, _OUTPUT)), re.MULTILINE | re.DOTALL)
_ESCAPED = re.compile(r"\{\{([<%])/\*((?:(?!\*/|\{\{).){0,2000})\*/([>%])\}\}", re.DOTALL)
#: What stands in these is shown as it is, whatever it looks like.
_VERBATIM = frozenset(
    [
        "raw",
        "verbatim",
        "highlight",
        "codeblock",
        "code",
        "comment",
        "rawhtml",
        "mermaid",
        "math",
        "gist_code",
    ]
)
#: Conditions and loops: what is in them may not be meant for this page.
_HIDES = frozenset(["if", "unless", "case", "for", "tablerow", "ifchanged", "macro", "paginate"])
_ARGUMENT = re.compile(
    r"""(?:(?P<name>[A-Za-z_][\w.-]*)\s*[=:](?!//)\s*)?(?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>(?:[^'\\]|\\.)*)'"""
    r"""|`(?P<back>[^`]*)`|(?P<bare>[^\s,"'`()=]+))"""
)
_QUOTES_LEFT_OUT = 60


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag: {{< figure src="a.jpg" >}} or {% endnote %}."""

    #: "hugo", "liquid" or "output".
    syntax: str
    #: In lower case, without "end" or "/".
    name: str
    #: What follows the name, as written.
    rest: str
    closing: bool
    #: Where it begins in the text.
    start: int
    #: As it stands, for messages.
    shown: str
    #: The text between a verbatim tag and its end.
    verbatim: str | None = None

    def arguments(self) -> tuple[list[str], dict[str, str]]:
        """Those without a name in order, and those with one by it."""
        plain: list[str] = []
        named: dict[str, str] = {}
        for found in _ARGUMENT.finditer(self.rest):
            value = next(
                (found[kind] for kind in ("double", "single", "back", "bare") if found[kind] is not None), ""
            )
            if found["name"]:
                named.setdefault(found["name"].lower(), value)
            else:
                plain.append(value)
        return plain, named


#: What a tag becomes: given the tag and what stands between it and its end (None when it has no end). None when that is
#: not known: it is left out, the words in it stay.
Meaning = Callable[[Tag, str | None], str | None]


@dataclass(slots=True)
class Expanded:
    """A text without tags, and which of them were left out, each with its place in the old text."""

    text: str
    left_out: list[tuple[int, str]]


@dataclass(slots=True)
class _Open:
    tag: Tag | None
    parts: list[str] = field(default_factory=list)


def expand(text: str, meaning: Meaning) -> Expanded:
    """The text with every tag replaced by what it means, by nothing, or by the words within it."""
    if "{{" not in text and "{%" not in text:
        return Expanded(text, [])
    pieces = list(_pieces(text))
    ends = Counter(piece.name for piece in pieces if isinstance(piece, Tag) and piece.closing)
    left_out: list[tuple[int, str]] = []
    stack = [_Open(None)]
    opened: Counter[str] = Counter()
    for piece in pieces:
        if isinstance(piece, str):
            stack[-1].parts.append(piece)
        elif piece.closing:
            if name := _opener(piece, opened, stack):
                _close(stack, name, opened, meaning, left_out)
            ends[piece.name] -= 1
        elif piece.verbatim is None and _has_end(piece, ends) and len(stack) <= _DEEPEST:
            stack.append(_Open(piece))
            opened[piece.name] += 1
        else:
            stack[-1].parts.append(_said(piece, piece.verbatim, meaning, left_out))
    while len(stack) > 1:
        _close_last(stack, opened, meaning, left_out)
    return Expanded("".join(stack[0].parts), left_out)


def _has_end(tag: Tag, ends: Counter[str]) -> bool:
    """Whether an end of it still comes; Zola ends all of its own with {% end %}."""
    if tag.syntax == "output" or not tag.name:
        return False
    return ends[tag.name] > 0 or (tag.syntax == "liquid" and tag.rest.startswith("(") and ends[""] > 0)


def _opener(end: Tag, opened: Counter[str], stack: list[_Open]) -> str | None:
    if end.name:
        return end.name if opened[end.name] > 0 else None
    last = stack[-1].tag
    return last.name if last else None


def _close(
    stack: list[_Open], name: str, opened: Counter[str], meaning: Meaning, left_out: list[tuple[int, str]]
) -> None:
    while len(stack) > 1:
        tag = stack[-1].tag
        _close_last(stack, opened, meaning, left_out)
        if tag and tag.name == name:
            return


def _close_last(
    stack: list[_Open], opened: Counter[str], meaning: Meaning, left_out: list[tuple[int, str]]
) -> None:
    last = stack.pop()
    assert last.tag is not None
    opened[last.tag.name] -= 1
    stack[-1].parts.append(_said(last.tag, "".join(last.parts), meaning, left_out))


def _said(tag: Tag, inner: str | None, meaning: Meaning, left_out: list[tuple[int, str]]) -> str:
    found = meaning(tag, inner)
    if found is not None:
        return found
    left_out.append((tag.start, tag.shown))
    return "" if tag.syntax == "liquid" and tag.name in _HIDES else inner or ""


def _pieces(text: str) -> Iterator[str | Tag]:
    """Text, in order, and the tags in it. Code is text; a verbatim tag comes with what is in it."""
    position = start = 0
    nowhere: set[str] = set()
    while found := _TOKEN.search(text, position):
        if kind := found.lastgroup if found.lastgroup in ("fence", "code", "comment") else None:
            position = _past(kind, found, text, nowhere)
            continue
        hugo_shown = text.startswith(("</*", "%/*"), found.start() + 2)  # Hugo's way to show a shortcode
        formula = found["output"] is not None and text[max(found.start() - 1, 0)] in "^_"
        if hugo_shown or formula:
            position = found.end()
            continue
        yield _unescaped(text[start : found.start()])
        tag = _tag(found)
        start = position = found.end()
        if (
            tag.name in _VERBATIM
            and not tag.closing
            and (end := _end_of_verbatim(tag, text, position, nowhere))
        ):
            tag = Tag(
                tag.syntax, tag.name, tag.rest, False, tag.start, tag.shown, text[position : end.start()]
            )
            start = position = end.end()
        yield tag
    yield _unescaped(text[start:])


def _past(kind: str, found: re.Match[str], text: str, nowhere: set[str]) -> int:
    """Behind a code span, a block of code or a comment; one that never ends takes all that follows."""
    if kind == "code":
        return found.end()
    if kind == "comment":
        end = text.find("-->", found.end()) if "-->" not in nowhere else -1
        if end < 0:
            nowhere.add("-->")
            return found.end()
        return end + 3
    return end_of_fence(text, found)


def _tag(found: re.Match[str]) -> Tag:
    syntax = next(name for name in ("hugo", "liquid", "output") if found[name] is not None)
    inner = found[syntax]
    inner = (
        inner[1:-1].removesuffix("/")
        if syntax == "hugo"
        else inner.strip("-+")
        if syntax == "output"
        else inner
    )
    inner = inner.strip()
    closing = inner.startswith("/")
    words = re.match(r"/?\s*([\w./-]*)\s*(.*)", inner, re.DOTALL)
    name, rest = (words[1].lower(), words[2]) if words else ("", inner)
    if syntax == "liquid" and (end := re.fullmatch(r"end[_-]?(\w*)", name)):
        closing, name = True, end[1]
    shown = " ".join(found[0].split())
    shown = shown if len(shown) <= _QUOTES_LEFT_OUT else shown[: _QUOTES_LEFT_OUT - 1] + "…"
    return Tag(syntax, name, rest, closing, found.start(), shown)


def _end_of_verbatim(tag: Tag, text: str, position: int, nowhere: set[str]) -> re.Match[str] | None:
    name = re.escape(tag.name)
    if tag.syntax == "output" or f"{tag.syntax} {name}" in nowhere:
        return None
    end = (
        rf"\{{%[-+]?\s*end_?{name}\s*[-+]?%\}}"
        if tag.syntax == "liquid"
        else rf"\{{\{{[<%]\s*/\s*{name}\s*[>%]\}}\}}"
    )
    found = re.compile(end).search(text, position)
    if found is None:
        nowhere.add(f"{tag.syntax} {name}")
    return found


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(r"{{\1\2\3}}", text) if "/*" in text else text
