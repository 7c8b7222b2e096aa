"""Wrong usage in plain words: what was expected, and what was found. What is wrong is decided by typer and pydantic."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import typer

#: The root of what typer raises for wrong usage; it has no public name of its own.
WrongUsage: type[Exception] = typer.BadParameter.__mro__[1]

_WHOLE = "expected a whole number"
#: Pydantic's word for a mistake → ours. Pydantic's list: https://docs.pydantic.dev/latest/errors/validation_errors/
_WORDS: Mapping[str, str] = {
    "int_parsing": _WHOLE,
    "int_parsing_size": "expected a smaller whole number",
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "float_parsing": "expected a number",
    "bool_parsing": "expected yes or no",
    "greater_than_equal": "expected {ge} or more",
    "greater_than": "expected more than {gt}",
    "less_than_equal": "expected {le} or less",
    "less_than": "expected less than {lt}",
    "enum": "expected {expected}",
    "literal_error": "expected {expected}",
}
_ONE_OF = re.compile(r"is not one of (?P<choices>'.*')\.?$")
_QUOTED = re.compile(r"'([^']*)'")
_OWN_WORDS = re.compile(r"^(Value|Assertion) error, ")
_EXTRA = re.compile(
    r"^Got unexpected extra arguments? \((?P<found>.*)\)$|^Got unexpected extra argument\(s\) \((.*)\)$"
)


def show(error: Exception) -> int:
    """Print what is wrong with a command line, after the command's usage. Returns the exit code."""
    message = getattr(error, "message", "")
    error.message = _plain(error, message)  # type: ignore[attr-defined]
    error.show()  # type: ignore[attr-defined]
    return int(getattr(error, "exit_code", 2))


def _plain(error: Exception, message: str) -> str:
    details = _details(error.__cause__)
    if details is not None:
        return _sentence(details)
    if (extra := _EXTRA.match(message)) is not None:
        return f'Expected nothing more, found "{extra["found"] or extra[2]}".'
    return message


def _details(cause: BaseException | None) -> Mapping[str, Any] | None:
    """The first mistake that pydantic found, if it was pydantic."""
    errors = getattr(cause, "errors", None)
    found = errors(include_url=False) if callable(errors) else []
    return found[0] if found else None


def _sentence(detail: Mapping[str, Any]) -> str:
    own = _OWN_WORDS.sub("", str(detail["msg"]))
    context = {name: str(value).replace("'", "") for name, value in detail.get("ctx", {}).items()}
    if (choice := _ONE_OF.search(own)) is not None:
        words = f"expected {_or(_QUOTED.findall(choice['choices']))}"
    elif (template := _WORDS.get(str(detail["type"]))) is not None:
        words = template.format_map(context)
    else:
        words = own.rstrip(".")
    found = detail.get("input")
    return words + (f', found "{found}"' if isinstance(found, str | int | float) else "")


def _or(choices: list[str]) -> str:
    return " or ".join(filter(None, (", ".join(choices[:-1]), choices[-1])))
