"""Servers and certificates for the transports' tests."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme
from servers.smtp import HOST, CollectingServer, Conversation, ScriptedServer

from newsletter.transports.smtp import SmtpTransport


@dataclass(frozen=True)
class Certificates:
    """A small authority of our own."""

    #: PEM of the authority.
    ca_file: str
    #: For a server at the address that we dial.
    good: ssl.SSLContext
    #: For a server of another name.
    other_name: ssl.SSLContext
    expired: ssl.SSLContext


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    from datetime import UTC, datetime

    authority = trustme.CA()
    file: Path = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(file)

    def context(name: str, **options: datetime) -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name, **options).configure_cert(made)
        return made

    past = {"not_before": datetime(2020, 1, 1, tzinfo=UTC), "not_after": datetime(2021, 1, 1, tzinfo=UTC)}
    return Certificates(str(file), context(HOST), context("elsewhere.example.org"), context(HOST, **past))


@pytest.fixture
def collecting() -> Iterator[Callable[..., CollectingServer]]:
    """Starts collecting servers and stops them at the end."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(CollectingServer(**options))


@pytest.fixture
def scripted() -> Iterator[Callable[..., ScriptedServer]]:
    """Starts scripted servers, stops them at the end, and fails when a script failed."""
    with ExitStack() as stack:

        def start(*scripts: Callable[[Conversation], None]) -> ScriptedServer:
            return stack.enter_context(ScriptedServer(*scripts))

        yield start


@pytest.fixture
def to() -> Iterator[Callable[..., SmtpTransport]]:
    """Makes transports to a port on loopback, in clear unless told otherwise, and closes them before the servers."""
    with ExitStack() as stack:

        def make(port: int, security: str = "none", **options: object) -> SmtpTransport:
            settings = {"timeout": 10, "final_timeout": 10, "local_hostname": "tests.example.org"} | options
            return stack.enter_context(SmtpTransport(HOST, port, security, **settings))

        yield make
