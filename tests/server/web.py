"""A small web on this machine: raw answers behind public addresses, and names that lead where a test says."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpcore
import pytest

from feathercut.server.errors import RemoteError
from feathercut.server.remote import Patience, RemoteFetcher

PUBLIC = "93.184.216.34"
SITE = "http://photos.example/a.jpg"
PICTURE = b"\x89PNG what a picture's bytes may be" * 100

Says = Callable[[str, asyncio.StreamWriter], Awaitable[None]]


def answer(body: bytes = PICTURE, status: str = "200 OK", **headers: str) -> bytes:
    """A whole HTTP answer; `content_length="7"` replaces the true one."""
    said = {"content-length": str(len(body)), "connection": "close"}
    said |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


@dataclass
class Web:
    """Answers by path, names by their addresses, and a note of what was asked and connected to."""

    answers: Mapping[str, bytes | Says] = field(default_factory=dict)
    names: dict[str, Sequence[str]] = field(default_factory=dict)
    later: dict[str, Sequence[str]] = field(default_factory=dict)
    """What a name says from the second time on, where that is something else."""
    asked: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    connected: list[tuple[str, int]] = field(default_factory=list)
    port: int = 0
    tls: ssl.SSLContext | None = None

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        """What the name says now. Raises OSError where nobody has it."""
        names = {**self.names, **self.later} if host in self.asked else self.names
        self.asked.append(host)
        if host not in names:
            raise OSError("no such name")
        return names[host]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            self.heads.append(head)
            said = self.answers.get(head.split()[1], answer(b"", "404 Not Found"))
            if isinstance(said, bytes):
                writer.write(said)
            else:
                await said(head, writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # whoever asked has heard enough
        finally:
            writer.close()


class Detour(httpcore.AnyIOBackend):
    """Connects to the test's server instead of a public address, and writes down which address it was."""

    def __init__(self, web: Web) -> None:
        self._web = web

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self._web.connected.append((host, port))
        return await super().connect_tcp("127.0.0.1", self._web.port, timeout, local_address, socket_options)


@asynccontextmanager
async def serving(web: Web) -> AsyncIterator[Web]:
    server = await asyncio.start_server(web.serve, "127.0.0.1", 0, ssl=web.tls)
    web.port = server.sockets[0].getsockname()[1]
    try:
        yield web
    finally:
        server.close()


def fetch(web: Web, url: str, most_bytes: int = 1_000_000, patience: Patience | None = None) -> bytes:
    """What the fetcher gets at an address of this web."""

    async def run() -> bytes:
        async with serving(web):
            fetcher = RemoteFetcher(resolve=web.resolve, network=Detour(web), patience=patience)
            try:
                return await fetcher.fetch(url, most_bytes)
            finally:
                await fetcher.aclose()

    return asyncio.run(run())


def web(*, names: tuple[str, ...] = (PUBLIC,), **answers: bytes | Says) -> Web:
    """A host `photos.example` whose `/a.jpg` is a picture, or what `a` says."""
    said: dict[str, bytes | Says] = {"/a.jpg": answer()}
    said |= {f"/{name}.jpg": value for name, value in answers.items()}
    return Web(said, {"photos.example": list(names)})


def refused(one: Web, url: str, kind: str, **limits: object) -> RemoteError:
    """The error that a fetch ends in, once its kind was looked at."""
    with pytest.raises(RemoteError) as caught:
        fetch(one, url, **limits)  # type: ignore[arg-type]
    assert caught.value.kind == kind, caught.value
    return caught.value
