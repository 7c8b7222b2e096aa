"""MDX → Markdown: imports, exports and expressions go, components become what they mean or the words in them.

Next.js, Astro, Gatsby and Docusaurus keep posts as MDX (mdxjs.com/docs/what-is-mdx). Nothing of it is run.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from newsletter.sources.frontmatter.js_literal import NotPlain, read_object
from newsletter.sources.markup.code_in_markdown import CODE, FENCE, end_of_fence
from newsletter.sources.markup.markdown import BOXES, box

_EXPORTED = re.compile(
    r"^export\s+const\s+(?:metadata|meta|frontmatter|frontMatter)\s*(?::\s*\w+\s*)?=\s*(?=\{)", re.MULTILINE
)
_IMPORT = re.compile(
    r"^import\s+(?:(?P<name>[\w$]+)\s*(?:,[^'\"\n]*)?\s+from\s+)?[^'\"]{0,500}?"
    r"['\"](?P<path>[^'\"\n]+)['\"][ \t]*;?[ \t]*$",
    re.MULTILINE,
)
_STATEMENT_OR_FENCE = re.compile(FENCE + r"|^(?:import|export)\b(?=[\s{*'\"])", re.MULTILINE)
_BRACKET = re.compile(r"""[{(\[\])}\n]|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`""")
_TAG = r"<(?P<close>/?)(?P<tag>[A-Za-z][\w.:-]*)?(?=[\s/>{])"
_TOKEN = re.compile(
    "|".join((FENCE, CODE, r"(?P<brace>(?<!\\)\{)", r"(?P<fragment></?>)", _TAG)), re.MULTILINE
)
_ATTRIBUTE = re.compile(r"""\s*([A-Za-z_][\w:.-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|(\{)))?""")
_PLAIN = re.compile(r"""^\s*(?:"([^"\\]*)"|'([^'\\]*)'|`([^`\\$]*)`|(-?\d+(?:\.\d+)?))\s*$""")
_COMMENT = re.compile(r"^\s*/\*.*\*/\s*$", re.DOTALL)
_PICTURES = frozenset(
    ["image", "img", "staticimage", "figure", "picture", "nextimage", "gatsbyimage", "blogimage"]
)
_FILMS = {
    "youtube": "https://www.youtube.com/watch?v=",
    "vimeo": "https://vimeo.com/",
    "tweet": "https://x.com/i/web/status/",
}
_WRAPPERS = frozenset(
    [
        "fragment",
        "center",
        "tabs",
        "tabitem",
        "tab",
        "columns",
        "column",
        "steps",
        "card",
        "cardgroup",
        "div",
        "section",
        "lead",
    ]
)
#: What a browser shows nothing of, or what a mail has of its own.
_SILENT = frozenset(
    [
        "head",
        "helmet",
        "seo",
        "script",
        "style",
        "toc",
        "tableofcontents",
        "sharebuttons",
        "comments",
        "newsletter",
    ]
)
_LONGEST = 4000
_LONGEST_STATEMENT = 20_000
_MOST_UNENDED = 20
#: Braces in braces; more is no expression of a post.
_DEEPEST = 20


@dataclass(slots=True)
class Plain:
    """MDX as Markdown, and what could not be kept: each with its place in the old text."""

    text: str
    left_out: list[tuple[int, str]] = field(default_factory=list)


def exported_metadata(text: str) -> Mapping[str, Any] | None:
    """The values of ``export const metadata = {…}`` where it is a plain object; None where there is none."""
    found = _EXPORTED.search(text)
    if not found:
        return None
    try:
        return read_object(text, found.end())[0]
    except NotPlain:
        return None


def to_markdown(text: str) -> Plain:
    """Markdown and HTML alone. A component that is not known is left out, its words stay, and it is named."""
    imports: dict[str, str] = {}
    text = _without_statements(text, imports)
    return _Reader(text, imports).read()


def _without_statements(text: str, imports: dict[str, str]) -> str:
    """Blank the import and export statements outside of code, so that lines keep their numbers."""
    parts: list[str] = []
    position = unended = 0
    for start, in_code in _statements(text):
        if start < position or in_code or unended > _MOST_UNENDED:
            continue
        if (line := _IMPORT.match(text, start)) and line["name"]:
            imports[line["name"]] = line["path"]
        end = line.end() if line else _end_of_statement(text, start)
        if end < 0:
            unended += 1
            end = text.find("\n", start) if "\n" in text[start:] else len(text)
        parts += [text[position:start], "\n" * text.count("\n", start, end)]
        position = end
    return "".join(parts) + text[position:]


def _statements(text: str) -> Iterator[tuple[int, bool]]:
    """Where one may begin, and whether that is within a block of code."""
    end_of_code = 0
    for found in _STATEMENT_OR_FENCE.finditer(text):
        if found["fence"] and found.start() >= end_of_code:
            end_of_code = end_of_fence(text, found)
        elif not found["fence"]:
            yield found.start(), found.start() < end_of_code


def _end_of_statement(text: str, start: int) -> int:
    """Where its brackets are closed and a line ends; -1 when they are not closed soon."""
    depth = 0
    for found in _BRACKET.finditer(text, start, start + _LONGEST_STATEMENT):
        if found[0] == "\n":
            if depth <= 0:
                return found.start()
        elif len(found[0]) == 1:
            depth += 1 if found[0] in "{([" else -1
    return len(text) if depth <= 0 and start + _LONGEST_STATEMENT >= len(text) else -1


class _Reader:
    """One pass over a text: Markdown goes through, braces and components are looked at."""

    def __init__(self, text: str, imports: Mapping[str, str]) -> None:
        self._text = text
        self._imports = imports
        self._parts: list[str] = []
        self._left_out: list[tuple[int, str]] = []
        #: Components that are open: their name, and what to write at their end.
        self._open: list[tuple[str, str]] = []

    def read(self) -> Plain:
        text, position = self._text, 0
        while found := _TOKEN.search(text, position):
            self._parts.append(text[position : found.start()])
            position = self._past(found)
        self._parts.append(text[position:])
        self._parts += [end for _, end in reversed(self._open)]
        return Plain("".join(self._parts), self._left_out)

    def _past(self, found: re.Match[str]) -> int:
        if found["fence"]:
            end = end_of_fence(self._text, found)
            self._parts.append(self._text[found.start() : end])
            return end
        if found["code"]:
            self._parts.append(found[0])
            return found.end()
        if found["brace"]:
            return self._expression(found.start())
        if found["fragment"]:
            return found.end()
        if not found["tag"]:
            self._parts.append(found[0])
            return found.end()
        return self._element(found)

    def _expression(self, start: int) -> int:
        end = _closing_brace(self._text, start)
        if end < 0:
            self._parts.append("{")
            return start + 1
        inner = self._text[start + 1 : end]
        if plain := _PLAIN.match(inner):
            self._parts.append(next(group for group in plain.groups() if group is not None))
        elif inner.strip() and not _COMMENT.match(inner):
            self._left_out.append((start, _short("{" + inner + "}")))
        elif re.search(r"\btruncate\b|\bmore\b", inner):
            self._parts.append("<!--more-->")
        return end + 1

    def _element(self, found: re.Match[str]) -> int:
        name = found["tag"]
        read = _attributes(self._text, found.end(), self._imports)
        if read is None:
            self._parts.append(found[0])
            return found.end()
        attributes, closed, end = read
        if name[0].islower() and "." not in name and name.lower() not in ("img",):
            self._html(found, attributes, closed)
        elif found["close"]:
            self._end(name)
        else:
            self._component(found, attributes, closed, end)
        return end

    def _html(self, found: re.Match[str], attributes: Mapping[str, str], closed: bool) -> None:
        """An element of HTML, without what only JavaScript understands."""
        written = "".join(f' {key}="{entities.escape(value)}"' for key, value in attributes.items())
        self._parts.append(f"<{found['close']}{found['tag']}{written}{' /' if closed else ''}>")

    def _component(self, found: re.Match[str], attributes: Mapping[str, str], closed: bool, end: int) -> None:
        name = found["tag"]
        kind = name.rpartition(".")[2].lower()
        start = _meaning(kind, attributes, closed)
        if start is None:
            self._left_out.append((found.start(), _short(self._text[found.start() : end])))
            start = ("", "")
        self._parts.append(start[0])
        if closed:
            self._parts.append(start[1])
        elif kind not in ("img",):
            self._open.append((name, start[1]))

    def _end(self, name: str) -> None:
        if any(opened == name for opened, _ in self._open[-50:]):
            while self._open:
                opened, end = self._open.pop()
                self._parts.append(end)
                if opened == name:
                    return


def _meaning(kind: str, attributes: Mapping[str, str], closed: bool) -> tuple[str, str] | None:
    """What stands for a component's beginning and its end; None for one that is not known."""
    address = (
        attributes.get("src") or attributes.get("href") or attributes.get("to") or attributes.get("url") or ""
    )
    if kind in _SILENT or kind in _WRAPPERS:
        return "", ""
    if kind in _PICTURES and address:
        shown = f'<img src="{entities.escape(address)}" alt="{entities.escape(attributes.get("alt", ""))}">'
        caption = attributes.get("caption") or attributes.get("title") or ""
        if caption:
            shown = f"\n\n<figure>{shown}<figcaption>{entities.escape(caption)}</figcaption></figure>\n\n"
        return shown, ""
    if kind in ("link", "a", "nextlink", "button", "buttonlink", "externallink") and address:
        words = entities.escape(attributes.get("label", "")) if closed else ""
        return f'<a href="{entities.escape(address)}">{words}', "</a>"
    if kind in _FILMS:
        code = next(
            (
                attributes[key]
                for key in ("id", "videoId", "videoid", "youTubeId", "tweetId", "tweetid")
                if attributes.get(key)
            ),
            address,
        )
        found = code if "://" in code else _FILMS[kind] + code
        return (
            (
                f'<a href="{entities.escape(found)}">{entities.escape(attributes.get("title") or found)}</a>',
                "",
            )
            if code
            else None
        )
    if kind in BOXES or kind == "aside":
        named = attributes.get("type") or attributes.get("variant") or ("note" if kind == "aside" else kind)
        begin, _, end = box(named.lower(), attributes.get("title", ""), "\0").partition("\0")
        return begin, end
    if kind in ("details", "accordion", "collapse", "quote", "blockquote"):
        begin, _, end = box("", attributes.get("title") or attributes.get("summary") or "", "\0").partition(
            "\0"
        )
        return begin, end
    return None


def _attributes(text: str, place: int, imports: Mapping[str, str]) -> tuple[dict[str, str], bool, int] | None:
    """A tag's attributes, whether it ends itself, and where it ends; None for what is no tag. Expressions go."""
    found: dict[str, str] = {}
    limit = place + _LONGEST
    while place < min(limit, len(text)):
        if end := re.compile(r"\s*(/?)>").match(text, place):
            return found, bool(end[1]), end.end()
        if spread := re.compile(r"\s*\{").match(text, place):
            if (place := _closing_brace(text, spread.end() - 1) + 1) <= 0:
                return None
            continue
        attribute = _ATTRIBUTE.match(text, place)
        if not attribute:
            return None
        place = attribute.end()
        value = next((attribute[number] for number in (2, 3) if attribute[number] is not None), "")
        if attribute[4]:
            end_of = _closing_brace(text, place - 1)
            if end_of < 0:
                return None
            value, place = _plain_value(text[place:end_of], imports), end_of + 1
            if not value:
                continue
        found[attribute[1]] = entities.unescape(value)
    return None


def _plain_value(expression: str, imports: Mapping[str, str]) -> str:
    """A text in braces, or the file that a name was imported from; else nothing."""
    if plain := _PLAIN.match(expression):
        return next(group for group in plain.groups() if group is not None)
    required = re.fullmatch(r"""\s*require\(\s*["']([^"']+)["']\s*\)(?:\.default)?\s*""", expression)
    return required[1] if required else imports.get(expression.strip().removesuffix(".src"), "")


def _closing_brace(text: str, start: int) -> int:
    """The place of the brace that closes the one at ``start``; -1 when it is far away or missing."""
    depth = 0
    for found in re.compile(r"""[{}]|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`""").finditer(
        text, start, start + _LONGEST
    ):
        depth += (found[0] == "{") - (found[0] == "}")
        if depth == 0:
            return found.start()
        if depth > _DEEPEST:
            return -1
    return -1


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 60 else words[:59] + "…"
