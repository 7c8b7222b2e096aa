"""Why a database cannot be used, one sentence that says what to do. Of the driver's own words it keeps what helps."""

from __future__ import annotations

#: What stands in the driver's words (lower case) → what is so, and what to do. The first that fits.
_POSTGRESQL = (
    (
        ("password authentication failed", "no password supplied", "authentication failed for user"),
        "PostgreSQL does not take this user and password: correct database.url in config.toml, and the password in "
        "NEWSLETTER_DATABASE__PASSWORD",
    ),
    (
        ("no pg_hba.conf entry",),
        "PostgreSQL has no rule in its pg_hba.conf that lets this user in from here: add one, or correct database.url "
        "in config.toml",
    ),
    (
        ('role "', "does not exist"),
        "PostgreSQL knows no such user: make it with createuser, or correct database.url in config.toml",
    ),
    (
        ('database "', "does not exist"),
        "PostgreSQL has no such database: make it with createdb, or correct database.url in config.toml",
    ),
    (
        ("permission denied",),
        "the PostgreSQL user may not make tables there: make it the owner of the database",
    ),
    (
        ("could not translate host name", "failed to resolve host", "name or service not known"),
        "there is no server of that name: correct the host in database.url in config.toml",
    ),
    (
        (
            "connection refused",
            "no such file or directory",
            "timeout expired",
            "no route to host",
            "is unreachable",
        ),
        "no PostgreSQL answers there: start it, or correct host and port in database.url in config.toml",
    ),
    (
        ("too many connections", "too many clients", "remaining connection slots"),
        "PostgreSQL has no free connection: wait a moment, or raise its max_connections",
    ),
)
#: These must stand there all, and the others any of them.
_ALL = frozenset({('role "', "does not exist"), ('database "', "does not exist")})

NO_DRIVER = (
    "this is a PostgreSQL database, and the driver for it is not installed: in the program's own folder, run "
    "pip install '.[postgresql]' with the same Python ({said})"
)


def sentence(error: BaseException) -> str:
    """What is wrong with the database, without a full stop, with the driver's words in brackets."""
    said = " ".join(str(error).split())
    lower = said.casefold()
    for words, what in _POSTGRESQL:
        holds = all if words in _ALL else any
        if holds(word in lower for word in words):
            return f"{what} ({said})"
    return said
