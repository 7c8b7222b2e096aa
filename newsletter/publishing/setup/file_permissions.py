"""Who on this machine may read what holds a password or people's mail. It looks at modes and changes none."""

from __future__ import annotations

import stat
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from newsletter.config import Config, find
from newsletter.config.registry import sections
from newsletter.errors import ConfigError


def open_to_all(config: Config) -> Iterator[str]:
    """A sentence for each thing of ours that everybody on this machine may read, with what to do."""
    try:
        file = find()
        secrets = secrets_in(tomllib.loads(file.read_text(encoding="utf-8-sig")))
    except (ConfigError, OSError, ValueError):
        file, secrets = config.folder, []
    if secrets and _for_all(file):
        yield (
            f"{file} holds {', '.join(secrets)}, and everybody on this machine may read it: chmod 600 {file}, or put "
            "the password into the environment"
        )
    if _for_all(config.outbox_folder):
        yield (
            f"{config.outbox_folder} holds people's mail, and everybody on this machine may read it: "
            f"chmod -R go= {config.outbox_folder}"
        )


def secrets_in(written: Mapping[str, Any]) -> list[str]:
    """The settings of a config.toml whose values are secrets, by their keys; also a password within an address."""
    found = []
    for section in sections(Config):
        for setting in section.settings:
            value: Any = written
            for name in setting.path:
                value = value.get(name) if isinstance(value, Mapping) else None
            if setting.secret and isinstance(value, str) and _is_secret(value):
                found.append(setting.key)
    return found


def _is_secret(value: str) -> bool:
    """An address of a database is one where it holds a password."""
    if "://" not in value:
        return bool(value.strip())
    try:
        parts = urlsplit(value)
    except ValueError:
        return True
    return bool(parts.password) or "password=" in parts.query


def _for_all(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & (stat.S_IROTH | stat.S_IXOTH if path.is_dir() else stat.S_IROTH))
    except OSError:
        return False
