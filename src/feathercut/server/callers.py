"""Who asks, as inference is told."""

from __future__ import annotations

from starlette.requests import Request

from feathercut.server.context import Key
from feathercut.server.orders import Caller
from feathercut.server.settings import ServerSettings


def caller_of(request: Request, key: Key, settings: ServerSettings) -> Caller:
    """The caller whose turns are to be fair: the key's where there are keys, else the address that asks."""
    if settings.api_keys == "required":
        return Caller(f"key {key.name}", settings.deadline_s)
    return Caller(f"address {request.client.host if request.client else ''}", settings.deadline_s)


def secret_of(request: Request) -> str | None:
    """The key that a request shows: `X-Api-Key`, or `Authorization: Bearer`."""
    if given := request.headers.get("x-api-key"):
        return given.strip()
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None
