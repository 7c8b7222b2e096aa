"""Formulas in a page: MathML, and what KaTeX, MathJax, Wikipedia and others put beside it or in its place.

Of several tellings of one formula one stays, in words of one line (mathml.py)."""

from __future__ import annotations

import html as entities
import json
import re
from collections.abc import Callable, Sequence
from urllib.parse import parse_qs, unquote, urlsplit

import nh3

from newsletter.sources.html.math import katex, mathml
from newsletter.sources.html.math.mathml import plain_tex
from newsletter.sources.html.parser_limits import flat_enough
from newsletter.sources.html.tree import Element, Node, rebuilt, words

#: Marks, within one reading of a text, what was a formula, and what stands for one until the true one comes.
_FORMULA, _PREVIEW = "data-formula", "data-preview"
_TEX = "data-tex"
_MATHML = mathml.MATHML | mathml.OPERATIONS.keys()
#: Where no formula is around them, the parser takes its elements away with their words: they go by another name.
_STRAY = "stray-"
INSIDE = _MATHML | {_STRAY + tag for tag in _MATHML}
#: Elements of MathJax 3 that tell something; all others are for its style sheet.
ELEMENTS = frozenset({"mjx-container", "mjx-math"})
ATTRIBUTES = {
    "mjx-container": {"aria-label", "data-latex"},
    "mjx-math": {"data-latex"},
}
#: Of spans and divs.
SAID_IN_PLACE = frozenset({"data-mathml", "data-attrs", _TEX})
_SCRIPT = re.compile(
    r"<script\b[^<>]*\btype\s*=\s*[\"']?math/(tex|mml|asciimath)\b[^<>]*>((?:[^<]|<(?!/?script\b))*+)</script\s*>",
    re.IGNORECASE | re.DOTALL,
)
#: Publishers write MathML with a prefix, which HTML knows nothing of.
_WORD = re.compile(r"<(/?)m:([a-z]+)\b[^<>]*?(/?)>", re.IGNORECASE)
_WORDS_NAMES = {
    "ssup": "msup",
    "ssub": "msub",
    "ssubsup": "msubsup",
    "f": "mfrac",
    "rad": "msqrt",
    "d": "mfenced",
    **dict.fromkeys(("omath", "e", "num", "den", "sup", "sub", "r", "lim", "fname", "func"), "mrow"),
}
_WHOLE_MATH = re.compile(r"<math\b[^<>]*>(?:[^<]|<(?!/?math\b))*</math\s*>", re.IGNORECASE)
_PREFIX = re.compile(r"<(/?)(?:mml|m):(?=[a-z])", re.IGNORECASE)
_ALONE = re.compile(
    r"<(/?)(m(?:i|n|o|text|row|frac|sqrt|root|sup|sub|subsup|under|over|underover|fenced|style))(?=[\s>])",
    re.IGNORECASE,
)
#: Characters of an address that is looked at, of a formula, and levels within it.
_MOST_ADDRESS = 2000
_LONGEST, _DEEPEST = 4000, 60
_ABOUT_FORMULAS = re.compile(r"math|mml|katex|latex", re.IGNORECASE)
#: Around all tellings of one formula.
_WHOLE = (
    *(
        "katex",
        "katex-display",
        "mwe-math-element",
        "mathjax",
        "mathjax_display",
        "mathjax_svg",
        "mathjax_svg_display",
    ),
    *("mathjax_chtml", "mathjax_mathml", "mjx-chtml", "mjxc-display"),
)
_OF_MATHJAX = _WHOLE[3:]
_PICTURE_CLASSES = (
    *("latex", "tex", "texrender", "mathtex", "math-tex", "latexmath", "mwe-math-fallback-image-inline"),
    *(
        "mwe-math-fallback-image-display",
        "ql-img-inline-formula",
        "ql-img-displayed-formula",
        "equation_image",
    ),
)
#: Servers that draw TeX, and where in their addresses it stands.
_DRAWN: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"//(?:s\d\.wp\.com|[\w.-]+\.wordpress\.com)/latex\.php\?", re.IGNORECASE), "latex"),
    (re.compile(r"//chart\.(?:googleapis|apis\.google)\.com/chart\?.*cht=tx", re.IGNORECASE), "chl"),
    (re.compile(r"//render\.githubusercontent\.com/render/math\?", re.IGNORECASE), "math"),
    (re.compile(r"//math\.now\.sh/?\?", re.IGNORECASE), "from"),
    (
        re.compile(
            r"//(?:latex|tex)\.codecogs\.com/\w+\.(?:latex|image)\?|//[\w.]*codecogs\.com/\w+\.latex\?"
        ),
        "",
    ),
    (re.compile(r"//(?:i|tex\.s2cms|latex\.wikia)\.?(?:upmath\.me|ru)/(?:svg|png)/", re.IGNORECASE), "/"),
)


def prepared(html: str) -> str:
    """The HTML with TeX that stands in scripts as elements, and MathML without prefixes."""
    if "math/" in html:
        html = _SCRIPT.sub(_as_element, html)
    if ":math" in html or ":mfrac" in html or ":msup" in html:
        html = _PREFIX.sub(r"<\1", html)
    if "<m:omath" in html.lower():
        html = _WORD.sub(_of_word, html)
    return html if "<math" in html.lower() else _ALONE.sub(rf"<\1{_STRAY}\2", html)


def _as_element(found: re.Match[str]) -> str:
    if found[1].lower() == "mml":
        return found[2] if "<" in found[2] else entities.unescape(found[2])
    tex = re.sub(r"<!\[CDATA\[|\]\]>", "", found[2])
    tex = re.sub(r"^\s*%\s+|%\s*$", "", tex)  # left of a CDATA section, which TeX takes for a comment
    return f'<span {_TEX}="">{entities.escape(entities.unescape(tex), quote=False)}</span>'


def _of_word(tag: re.Match[str]) -> str:
    """Word's own formulas (ECMA-376 part 1 §22.1) as MathML, as far as both have the same parts."""
    name = _WORDS_NAMES.get(tag[2].lower())
    return f"<{tag[1]}{_STRAY}{name}>" if name and not tag[3] else ""


def in_one_line(html: str) -> str:
    """The HTML with its MathML as words: for titles, which nobody cleans."""
    return _WHOLE_MATH.sub(lambda found: entities.escape(_of_markup(found[0]), quote=False), html)


def is_for_readers(element: Element) -> bool:
    """Whether something hidden holds a formula for those who cannot see its picture."""
    if element.has_class("katex-html"):  # told in place() whether it is needed
        return True
    return bool(_ABOUT_FORMULAS.search(element.attributes.get("class", ""))) and _found(element) is not None


def part(element: Element, parents: Sequence[Element]) -> Sequence[Node]:
    """An element of MathML."""
    element.tag = element.tag.removeprefix(_STRAY)
    if _is_too_much(element, parents):
        return element.children
    told = mathml.told(element)
    # Outside of a formula only the words are left of it.
    return [told] if any(parent.tag in INSIDE for parent in parents[::-1]) else told.children


def _is_too_much(element: Element, parents: Sequence[Element]) -> bool:
    """Nobody writes such a formula but to hurt: its words are kept as they stand."""
    inside = (node.children if isinstance(node, Element) else [node] for node in element.children)
    size = sum(len(part) for nodes in inside for part in nodes if isinstance(part, str))
    return size > _LONGEST or sum(parent.tag in INSIDE for parent in parents) > _DEEPEST


def formula(element: Element, parents: Sequence[Element]) -> Sequence[Node]:
    """A whole formula of MathML."""
    text = mathml.text_of(element if _is_too_much(element, parents) else mathml.told(element))
    # Where a generator wrote no structure, its own words say more.
    if not any(sign in text for sign in "^_/√"):
        text = plain_tex(element.attributes.get("alttext", "")) or text
    space = [" "] if element.attributes.get("display", "").lower() == "block" else []
    return [*space, _formula(text), *space] if text else []


def place(element: Element, parents: Sequence[Element]) -> Sequence[Node] | None:
    """What a span or a div becomes that is about a formula; None for any other."""
    given = element.attributes
    if _TEX in given:
        return _tex(element, parents[-1].children)
    if "data-attrs" in given and element.has_class("latex-rendered"):
        return _written_in(given["data-attrs"])
    shown = given.get("class", "")
    own = set(shown.split())
    if own & katex.CLASSES and any(parent.has_class("katex-html") for parent in parents):
        return katex.box(element, own & katex.CLASSES)
    if "katex-html" in own:
        text = "" if _found(parents[-1]) is not None else katex.text_of(element)
        return [_formula(text)] if text else []
    if not shown or (not _ABOUT_FORMULAS.search(shown) and "mjx" not in shown.lower()):
        return None
    if element.has_class("mathjax_preview"):
        return [Element("span", {_PREVIEW: ""}, element.children)] if element.text().strip() else []
    if not element.has_class(*_WHOLE):
        return None
    if (found := _found(element)) is not None:
        _drop_preview(parents[-1].children)
        return (
            [" ", found, " "]
            if element.has_class("katex-display", "mathjax_display", "mjxc-display")
            else [found]
        )
    if element.has_class("mwe-math-element"):
        return None
    if "data-mathml" in given and (text := _of_markup(given["data-mathml"])):
        return [_formula(text)]
    return [Element("span", {_PREVIEW: ""}, element.children)] if element.has_class(*_OF_MATHJAX) else None


def container(element: Element, parents: Sequence[Element]) -> Sequence[Node]:
    """MathJax 3 and 4: what is drawn has no words; they stand in MathML for screen readers, or in attributes."""
    if (found := _found(element)) is not None:
        return [found]
    inner = [node.attributes.get("data-latex", "") for node in element.elements("mjx-math")]
    tex = plain_tex(next(filter(None, [element.attributes.get("data-latex", ""), *inner]), ""))
    said = tex or element.attributes.get("aria-label", "").strip()
    if not said and element.tag == "mjx-math":
        return [element]
    return [_formula(said)] if said else [Element("span", {_PREVIEW: ""}, element.children)]


def is_unsaid(node: Node) -> bool:
    """Whether a node stands for a formula of which nothing has told the words."""
    return isinstance(node, Element) and _PREVIEW in node.attributes and not node.text().strip()


def picture(element: Element) -> Sequence[Node] | None:
    """A picture of a formula as the formula; None for any other, and for one that does not tell what it shows."""
    given = element.attributes
    address = (given.get("src", "") or given.get("data-src", ""))[:_MOST_ADDRESS]
    drawn = next(((host, where) for host, where in _DRAWN if host.search(address)), None)
    if drawn is None and not element.has_class(*_PICTURE_CLASSES):
        return None
    tex = plain_tex(given.get("alt", "")) or (plain_tex(_in_address(address, drawn[1])) if drawn else "")
    return [_formula(tex)] if tex else None


def _in_address(address: str, where: str) -> str:
    try:
        parts = urlsplit(address)
        if where == "/":
            return unquote(parts.path.split("/", 2)[2])
        return parse_qs(parts.query).get(where, [""])[0] if where else unquote(parts.query)
    except (ValueError, IndexError):
        return ""


def _formula(text: str) -> Element:
    return Element("span", {_FORMULA: ""}, [words(text)])


def _found(element: Element) -> Element | None:
    return next((node for node in element.elements("span") if _FORMULA in node.attributes), None)


def _drop_preview(before: list[Node]) -> None:
    while before and isinstance(before[-1], Element) and _PREVIEW in before[-1].attributes:
        _told(before.pop())


def _told(preview: Node) -> None:
    """Its formula is told by another: neither it nor what it stands around waits for words any more."""
    if isinstance(preview, Element):
        for span in (preview, *preview.elements("span")):
            span.attributes.pop(_PREVIEW, None)


def _tex(element: Element, before: list[Node]) -> Sequence[Node]:
    """TeX of a script: it stands where what was drawn of it does not tell it already."""
    while before:
        node = before[-1]
        if isinstance(node, str):
            if node.strip():
                break
            if not any(isinstance(one, Element) for one in before[-3:]):
                break
            before.pop()
        elif _FORMULA in node.attributes:
            return []
        elif _PREVIEW in node.attributes:
            _told(before.pop())
        else:
            break
    text = plain_tex(element.text())
    return [_formula(text)] if text else []


def _written_in(attributes: str) -> Sequence[Node]:
    """Substack draws a formula by a script, out of an attribute."""
    try:
        said = json.loads(attributes)
    except (ValueError, RecursionError):
        return []
    tex = said.get("persistentExpression") if isinstance(said, dict) else None
    return [Element("p", {}, [_formula(plain_tex(tex))])] if isinstance(tex, str) and tex.strip() else []


def _of_markup(markup: str) -> str:
    """A formula whose MathML stands in an attribute."""
    kept = nh3.clean(
        flat_enough(markup),
        tags=set(_MATHML),
        attributes={tag: set(names) for tag, names in mathml.ATTRIBUTES.items()},
        link_rel=None,
    )
    nodes = rebuilt(
        kept, lambda element, parents: (formula if element.tag == "math" else part)(element, parents)
    )
    said = (node.text() if isinstance(node, Element) else entities.unescape(node) for node in nodes)
    return " ".join("".join(said).split())


BY_TAG: dict[str, Callable[[Element, Sequence[Element]], Sequence[Node]]] = {
    **dict.fromkeys(INSIDE, part),
    "math": formula,
    **dict.fromkeys(ELEMENTS, container),
}
