"""The lint's rule for contrast (WCAG 2.2 §1.4.3), in light and in dark mode, from the styles of the finished HTML.

What is behind a text is the nearest background above it. In dark mode the rules of @media (prefers-color-scheme: dark)
come on top, as mail programs apply them: with !important they win over the style attributes, without they do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from lxml import cssselect, etree
from lxml.html import HtmlElement

from newsletter.rendering.colours import READABLE, contrast
from newsletter.rendering.lint.level import LintProblem, error
from newsletter.rendering.lint.subject import LintedMail

#: Large text (24 px, or 18.66 px and bold) needs less: WCAG "large scale".
LARGE_TEXT, LARGE, LARGE_BOLD = 3.0, 24.0, 18.66
_NAMED = {
    "black": "#000000", "white": "#ffffff", "gray": "#808080", "grey": "#808080", "silver": "#c0c0c0", "red": "#ff0000",
    "maroon": "#800000", "yellow": "#ffff00", "olive": "#808000", "lime": "#00ff00", "green": "#008000",
    "aqua": "#00ffff", "teal": "#008080", "blue": "#0000ff", "navy": "#000080", "fuchsia": "#ff00ff",
    "purple": "#800080", "orange": "#ffa500", "lightgray": "#d3d3d3", "lightgrey": "#d3d3d3", "darkgray": "#a9a9a9",
    "darkgrey": "#a9a9a9", "dimgray": "#696969", "dimgrey": "#696969", "pink": "#ffc0cb", "gold": "#ffd700",
}  # fmt: skip
_DARK = re.compile(r"@media[^{]*prefers-color-scheme\s*:\s*dark[^{]*\{", re.IGNORECASE)

Styles = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Rule:
    selector: str
    name: str
    value: str
    important: bool


def look(variant: LintedMail) -> Iterator[LintProblem]:
    yield from _in_mode("light", variant, {})
    rules = list(_dark_rules(variant.document))
    if rules:
        yield from _in_mode("dark", variant, _matched(variant.document, rules))


def _in_mode(mode: str, variant: LintedMail, over: dict[HtmlElement, Styles]) -> Iterator[LintProblem]:
    seen: set[tuple[str, str]] = set()
    for element, words in _texts(variant.body):
        text, behind = _text_colour(element, over), _background(element, over)
        if text is None or behind is None or (text, behind) in seen:
            continue
        seen.add((text, behind))
        least = LARGE_TEXT if _is_large(element) else READABLE
        ratio = contrast(text, behind)
        if ratio < least:
            yield error(
                "contrast",
                f"“{words[:30]}” is {text} on {behind} in {mode} mode, a contrast of {ratio:.1f} where {least:g} is "
                "needed: choose a colour further from its background",
                about=_as_written(text, variant),
            )


def _as_written(colour: str, variant: LintedMail) -> str:
    """The colour as a template writes it, so that its line can be named."""
    return next((form for form in (colour, colour.upper(), _short(colour)) if form and any(
        form in source for source in variant.templates.values()
    )), "")  # fmt: skip


def _short(colour: str) -> str:
    pairs = [colour[1:3], colour[3:5], colour[5:7]]
    return "#" + "".join(pair[0] for pair in pairs) if all(pair[0] == pair[1] for pair in pairs) else ""


def _texts(body: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """Every element that shows words of its own."""
    for element in body.iter():
        if not isinstance(element.tag, str) or element.tag in ("style", "script", "title"):
            continue
        words = " ".join(" ".join([element.text or "", *(child.tail or "" for child in element)]).split())
        if re.search(r"\w", words) and not _is_hidden(element):
            yield element, words


def _is_hidden(element: HtmlElement) -> bool:
    return any(
        re.search(
            r"display:\s*none|font-size:\s*0(?![.\d]*[1-9])|visibility:\s*hidden", above.get("style") or ""
        )
        for above in (element, *element.iterancestors())
    )


def _text_colour(element: HtmlElement, over: dict[HtmlElement, Styles]) -> str | None:
    for above in (element, *element.iterancestors()):
        colour = _style(above, over).get("color") or (above.get("color") if above.tag == "font" else None)
        if colour and colour.lower() not in ("inherit", "currentcolor"):
            return _parsed(colour)
    return "#000000" if not over else None


def _background(element: HtmlElement, over: dict[HtmlElement, Styles]) -> str | None:
    for above in (element, *element.iterancestors()):
        styles = _style(above, over)
        if "url(" in styles.get("background", "") + styles.get("background-image", ""):
            return None  # a picture: nobody knows its colours
        colour = (
            styles.get("background-color") or _colour_in(styles.get("background", "")) or above.get("bgcolor")
        )
        if colour and colour.lower() not in ("transparent", "inherit", "none"):
            return _parsed(colour)
    return "#ffffff" if not over else None


def _style(element: HtmlElement, over: dict[HtmlElement, Styles]) -> Styles:
    return _declared(element.get("style") or "") | over.get(element, {})


@cache
def _cached(style: str) -> tuple[tuple[str, str], ...]:
    pairs = (part.partition(":") for part in style.split(";"))
    return tuple((name.strip().lower(), value.strip()) for name, _, value in pairs if value.strip())


def _declared(style: str) -> Styles:
    return dict(_cached(style)) if len(style) < 2_000 else {}


def _colour_in(value: str) -> str | None:
    found = re.search(r"#[0-9a-fA-F]{3,8}\b|rgba?\([^)]*\)", value)
    if found:
        return found[0]
    return next((word for word in value.lower().split() if word in _NAMED), None)


def _parsed(colour: str) -> str | None:
    """#rrggbb; None for what is not understood or lets something through."""
    value = colour.lower().replace("!important", "").strip()
    if value in _NAMED:
        return _NAMED[value]
    if re.fullmatch("#[0-9a-f]{3}", value):
        return "#" + "".join(char * 2 for char in value[1:])
    if re.fullmatch("#[0-9a-f]{6}", value):
        return value
    parts = re.fullmatch(
        r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:[\s,/]+(?:1|1\.0|100%))?\s*\)", value
    )
    return "#" + "".join(f"{min(int(part), 255):02x}" for part in parts.groups()) if parts else None


def _is_large(element: HtmlElement) -> bool:
    size, bold = 16.0, False
    for above in (element, *element.iterancestors()):
        found = re.search(r"font-size:\s*([\d.]+)px", above.get("style") or "")
        if found:
            size = float(found[1])
            break
    for above in (element, *element.iterancestors()):
        weight = re.search(r"font-weight:\s*(\w+)", above.get("style") or "")
        if weight or above.tag in ("b", "strong", "th"):
            bold = not weight or weight[1] in ("bold", "700", "800", "900")
            break
    return size >= LARGE or (bold and size >= LARGE_BOLD)


# dark mode


def _dark_rules(document: HtmlElement) -> Iterator[_Rule]:
    for style in document.iter("style"):
        css = re.sub(r"/\*.*?\*/", "", style.text or "", flags=re.DOTALL)
        for match in _DARK.finditer(css):
            for selectors, block in re.findall(r"([^{}]+)\{([^{}]*)\}", _block(css, match.end())):
                yield from _rules(selectors, block)


def _block(css: str, start: int) -> str:
    end, depth = start, 1
    while end < len(css) and depth:
        depth += {"{": 1, "}": -1}.get(css[end], 0)
        end += 1
    return css[start : end - 1]


def _rules(selectors: str, block: str) -> Iterator[_Rule]:
    for name, value in _declared(block).items():
        if name in ("color", "background-color", "background"):
            important = "!important" in value.replace(" ", "").lower()
            plain = re.sub(r"\s*!\s*important", "", value, flags=re.IGNORECASE)
            kept = "background-color" if name == "background" else name
            for selector in selectors.split(","):
                yield _Rule(selector.strip(), kept, _colour_in(plain) or plain, important)


def _matched(document: HtmlElement, rules: list[_Rule]) -> dict[HtmlElement, Styles]:
    """What dark mode puts over each element's own style, the more specific rule last (CSS Cascade §6)."""
    over: dict[HtmlElement, Styles] = {}
    for rule in sorted(rules, key=lambda rule: (rule.important, _specificity(rule.selector))):
        for element in _select(rule.selector, document):
            own = _declared(element.get("style") or "")
            if rule.important or not (
                rule.name in own or (rule.name == "background-color" and "background" in own)
            ):
                over.setdefault(element, {})[rule.name] = rule.value
    return over


def _specificity(selector: str) -> tuple[int, int, int]:
    return (
        selector.count("#"),
        len(re.findall(r"\.|\[|:(?!:)", selector)),
        len(re.findall(r"(?:^|[\s>+~])[a-zA-Z]", selector)),
    )


def _select(selector: str, document: HtmlElement) -> list[HtmlElement]:
    try:
        return list(_compiled(selector)(document))
    except (
        etree.XPathError,
        cssselect.SelectorError,
        ValueError,
    ):  # a selector that this library does not know
        return []


@cache
def _compiled(selector: str) -> cssselect.CSSSelector:
    return cssselect.CSSSelector(selector, translator="html")
