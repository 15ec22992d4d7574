"""A real web server on loopback that misbehaves on request, and records that point at it."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from feathercut.models.spec import Record, parse_record
from feathercut.settings import Settings

DATA = bytes(range(256)) * 8192  # 2 MiB
RECORDS = Path(__file__).parents[2] / "src" / "feathercut" / "models" / "records"


class Server:
    """Serves `data` under every path; the path's name says how.

    `seen` lists (path, Range header) of each request.
    """

    def __init__(self) -> None:
        self.data = DATA
        self.tag = '"one"'
        self.seen: list[tuple[str, str | None]] = []
        self.ended = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.answer(self)

            def log_message(self, *arguments: object) -> None:
                pass

        self.httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.httpd.daemon_threads = True
        threading.Thread(target=self.httpd.serve_forever, args=(0.01,), daemon=True).start()

    def url(self, how: str) -> str:
        return f"http://127.0.0.1:{self.httpd.server_address[1]}/{how}.onnx"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        asked = request.headers.get("Range")
        how = request.path.strip("/").removesuffix(".onnx")
        first = not any(path == request.path for path, _ in self.seen)
        self.seen.append((request.path, asked))
        if how == "missing":
            request.send_error(404)
            return
        if how == "redirect":
            request.send_response(302)
            request.send_header("Location", self.url("good"))
            request.end_headers()
            return
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and how != "rangeless" else 0
        if request.headers.get("If-Range", self.tag) != self.tag:
            start = 0
        if start >= len(self.data):
            request.send_error(416)
            return
        data = b"?" * len(self.data) if how == "wrong" else self.data[start:]
        request.send_response(206 if start else 200)
        if start:
            request.send_header("Content-Range", f"bytes {start}-{len(self.data) - 1}/{len(self.data)}")
        request.send_header("ETag", self.tag)
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        half = len(data) // 2
        try:
            if how in ("cut", "rangeless") and first:
                request.wfile.write(data[:half])  # and the line breaks
            elif how in ("slow", "stalled"):
                for at in range(0, half, half // 8):
                    request.wfile.write(data[at : at + half // 8])
                    time.sleep(0.05)
                if how == "stalled":
                    self.ended.wait(60)
                request.wfile.write(data[half:])
            else:
                request.wfile.write(data)
        except OSError:
            pass  # the other side has left


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.ended.set()
    running.httpd.shutdown()
    running.httpd.server_close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache=tmp_path / "cache", timeout_s=30)


@pytest.fixture
def make_record() -> Callable[..., Record]:
    """A record called `small` whose file is DATA, from the sources named."""

    def make(*sources: dict[str, str], md5_only: bool = False, **changes: object) -> Record:
        record = json.loads((RECORDS / "u2netp.json").read_text("utf-8"))
        file = {"precision": "fp32", "bytes": len(DATA), "md5": hashlib.md5(DATA).hexdigest(), "sources": list(sources)}
        if not md5_only:
            file["sha256"] = hashlib.sha256(DATA).hexdigest()
        record.update({"id": "small", "files": [file], **changes})
        return parse_record(json.dumps(record), "small")

    return make
