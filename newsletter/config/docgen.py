"""The settings written out: an example config.toml and the page docs/configuration.md, both from model.py."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from newsletter.config.loading import check
from newsletter.config.model import Config
from newsletter.config.registry import NAME, SectionOf, Setting, sections

_TOP = """\
# Every setting, each with what it does; the values are the defaults or an example. Relative paths start at
# the folder of this file. A variable NEWSLETTER_SECTION__SETTING in the environment wins over what is here,
# and is the better place for a password: NEWSLETTER_EMAIL__SMTP__PASSWORD. After a change: newsletter check
"""

_PAGE_TOP = """\
<!-- Written by "make settings" out of newsletter/config/sections.py; what is changed here by hand is lost. -->

# Configuration

`newsletter` reads the file named with `--config FILE`, or else the one that the variable `NEWSLETTER_CONFIG`
names, or else `config.toml` in the current folder. `newsletter init DIR` writes one in which every setting is
explained; `newsletter check` says whether all is well. Relative paths start at the folder of that file. It is
read at the start. What you change in `[schedule]` and in `email.staff` holds within seconds in a program that runs
already (but `sync_minutes`); restart it after any other change. Most sites need no more than this:

```toml
[site]
organisation = "Example Hub"
url = "https://hub.example.org"
timezone = "America/New_York"
postal_address = "1 Garden Lane, Springfield"

[email]
from_address = "hub@example.org"

[sources.posts]
path = "posts"
```

Nothing is guessed. A setting that does not exist, a value of the wrong kind and a value that cannot be are
refused at the start, all at once, each with what was expected and what was found:

```text
/srv/hub/config.toml with the environment has 3 mistakes:
  site.timezon: no such setting; did you mean "timezone"?
  web.port: expected a whole number from 1 to 65535, found "abc"
  NEWSLETTER_EMAIL__SMTP__SECURITY: expected "none", "starttls" or "tls", found "ssl"
```

## The environment

Every setting can be given in the environment, and the environment wins over the file. The name is
`NEWSLETTER_SECTION__SETTING`, with two underscores between the parts; large and small letters are the same.
A list is written as in the file: `NEWSLETTER_TOPICS__NEWS__CATEGORIES='["news", "announcement"]'`. A variable
that is set but empty counts as not set. One that begins with `NEWSLETTER_` and is no setting is refused, but
for `NEWSLETTER_CONFIG`.

## Secrets

Settings marked *secret* are never printed, in no error and no log. Keep them out of version control and out
of files that other people can read; the environment is the better place. The three keys are made at the first
start, in files beside the database that only their owner may read, so most sites set none of them. Who moves
the site moves those files with it."""


def example_toml(overrides: Mapping[str, Any] | None = None) -> str:
    """A config.toml with every setting, each with one line that says what it does.

    ``overrides`` are nested as in the file: ``{"site": {"timezone": "Europe/Berlin"}}``; those for ``topics``
    and ``sources`` stand in place of the example's. Raises ConfigError when they make no valid configuration.
    """
    chosen = overrides or {}
    check({"site": {"organisation": "any"}, **_with_site(chosen)}, Path("config.toml").absolute())
    parts = [_TOP]
    for section in sections(Config):
        name = section.path[0] if section.path else ""
        if NAME not in section.path:
            parts.append(_section_toml(section.path, section, _at(chosen, section.path)))
            continue
        entries = chosen.get(name, _example(name))
        parts += [
            _section_toml((name, entry), section, values, explained=number == 0)
            for number, (entry, values) in enumerate(entries.items())
        ]
    return "\n".join(parts)


def reference_page() -> str:
    """docs/configuration.md: a table for every section, with kinds, defaults and the environment's names."""
    return "\n".join([_PAGE_TOP, *(_section_page(section) for section in sections(Config))])


def _with_site(chosen: Mapping[str, Any]) -> dict[str, Any]:
    return {**chosen, "site": {"organisation": "any", **chosen.get("site", {})}}


def _example(name: str) -> Mapping[str, Mapping[str, Any]]:
    """The example entries of a section whose names staff choose."""
    examples = Config.model_fields[name].examples
    return examples[0] if examples else {}


def _at(data: Mapping[str, Any], path: tuple[str, ...]) -> Mapping[str, Any]:
    for part in path:
        data = data.get(part, {})
    return data


def _section_toml(
    path: tuple[str, ...], section: SectionOf, values: Mapping[str, Any], *, explained: bool = True
) -> str:
    lines = [f"# {section.about}"] if explained else []
    lines += [f"[{'.'.join(path)}]"] if path else [""]
    for setting in section.settings:
        value = values.get(setting.path[-1], setting.example)
        lines += [f"# {setting.description}"] if explained else []
        lines += [f"{setting.path[-1]} = {toml_value(value)}"]
    return "\n".join(lines) + "\n"


def toml_value(value: Any) -> str:
    """A value as TOML 1.0 writes it: text, whole numbers, true and false, and lists of these."""
    # JSON's strings are TOML's basic strings, but for DEL, which TOML wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _section_page(section: SectionOf) -> str:
    title = f"`[{'.'.join(section.path)}]`" if section.path else "Above the first section"
    head = ["", f"## {title}", "", section.about, ""]
    table = ["| setting | what it does | kind | default | in the environment |", "|---|---|---|---|---|"]
    return "\n".join([*head, *table, *(_row(setting) for setting in section.settings)])


def _row(setting: Setting) -> str:
    kind = f"{setting.kind}, *secret*" if setting.secret else setting.kind
    default = "must be set" if setting.field.is_required() else _default_shown(setting.default)
    cells = [f"`{setting.path[-1]}`", setting.description, kind, default, f"`{setting.variable}`"]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _default_shown(value: Any) -> str:
    return "empty" if value in ("", []) else f"`{toml_value(value)}`"
