"""What stands above or below the line (10⁶, H₂O, 1ˢᵗ) in a text that has one line only. No markup is read here."""

from __future__ import annotations

import re

_ABOVE = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_BELOW = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_RAISABLE = re.compile(r"[0-9+\-−=()n]+")
_LOWERABLE = re.compile(r"[0-9+\-−=()]+")
#: What is raised for its looks alone: ordinals of several languages, titles, marks of trade.
_FOR_LOOKS = re.compile(
    r"(?:st|nd|rd|th|er|ers|re|res|ère|nde?|e|è|ème|es|eme|o|os|a|as|te|ter|me|mes|r|rs|lle|gr|mo|ma|"
    r"tm|sm|mc|[™℠®©°ºª*†‡′″'’]+|\W+)",
    re.IGNORECASE,
)
_ONE_TOKEN = re.compile(r"[-−+]?\w+|\W")


def raised(text: str, before: str = "") -> str:
    """``text`` as it is written above the line behind ``before``: in raised digits, else behind a caret.

    As it stands where it is raised for its looks alone ("1st", "Mme", "™"), and where nothing stands before it.
    """
    inner = text.strip()
    if not inner:
        return text
    if _RAISABLE.fullmatch(inner) and (len(inner) > 1 or inner != "n" or before[-1:].isdigit()):
        return inner.translate(_ABOVE)
    if _is_already(inner, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿ") or _FOR_LOOKS.fullmatch(inner) or not before[-1:].strip():
        return text
    if not (before[-1:].isalnum() or before[-1:] in ")]"):
        return text
    return f"^{inner}" if _ONE_TOKEN.fullmatch(inner) else f"^({inner})"


def lowered(text: str, before: str = "") -> str:
    """``text`` as it is written below the line behind ``before``: in lowered digits, else behind an underscore."""
    inner = text.strip()
    if not inner:
        return text
    if _LOWERABLE.fullmatch(inner):
        return inner.translate(_BELOW)
    if _is_already(inner, "₀₁₂₃₄₅₆₇₈₉₊₋₍₎") or not (before[-1:].isalnum() or before[-1:] in ")]"):
        return text
    return f"_{inner}" if _ONE_TOKEN.fullmatch(inner) else f"_({inner})"


def _is_already(text: str, signs: str) -> bool:
    return all(char in signs for char in text)
