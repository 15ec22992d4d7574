"""A host of the page that has a bad day: a slow line, one that breaks, damaged files, no isolation."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from feathercut.app import page as built

_BLOCK = 1 << 15
_CRAWLS_S, _ARRIVES_S = 0.05, 0.7


class PoorHost(ThreadingHTTPServer):
    """Serves files by their path below the address. Its faults may be changed while it serves, and hold for weights.

    `breaks_after` hangs up after so many bytes of each answer, once they have arrived, `gone` at once; an answer crawls
    from `crawls_at` on, a byte at a time, until that is changed, and hangs up then; `damaged` files come with their
    bytes in the wrong order; `sent` counts the bytes of each; `is_isolated` holds for all files.
    """

    daemon_threads = True

    def __init__(self, files: Mapping[str, Path], *, is_isolated: bool = True) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.files = files
        self.is_isolated = is_isolated
        self.breaks_after: int | None = None
        self.crawls_at: int | None = None
        self.gone = False
        self.damaged = False
        self.sent: dict[str, int] = {}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up is no error."""


class _Answer(BaseHTTPRequestHandler):
    server: PoorHost
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the standard library's name
        """Nothing."""

    def do_GET(self) -> None:
        name = self.path.partition("?")[0].removeprefix("/") or "index.html"
        if self.server.gone and name.endswith(".onnx"):
            self.close_connection = True
            return
        path = self.server.files.get(name)
        body = path.read_bytes() if path else b""
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
        start = int(asked[1]) if asked else 0
        self.send_response(206 if asked else 200 if path else 404)
        self.send_header("Content-Type", built.kind_of(name))
        self.send_header("Content-Length", str(len(body) - start))
        self.send_header("Cache-Control", "no-store")
        if asked:
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        if self.server.is_isolated:
            for key, value in built.ISOLATED.items():
                self.send_header(key, value)
        self.end_headers()
        if name.endswith(".onnx"):
            self._send_weights(name, body[::-1] if self.server.damaged else body, start)
        else:
            self.wfile.write(body)

    def _send_weights(self, name: str, body: bytes, start: int) -> None:
        host, at, crawls_at = self.server, start, self.server.crawls_at
        end = len(body) if host.breaks_after is None else min(len(body), start + host.breaks_after)
        while at < end and not host.gone:
            crawls = crawls_at is not None and at >= crawls_at
            if crawls and host.crawls_at != crawls_at:
                break
            part = body[at : min(at + (1 if crawls else _BLOCK), end)]
            self.wfile.write(part)
            host.sent[name] = host.sent.get(name, 0) + len(part)
            at += len(part)
            if crawls:
                time.sleep(_CRAWLS_S)
        if at < len(body):
            time.sleep(_ARRIVES_S)  # what is on its way when a line breaks is lost, and that is not what is asked here
            self.close_connection = True


@contextmanager
def poor_host(files: Mapping[str, Path], *, is_isolated: bool = True) -> Iterator[PoorHost]:
    """A host of these files, while the block lasts."""
    with PoorHost(files, is_isolated=is_isolated) as host:
        thread = threading.Thread(target=host.serve_forever)
        thread.start()
        try:
            yield host
        finally:
            host.shutdown()
            thread.join()
