"""The connection to the control store's database: settings, transactions, and SQLite's errors in our words.

WAL, ``synchronous=FULL`` (a commit is on the disk when it returns), foreign keys, ``secure_delete``, every change in one
``BEGIN IMMEDIATE`` transaction (DESIGN §5 Control store).
"""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from chosho.control.schema import APPLICATION_ID, TABLES, VERSION
from chosho.errors import StopLine

Value = str | int | float | bytes | None
"""What a column holds."""

_BUSY_SECONDS = 30.0
_SETTINGS = """
PRAGMA synchronous=FULL;
PRAGMA foreign_keys=ON;
PRAGMA secure_delete=ON;
PRAGMA trusted_schema=OFF;
"""


class Database:
    """One connection, to be used by one thread at a time; changes join the transaction that is open.

    ``frozen``: the file is a copy that nobody changes, and neither it nor its folder is touched.

    Raises:
        StopLine: the file is not a control store of this version (CHSJ005S), or SQLite failed (CHSJ004S).
    """

    def __init__(self, path: Path, *, create: bool = False, frozen: bool = False) -> None:
        self._path = path
        self._depth = 0
        self._later: list[Callable[[], object]] = []
        self._turn = threading.RLock()
        with self._in_our_words():
            self._connection = sqlite3.connect(
                path.absolute().as_uri() + ("?mode=ro&immutable=1" if frozen else "?mode=rw"),
                uri=True,
                isolation_level=None,
                timeout=_BUSY_SECONDS,
                check_same_thread=False,
            )
        try:
            self._set_up(create=create, frozen=frozen)
        except BaseException:
            self._connection.close()
            raise

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: BEGIN IMMEDIATE, COMMIT at the end, ROLLBACK on an exception; an inner one joins.

        Raises:
            StopLine: SQLite could not begin or commit (CHSJ004S); nothing was changed.
        """
        with self._turn, self._in_our_words():
            if self._depth:
                begin, commit, undo = (
                    f"SAVEPOINT s{self._depth}",
                    f"RELEASE s{self._depth}",
                    f"ROLLBACK TO s{self._depth}",
                )
            else:
                begin, commit, undo = "BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"
            self._connection.execute(begin)
            self._depth += 1
            try:
                yield
                self._connection.execute(commit)
            except BaseException:
                # Also after a failed COMMIT (disk full): else the next transaction would join this one.
                if self._connection.in_transaction:
                    self._connection.execute(undo)
                raise
            finally:
                self._depth -= 1
                self._catch_up()

    def afterwards(self, work: Callable[[], object]) -> None:
        """Do something when the transaction that is open has ended, however it ended; at once when none is."""
        with self._turn:
            self._later.append(work)
            self._catch_up()

    def _catch_up(self) -> None:
        while self._depth == 0 and self._later:
            self._later.pop(0)()

    def change(self, sql: str, *values: Value) -> int:
        """Run one statement that changes rows; return how many it changed."""
        with self._turn, self._in_our_words():
            return self._connection.execute(sql, values).rowcount

    def insert(self, table: str, row: Mapping[str, Value]) -> int:
        """Insert one row; return its row id."""
        columns, places = ", ".join(row), ", ".join("?" * len(row))
        sql = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608 - names come from our code
        with self._turn, self._in_our_words():
            return self._connection.execute(sql, tuple(row.values())).lastrowid or 0

    def rows(self, sql: str, *values: Value) -> list[sqlite3.Row]:
        """Return the rows of a query."""
        with self._turn, self._in_our_words():
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Value) -> sqlite3.Row | None:
        """Return the first row of a query, or None."""
        found = self.rows(sql, *values)
        return found[0] if found else None

    def backup(self, target: Path) -> None:
        """Copy the database, consistent, into an empty file by SQLite's own backup API."""
        with self._turn, self._in_our_words():
            copy = sqlite3.connect(target)
            try:
                self._connection.backup(copy)
            finally:
                copy.close()

    def damage(self) -> str:
        """Return the first thing that SQLite finds wrong with the whole file, empty when there is none."""
        with self._turn, self._in_our_words():
            (found,) = self._connection.execute("PRAGMA integrity_check(1)").fetchone()
        return "" if found == "ok" else str(found)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _set_up(self, *, create: bool, frozen: bool) -> None:
        """Make the settings, the tables when they are wanted, and prove what the file is."""
        with self._in_our_words():
            self._connection.row_factory = sqlite3.Row
            (mode,) = ("wal",) if frozen else self._connection.execute("PRAGMA journal_mode=WAL").fetchone()
            if mode != "wal":  # SQLite goes on without a word where memory cannot be shared
                raise StopLine("CHSJ004S", path=self._path, error=f"journal mode {mode}, not WAL")
            self._connection.executescript(_SETTINGS)
            if create and self._number("application_id") == 0:
                self._make_tables()
            found = self._number("application_id"), self._number("user_version")
        if found != (APPLICATION_ID, VERSION):
            raise StopLine("CHSJ005S", path=self._path, found=found[1], known=VERSION)

    def _make_tables(self) -> None:
        """Make the tables as one transaction: a killed set-up leaves an empty file, which is set up again."""
        self._connection.executescript(
            f"BEGIN IMMEDIATE; {TABLES} PRAGMA application_id={APPLICATION_ID}; PRAGMA user_version={VERSION}; COMMIT;"
        )

    def _number(self, pragma: str) -> int:
        return int(self._connection.execute(f"PRAGMA {pragma}").fetchone()[0])

    @contextmanager
    def _in_our_words(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StopLine("CHSJ004S", path=self._path, error=error) from error


def canonical(value: Mapping[str, object] | Sequence[object]) -> str:
    """Return the one JSON text of a value: sorted keys, no blanks, no floats; what is hashed and compared."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
