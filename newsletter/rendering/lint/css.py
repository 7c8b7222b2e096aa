"""The lint's rules for CSS that the large mail programs do not know. Facts from caniemail.com, a page each.

Looked at are the templates' sources, for there a place can be named, and css.py takes out what would fetch something
before a mail is made. What stands in @media is seen only by programs that know more, and is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.rendering.lint.level import LintProblem, warning
from newsletter.rendering.lint.subject import LintedMail

OUTLOOK, GMAIL, YAHOO, APPLE = "Outlook on Windows", "Gmail", "Yahoo", "Apple Mail"


@dataclass(frozen=True, slots=True)
class Unsupported:
    """One piece of CSS, who ignores it, and what to do instead."""

    name: str
    pattern: re.Pattern[str]
    ignored_by: tuple[str, ...]
    instead: str
    #: The page of caniemail.com/features.
    page: str


def _css(name: str, pattern: str, ignored_by: tuple[str, ...], instead: str, page: str) -> Unsupported:
    return Unsupported(name, re.compile(pattern, re.IGNORECASE), ignored_by, instead, page)


TABLE = (
    _css("position", r"(?<![\w-])position\s*:\s*(?:absolute|fixed|sticky)", (GMAIL, OUTLOOK, YAHOO),
         "use a table", "css-position"),
    _css("position: relative", r"(?<![\w-])position\s*:\s*relative", (GMAIL, OUTLOOK),
         "use padding or a table", "css-position"),
    _css("float", r"(?<![\w-])float\s*:\s*(?:left|right)", (OUTLOOK,),
         "use align on a table or picture", "css-float"),
    _css("display: flex", r"(?<![\w-])display\s*:\s*(?:inline-)?flex", (OUTLOOK,), "use a table", "css-display-flex"),
    _css("display: grid", r"(?<![\w-])display\s*:\s*(?:inline-)?grid", (GMAIL, OUTLOOK, YAHOO), "use a table",
         "css-display-grid"),
    _css("gap", r"(?<![\w-])(?:row-|column-)?gap\s*:", (OUTLOOK, YAHOO), "use padding", "css-gap"),
    _css("var()", r"(?<![\w-])var\s*\(", (GMAIL, OUTLOOK, YAHOO), "let the template write the value", "css-variables"),
    _css("calc()", r"(?<![\w-])calc\s*\(", (OUTLOOK, YAHOO), "write the value", "css-unit-calc"),
    _css("clamp()", r"(?<![\w-])clamp\s*\(", (OUTLOOK, YAHOO), "write the value", "css-function-clamp"),
    _css("background-image", r"(?<![\w-])background(?:-image)?\s*:[^;}\"]*url\s*\(", (OUTLOOK,),
         "use <img>; it is taken out of the mail", "css-background-image"),
    _css("@font-face", r"@font-face", (GMAIL, OUTLOOK, YAHOO),
         "name fonts that people have; it is taken out of the mail", "css-at-font-face"),
    _css("@import", r"@import\b", (GMAIL, YAHOO), "write the CSS into the template; it is taken out of the mail",
         "css-at-import"),
    _css("<link rel=stylesheet>", r"<link\b[^>]*stylesheet", (GMAIL, YAHOO),
         "write the CSS into the template; it is taken out of the mail", "html-link"),
)  # fmt: skip

_STYLED = re.compile(
    r"<style\b[^>]*>(.*?)</style>|\sstyle\s*=\s*\"([^\"]*)\"|\sstyle\s*=\s*'([^']*)'", re.DOTALL | re.I
)
_LINKED = re.compile(r"<link\b[^>]*>", re.IGNORECASE)
_COMMENTS = re.compile(r"/\*.*?\*/|\{#.*?#\}|<!--\[if [^\]]*mso.*?<!\[endif\]-->", re.DOTALL)


def look(variant: LintedMail) -> Iterator[LintProblem]:
    for name, source in variant.templates.items():
        if name.endswith((".html", ".css")):
            yield from in_template(name, source)


def in_template(name: str, source: str) -> Iterator[LintProblem]:
    """What one template asks for that a large mail program ignores, once each."""
    css = _without_media(_only_css(name, _blank(_COMMENTS, source)))
    for row in TABLE:
        found = row.pattern.search(css)
        if found:
            yield warning(
                "css",
                f"{row.name} is ignored by {' and '.join(row.ignored_by)}: {row.instead} "
                f"(https://www.caniemail.com/features/{row.page}/)",
                where=f"{name}, line {css.count(chr(10), 0, found.start()) + 1}",
            )


def _only_css(name: str, source: str) -> str:
    """The source with everything that is no CSS blanked out, its lines where they were."""
    if name.endswith(".css"):
        return source
    kept = [" " if char != "\n" else char for char in source]
    for pattern in (_STYLED, _LINKED):
        for match in pattern.finditer(source):
            kept[match.start() : match.end()] = match[0]
    return "".join(kept)


def _blank(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def _without_media(css: str) -> str:
    """Without the blocks of @media and @supports, their braces counted."""
    kept, place = "", 0
    for match in re.finditer(r"@(?:media|supports)\b[^{]*\{", css):
        if match.start() < place:
            continue
        end, depth = match.end(), 1
        while end < len(css) and depth:
            depth += {"{": 1, "}": -1}.get(css[end], 0)
            end += 1
        kept += css[place : match.start()] + re.sub(r"[^\n]", " ", css[match.start() : end])
        place = end
    return kept + css[place:]
