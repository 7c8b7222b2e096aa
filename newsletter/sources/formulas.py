"""MathML written out in one line (1/2, 10^6, √(x + 1)), for mails and feeds, which show nothing of it. Where formulas
stand in a page, and what else stands there for them, is told in formulaplaces.py.

Each element is told once, after what is in it, so nothing here recurses: an element that has been told holds one text.
(MathML Core; W3C MathML 4 §3.)
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Callable, Sequence

from newsletter.elements import names
from newsletter.sources.tree import Element, words

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
_PAIRS = {"(": ")", "[": "]", "{": "}", "⟨": "⟩", "|": "|", "‖": "‖", "⌈": "⌉", "⌊": "⌋"}
#: What is written over a letter: as a combining character where it is one letter.
_ACCENTS = {
    **dict.fromkeys("¯‾_―ˉ−-", "\u0304"),
    **dict.fromkeys("^ˆ\u0302", "\u0302"),
    **dict.fromkeys("~˜∼\u0303", "\u0303"),
    **dict.fromkeys("→⃗⇀\u20d7", "\u20d7"),
    **dict.fromkeys("˙.\u0307", "\u0307"),
    **dict.fromkeys("¨\u0308", "\u0308"),
    **dict.fromkeys("ˇ\u030c", "\u030c"),
}
_ACCENT_NAMES = {
    "\u0304": "bar",
    "\u0302": "hat",
    "\u0303": "tilde",
    "\u20d7": "vec",
    "\u0307": "dot",
    "\u0308": "ddot",
    "\u030c": "check",
}
_PRIMES = re.compile(r"[′″‴⁗'\"’]+|[*†‡°]+|∘")
_SCRIPTED = frozenset(("msup", "msub", "msubsup", "mroot", "msqrt"))
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}
#: U+2061 to U+2064: a function is applied, times, a comma, plus (2½), none of them shown.
_UNSEEN = {"\u2061": "", "\u2062": "", "\u2063": "", "\u2064": " ", "\u200b": "", "\u200c": "", "\ufe0e": ""}
_LIMITS = re.compile("[∑∏∐∫∬∭∮⋃⋂⨁⨂]")
#: What says how two sides compare: where a cell begins with one, its row is an equation and no row of values.
_RELATIONS = frozenset("=≠<>≤≥≈≡≅∼→⇒⇔∈⊂⊆")
_DERIVED = re.compile(r"[dδ∂][a-zα-ω]")
_PRODUCT = re.compile(r"[^\s+−±=<>/,;]*")
_SPACE_AROUND = re.compile(r"\s*([+−±∓=<>≤≥≠×⋅·→-])\s*")
#: Attributes of what has been told: how it may be used as a part of something larger.
_ATOM, _FRACTION = "data-atom", "data-fraction"


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
        found.attributes[_FRACTION] = ""
    elif element.tag not in ("mtable", "mtr", "mlabeledtr", "mspace", "apply"):
        found.attributes[_ATOM] = ""
    return found


def fraction(above: str, below: str) -> str:
    """A fraction of two texts."""
    return _mfrac([_text_part(above), _text_part(below)], Element("mfrac"))


def rooted(inner: str) -> str:
    """A square root of a text."""
    return _rooted(inner, "")


def scripts(below: str, above: str) -> str:
    """What stands below and above the line behind something; either may be empty."""
    return _raised(_lowered("", _text_part(below)), _text_part(above))


def _text_part(text: str) -> Element:
    simple = (
        {_ATOM: ""}
        if text and " " not in text and (text.isdigit() or text.isalpha() or len(text) == 1)
        else {}
    )
    return Element("mtext", simple, [words(text)] if text else [])


def text_of(element: Element) -> str:
    """What has been told, without spaces at its ends."""
    return " ".join(_text(element).split())


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


def _text(element: Element) -> str:
    return entities.unescape("".join(node for node in element.inside() if isinstance(node, str)))


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
    text = _text(element)
    for sign, shown in _UNSEEN.items():
        text = text.replace(sign, shown)
    inner = " ".join(text.replace("\u00a0", " ").split())
    if not inner and text:
        inner = " "
    elif element.tag == "mtext" and inner:
        inner = " " * (text[:1] in " \u00a0") + inner + " " * (text[-1:] in " \u00a0")
    if element.tag == "mo" and inner == "-":
        inner = "−"
    return Element(element.tag, {_ATOM: ""} if inner.strip() else {}, [words(inner)] if inner else [])


# rows


def _row(element: Element, parts: Sequence[Element]) -> Element:
    """A row of parts; one part alone stays the part that it is."""
    seen = [part for part in parts if part.children or part.tag == "mtable"]
    if len(seen) == 1 and element.tag != "math":
        return seen[0]
    text = _joined(seen)
    whole = bool(seen) and _is_bracketed(text)
    return Element(element.tag, {_ATOM: ""} if whole else {}, [words(text)] if text else [])


def _joined(parts: Sequence[Element]) -> str:
    out = ""
    before: Element | None = None
    for place, part in enumerate(parts):
        text = _text(part)
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
    if _FRACTION in part.attributes or _FRACTION in before.attributes:
        return left not in _OPENING and (right.isalnum() or right in "√(∑∫")
    if left.isdigit() and right.isdigit():
        return True
    if part.tag == "mn":
        return left.isalpha()
    if before.tag in ("munder", "munderover") or _LIMITS.match(_text(before)):
        return right.isalnum()
    if before.tag in _SCRIPTED:
        return right.isalpha() and (left.isalpha() or bool(re.match(r"[A-Za-z]{3}", _text(before))))
    return left.isalpha() and right.isalpha() and (_is_word(before) or _is_word(part))


def _is_word(part: Element) -> bool:
    """A name of several letters, such as a function's."""
    return part.tag in ("mi", "mtext", "ms") and len(_text(part).strip()) > 1


# what stands above, below and beside


def _base(part: Element) -> str:
    text = _text(part).strip()
    return (
        text
        if _ATOM in part.attributes and _FRACTION not in part.attributes and " " not in text
        else _bracketed(text)
    )


def _bracketed(text: str) -> str:
    return text if not text or _is_bracketed(text) or re.fullmatch(r"\w|[0-9.,]+", text) else f"({text})"


def _is_bracketed(text: str) -> bool:
    """Whether one pair of brackets holds all of it."""
    if len(text) < 2 or _PAIRS.get(text[0]) != text[-1]:
        return False
    if text[0] in "|‖":
        return text[0] not in text[1:-1]
    depth = 0
    for place, char in enumerate(text):
        depth += (char == text[0]) - (char == text[-1])
        if depth == 0 and place < len(text) - 1:
            return False
    return depth == 0


def _script(part: Element) -> str:
    """Above or below the line: tight, in brackets where it is more than one sign or number."""
    text = _SPACE_AROUND.sub(r"\1", _text(part).strip())
    text = f"-{text[1:]}" if text.startswith("−") else text
    if re.fullmatch(r"[-−+]?(?:[0-9][0-9.,]*|\w)|[^\w\s]", text) or _is_bracketed(text):
        return text
    return text if _ATOM in part.attributes and re.fullmatch(r"\w+", text) else f"({text})"


def _raised(base: str, part: Element) -> str:
    text = _text(part).strip()
    if not text:
        return base
    base = f"({base})" if "^" in base and not _is_bracketed(base) and not _LIMITS.match(base) else base
    if _PRIMES.fullmatch(text):
        return base + ("°" if text in "∘°" else text)
    return f"{base}^{_script(part)}"


def _lowered(base: str, part: Element) -> str:
    return f"{base}_{_script(part)}" if _text(part).strip() else base


def _three(parts: Sequence[Element]) -> tuple[Element, Element, Element]:
    empty = Element("none")
    padded = [*parts, empty, empty, empty]
    return padded[0], padded[1], padded[2]


def _msup(parts: Sequence[Element], element: Element) -> str:
    base, above, _ = _three(parts)
    return _raised(_base(base), above)


def _msub(parts: Sequence[Element], element: Element) -> str:
    base, below, _ = _three(parts)
    return _lowered(_base(base), below)


def _msubsup(parts: Sequence[Element], element: Element) -> str:
    base, below, above = _three(parts)
    return _raised(_lowered(_base(base), below), above)


def _mover(parts: Sequence[Element], element: Element) -> str:
    base, above, _ = _three(parts)
    inner, sign = _text(base).strip(), _text(above).strip()
    if accent := _ACCENTS.get(sign):
        return inner + accent if len(inner) == 1 else f"{_ACCENT_NAMES[accent]}({inner})"
    if sign in ("⏞", "⏜", "︷", "⎴"):
        return inner
    return _raised(_base(base), above)


def _munder(parts: Sequence[Element], element: Element) -> str:
    base, below, _ = _three(parts)
    if _text(below).strip() in ("⏟", "⏝", "_", "̲", "¯", "‾", "︸", "⎵"):
        return _text(base).strip()
    return _lowered(_base(base), below)


def _multiscripts(parts: Sequence[Element], element: Element) -> str:
    """What stands before the base is written before it: ^14_6 C."""
    if not parts:
        return ""
    middle = next((place for place, part in enumerate(parts) if part.tag == "mprescripts"), len(parts))
    text = _base(parts[0])
    for below, above in _pairs(parts[1:middle]):
        text = _raised(_lowered(text, below), above)
    for below, above in _pairs(parts[middle + 1 :]):
        before = _lowered(_raised("", above), below)
        gap = " " if before[-1:].isalpha() and text[:1].isalpha() else ""
        text = f"{before}{gap}{text}"
    return text


def _pairs(parts: Sequence[Element]) -> list[tuple[Element, Element]]:
    padded = [*parts, Element("none")]
    return [(padded[place], padded[place + 1]) for place in range(0, len(parts), 2)]


# fractions, roots, brackets, tables


def _mfrac(parts: Sequence[Element], element: Element) -> str:
    above, below, _ = _three(parts)
    over, under = _text(above).strip(), _text(below).strip()
    if re.fullmatch(r"0(?:\.0*)?[a-z%]*", element.attributes.get("linethickness", "").strip()):
        return f"({over} choose {under})"
    if not over or not under:
        return over or under
    numerator = over if _PRODUCT.fullmatch(over) and _FRACTION not in above.attributes else _bracketed(over)
    if not _DERIVED.fullmatch(under):  # of a derivative: d/dx
        under = _base(below) if _ATOM in below.attributes else _bracketed(under)
    return f"{numerator}/{under}"


def _root(parts: Sequence[Element], element: Element) -> str:
    base, index, _ = _three(parts)
    return _rooted(_text(base).strip(), _text(index).strip())


def _sqrt(parts: Sequence[Element], element: Element) -> str:
    row = _row(Element("mrow", {}, list(parts)), parts)
    return _rooted(_text(row).strip(), "")


def _rooted(inner: str, index: str) -> str:
    sign = _ROOTS.get(index) or f"{index if re.fullmatch(r'[0-9]+|[a-z]', index) else f'({index})'}-√"
    simple = re.fullmatch(r"[0-9.,]+|\w", inner)
    return f"{sign}{inner}" if simple or _is_bracketed(inner) else f"{sign}({inner})"


def _fenced(parts: Sequence[Element], element: Element) -> str:
    given = element.attributes
    opening, closing = given.get("open", "("), given.get("close", ")")
    separators = "".join(given.get("separators", ",").split())
    text = ""
    for place, part in enumerate(parts):
        if place and separators:
            text += separators[min(place, len(separators)) - 1] + " "
        text += _text(part).strip()
    return f"{opening}{text}{closing}"


def _table(parts: Sequence[Element], element: Element) -> str:
    """Row by row: [1, 0; 0, 1]."""
    rows = [_text(part).strip() for part in parts]
    return "; ".join(row for row in rows if row)


def _table_row(parts: Sequence[Element], element: Element) -> str:
    cells = [_text(part).strip() for part in parts]
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
    tex = next((plain_tex(_text(part)) for part in parts if part.tag == "annotation" and part.children), "")
    return Element("mrow", {}, [words(tex)] if tex else [])


def _first(parts: Sequence[Element], element: Element) -> str:
    return _text(parts[0]) if parts else ""


def _apply(parts: Sequence[Element], element: Element) -> str:
    """Content MathML: an operation and what it is done to."""
    if not parts:
        return ""
    sign, args = _text(parts[0]).strip(), parts[1:]
    if parts[0].tag == "root":
        return _rooted(_text(args[-1]).strip() if args else "", "")
    if parts[0].tag in ("divide", "power") and len(args) == 2:
        return _mfrac(args, element) if parts[0].tag == "divide" else _msup(args, element)
    if parts[0].tag in OPERATIONS:
        texts = [_base(arg) if sign == "×" else _text(arg).strip() for arg in args]
        return f" {sign} ".join(texts) if len(texts) > 1 else sign + "".join(texts)
    return f"{sign}({', '.join(_text(arg).strip() for arg in args)})"


_WRITTEN: dict[str, Callable[[Sequence[Element], Element], str]] = {
    "msup": _msup,
    "msub": _msub,
    "msubsup": _msubsup,
    "mover": _mover,
    "munder": _munder,
    "munderover": _msubsup,
    "mmultiscripts": _multiscripts,
    "mfrac": _mfrac,
    "mroot": _root,
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
