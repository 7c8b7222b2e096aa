"""How often a test of random histories is told, by where it runs."""

from __future__ import annotations

import os

from django.db import connection


def how_many(variable: str, on_sqlite: int) -> int:
    """That many on SQLite, a third on PostgreSQL; the environment's variable of this name says otherwise.

    The histories are of rules that know no database: PostgreSQL's share is to hold its SQL to a few of them.
    """
    told = on_sqlite if connection.vendor == "sqlite" else max(on_sqlite // 3, 1)
    return int(os.environ.get(variable, told))
