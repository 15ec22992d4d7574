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
    return KeyGate(database_path(settings.database), limit)


def database_path(named: str | None) -> Path:
    """Where keys and usage are kept: the file that was named, or one in the user's data folder."""
    if named is None:
        from platformdirs import user_data_path  # deferred: a path that was named needs none

        return user_data_path("feathercut", appauthor=False) / "keys.sqlite3"
    if "://" in named:
        raise OptionError(
            f"`--database` takes the path of an SQLite file; addresses such as `{named.partition('://')[0]}://` "
            "are not supported yet"
        )
    return Path(named).expanduser()
