"""Callers who send slowly, say nothing or read nothing, at a server that waits for nobody for long."""

from __future__ import annotations

import contextlib
import io
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from server.attacks.bombs import small
from server.attacks.conftest import attacked
from server.running import CAT, WAIT_S, Running, until
from server.sockets import connect, request

_CONNECTIONS = Path("/proc/net/tcp")


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with attacked(tmp_path_factory.mktemp("impatient"), "--silence-s", "2", "--body-s", "4") as running:
        yield running


@pytest.fixture(autouse=True)
def still_there(impatient: Running) -> Iterator[None]:
    """Whoever was slow, the server answers others afterwards and holds nothing of it."""
    yield
    is_answered(impatient)
    until(lambda: impatient.figure("feathercut_upload_bytes") == 0)


def is_answered(server: Running) -> None:
    """Asserts that a caller who is in time gets a cutout; all is sent at once, as fast as this machine can."""
    whole = request(small("PNG"))
    with connect(server) as client:
        client.sendall(whole)
        assert client.recv(12) == b"HTTP/1.1 200"


def test_what_comes_of_an_upload_is_held_until_its_caller_hangs_up(server: Running) -> None:
    with connect(server) as client:
        client.sendall(request(CAT.read_bytes())[:5000])
        until(lambda: server.figure("feathercut_upload_bytes") > 0)
    until(lambda: server.figure("feathercut_upload_bytes") == 0)


def test_who_stops_in_an_upload_is_told_so(impatient: Running) -> None:
    with connect(impatient) as slow:
        slow.sendall(request(CAT.read_bytes())[:5000])
        assert slow.recv(12) == b"HTTP/1.1 408"


def test_headers_that_stop_are_ended(impatient: Running) -> None:
    with connect(impatient) as silent:
        silent.sendall(b"POST /v1/cutouts HTTP/1.1\r\nHost: x\r\nX-Never")
        assert silent.recv(1) == b""


def test_headers_that_drip_are_ended(impatient: Running) -> None:
    with connect(impatient) as connection, contextlib.suppress(ConnectionError):
        connection.settimeout(0.2)
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")
        ends = time.monotonic() + WAIT_S
        while time.monotonic() < ends:
            connection.sendall(b"X-More: y\r\n")  # never silent for long, and never done
            with contextlib.suppress(TimeoutError):
                if connection.recv(1) == b"":
                    return
        pytest.fail("it was listened to for ever")


def test_a_body_that_drips_is_ended(impatient: Running) -> None:
    with connect(impatient) as connection:
        connection.settimeout(0.2)
        head = b"POST /v1/cutouts HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n"
        connection.sendall(head + b"Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n")
        ends = time.monotonic() + WAIT_S
        with contextlib.suppress(ConnectionError):
            while time.monotonic() < ends:
                connection.sendall(b"y")
                with contextlib.suppress(TimeoutError):
                    assert connection.recv(12) == b"HTTP/1.1 408"
                    return
        pytest.fail("it was listened to for ever")


def test_silent_connections_do_not_keep_others_out(impatient: Running) -> None:
    silent = [connect(impatient) for _ in range(400)]
    try:
        is_answered(impatient)
        for connection in silent:
            assert connection.recv(1) == b""  # they are given up
    finally:
        for connection in silent:
            connection.close()


@pytest.mark.skipif(not _CONNECTIONS.exists(), reason="finds connections in /proc, as on Linux")
def test_who_reads_nothing_is_let_go(impatient: Running) -> None:
    # Noise that a matte keeps all of: an answer of megabytes, more than a connection holds on its way.
    noise, white = io.BytesIO(), io.BytesIO()
    Image.fromarray(np.random.default_rng(7).integers(0, 256, (2400, 2400, 3), np.uint8)).save(noise, "JPEG")
    Image.new("L", (2400, 2400), 255).save(white, "PNG")
    body = request(noise.getvalue(), white.getvalue(), "reads-nothing")

    def ended() -> list[dict[str, object]]:
        return [line for line in impatient.lines() if line.get("request_id") == "reads-nothing"]

    with connect(impatient) as client:
        client.sendall(body)
        until(lambda: not is_established(client))
        assert received(client) < 12_000_000
    (line,) = ended()
    assert int(str(line["bytes_out"])) > 12_000_000


def is_established(client: socket.socket) -> bool:
    """Whether the server still holds its end of a connection."""
    here, there = (f"0100007F:{address[1]:04X}" for address in (client.getsockname(), client.getpeername()))
    rows = [line.split()[1:4] for line in _CONNECTIONS.read_text().splitlines()]
    return [there, here, "01"] in rows


def received(client: socket.socket) -> int:
    """How many bytes still come."""
    count = 0
    with contextlib.suppress(ConnectionResetError):
        while part := client.recv(1 << 20):
            count += len(part)
    return count
