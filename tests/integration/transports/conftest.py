"""Servers and certificates for the transports' tests."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from servers.certificates import Certificates
from servers.smtp import HOST, CollectingServer, Conversation, ScriptedServer

from newsletter.transports.smtp import SmtpTransport


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates.issued_for(HOST, tmp_path_factory.mktemp("authority"))


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
