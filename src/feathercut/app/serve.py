"""The page on this machine: a small server of a fixed list of files, for one person's browser."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock
from urllib.parse import unquote, urlsplit

from feathercut import __version__
from feathercut.app import page
from feathercut.errors import PageError

LOOPBACK = "127.0.0.1"
PACKED = {".css", ".html", ".js", ".json", ".mjs", ".svg", ".wasm", ".webmanifest"}
"""Files that are worth packing, by their ending."""

_BLOCK = 1 << 18
_LONG_TIMEOUT_S = 60.0


@dataclass
class Shelf:
    """The files that are served, by their path below the address: nothing else on the disk is ever looked at."""

    files: Mapping[str, Path]
    _packed: dict[str, bytes] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def packed(self, name: str) -> bytes:
        """The file in gzip, packed once and kept."""
        from isal import igzip  # deferred: a codec, wanted once a page is served

        with self._lock:
            if name not in self._packed:
                self._packed[name] = igzip.compress(self.files[name].read_bytes(), 2)
            return self._packed[name]


def open_server(files: Mapping[str, Path], port: int) -> ThreadingHTTPServer:
    """A server at 127.0.0.1, ready to `serve_forever`; port 0 takes any that is free.

    Raises PageError where the port is taken.
    """
    try:
        return _Server((LOOPBACK, port), partial(_Handler, Shelf(files)))
    except (OSError, OverflowError) as error:
        raise PageError(f"Port {port} of {LOOPBACK} cannot be used ({error}); choose another with `--port`") from error


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up is no error of ours, and there is nobody to tell."""


class _Handler(BaseHTTPRequestHandler):
    server_version = f"Feathercut/{__version__}"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout = _LONG_TIMEOUT_S

    def __init__(self, shelf: Shelf, *rest: object) -> None:
        self._shelf = shelf
        super().__init__(*rest)  # type: ignore[arg-type]  # what socketserver hands over, untouched

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the standard library's name
        """Nothing: the terminal is the command's."""

    def _answer(self, *, with_body: bool) -> None:
        # A page elsewhere that has a name of its own lead here must not read what is served to this machine.
        host = (self.headers.get("Host") or "").rpartition(":")[0] or self.headers.get("Host")
        if host not in (LOOPBACK, "localhost"):
            self._refuse(HTTPStatus.MISDIRECTED_REQUEST, "This server is for this machine only")
            return
        name = unquote(urlsplit(self.path).path).removeprefix("/") or "index.html"
        path = self._shelf.files.get(name)
        if path is None:
            self._refuse(HTTPStatus.NOT_FOUND, "There is no such file")
            return
        try:
            self._send(name, path, with_body=with_body)
        except FileNotFoundError:
            self._refuse(HTTPStatus.GONE, "This file was removed while it was served; start `feathercut app` again")

    def _send(self, name: str, path: Path, *, with_body: bool) -> None:
        status = path.stat()
        tag = f'"{hashlib.sha256(f"{name}{status.st_size}{status.st_mtime_ns}".encode()).hexdigest()[:32]}"'
        if self.headers.get("If-None-Match") == tag:
            self._head(HTTPStatus.NOT_MODIFIED, name, tag, 0)
            return
        span = _span(self.headers.get("Range"), status.st_size)
        if self.headers.get("If-Range") not in (None, tag):
            span = None
        if span is not None:
            self._send_part(name, path, tag, span, status.st_size, with_body=with_body)
        elif path.suffix in PACKED and "gzip" in (self.headers.get("Accept-Encoding") or ""):
            body = self._shelf.packed(name)
            self._head(HTTPStatus.OK, name, tag, len(body), {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"})
            if with_body:
                self.wfile.write(body)
        else:
            self._head(HTTPStatus.OK, name, tag, status.st_size, {"Accept-Ranges": "bytes"})
            if with_body:
                self._copy(path, 0, status.st_size)

    def _send_part(self, name: str, path: Path, tag: str, span: tuple[int, int], size: int, *, with_body: bool) -> None:
        start, end = span
        if start >= end:
            self._head(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, name, tag, 0, {"Content-Range": f"bytes */{size}"})
            return
        ranged = {"Accept-Ranges": "bytes", "Content-Range": f"bytes {start}-{end - 1}/{size}"}
        self._head(HTTPStatus.PARTIAL_CONTENT, name, tag, end - start, ranged)
        if with_body:
            self._copy(path, start, end)

    def _copy(self, path: Path, start: int, end: int) -> None:
        with path.open("rb") as file:
            file.seek(start)
            while start < end and (block := file.read(min(_BLOCK, end - start))):
                self.wfile.write(block)
                start += len(block)

    def _head(
        self, status: HTTPStatus, name: str, tag: str, length: int, more: Mapping[str, str] | None = None
    ) -> None:
        self.send_response(status)
        keep = "public, max-age=31536000, immutable" if page.is_named_by_content(name) else "no-cache"
        said = {
            "Content-Type": page.kind_of(name),
            "Content-Length": str(length),
            "Cache-Control": keep,
            "ETag": tag,
            **page.ISOLATED,
            **page.SAFE,
            **(more or {}),
        }
        for key, value in said.items():
            self.send_header(key, value)
        self.end_headers()

    def _refuse(self, status: HTTPStatus, sentence: str) -> None:
        body = f"{sentence}\n".encode()
        self.send_response(status)
        self.send_header("Content-Type", page.KINDS[".txt"])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _span(asked: str | None, size: int) -> tuple[int, int] | None:
    """The bytes (first, one past the last) that a `Range` asks for; None where it asks for none, or for several."""
    match = re.fullmatch(r"bytes=(\d*)-(\d*)", asked or "")
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:  # the last so many
        return max(0, size - int(match[2])), size
    return int(match[1]), min(size, int(match[2]) + 1) if match[2] else size
