"""The tables of legal moves, enforced by the test database itself: whatever writes a state, in Python or in SQL, fails
where the move is not in the table."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

#: While this table has a row, every move is legal.
_SWITCH = "legal_moves_off"


def enforce(tables: Mapping[str, Mapping[StrEnum, frozenset[StrEnum]]]) -> None:
    """Refuse every update that moves a row's state otherwise than its table says; the same state again is no move."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {_SWITCH} (off integer)")
        for table, moves in tables.items():
            legal = " OR ".join(
                f"(OLD.state = '{old.value}' AND NEW.state IN ({', '.join(repr(new.value) for new in sorted(news))}))"
                for old, news in moves.items()
                if news
            )
            broken = f"OLD.state <> NEW.state AND NOT ({legal})"
            on = f"NOT EXISTS (SELECT 1 FROM {_SWITCH})"
            if connection.vendor == "sqlite":
                cursor.execute(
                    f"CREATE TRIGGER legal_{table} BEFORE UPDATE OF state ON {table} WHEN {broken} AND {on}"
                    f" BEGIN SELECT RAISE(ABORT, 'no legal move in {table}'); END"
                )
                continue
            cursor.execute(
                f"CREATE FUNCTION legal_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {on} THEN"
                f" RAISE EXCEPTION 'no legal move in {table}'; END IF; RETURN NEW; END $$"
            )
            cursor.execute(
                f"CREATE TRIGGER legal_{table} BEFORE UPDATE OF state ON {table} FOR EACH ROW WHEN ({broken})"
                f" EXECUTE FUNCTION legal_{table}()"
            )


@transaction.atomic
def put(rows: QuerySet[Any], state: str, **fields: Any) -> None:
    """Bring rows into a state that a test begins with, though no move leads there."""
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {_SWITCH} VALUES (1)")
        rows.update(state=state, **fields)
        cursor.execute(f"DELETE FROM {_SWITCH}")
