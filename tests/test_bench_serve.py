"""The load bench: what it counts as lost, wrong and busy, and that it goes on where it was ended."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from bench import serve
from bench.places import ROOT
from bench.serve import Kept, Plan
from bench.serve_load import Passage, Server, asked

from server.attacks.bombs import small

PLANS = (Plan("u2netp", 8, 4), Plan("isnet-general", 4, 4))


@contextmanager
def answering(statuses: list[int]) -> Iterator[Server]:
    """A server that gives these statuses in turn, 0 for a connection that it closes, and a picture with each 200."""
    left, lock, body = list(statuses), threading.Lock(), small("PNG", 16)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            with lock:
                status = left.pop()
            if status:
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, text=True)
    try:
        yield Server(process, f"http://127.0.0.1:{listener.server_port}/", "picture", 0.01)
    finally:
        process.kill()
        process.communicate()
        listener.shutdown()
        listener.server_close()


def test_lost_wrong_and_busy_are_counted_apart() -> None:
    right, other = np.ones((16, 16), np.float32), np.zeros((16, 16), np.float32)
    with answering([200] * 6 + [503, 429, 500, 0]) as server:
        passage = asked(server, [b"photo"] * 2, [right, right], 0, 10)
    assert (passage.statuses, passage.lost, passage.wrong) == ({"200": 6, "503": 1, "429": 1, "500": 1}, 1, 0)
    with answering([200] * 4) as server:
        passage = asked(server, [b"photo"] * 2, [right, other], 0, 4)
    assert (passage.wrong, len(passage.seconds)) == (2, 4)
    assert passage.wall_s > 0


def kept() -> Kept:
    def passage(wall_s: float, **more: int) -> Passage:
        statuses = {"200": 4 - more.get("busy", 0), **({"503": more["busy"]} if more else {})}
        return Passage(4, wall_s, [1.0, 2.0, 3.0, 4.0], statuses, 0, 0, 100.0, 200.0, 110.0)

    return {
        "u2netp, the library": [Passage(4, 2.0), Passage(4, 4.0)],
        "u2netp, feathercut serve": [passage(1.0), passage(2.0)],
        "u2netp, rembg s": [passage(4.0, busy=2), passage(4.0)],
    }


def test_rates_are_of_what_was_answered_and_beside_the_library_in_the_same_turn() -> None:
    found = serve._table(PLANS, kept())
    assert [row[:4] for row in found.rows] == [
        ("u2netp", "the library", "8", "1.50"),
        ("u2netp", "`feathercut serve`", "8", "3.00"),
        ("u2netp", "`rembg s`", "8", "0.75"),
    ]
    assert found.rows[2][10:] == ("2", "0", "0", "0")
    assert any("2.00 of the library's rate" in note and "met" in note for note in found.notes)


def test_blocks_are_kept_until_the_code_is_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "BENCH", tmp_path)
    serve._keep(kept(), PLANS)
    assert serve._read(PLANS) == kept()
    assert serve._read(PLANS[:1]) == {}
    monkeypatch.setattr(serve, "_key", lambda _: "another")
    assert serve._read(PLANS) == {}


def test_the_page_has_the_table_in_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "server.md"
    page.write_text(f"before\n\n{serve.START}old\n{serve.END}\nafter\n", "utf-8")
    monkeypatch.setattr(serve, "PAGE", page)
    for _ in range(2):
        serve._write(serve._table(PLANS, kept()))
    text = page.read_text("utf-8")
    assert text.startswith("before\n\n" + serve.START) and text.endswith(serve.END + "\nafter\n")
    assert "old" not in text and text.count("| u2netp") == 3
    assert serve.START in (ROOT / "docs" / "server.md").read_text("utf-8")
