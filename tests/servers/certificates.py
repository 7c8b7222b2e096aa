"""Certificates for servers on loopback, good and bad, from a small authority of our own. No pytest in here."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import trustme


@dataclass(frozen=True)
class Certificates:
    """What a server may show, and what a client must trust for it."""

    #: PEM of the authority.
    ca_file: str
    #: For a server at the address that is dialled.
    good: ssl.SSLContext
    #: For a server of another name.
    other_name: ssl.SSLContext
    #: Ran out years ago.
    expired: ssl.SSLContext

    @classmethod
    def issued_for(cls, host: str, folder: Path) -> Self:
        authority = trustme.CA()
        file = folder / "ca.pem"
        authority.cert_pem.write_to_path(file)

        def context(name: str, **options: Any) -> ssl.SSLContext:
            made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            authority.issue_cert(name, **options).configure_cert(made)
            return made

        past = {"not_before": datetime(2020, 1, 1, tzinfo=UTC), "not_after": datetime(2021, 1, 1, tzinfo=UTC)}
        return cls(str(file), context(host), context("elsewhere.example.org"), context(host, **past))
