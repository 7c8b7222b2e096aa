"""What every command needs first: the configuration, Django, a ready database; and errors as one sentence.

Nothing heavy is imported before a command asks for it, so that ``newsletter --help`` answers at once.
"""

from __future__ import annotations

import getpass
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsletter.config import Config
    from newsletter.publishing.editions.personalize import Links


GONE = "The folder that you are in is gone: it was deleted or moved. Go to the site's folder and try again."


@dataclass(slots=True)
class _Chosen:
    """The options that hold for every command, wherever they stood on the line."""

    config_file: str | None = None
    debug: bool = False


_chosen = _Chosen()


def take_common_options(arguments: Sequence[str]) -> list[str]:
    """Remember ``--config FILE`` and ``--debug``, which may stand before the noun or after, and return the rest."""
    _chosen.config_file, _chosen.debug = None, False
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            return [*rest, argument, *waiting]
        if argument == "--config":
            _chosen.config_file = next(waiting, None)
            if _chosen.config_file is None:
                rest.append(argument)  # typer says what is missing
        elif argument.startswith("--config="):
            _chosen.config_file = argument.removeprefix("--config=")
        elif argument == "--debug":
            _chosen.debug = True
        else:
            rest.append(argument)
    return rest


def choose(file: Path) -> None:
    """Name the site's config.toml for what follows, in place of ``--config``."""
    _chosen.config_file = str(file)


def chosen_file() -> str | None:
    """What ``--config`` named."""
    return _chosen.config_file


def now() -> datetime:
    """The present, aware UTC. Only the edges of the program ask for it."""
    return datetime.now(UTC)


def configure() -> Config:
    """Read the configuration and set Django up; the database is not touched. Raises ConfigError."""
    from newsletter.config import find

    os.environ["NEWSLETTER_CONFIG"] = str(find(_chosen.config_file))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsletter.settings")
    import django
    from django.conf import settings

    django.setup()
    config = settings.CONFIG
    assert config is not None  # only code-checking tools stand without one
    return config


def start() -> Config:
    """The configuration, with a database that is ready to work. Raises ConfigError and Refused."""
    config = configure()
    from newsletter.publishing import log
    from newsletter.publishing.setup.bootstrap import prepare

    # A database that is made now holds addresses: it is for its owner only, as the keys beside it are.
    before = os.umask(0o077)
    try:
        prepare(config, now())
    finally:
        os.umask(before)
    log.act_for_good_as(f"command line ({_user()})")
    return config


def _user() -> str:
    """Who typed the command, as this machine calls them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a number without a name, in a container
        return str(os.getuid())


def links(config: Config) -> Links:
    """What makes this site's personal links."""
    from django.conf import settings

    from newsletter.publishing.editions.personalize import Links

    return Links.of(config, settings.SUBSCRIBERS_LINKS_KEY)


@contextmanager
def errors_as_sentences() -> Iterator[None]:
    """Turn what a person can do something about into a sentence on stderr and exit code 1.

    A fault of ours is called one; its traceback is shown with ``--debug`` only.
    """
    try:
        yield
    except (SystemExit, KeyboardInterrupt):
        raise
    except Exception as error:
        sentence = sentence_of(error)
        if _chosen.debug:
            traceback.print_exc()
        if sentence is None:
            sentence = (
                f"This is a fault in the program: {type(error).__name__}: {error}. "
                "Run the command once more with --debug and report what it prints."
            )
        sys.stderr.write(f"newsletter: {sentence}\n")
        sys.exit(1)


def sentence_of(error: BaseException) -> str | None:
    """What to tell a person about an error; None for a fault in the program."""
    from newsletter.errors import ConfigError, NewsletterError
    from subscribers.errors import SubscriberError

    if isinstance(error, NewsletterError | SubscriberError | ConfigError):
        return str(error)
    if isinstance(error, FileNotFoundError) and error.filename is None and _folder_is_gone():
        return GONE
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror or error}"
    if _is_database_error(error):
        from django.conf import settings

        from newsletter.database.holder import in_words

        said = in_words(settings.CONFIG.sqlite_file if settings.CONFIG else None, error)
        return f"The database cannot be used: {said} (newsletter check says more)."
    return None


def _folder_is_gone() -> bool:
    try:
        os.getcwd()
    except FileNotFoundError:
        return True
    return False


def must_stand_somewhere() -> None:
    """Raise Refused in a folder that was deleted, where nothing that is named by a relative path can be found."""
    from newsletter.errors import Refused

    if _folder_is_gone() and not os.path.isabs(_chosen.config_file or ""):
        raise Refused(GONE)


def _is_database_error(error: BaseException) -> bool:
    """An unreachable or read-only database, a full disk; not a broken constraint, which is a fault of ours."""
    if "django.db" not in sys.modules:
        return False
    from django.db import InterfaceError, OperationalError

    return isinstance(error, OperationalError | InterfaceError)
