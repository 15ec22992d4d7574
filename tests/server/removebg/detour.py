"""The way to api.remove.bg, bent to a server of ours: what a hosts file and a certificate do on a real machine.

Clients have that address inside. They are told of a proxy, as their users tell them, by `HTTPS_PROXY`; it connects
`api.remove.bg` to our port and nothing else, and TLS is spoken end to end with a certificate that the tests make.
"""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

HOST = "api.remove.bg"

NODE_HOSTS = """
const { Socket } = require("net");
const connect = Socket.prototype.connect;
Socket.prototype.connect = function (...words) {
  const options = Array.isArray(words[0]) ? words[0][0] : words[0];
  if (options.host === "api.remove.bg") Object.assign(options, { host: "127.0.0.1", port: PORT });
  return connect.apply(this, words);
};
"""
"""A hosts file for one program of Node, loaded before it: our port is not 443, which only root may have."""


def certificate(folder: Path) -> Path:
    """A certificate of `api.remove.bg`, signed by itself, and its key, in one file."""
    path = folder / "certificate.pem"
    names = f"subjectAltName=DNS:{HOST}"
    how = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}", "-addext", names]
    command = ["openssl", "req", *how, "-keyout", str(folder / "key.pem"), "-out", str(folder / "only.pem")]
    subprocess.run(command, check=True, capture_output=True)
    path.write_text((folder / "key.pem").read_text() + (folder / "only.pem").read_text())
    return path


@dataclass
class Detour:
    """A proxy that runs: its port, and the places that it was asked to go to."""

    port: int = 0
    asked: list[str] = field(default_factory=list)


@contextmanager
def detour(our_port: int) -> Iterator[Detour]:
    """A proxy that connects `api.remove.bg:443` to our port, and refuses every other place."""
    way, ready = Detour(), threading.Event()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        method, place, _ = head.split(b" ", 2)
        way.asked.append(place.decode())
        if (method, place) != (b"CONNECT", f"{HOST}:443".encode()):
            writer.write(b"HTTP/1.1 403 Forbidden\r\n\r\n")
            writer.close()
            return
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        theirs, ours = await asyncio.open_connection("127.0.0.1", our_port)
        await asyncio.gather(_pump(reader, ours), _pump(theirs, writer))

    async def serve() -> None:
        async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
            way.port = server.sockets[0].getsockname()[1]
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    ready.wait(10)
    try:
        yield way
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while part := await reader.read(65536):
            writer.write(part)
            await writer.drain()
    with contextlib.suppress(OSError):
        writer.close()
