"""API keys: made, listed and revoked by `feathercut keys`; rates, credits and usage of each in a database."""

from __future__ import annotations

from pathlib import Path

from feathercut.errors import OptionError
from feathercut.server.keys.gate import KeyGate, OpenGate
from feathercut.server.settings import ServerSettings


def open_gate(settings: ServerSettings) -> KeyGate | OpenGate:
    """The gate that the settings ask for. Raises KeyStoreError or OptionError where its database cannot be used."""
    limit = settings.megapixels_a_minute
    if settings.api_keys == "off":
        return OpenGate(limit)
    return KeyGate(database_place(settings.database), limit)


def database_place(named: str | None) -> Path | str:
    """Where keys and usage are kept: the file or the address that was named, or a file in the user's data folder.

    Raises OptionError for an address that is not PostgreSQL's.
    """
    if named is None:
        from platformdirs import user_data_path  # deferred: a place that was named needs none

        return user_data_path("feathercut", appauthor=False) / "keys.sqlite3"
    kind, separator, _ = named.partition("://")
    if not separator:
        return Path(named).expanduser()
    if kind not in ("postgresql", "postgres"):
        raise OptionError(
            f"`--database` takes the path of an SQLite file or a `postgresql://` address, not `{kind}://`"
        )
    return named
