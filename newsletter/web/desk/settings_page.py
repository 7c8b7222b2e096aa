"""Settings on the desk, for owners: what config.toml says, and the look at everything that ``newsletter check`` has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel, SecretStr

from newsletter.publishing.setup.check import check
from newsletter.web.configured import config
from newsletter.web.desk import pages
from newsletter.web.respond import allow

#: What stands for a secret that is set.
_MASK = "set, and not shown"


@allow("GET", "HEAD", "POST")
def settings(request: HttpRequest) -> HttpResponse:
    """The settings; a POST looks at everything, which asks other servers and takes some seconds."""
    findings = list(check(config(), datetime.now(UTC))) if request.method == "POST" else []
    return pages.page(
        request,
        "desk/settings.html",
        file=str(config().file),
        rows=list(rows("", config())),
        findings=findings,
    )


def rows(prefix: str, section: BaseModel) -> Iterator[tuple[str, str]]:
    """Each setting by its name in config.toml, and its value as text; secrets masked, also those in an address."""
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, BaseModel):
            yield from rows(f"{prefix}{name}.", value)
        elif isinstance(value, dict):
            for key, one in value.items():
                if isinstance(one, BaseModel):
                    yield from rows(f"{prefix}{name}.{key}.", one)
                else:
                    yield f"{prefix}{name}.{key}", str(one)
        elif isinstance(value, SecretStr):
            yield f"{prefix}{name}", _MASK if value.get_secret_value() else ""
        elif f"{prefix}{name}" not in ("file", "folder"):
            text = (
                ", ".join(map(str, value))
                if isinstance(value, list | tuple | frozenset | set)
                else str(value)
            )
            yield f"{prefix}{name}", _without_password(text)


def _without_password(text: str) -> str:
    """An address such as postgresql://name:password@host/ without its password."""
    scheme, found, rest = text.partition("://")
    names, at, host = rest.rpartition("@")
    if not found or not at or ":" not in names:
        return text
    return f"{scheme}://{names.partition(':')[0]}:…@{host}"
