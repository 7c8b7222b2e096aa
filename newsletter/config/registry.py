"""One flat table of every setting, walked out of the model: its key, variable, kind and default."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from inspect import cleandoc
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

ENVIRONMENT_PREFIX = "NEWSLETTER_"
#: Stands in a path for the name that staff give to a topic or a source.
NAME = "NAME"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting."""

    #: Section by section: ("email", "smtp", "port").
    path: tuple[str, ...]
    field: FieldInfo

    @property
    def key(self) -> str:
        """As in config.toml: email.smtp.port."""
        return ".".join(self.path)

    @property
    def variable(self) -> str:
        """As in the environment: NEWSLETTER_EMAIL__SMTP__PORT."""
        return variable(self.path)

    @property
    def secret(self) -> bool:
        """Whether its value may never be printed."""
        return self.field.annotation is SecretStr or not self.field.repr

    @property
    def description(self) -> str:
        return self.field.description or ""

    @property
    def default(self) -> Any:
        """None when there is none."""
        if self.field.is_required():
            return None
        value = self.field.get_default(call_default_factory=True)
        return value.get_secret_value() if isinstance(value, SecretStr) else value

    @property
    def example(self) -> Any:
        """The default, or what the model gives as an example where there is no default."""
        return (self.field.examples or [None])[0] if self.field.is_required() else self.default

    @property
    def kind(self) -> str:
        """In words: "whole number, 1 to 65535"."""
        annotation = self.field.annotation
        if get_origin(annotation) is Literal:
            return ", ".join(f'"{choice}"' for choice in get_args(annotation))
        if annotation is int:
            low, high = self.bounds
            return f"whole number, {low} to {high}"
        return "true or false" if annotation is bool else "list of texts" if get_args(annotation) else "text"

    @property
    def bounds(self) -> tuple[Any, Any]:
        """The least and the greatest number, None where there is no limit."""
        low = next((m.ge for m in self.field.metadata if hasattr(m, "ge")), None)
        high = next((m.le for m in self.field.metadata if hasattr(m, "le")), None)
        return low, high


@dataclass(frozen=True, slots=True)
class SectionOf:
    """One section of the file."""

    #: ("email", "smtp"); empty for what stands above the first section.
    path: tuple[str, ...]
    model: type[BaseModel]
    #: Its own settings, without those of sections inside it.
    settings: tuple[Setting, ...]

    @property
    def about(self) -> str:
        """One sentence: what the section is for."""
        return cleandoc(self.model.__doc__ or "").partition("\n")[0]


def variable(path: tuple[str, ...]) -> str:
    """The environment's name for a path."""
    return ENVIRONMENT_PREFIX + "__".join(path).upper()


def sections(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[SectionOf]:
    """Every section, in the order of the file; NAME stands in the path of those that staff name."""
    own: list[Setting] = []
    inside: list[tuple[tuple[str, ...], type[BaseModel]]] = []
    for name, field in model.model_fields.items():
        if field.exclude:
            continue
        if section := _section(field):
            named = get_origin(field.annotation) is dict
            inside.append(((*path, name, NAME) if named else (*path, name), section))
        else:
            own.append(Setting((*path, name), field))
    yield SectionOf(path, model, tuple(own))
    for inner_path, section in inside:
        yield from sections(section, inner_path)


def settings(model: type[BaseModel]) -> list[Setting]:
    """Every setting in the order of the file."""
    return [setting for section in sections(model) for setting in section.settings]


def matches(pattern: tuple[str, ...], path: tuple[str, ...]) -> bool:
    """Whether a path is of this pattern, in which NAME stands for any name."""
    return len(pattern) == len(path) and all(p in (NAME, name) for p, name in zip(pattern, path, strict=True))


def _section(field: FieldInfo) -> type[BaseModel] | None:
    """The section that a field holds, by itself or under names of staff's choosing."""
    candidates = [field.annotation, *get_args(field.annotation)[1:]]
    return next((c for c in candidates if isinstance(c, type) and issubclass(c, BaseModel)), None)
