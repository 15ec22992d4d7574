"""Bytes on the wire, counted between a browser and its server, whoever in the browser asked for them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

_BLOCK = 1 << 16


class Relay:
    """Hands connections on to a server; `received` is how many bytes, heads included, the browser was sent."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._server = (parts.hostname, parts.port)
        self._door = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self.received = 0
        self.address = f"http://127.0.0.1:{self._door.getsockname()[1]}/"

    def serve(self) -> None:
        """Takes connections until `close`."""
        while True:
            try:
                browser, _ = self._door.accept()
            except OSError:
                return
            server = socket.create_connection(self._server)
            self._open += [browser, server]
            for source, target, counts in ((browser, server, False), (server, browser, True)):
                thread = threading.Thread(target=self._pump, args=(source, target, counts))
                thread.start()
                self._threads.append(thread)

    def close(self) -> None:
        """Takes nobody any more."""
        _hang_up(self._door)

    def clear(self) -> None:
        """Once nothing is taken any more: ends all connections."""
        for end in self._open:
            _hang_up(end)
        for thread in self._threads:
            thread.join()
        for end in (self._door, *self._open):
            end.close()

    def _pump(self, source: socket.socket, target: socket.socket, counts: bool) -> None:
        with suppress(OSError):
            while block := source.recv(_BLOCK):
                target.sendall(block)
                if counts:
                    with self._lock:
                        self.received += len(block)
        _hang_up(target)


def _hang_up(end: socket.socket) -> None:
    # Closing alone does not wake up who waits in `accept` or `recv`.
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)


@contextmanager
def relayed(address: str) -> Iterator[Relay]:
    """A relay before the server of an address, while the block lasts."""
    relay = Relay(address)
    thread = threading.Thread(target=relay.serve)
    thread.start()
    try:
        yield relay
    finally:
        relay.close()
        thread.join()
        relay.clear()
