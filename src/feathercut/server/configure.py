"""The server's settings from flags, the environment and defaults: what counts, and where it is from."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Union, get_args, get_origin
from urllib.parse import urlsplit, urlunsplit

from feathercut.errors import OptionError
from feathercut.server.settings import ServerSettings

PREFIX = "FEATHERCUT_SERVER_"
Origin = Literal["default", "environment", "flag"]


@dataclass(frozen=True)
class Configured:
    """The settings, and by name where each value is from."""

    settings: ServerSettings
    origins: Mapping[str, Origin]


def variable(name: str) -> str:
    """The variable of the environment that stands for a setting.

    >>> variable("queue_megapixels")
    'FEATHERCUT_SERVER_QUEUE_MEGAPIXELS'
    """
    return PREFIX + name.upper()


def configure(environ: Mapping[str, str], flags: Mapping[str, object]) -> Configured:
    """The settings: a flag goes before the environment, which goes before the default.

    Lists are written with commas. Raises OptionError, which names the variable or the option.

    >>> configure({"FEATHERCUT_SERVER_PORT": "80"}, {}).settings.port
    80
    >>> configure({"FEATHERCUT_SERVER_PROT": "80"}, {})
    Traceback (most recent call last):
    feathercut.errors.OptionError: There is no setting `FEATHERCUT_SERVER_PROT`; `feathercut serve --help` lists them
    """
    values: dict[str, Any] = {}
    origins: dict[str, Origin] = dict.fromkeys(ServerSettings.model_fields, "default")
    known = {variable(name): name for name in ServerSettings.model_fields}
    for name in environ:
        if name.startswith(PREFIX) and name not in known:
            raise OptionError(f"There is no setting `{name}`; `feathercut serve --help` lists them")
    for full, name in known.items():
        if text := environ.get(full, "").strip():
            values[name] = _read(name, text, f"`{full}`")
            origins[name] = "environment"
    for name, value in flags.items():
        values[name] = _read(name, value, f"`--{name.replace('_', '-')}`")
        origins[name] = "flag"
    return Configured(ServerSettings(**values), origins)


def shown(settings: ServerSettings, name: str) -> str:
    """A setting's value as people may see it: without the password of an address."""
    value = getattr(settings, name)
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ",".join(value)
    return _without_password(str(value)) if name == "database" else str(value)


def _without_password(address: str) -> str:
    parts = urlsplit(address)
    if not parts.scheme or parts.password is None:
        return address
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{parts.username}:***@{host}"))


def _read(name: str, value: object, called: str) -> object:
    """A value as the field wants it; a wrong one is told by the name that the user wrote."""
    if is_list(name) and isinstance(value, str):
        value = tuple(part.strip() for part in value.split(",") if part.strip())
    one: dict[str, Any] = {name: value}
    try:
        ServerSettings(**one)
    except OptionError as error:
        raise OptionError(str(error).replace(f"Option `{name}`", called)) from error
    return value


def is_list(name: str) -> bool:
    """Whether a setting holds several values."""
    annotation = ServerSettings.model_fields[name].annotation
    kinds = get_args(annotation) if get_origin(annotation) in (Union, types.UnionType) else (annotation,)
    return any(get_origin(kind) is tuple for kind in kinds)
