"""Puts a current SQLite in the place of the standard module, where a wheel carries one."""

import importlib
import sqlite3
import sys

#: From this version on, two connections that write and checkpoint a WAL at once cannot corrupt it
#: (https://sqlite.org/wal.html, "The WAL-reset bug").
SAFE_SQLITE = (3, 51, 3)


def use_current_sqlite() -> None:
    """Let ``import sqlite3`` mean the wheel pysqlite3. Does nothing where the wheel is not installed.

    It must run before Django opens its SQLite backend, so settings.py calls it first.
    """
    if sqlite3.sqlite_version_info >= SAFE_SQLITE:
        return
    try:
        current = importlib.import_module("pysqlite3")
    except ImportError:
        return
    sys.modules["sqlite3"] = current
    sys.modules["sqlite3.dbapi2"] = importlib.import_module("pysqlite3.dbapi2")


def sqlite_version() -> tuple[int, ...]:
    """The version of the SQLite that is really in use."""
    version: tuple[int, ...] = sys.modules["sqlite3"].sqlite_version_info
    return version
