"""The mistakes in a configuration, in words for people who are no programmers. model.py decides what is one.

Every sentence has the same shape: what was expected, what was found, and perhaps what may have been meant.
A value is repeated only where it can be no secret.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from newsletter.config.registry import (
    ENVIRONMENT_PREFIX,
    NAME,
    Setting,
    matches,
    sections,
    settings,
    variable,
)

Path = tuple[str, ...]

#: Longer values are cut: the sentence has to stay one.
LONGEST_SHOWN = 60

_WHOLE = "expected a {range}"
_YES_OR_NO = "expected true or false"
_SECTION = "expected a section with settings of its own"
_TEXT = "expected text in double quotes"

#: Pydantic's word for a mistake → ours. Pydantic's list: https://docs.pydantic.dev/latest/errors/validation_errors/
WORDS: Mapping[str, str] = {
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "greater_than_equal": _WHOLE,
    "less_than_equal": _WHOLE,
    "bool_parsing": _YES_OR_NO,
    "bool_type": _YES_OR_NO,
    "string_type": _TEXT,
    "string_too_long": "expected at most {max_length} characters",
    "list_type": 'expected a list such as ["one", "two"]',
    "model_type": _SECTION,
    "model_attributes_type": _SECTION,
    "dict_type": _SECTION,
    "literal_error": "expected {choices}",
    "not_expected": "expected {expected}",
}


def in_plain_words(
    details: Iterable[ErrorDetails], model: type[BaseModel], variables: Mapping[Path, str]
) -> list[tuple[str, str]]:
    """Each mistake as (key, sentence).

    ``variables`` are those of the environment, by the path they set: a mistake that came from one of them is
    called by its name.
    """
    known = settings(model)
    return [_worded(detail, model, known, variables) for detail in details]


def unknown_variable(name: str, model: type[BaseModel]) -> tuple[str, str]:
    """The sentence for a variable with our prefix that is no setting."""
    # Without the prefix, which would make every name look like every other.
    names = [setting.variable.removeprefix(ENVIRONMENT_PREFIX) for setting in settings(model)]
    near = get_close_matches(name.upper().removeprefix(ENVIRONMENT_PREFIX), names, n=1)
    hint = (
        f"did you mean {ENVIRONMENT_PREFIX}{near[0]}?"
        if near
        else "these names are NEWSLETTER_SECTION__SETTING"
    )
    return name, f"no such setting; {hint}"


def _worded(
    detail: ErrorDetails, model: type[BaseModel], known: Sequence[Setting], variables: Mapping[Path, str]
) -> tuple[str, str]:
    path, place = _place(detail["loc"])
    setting = next((s for s in known if matches(s.path, path)), None)
    name = _variable_of(path, variables, leaf=setting is not None or detail["loc"][-1:] == ("[key]",))
    key = (name or ".".join(path)) + place
    if detail["type"] == "missing":
        return key, "is missing, and has no default"
    if detail["type"] == "extra_forbidden":
        return key, _no_such_setting(path, _nearest(path, model), in_environment=name is not None)
    return key, _sentence(detail, setting)


def _place(location: Sequence[str | int]) -> tuple[Path, str]:
    """Pydantic's location as the path of a setting, and the place inside its list if it is one."""
    path = tuple(part for part in location if isinstance(part, str) and part != "[key]")
    places = [part for part in location if isinstance(part, int)]
    return path, f" (number {places[0] + 1})" if places else ""


def _variable_of(path: Path, variables: Mapping[Path, str], *, leaf: bool) -> str | None:
    """The variable that gave the value at this path: all of it, a JSON value around it, or a part of it."""
    if name := variables.get(path):
        return name
    for length in range(len(path) - 1, 0, -1):
        if name := variables.get(path[:length]):
            return f"{name} ({'.'.join(path[length:])})"
    return next((name for longer, name in variables.items() if leaf and longer[: len(path)] == path), None)


def _no_such_setting(path: Path, near: Path | None, *, in_environment: bool) -> str:
    if near is None:
        return "no such setting"
    beside = near[:-1] == path[:-1]
    shown = variable(near) if in_environment else f'"{near[-1] if beside else ".".join(near)}"'
    return f"no such setting{'' if beside else ' here'}; did you mean {shown}?"


def _nearest(path: Path, model: type[BaseModel]) -> Path | None:
    """The nearest name in the same section, else a setting of that very name in another one."""
    above, name = path[:-1], path[-1]
    parts = list(sections(model))
    beside = [s.path[-1] for part in parts if matches(part.path, above) for s in part.settings]
    deeper = [p.path for p in parts if len(p.path) > len(above) and matches(p.path[: len(above)], above)]
    beside += [inner[len(above)] for inner in deeper if inner[len(above)] != NAME]
    if near := get_close_matches(name, beside, n=1):
        return (*above, near[0])
    return next((s.path for s in settings(model) if s.path[-1] == name), None)


def _sentence(detail: ErrorDetails, setting: Setting | None) -> str:
    context = detail.get("ctx", {})
    template = WORDS.get(detail["type"])
    if template is None:
        # A kind of mistake that the table does not have yet: pydantic's own words are better than none.
        template = "{own}"
    words = template.format_map(
        {
            "own": detail["msg"][:1].lower() + detail["msg"][1:],
            "range": setting.kind.replace(",", " from", 1) if setting else "whole number",
            "choices": _or(str(context.get("expected", ""))),
            **{name: value for name, value in context.items() if name != "expected"},
            **({"expected": context["expected"]} if detail["type"] == "not_expected" else {}),
        }
    )
    found = "" if setting and setting.secret else _found(detail["input"])
    hint = context.get("hint", "")
    return words + (f", found {found}" if found else "") + (f"; {hint}" if hint else "")


def _or(choices: str) -> str:
    """Pydantic's "'none', 'starttls' or 'tls'" in double quotes, as one writes them in TOML."""
    return choices.replace("'", '"')


def _found(value: Any) -> str:
    """What stood there, as one writes it in TOML; only the kind of thing where it could hold a secret."""
    if isinstance(value, str):
        shown = value if len(value) <= LONGEST_SHOWN else value[:LONGEST_SHOWN] + "…"
        return f'"{shown}"' if value else "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, date | datetime | time):
        return "a date or time"
    return "a list" if isinstance(value, list) else "a section"
