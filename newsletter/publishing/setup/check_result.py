"""One line of ``newsletter check``. Apart, because a wrong configuration is one too, and nothing else works then."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, and whether it is well."""

    #: "database", "source posts", …
    what: str
    ok: bool
    #: What was found, or what to do.
    text: str
    #: Well, and yet something that somebody should read.
    warning: bool = False

    @property
    def level(self) -> str:
        """ "ok", "warning" or "wrong"."""
        return "wrong" if not self.ok else "warning" if self.warning else "ok"
