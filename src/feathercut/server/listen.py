"""The sockets that the server listens at: one for callers, shared by all HTTP workers, and a private one inside."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from feathercut.errors import OptionError
from feathercut.server.wire import BUFFER_BYTES

_BACKLOG = 2048
_SECRET_BYTES = 32
_WELCOME = b"!"
Listener = socket.socket
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def listen(host: str, port: int) -> socket.socket:
    """A socket for callers; port 0 takes one that is free. Raises OptionError where it cannot be had."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise OptionError(f"`{host}` is no address to listen at: {error.strerror or error}") from error
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows lets others take a port that is in use, unless told so
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
        listener.setblocking(False)
    except OSError as error:
        listener.close()
        raise OptionError(
            f"Port {port} of {host} cannot be used ({error.strerror or error}); choose another with `--port`"
        ) from error
    return listener


def address_of(listener: socket.socket) -> str:
    """The address that people open."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # not listened at: only said
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


@dataclass(frozen=True)
class Inside:
    """Where inference listens to HTTP workers: a Unix socket in a private folder, or a port of this machine.

    `secret` is said first by whoever connects: where there are no Unix sockets, others could come too.
    """

    path: Path | None
    port: int
    secret: bytes

    @classmethod
    def below(cls, folder: Path) -> Inside:
        """A place in a private folder, where the system has such sockets; else a free port."""
        secret = secrets.token_bytes(_SECRET_BYTES)
        if hasattr(asyncio, "start_unix_server"):
            return cls(folder / "inference", 0, secret)
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            return cls(None, one.getsockname()[1], secret)

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to inference that it has welcomed. Raises OSError where it is not there.

        The system lets connections in for a process that is about to end: they say nothing of what was sent.
        """
        if self.path is not None:
            reader, writer = await asyncio.open_unix_connection(self.path, limit=BUFFER_BYTES)
        else:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=BUFFER_BYTES)
        try:
            writer.write(self.secret)
            await reader.readexactly(len(_WELCOME))
        except asyncio.IncompleteReadError as error:
            writer.close()
            raise ConnectionResetError("it ended before it answered") from error
        except BaseException:
            writer.close()
            raise
        return reader, writer

    async def serve(self, talk: Talk) -> asyncio.Server:
        """Listens, and talks to whoever knows the secret."""

        async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                if secrets.compare_digest(await reader.readexactly(_SECRET_BYTES), self.secret):
                    writer.write(_WELCOME)
                    await talk(reader, writer)
            except (OSError, asyncio.IncompleteReadError):
                pass  # it went away before it said anything
            finally:
                writer.close()
                with contextlib.suppress(OSError):
                    await writer.wait_closed()

        if self.path is not None:
            self.path.unlink(missing_ok=True)  # of an inference process that was killed
            return await asyncio.start_unix_server(greet, self.path, limit=BUFFER_BYTES)
        return await asyncio.start_server(greet, "127.0.0.1", self.port, limit=BUFFER_BYTES)
