"""The parts of a formula in one line: what stands above and below, fractions, roots. Which part an element is, and rows
and tables, are mathml.py's."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Sequence

from newsletter.sources.html.tree import Element, words

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
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}
LIMITS = re.compile("[∑∏∐∫∬∭∮⋃⋂⨁⨂]")
_DERIVED = re.compile(r"[dδ∂][a-zα-ω]")
_PRODUCT = re.compile(r"[^\s+−±=<>/,;]*")
_SPACE_AROUND = re.compile(r"\s*([+−±∓=<>≤≥≠×⋅·→-])\s*")
#: Attributes of what has been told: how it may be used as a part of something larger.
ATOM, FRACTION = "data-atom", "data-fraction"


def fraction(above: str, below: str) -> str:
    """A fraction of two texts."""
    return mfrac([_part_of(above), _part_of(below)], Element("mfrac"))


def rooted(inner: str) -> str:
    """A square root of a text."""
    return rooted_by(inner, "")


def scripts(below: str, above: str) -> str:
    """What stands below and above the line behind something; either may be empty."""
    return _raised(_lowered("", _part_of(below)), _part_of(above))


def _part_of(text: str) -> Element:
    simple = (
        {ATOM: ""}
        if text and " " not in text and (text.isdigit() or text.isalpha() or len(text) == 1)
        else {}
    )
    return Element("mtext", simple, [words(text)] if text else [])


def text_in(element: Element) -> str:
    return entities.unescape("".join(node for node in element.inside() if isinstance(node, str)))


# what stands above, below and beside


def base_of(part: Element) -> str:
    text = text_in(part).strip()
    return (
        text
        if ATOM in part.attributes and FRACTION not in part.attributes and " " not in text
        else _bracketed(text)
    )


def _bracketed(text: str) -> str:
    return text if not text or is_bracketed(text) or re.fullmatch(r"\w|[0-9.,]+", text) else f"({text})"


def is_bracketed(text: str) -> bool:
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
    text = _SPACE_AROUND.sub(r"\1", text_in(part).strip())
    text = f"-{text[1:]}" if text.startswith("−") else text
    if re.fullmatch(r"[-−+]?(?:[0-9][0-9.,]*|\w)|[^\w\s]", text) or is_bracketed(text):
        return text
    return text if ATOM in part.attributes and re.fullmatch(r"\w+", text) else f"({text})"


def _raised(base: str, part: Element) -> str:
    text = text_in(part).strip()
    if not text:
        return base
    base = f"({base})" if "^" in base and not is_bracketed(base) and not LIMITS.match(base) else base
    if _PRIMES.fullmatch(text):
        return base + ("°" if text in "∘°" else text)
    return f"{base}^{_script(part)}"


def _lowered(base: str, part: Element) -> str:
    return f"{base}_{_script(part)}" if text_in(part).strip() else base


def _three(parts: Sequence[Element]) -> tuple[Element, Element, Element]:
    empty = Element("none")
    padded = [*parts, empty, empty, empty]
    return padded[0], padded[1], padded[2]


def msup(parts: Sequence[Element], element: Element) -> str:
    base, above, _ = _three(parts)
    return _raised(base_of(base), above)


def msub(parts: Sequence[Element], element: Element) -> str:
    base, below, _ = _three(parts)
    return _lowered(base_of(base), below)


def msubsup(parts: Sequence[Element], element: Element) -> str:
    base, below, above = _three(parts)
    return _raised(_lowered(base_of(base), below), above)


def mover(parts: Sequence[Element], element: Element) -> str:
    base, above, _ = _three(parts)
    inner, sign = text_in(base).strip(), text_in(above).strip()
    if accent := _ACCENTS.get(sign):
        return inner + accent if len(inner) == 1 else f"{_ACCENT_NAMES[accent]}({inner})"
    if sign in ("⏞", "⏜", "︷", "⎴"):
        return inner
    return _raised(base_of(base), above)


def munder(parts: Sequence[Element], element: Element) -> str:
    base, below, _ = _three(parts)
    if text_in(below).strip() in ("⏟", "⏝", "_", "̲", "¯", "‾", "︸", "⎵"):
        return text_in(base).strip()
    return _lowered(base_of(base), below)


def multiscripts(parts: Sequence[Element], element: Element) -> str:
    """What stands before the base is written before it: ^14_6 C."""
    if not parts:
        return ""
    middle = next((place for place, part in enumerate(parts) if part.tag == "mprescripts"), len(parts))
    text = base_of(parts[0])
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


def mfrac(parts: Sequence[Element], element: Element) -> str:
    above, below, _ = _three(parts)
    over, under = text_in(above).strip(), text_in(below).strip()
    if re.fullmatch(r"0(?:\.0*)?[a-z%]*", element.attributes.get("linethickness", "").strip()):
        return f"({over} choose {under})"
    if not over or not under:
        return over or under
    numerator = over if _PRODUCT.fullmatch(over) and FRACTION not in above.attributes else _bracketed(over)
    if not _DERIVED.fullmatch(under):  # of a derivative: d/dx
        under = base_of(below) if ATOM in below.attributes else _bracketed(under)
    return f"{numerator}/{under}"


def mroot(parts: Sequence[Element], element: Element) -> str:
    base, index, _ = _three(parts)
    return rooted_by(text_in(base).strip(), text_in(index).strip())


def rooted_by(inner: str, index: str) -> str:
    sign = _ROOTS.get(index) or f"{index if re.fullmatch(r'[0-9]+|[a-z]', index) else f'({index})'}-√"
    simple = re.fullmatch(r"[0-9.,]+|\w", inner)
    return f"{sign}{inner}" if simple or is_bracketed(inner) else f"{sign}({inner})"
