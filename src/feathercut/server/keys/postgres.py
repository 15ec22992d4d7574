"""The database of keys in PostgreSQL, by the extra `postgresql`."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from feathercut.errors import OptionError
from feathercut.server.errors import KeyStoreError
from feathercut.server.keys.database import Rows

if TYPE_CHECKING:
    from pg8000.native import Connection

_TIMEOUT_S = 10
_LOCK = 0x66656174686572  # one number for every Feathercut: writers of this database wait for each other
_KINDS = {" BLOB": " BYTEA", " REAL": " DOUBLE PRECISION"}


class PostgresDatabase:
    """`postgresql://user:password@host:port/name`; `?sslmode=require` encrypts, `verify-full` asks who answers.

    A connection that broke is made anew before the next transaction or statement. One thread at a time.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        parts = urlsplit(address)
        self.name = f"postgresql://{parts.hostname or ''}{parts.path}"  # never the password
        self._connection: Connection | None = None
        self._is_within = False
        self.run("SELECT 1")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Holds off other writers of this database until its end."""
        self._alone("BEGIN")
        self._is_within = True
        try:
            self.run(f"SELECT pg_advisory_xact_lock({_LOCK})")
            yield
            self.run("COMMIT")
        except BaseException:
            with suppress(KeyStoreError):
                self.run("ROLLBACK")
            raise
        finally:
            self._is_within = False

    def run(self, statement: str, values: Sequence[object] = ()) -> Rows:
        """The rows that a statement gives."""
        return self._run(statement, values) if self._is_within else self._alone(statement, values)

    def version(self) -> int:
        """The version in a table of its own."""
        # Not by `to_regclass`: a session remembers that there was no such table while another one makes it.
        found = self.run(
            "SELECT 1 FROM pg_catalog.pg_tables "
            "WHERE tablename = 'feathercut_version' AND schemaname = current_schema()"
        )
        return int(self.run("SELECT version FROM feathercut_version")[0][0]) if found else 0

    def set_version(self, version: int) -> None:
        """Notes the version in a table of its own."""
        self.run("CREATE TABLE IF NOT EXISTS feathercut_version (version INTEGER NOT NULL)")
        self.run("DELETE FROM feathercut_version")
        self.run("INSERT INTO feathercut_version (version) VALUES (?)", (version,))

    def close(self) -> None:
        """Lets the connection go."""
        if self._connection is not None:
            with suppress(Exception):  # whatever it says, it is gone
                self._connection.close()
            self._connection = None

    def _alone(self, statement: str, values: Sequence[object] = ()) -> Rows:
        """Outside of a transaction a lost connection is no loss: it is made anew, once."""
        was_open = self._connection is not None
        try:
            return self._run(statement, values)
        except KeyStoreError:
            if not was_open or self._connection is not None:
                raise
        return self._run(statement, values)

    def _run(self, statement: str, values: Sequence[object] = ()) -> Rows:
        from pg8000.exceptions import DatabaseError, InterfaceError

        for ours, theirs in _KINDS.items():
            statement = statement.replace(ours, theirs)
        numbers = count()
        text = "".join(f":v{next(numbers)}" if one == "?" else one for one in statement)
        try:
            if self._connection is None:
                self._connection = self._connected()
            found = self._connection.run(text, **{f"v{number}": value for number, value in enumerate(values)})
        except DatabaseError as error:  # the server's answer: the connection is sound
            raise self._told(error) from error
        except (InterfaceError, OSError) as error:
            self.close()
            raise self._told(error) from error
        return [tuple(row) for row in found or ()]

    def _connected(self) -> Connection:
        from pg8000.native import Connection

        try:
            parts = urlsplit(self._address)
            port, asked = parts.port or 5432, parse_qs(parts.query)
        except ValueError as error:
            raise OptionError(f"`--database`: this is no `postgresql://` address: {error}") from error
        folder = asked.get("host", [""])[0]
        where: dict[str, Any] = {"host": parts.hostname or "localhost", "port": port}
        if folder.startswith("/"):
            where = {"unix_sock": f"{folder}/.s.PGSQL.{port}"}
        return Connection(
            unquote(parts.username or "postgres"),
            password=unquote(parts.password) if parts.password else None,
            database=unquote(parts.path.lstrip("/")) or None,
            ssl_context=_encryption(asked.get("sslmode", ["disable"])[0]),
            timeout=_TIMEOUT_S,
            application_name="feathercut",
            **where,
        )

    def _told(self, error: Exception) -> KeyStoreError:
        said = error.args[0] if error.args else error
        said = said.get("M", said) if isinstance(said, dict) else said
        return KeyStoreError(f"{self.name}: the database of keys cannot be used: {said}")


def _encryption(mode: str) -> ssl.SSLContext | bool:
    match mode:
        case "disable":
            return False
        case "require":
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            return context
        case "verify-full":
            return ssl.create_default_context()
    raise OptionError(f"`--database`: `sslmode` takes disable, require or verify-full, not: {mode}")
