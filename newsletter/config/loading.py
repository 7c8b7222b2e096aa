"""Reads config.toml and the environment into a Config, or refuses both with every mistake at once.

The environment wins over the file: ``NEWSLETTER_SECTION__SETTING``, with two underscores between the parts.
A variable that is empty counts as not set: that is how container tools pass on what nobody chose.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import EnvSettingsSource

from newsletter.config.messages import in_plain_words, unknown_variable
from newsletter.config.model import Config
from newsletter.config.registry import ENVIRONMENT_PREFIX, sections
from newsletter.errors import ConfigError

#: What Python's reader says of the mistakes that people make most, and what helps.
_TOML_IN_PLAIN_WORDS = (
    (
        "Expected newline or end of document",
        'text stands in double quotes, title = "Our hub"; a quotation mark within it is written \\"',
    ),
    (
        "Invalid value",
        'text stands in straight double quotes, title = "Our hub"; yes and no are true and false',
    ),
    ("Unescaped '\\'", "a backslash stands in double quotes; put the text in single quotes"),
    ("Expected '='", 'there is no "=" between a setting and its value'),
    ("Illegal character '\\n'", "a quotation mark is opened and never closed"),
    ("""Expected "'\"""", "a single quotation mark is opened and never closed"),
    ("Cannot overwrite a value", "a setting is given twice; keep one"),
    ("Cannot declare", "a section in [brackets] is there twice; keep one, with all its settings below it"),
)
#: Variables with our prefix that are not settings.
NOT_SETTINGS = frozenset({"NEWSLETTER_CONFIG"})


def find(path: str | Path | None = None) -> Path:
    """The configuration file: the one named, else NEWSLETTER_CONFIG, else config.toml in the current folder.

    Raises ConfigError when there is none.
    """
    chosen = Path(path or os.environ.get("NEWSLETTER_CONFIG") or "config.toml")
    # Not Path.is_file, which raises where a folder on the way may not be entered.
    if not os.path.isfile(chosen):
        advice = "go to the site's folder, name its config.toml with --config FILE, or make one: newsletter init DIR"
        where = "there is none in this folder" if str(chosen) == chosen.name else "not found"
        raise ConfigError(str(chosen), [(str(chosen), f"{where}; {advice}")], found=False)
    return chosen.resolve()


def load(path: str | Path | None = None) -> Config:
    """Read the file and the environment. Raises ConfigError with every mistake at once."""
    file = find(path)
    return _checked(_merged(_read(file), _environment()), file, variables=_variables())


def check(data: Mapping[str, Any], file: Path) -> Config:
    """The Config that these settings make, without the environment, as if they stood in ``file``.

    Raises ConfigError with every mistake at once.
    """
    return _checked(dict(data), file, variables={})


def _read(file: Path) -> dict[str, Any]:
    """The file's settings. UTF-8 with or without a BOM, any line ends. Raises ConfigError."""
    try:
        return tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise ConfigError(str(file), [("file", f"cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problem = f"line {line} is not UTF-8 text; save the file as UTF-8"
    except tomllib.TOMLDecodeError as error:
        problem = _no_toml(str(error))
    # Outside the except blocks: the causes in a traceback would carry the text of the file, and its secrets.
    raise ConfigError(str(file), [("file", problem)])


def _no_toml(said: str) -> str:
    """Python's words for a line that is no TOML, for people who never heard of it."""
    at = re.search(r"at line (\d+)", said)
    meant = next((ours for theirs, ours in _TOML_IN_PLAIN_WORDS if said.startswith(theirs)), said)
    return f"not valid TOML{f' in line {at[1]}' if at else ''}: {meant}"


def _checked(data: dict[str, Any], file: Path, variables: Mapping[tuple[str, ...], str]) -> Config:
    problems = [
        unknown_variable(name, Config) for path, name in variables.items() if not _begins_a_setting(path)
    ]
    # Fields of Config but not settings: the file cannot say where it is.
    problems += [(name, "no such setting") for name in ("file", "folder") if name in data]
    config, details = _validated({**data, "file": file, "folder": file.parent})
    problems += in_plain_words(details, Config, variables)
    if problems or config is None:
        where = f"{file} with the environment" if variables else str(file)
        raise ConfigError(where, problems)
    return config


def _validated(data: dict[str, Any]) -> tuple[Config | None, list[ErrorDetails]]:
    try:
        return Config.model_validate(data), []
    except ValidationError as error:
        return None, error.errors(include_url=False)


class _Environment(EnvSettingsSource):
    """The environment's values, by section and setting; those that are no valid JSON stay as they are.

    So a list that is not one is refused together with all other mistakes, not before them.
    """

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        try:
            return super().decode_complex_value(field_name, field, value)
        except ValueError:
            return value


def _environment() -> dict[str, Any]:
    source = _Environment(
        Config,  # type: ignore[arg-type]  # only its fields are looked at
        case_sensitive=False,
        env_prefix=ENVIRONMENT_PREFIX,
        env_nested_delimiter="__",
        env_ignore_empty=True,
    )
    values = source()
    for name in ("file", "folder"):
        values.pop(name, None)
    return values


def _variables() -> dict[tuple[str, ...], str]:
    """The variables with our prefix that are set, by the path they set."""
    return {
        tuple(name[len(ENVIRONMENT_PREFIX) :].lower().split("__")): name
        for name, value in sorted(os.environ.items())
        if name.upper().startswith(ENVIRONMENT_PREFIX) and name.upper() not in NOT_SETTINGS and value
    }


def _begins_a_setting(path: tuple[str, ...]) -> bool:
    """Whether the path starts at something the file may hold; what is wrong further in, validation says."""
    first = {section.path[0] for section in sections(Config) if section.path}
    top = {
        setting.path[0] for section in sections(Config) if not section.path for setting in section.settings
    }
    return path[0] in first | top


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Both, section by section; where both say something, ``above`` wins."""
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        merged[key] = (
            _merged(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
        )
    return merged
