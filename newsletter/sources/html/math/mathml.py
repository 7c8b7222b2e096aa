"""MathML written out in one line (1/2, 10^6, √(x + 1)), for mails and feeds, which show nothing of it. find.py knows
where formulas stand in a page, and what else stands there for them.

Each element is written out once, after what is in it, so nothing here recurses: one that is done holds one text.
(MathML Core; W3C MathML 4 §3.)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from newsletter.sources.html.math import linear_parts
from newsletter.sources.html.math.linear_parts import text_in
from newsletter.sources.html.tree import Element, words
from newsletter.text.html_elements import names

#: The presentation elements, and what is carried along with them.
MATHML = names(
    "math mi mn mo ms mtext mspace mrow mfrac msqrt mroot mstyle merror mpadded mphantom mfenced menclose msub msup "
    "msubsup munder mover munderover mmultiscripts mprescripts none mtable mtr mtd mlabeledtr maction semantics "
    "annotation annotation-xml apply cn ci csymbol sep"
)
#: Content MathML's operations, which are elements without content.
OPERATIONS = {
    "plus": "+",
    "minus": "−",
    "times": "×",
    "divide": "/",
    "power": "^",
    "eq": "=",
    "neq": "≠",
    "lt": "<",
    "gt": ">",
    "leq": "≤",
    "geq": "≥",
    "root": "√",
}
ATTRIBUTES = {
    "math": {"alttext", "display"},
    "mfrac": {"linethickness"},
    "mfenced": {"open", "close", "separators"},
    "mspace": {"width", "linebreak"},
    "mover": {"accent"},
}
_TOKENS = frozenset(("mi", "mn", "mo", "ms", "mtext", "cn", "ci", "csymbol"))
#: Between two of these a reader needs a space.
_SPACED = frozenset("=≠<>≤≥≪≫≈≡≅∼≃∝→←↔⇒⇐⇔↦⟶⟹⟺∈∉∋⊂⊃⊆⊇∪∩∧∨+−±∓×÷⋅·∗∘⊗⊕∣∥⊥⊢⊨:≔≐≜≝") | {
    *("-", ":=", "<=", ">=", "!=", "==", "->"),
}
_OPENING, _CLOSING = frozenset("([{⟨⌈⌊⟦|‖∣∥"), frozenset(")]}⟩⌉⌋⟧|‖∣∥")
#: Behind these a minus is a sign of what follows.
_BEFORE_A_SIGN = (_OPENING - _CLOSING) | _SPACED | frozenset(",;/")

_SCRIPTED = frozenset(("msup", "msub", "msubsup", "mroot", "msqrt"))
#: U+2061 to U+2064: a function is applied, times, a comma, plus (2½), none of them shown.
_UNSEEN = {"\u2061": "", "\u2062": "", "\u2063": "", "\u2064": " ", "\u200b": "", "\u200c": "", "\ufe0e": ""}
#: What says how two sides compare: where a cell begins with one, its row is an equation and no row of values.
_RELATIONS = frozenset("=≠<>≤≥≈≡≅∼→⇒⇔∈⊂⊆")


def told(element: Element) -> Element:
    """The element with one text in it, written out; its attributes say what kind of part it is."""
    if element.tag in _TOKENS:
        return _token(element)
    if element.tag in OPERATIONS:
        return Element(element.tag, {}, [words(OPERATIONS[element.tag])])
    write = _WRITTEN.get(element.tag)
    parts = _parts(element)
    if element.tag == "semantics":
        return _first_of(parts)
    if write is None:
        return _row(element, parts)
    text = write(parts, element)
    found = Element(element.tag, {}, [words(text)] if text else [])
    if element.tag == "mfrac" and text:
        found.attributes[linear_parts.FRACTION] = ""
    elif element.tag not in ("mtable", "mtr", "mlabeledtr", "mspace", "apply"):
        found.attributes[linear_parts.ATOM] = ""
    return found


def text_of(element: Element) -> str:
    """What has been told, without spaces at its ends."""
    return " ".join(text_in(element).split())


def plain_tex(tex: str) -> str:
    """TeX without what only a typesetter needs: "{\\displaystyle mc^{2}}" is mc^2."""
    tex = " ".join(tex.split()).strip("$").strip()
    tex = re.sub(r"^\\[(\[](.*)\\[)\]]$", r"\1", tex).strip()
    if tex.startswith("{") and tex.endswith("}") and re.match(r"\{\\(?:display|text|script)style\b", tex):
        tex = tex[1:-1]
    tex = re.sub(
        r"\\(?:displaystyle|textstyle|scriptstyle|limits|nolimits|left|right|!|,|;|:)(?![A-Za-z])\s*", "", tex
    )
    return re.sub(r"([\^_])\{(\w)\}", r"\1\2", tex).strip()


def _parts(element: Element) -> list[Element]:
    """The elements in it; text that stands loose among them is an operator of somebody's own."""
    found: list[Element] = []
    for node in element.children:
        if isinstance(node, Element):
            found.append(node)
        elif node.strip():
            found.append(Element("mtext", {}, [node.strip()]))
    return found


def _token(element: Element) -> Element:
    text = text_in(element)
    for sign, shown in _UNSEEN.items():
        text = text.replace(sign, shown)
    inner = " ".join(text.replace("\u00a0", " ").split())
    if not inner and text:
        inner = " "
    elif element.tag == "mtext" and inner:
        inner = " " * (text[:1] in " \u00a0") + inner + " " * (text[-1:] in " \u00a0")
    if element.tag == "mo" and inner == "-":
        inner = "−"
    return Element(
        element.tag, {linear_parts.ATOM: ""} if inner.strip() else {}, [words(inner)] if inner else []
    )


# rows


def _row(element: Element, parts: Sequence[Element]) -> Element:
    """A row of parts; one part alone stays the part that it is."""
    seen = [part for part in parts if part.children or part.tag == "mtable"]
    if len(seen) == 1 and element.tag != "math":
        return seen[0]
    text = _joined(seen)
    whole = bool(seen) and linear_parts.is_bracketed(text)
    return Element(element.tag, {linear_parts.ATOM: ""} if whole else {}, [words(text)] if text else [])


def _joined(parts: Sequence[Element]) -> str:
    out = ""
    before: Element | None = None
    for place, part in enumerate(parts):
        text = text_in(part)
        if not text:
            continue
        if part.tag == "mo":
            out = _with_operator(out, text, is_last=place + 1 == len(parts))
        else:
            out += (" " if before is not None and _need_space(before, part, out, text) else "") + text
        before = part
    return re.sub(r" {2,}", " ", out).strip(" ")


def _with_operator(out: str, sign: str, *, is_last: bool) -> str:
    stripped = sign.strip()
    if stripped in _SPACED:
        left = out.rstrip()
        prefix = (
            not left
            or left[-1] in _OPENING - _CLOSING
            or left[-1] in ",;"
            or left[-1] in _SPACED
            or left.endswith("/")
        )
        if prefix or is_last:
            return f"{out}{stripped}"
        return f"{left} {stripped} "
    if stripped in (",", ";"):
        return f"{out.rstrip()}{stripped} "
    if len(stripped) > 1 and stripped.isalpha():  # lim, max, mod
        return f"{out}{' ' if out[-1:].isalnum() else ''}{stripped} "
    return out + sign


def _need_space(before: Element, part: Element, out: str, text: str) -> bool:
    """Whether two parts would be read as one: 2 and 1/2, sin and x, a number and the next."""
    left, right = out[-1:], text[:1]
    if not left or not right or left == " " or right == " ":
        return False
    if before.tag == "mo":
        return out[-3:] in ("lim", "max", "min") and right.isalnum()
    if linear_parts.FRACTION in part.attributes or linear_parts.FRACTION in before.attributes:
        return left not in _OPENING and (right.isalnum() or right in "√(∑∫")
    if left.isdigit() and right.isdigit():
        return True
    if part.tag == "mn":
        return left.isalpha()
    if before.tag in ("munder", "munderover") or linear_parts.LIMITS.match(text_in(before)):
        return right.isalnum()
    if before.tag in _SCRIPTED:
        return right.isalpha() and (left.isalpha() or bool(re.match(r"[A-Za-z]{3}", text_in(before))))
    return left.isalpha() and right.isalpha() and (_is_word(before) or _is_word(part))


def _is_word(part: Element) -> bool:
    """A name of several letters, such as a function's."""
    text = text_in(part).strip()
    return part.tag in ("mi", "mtext", "ms") and len(text) > 1 and " " not in text


# roots, brackets, tables


def _sqrt(parts: Sequence[Element], element: Element) -> str:
    row = _row(Element("mrow", {}, list(parts)), parts)
    return linear_parts.rooted_by(text_in(row).strip(), "")


def _fenced(parts: Sequence[Element], element: Element) -> str:
    given = element.attributes
    opening, closing = given.get("open", "("), given.get("close", ")")
    separators = "".join(given.get("separators", ",").split())
    text = ""
    for place, part in enumerate(parts):
        if place and separators:
            text += separators[min(place, len(separators)) - 1] + " "
        text += text_in(part).strip()
    return f"{opening}{text}{closing}"


def _table(parts: Sequence[Element], element: Element) -> str:
    """Row by row: [1, 0; 0, 1]."""
    rows = [text_in(part).strip() for part in parts]
    return "; ".join(row for row in rows if row)


def _table_row(parts: Sequence[Element], element: Element) -> str:
    cells = [text_in(part).strip() for part in parts]
    # Equations in columns are aligned at their sign; a matrix has a value in each cell.
    if any(cell[:1] in _RELATIONS for cell in cells[1:] if cell):
        return " ".join(re.sub(rf"^([{''.join(_RELATIONS)}])\s*", r"\1 ", cell) for cell in cells if cell)
    return ", ".join(cell for cell in cells if cell)


def _cell(parts: Sequence[Element], element: Element) -> str:
    return _joined(parts)


def _nothing(parts: Sequence[Element], element: Element) -> str:
    return ""


def _space(parts: Sequence[Element], element: Element) -> str:
    width = re.match(r"\s*([0-9.]+)", element.attributes.get("width", ""))
    return " " if width and float("0" + width[1].strip(".")) >= 0.2 else ""


def _first_of(parts: Sequence[Element]) -> Element:
    """Of several tellings the first; TeX where that is all there is."""
    shown = next(
        (part for part in parts if part.tag not in ("annotation", "annotation-xml") and part.children), None
    )
    if shown is not None:
        return shown
    tex = next((plain_tex(text_in(part)) for part in parts if part.tag == "annotation" and part.children), "")
    return Element("mrow", {}, [words(tex)] if tex else [])


def _first(parts: Sequence[Element], element: Element) -> str:
    return text_in(parts[0]) if parts else ""


def _apply(parts: Sequence[Element], element: Element) -> str:
    """Content MathML: an operation and what it is done to."""
    if not parts:
        return ""
    sign, args = text_in(parts[0]).strip(), parts[1:]
    if parts[0].tag == "root":
        return linear_parts.rooted_by(text_in(args[-1]).strip() if args else "", "")
    if parts[0].tag in ("divide", "power") and len(args) == 2:
        return (
            linear_parts.mfrac(args, element)
            if parts[0].tag == "divide"
            else linear_parts.msup(args, element)
        )
    if parts[0].tag in OPERATIONS:
        texts = [linear_parts.base_of(arg) if sign == "×" else text_in(arg).strip() for arg in args]
        return f" {sign} ".join(texts) if len(texts) > 1 else sign + "".join(texts)
    return f"{sign}({', '.join(text_in(arg).strip() for arg in args)})"


_WRITTEN: dict[str, Callable[[Sequence[Element], Element], str]] = {
    "msup": linear_parts.msup,
    "msub": linear_parts.msub,
    "msubsup": linear_parts.msubsup,
    "mover": linear_parts.mover,
    "munder": linear_parts.munder,
    "munderover": linear_parts.msubsup,
    "mmultiscripts": linear_parts.multiscripts,
    "mfrac": linear_parts.mfrac,
    "mroot": linear_parts.mroot,
    "msqrt": _sqrt,
    "mfenced": _fenced,
    "mtable": _table,
    "mtr": _table_row,
    "mlabeledtr": lambda parts, element: _table_row(parts[1:], element),
    "mtd": _cell,
    "mphantom": _nothing,
    "mspace": _space,
    "maction": _first,
    "apply": _apply,
}
