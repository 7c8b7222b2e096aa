"""Plain JavaScript values → Python: the object in ``export const metadata = {…}``. Nothing is evaluated."""

from __future__ import annotations

import re
from typing import Any

#: No metadata of a person is nested more deeply.
_DEEPEST = 12
_SPACE = re.compile(r"(?:\s+|//[^\n]*|/\*(?:(?!\*/).)*\*/)*", re.DOTALL)
_STRING = re.compile(
    r""""((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\$]|\\.|\$(?!\{))*)`""", re.DOTALL
)
_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_DATE = re.compile(r"new\s+Date\s*\(\s*(?=[\"'`])")
_ESCAPE = re.compile(r"\\(u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|\n|.)", re.DOTALL)
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "\n": ""}


class NotPlain(ValueError):
    """The text is no plain value: it names a variable, calls a function, or is broken. ``args``: the place."""


def read_object(text: str, start: int) -> tuple[dict[str, Any], int]:
    """The object literal that begins at ``start``, and where it ends. Raises NotPlain."""
    value, end = _value(text, start, 0)
    if not isinstance(value, dict):
        raise NotPlain(start)
    return value, end


def _skip(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place


def _value(text: str, place: int, depth: int) -> tuple[Any, int]:
    place = _skip(text, place)
    if depth > _DEEPEST:
        raise NotPlain(place)
    if text.startswith("{", place):
        return _object(text, place + 1, depth)
    if text.startswith("[", place):
        return _array(text, place + 1, depth)
    if found := _STRING.match(text, place):
        return _string(found), found.end()
    if found := _NUMBER.match(text, place):
        return found[0], found.end()
    if found := _DATE.match(text, place):
        value, end = _value(text, found.end(), depth + 1)
        return value, _expect(")", text, end)
    word = _WORD.match(text, place)
    if word and word[0] in ("true", "false", "null", "undefined"):
        return {"true": "true", "false": "false"}.get(word[0]), word.end()
    raise NotPlain(place)


def _object(text: str, place: int, depth: int) -> tuple[dict[str, Any], int]:
    values: dict[str, Any] = {}
    while not text.startswith("}", place := _skip(text, place)):
        if found := _STRING.match(text, place) or _WORD.match(text, place):
            key = _string(found) if found.re is _STRING else found[0]
        else:
            raise NotPlain(place)
        value, place = _value(text, _expect(":", text, found.end()), depth + 1)
        values.setdefault(key, value)
        place = _skip(text, place)
        if text.startswith(",", place):
            place += 1
        elif not text.startswith("}", place):
            raise NotPlain(place)
    return values, place + 1


def _array(text: str, place: int, depth: int) -> tuple[list[Any], int]:
    values: list[Any] = []
    while not text.startswith("]", place := _skip(text, place)):
        value, place = _value(text, place, depth + 1)
        values.append(value)
        place = _skip(text, place)
        if text.startswith(",", place):
            place += 1
        elif not text.startswith("]", place):
            raise NotPlain(place)
    return values, place + 1


def _expect(mark: str, text: str, place: int) -> int:
    place = _skip(text, place)
    if not text.startswith(mark, place):
        raise NotPlain(place)
    return place + 1


def _string(found: re.Match[str]) -> str:
    return _ESCAPE.sub(_unescaped, next(group for group in found.groups() if group is not None))


def _unescaped(found: re.Match[str]) -> str:
    code = found[2] or found[3] or found[4]
    if code:
        number = int(code, 16)
        return chr(number) if number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else ""
    return _LETTERS.get(found[1], found[1])
