"""Requests that are themselves the attack: too many headers, too much of one, forms and JSON without end."""

from __future__ import annotations

import base64
import contextlib
import gzip
import json
import socket
from collections.abc import Iterator

import httpx
import pytest

from server.attacks.asking import CONTRACTS, ask, forget_peak, held_mb, peak_mb
from server.attacks.bombs import small
from server.running import WAIT_S, Running, until
from server.sockets import connect


@pytest.fixture(autouse=True)
def still_there(server: Running) -> Iterator[None]:
    """Whatever came, the server answers others afterwards and holds nothing of it."""
    yield
    assert server.get("healthz").status_code == 200
    assert ask(server, "v1/cutouts", small("PNG")).status_code == 200
    until(lambda: server.figure("feathercut_upload_bytes") == 0)


def said(connection: socket.socket) -> bytes:
    """What the server answers until it ends the connection."""
    found = b""
    with contextlib.suppress(ConnectionError):
        while part := connection.recv(1 << 16):
            found += part
    return found


def sent(server: Running, data: bytes) -> bytes:
    """The answer to raw bytes, however little of them the server cares to read."""
    with connect(server) as connection:
        with contextlib.suppress(ConnectionError):
            connection.sendall(data)
        return said(connection)


@pytest.mark.parametrize(
    "headers",
    [
        b"".join(b"X-%d: y\r\n" % number for number in range(200_000)),
        b"X-Large: " + b"y" * 5_000_000 + b"\r\n",
        b"".join(b"Cookie: c%d=%s\r\n" % (number, b"v" * 100) for number in range(20_000)),
        b"X-Api-Key: " + b"k" * 2_000_000 + b"\r\n",
        b"X-Folded: a\r\n" + b" b\r\n" * 500_000,
    ],
    ids=["many", "one-large", "cookies", "key", "folded"],
)
def test_header_floods_are_refused_and_not_kept(server: Running, headers: bytes) -> None:
    forget_peak(server)
    before = peak_mb(server)
    answer = sent(server, b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\n")
    assert answer == b"" or answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 431")), answer[:100]
    assert peak_mb(server) < before + 20


def test_an_address_without_end_is_refused(server: Running) -> None:
    answer = sent(server, b"GET /" + b"a" * 3_000_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer == b"" or answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 414")), answer[:100]


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nX\0: y\r\n\r\n",
        b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03" + bytes(200),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
    ids=["length-and-chunks", "two-lengths", "negative", "coding", "no-host", "null", "tls", "http2"],
)  # fmt: skip
def test_what_two_servers_could_read_in_two_ways_hides_no_second_request(server: Running, request_bytes: bytes) -> None:
    answer = sent(server, request_bytes + b"GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b'"models"' not in answer  # nothing that hides behind it is answered
    # With both a length and chunks the chunks count, as RFC 9112 has it.
    assert b"chunked\r\n\r\n0" in request_bytes or answer == b"" or answer.startswith(b"HTTP/1.1 4"), answer[:100]


@pytest.mark.parametrize("path", CONTRACTS)
def test_a_form_of_thousands_of_parts_is_refused(server: Running, path: str) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="size"\r\n\r\nauto\r\n'
    for body, kind in (
        (part * 20_000 + b"--x--\r\n", "multipart/form-data; boundary=x"),
        (b"size=auto&" * 100_000, "application/x-www-form-urlencoded"),
        (b"\r\n" * 4_000_000 + part, "multipart/form-data; boundary=x"),
        (b"--x\r\n" + b"A: b\r\n" * 500_000 + b"\r\n\r\n--x--", "multipart/form-data; boundary=x"),
    ):
        answer = httpx.post(server.address + path, content=body, headers={"Content-Type": kind}, timeout=WAIT_S)
        assert answer.status_code in (400, 413, 422), answer.text[:200]


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 2_000_000,
        b'{"a":' * 1_000_000,
        b'{"image_url": ' + b"9" * 3_000_000 + b"}",
        b'{"size": {"a": ["b"]}}',
        b'{"crop": 1e400, "image_url": NaN}',
        b"\xff\xfe" + b"\0" * 100_000,
    ],
    ids=["arrays", "objects", "digits", "nested", "infinite", "utf-16"],
)
def test_json_that_is_no_request_is_refused(server: Running, body: bytes) -> None:
    for path in CONTRACTS:
        headers = {"Content-Type": "application/json"}
        answer = httpx.post(server.address + path, content=body, headers=headers, timeout=WAIT_S)
        assert answer.status_code in (400, 415, 422), answer.text[:200]


@pytest.mark.parametrize("field", ["extras", "recipe"])
def test_json_in_a_field_is_bounded_too(server: Running, field: str) -> None:
    path = {"extras": "api/remove", "recipe": "v1/cutouts"}[field]
    for text in ("[" * 200_000, '{"a":' * 100_000, "{" + '"a":1,' * 100_000 + '"b":1}'):
        answer = ask(server, path, small("PNG"), **{field: text})
        assert answer.status_code in (400, 422), answer.text[:200]


def test_base64_without_end_is_refused(server: Running) -> None:
    forget_peak(server)
    before = peak_mb(server)
    text = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(24_000_000)).decode()
    for how in ({"json": {"image_file_b64": text}}, {"data": {"image_file_b64": text}}):
        answer = httpx.post(f"{server.address}v1.0/removebg", timeout=WAIT_S, **how)  # type: ignore[arg-type]
        assert answer.status_code in (400, 413), answer.text[:200]
    assert peak_mb(server) < before + 350


def test_packed_bodies_are_not_unpacked(server: Running) -> None:
    packed = gzip.compress(json.dumps({"image_file_b64": "A" * 20_000_000}).encode())
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    before = held_mb(server)
    answer = httpx.post(f"{server.address}v1.0/removebg", content=packed, headers=headers, timeout=WAIT_S)
    assert answer.status_code in (400, 415)
    assert held_mb(server) < before + 20


def test_chunks_without_end_are_ended_and_not_kept(server: Running) -> None:
    head = b"POST /v1/cutouts HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
    head += b"Content-Type: multipart/form-data; boundary=x\r\n\r\n"
    forget_peak(server)
    before = peak_mb(server)
    with connect(server) as connection:
        connection.sendall(head)
        with contextlib.suppress(ConnectionError):
            for _ in range(4000):
                connection.sendall(b"10000\r\n" + bytes(0x10000) + b"\r\n")
            pytest.fail("a quarter of a gigabyte was taken")
    assert peak_mb(server) < before + 150
    for odd in (
        b"5;" + b"x" * 5_000_000 + b"\r\nhello\r\n",
        b"f" * 500_000 + b"\r\n",
        b"0\r\n" + b"T: t\r\n" * 200_000,
    ):
        answer = sent(server, head + odd)
        assert answer == b"" or answer.startswith((b"HTTP/1.1 4",)), answer[:100]
