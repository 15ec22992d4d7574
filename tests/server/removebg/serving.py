"""A server of ours on a real socket of this machine, for tests to call as anyone would."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from feathercut.errors import TooLargeError
from feathercut.options import Network
from feathercut.remover import Remover
from feathercut.server.app import create_app
from feathercut.server.context import Context, Fetcher, Gate, Key
from feathercut.server.cutting import InProcess
from feathercut.server.errors import KeyRefusedError, RemoteError
from feathercut.server.keys import open_gate
from feathercut.server.orders import Answer, Caller, Order
from feathercut.server.settings import ServerSettings

ROOT = Path(__file__).parents[3]
RECORDED = ROOT.parent / "shared" / "contracts" / "removebg"
"""remove.bg's own answers, which a clone does not have."""

ASTRONAUT = ROOT / "examples" / "photos" / "astronaut.jpg"


@dataclass
class Pictures:
    """A fetcher with a web of its own: what lies at an address, or the status that it answers with."""

    web: dict[str, bytes | int] = field(default_factory=dict)

    async def fetch(self, url: str, most_bytes: int) -> bytes:
        found = self.web.get(url, 404)
        if isinstance(found, int):
            raise RemoteError("status", f"{url} answers with {found}", found)
        if len(found) > most_bytes:
            raise TooLargeError(f"{url} has more than {most_bytes} bytes")
        return found


@dataclass
class Watched:
    """Inference that remembers what it was asked."""

    inner: InProcess
    orders: list[Order] = field(default_factory=list)

    async def cut(self, order: Order, caller: Caller) -> Answer:
        self.orders.append(order)
        return await self.inner.cut(order, caller)


@dataclass
class Served:
    """A running server: where it is, what it was asked to cut, what lies on its web."""

    base: str
    orders: list[Order]
    pictures: Pictures
    settings: ServerSettings
    key: str | None = None

    def post(self, path: str = "/v1.0/removebg", *, key: str | None = None, **how: Any) -> httpx.Response:
        """A request, as httpx sends it; `key` is shown where it is given."""
        headers = {**how.pop("headers", {}), **({"X-Api-Key": key or self.key or ""} if key or self.key else {})}
        return httpx.post(self.base + path, headers=headers, timeout=120, **how)

    def cut(self, photo: bytes, files: Mapping[str, bytes] | None = None, **fields: str) -> httpx.Response:
        """A photo sent as a multipart form, with other fields."""
        sent = {"image_file": ("photo.jpg", photo), **{name: (name, data) for name, data in (files or {}).items()}}
        return self.post(files=sent, data=fields)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        return httpx.get(self.base + path, headers=headers, timeout=30)


@contextmanager
def served(
    make: Callable[[Network], Remover],
    settings: ServerSettings | None = None,
    gate: Gate | None = None,
    fetcher: Fetcher | None = None,
    certificate: Path | None = None,
) -> Iterator[Served]:
    """A server in a thread, at a port that is free; by TLS where it has a certificate, with the key in one file."""
    settings = settings or ServerSettings(models=("u2netp",))
    inference, pictures = Watched(InProcess(settings, make=make)), Pictures()
    app = create_app(Context(inference, settings, gate or open_gate(settings), fetcher or pictures))
    config = uvicorn.Config(
        app, port=0, log_level="warning", timeout_graceful_shutdown=5, ssl_certfile=certificate, ssl_keyfile=certificate
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Served(f"http{'s' if certificate else ''}://127.0.0.1:{port}", inference.orders, pictures, settings)
    finally:
        server.should_exit = True
        thread.join()
        inference.inner.close()


def error_of(response: httpx.Response) -> dict[str, str]:
    """The one error in a response of the contract."""
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    (error,) = response.json()["errors"]
    return dict(error)


def code_of(response: httpx.Response) -> str:
    """Status and code of a refusal, as in `400 invalid_size`."""
    return f"{response.status_code} {error_of(response).get('code')}"


class Capped:
    """A gate of three kinds of keys: `rich`, `poor` (half a credit) and `empty`; remembers what it charged."""

    def __init__(self) -> None:
        self.credits = {"rich": 100.0, "poor": 0.5, "empty": 0.0}
        self.charged: list[tuple[str, float, float]] = []

    async def admit(self, secret: str | None) -> Key:
        if secret not in self.credits:
            raise KeyRefusedError("no key")
        return Key(secret or "", self.credits[secret])

    async def reserve(self, key: Key, megapixels: float) -> Mapping[str, str]:
        return {"X-RateLimit-Limit": "500", "X-RateLimit-Remaining": "499", "X-RateLimit-Reset": "1"}

    async def charge(self, key: Key, credits_charged: float, megapixels: float, once: str | None = None) -> None:
        self.charged.append((key.name, credits_charged, megapixels))
