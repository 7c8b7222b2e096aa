"""Django's SQLite backend, with the gate taken before BEGIN and given back after COMMIT or ROLLBACK.

A statement that writes outside a transaction passes the gate by itself. Readers pass no gate: WAL lets them read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from newsletter.database.gate import Gate, TooLong, gate_file

_READING = ("SELECT", "PRAGMA", "EXPLAIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT", "BEGIN")


class Cursor(base.SQLiteCursorWrapper):
    """A cursor whose lone writes pass the gate."""

    gated: Callable[[str], Any]

    def execute(self, query: str, params: Any = None) -> Any:
        with self.gated(query):
            return super().execute(query, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        with self.gated(query):
            return super().executemany(query, param_list)


class DatabaseWrapper(base.DatabaseWrapper):
    """The backend that settings.py names."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        name = str(conn_params["database"])
        self._gate = Gate(gate_file(name), self.settings_dict.get("GATE_PATIENCE"))
        return super().get_new_connection(conn_params)

    def create_cursor(self, name: str | None = None) -> Any:
        cursor = self.connection.cursor(factory=Cursor)
        cursor.gated = self._gated
        return cursor

    def _enter(self) -> None:
        try:
            self._gate.enter()
        except TooLong as error:
            raise OperationalError(str(error)) from error

    @contextmanager
    def _gated(self, query: str) -> Iterator[None]:
        if self.in_atomic_block or query.lstrip()[:9].upper().startswith(_READING):
            yield
            return
        self._enter()
        try:
            yield
        finally:
            self._gate.leave()

    def _start_transaction_under_autocommit(self) -> None:
        self._enter()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._gate.leave()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]
        finally:
            if self.connection is None or not self.connection.in_transaction:
                self._gate.leave()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._gate.leave()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._gate.close()
