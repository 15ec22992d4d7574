"""Addresses of pictures that lead inside, by every way that a caller may send one: nothing is ever connected to."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import httpx
import pytest

from feathercut.server.settings import ServerSettings
from server.attacks.bombs import small
from server.rembg_running import running
from server.running import WAIT_S, Running
from server.web import PUBLIC, Web, answer


@pytest.fixture(scope="module")
def inside() -> Iterator[tuple[int, list[str]]]:
    """The port of a service of this machine that nobody may reach through the server, and who came all the same."""
    came: list[str] = []
    listener = socket.create_server(("", 0), family=socket.AF_INET6, dualstack_ipv6=True)

    def listen() -> None:
        while True:
            try:
                connection, peer = listener.accept()
            except OSError:
                return
            came.append(str(peer))
            connection.close()

    threading.Thread(target=listen, daemon=True).start()
    yield listener.getsockname()[1], came
    listener.close()


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "0.0.0.0", "[::]", "[::1]", "0", "127.1",
        "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "127.0.0.1.",
        "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]", "[fe80::1]", "[fd00::1]",
        "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "100.100.100.200",
        "①②⑦.⓪.⓪.①",
    ],
)  # fmt: skip
def test_no_spelling_of_an_inner_address_is_connected_to(
    server: Running, inside: tuple[int, list[str]], host: str
) -> None:
    port, came = inside
    url = f"http://{host}:{port}/a.png"
    for told in (
        httpx.get(f"{server.address}api/remove", params={"url": url}, timeout=WAIT_S),
        httpx.post(f"{server.address}v1.0/removebg", data={"image_url": url}, timeout=WAIT_S),
        httpx.post(
            f"{server.address}v1.0/removebg",
            files={"image_file": ("a.png", small("PNG"))},
            data={"bg_image_url": url},
            timeout=WAIT_S,
        ),
    ):
        assert told.status_code == 400, told.text
    assert came == []


@pytest.mark.parametrize("url", ["file:///etc/passwd", "FILE:/etc/passwd", "gopher://127.0.0.1/", "ftp://x/a.png",
                                 "data:image/png;base64,AAAA", "/etc/passwd", "jar:http://x!/a", "dict://127.0.0.1:1/",
                                 "http://a@127.0.0.1/", "http://127.0.0.1\\@example.com/"])  # fmt: skip
def test_only_the_web_is_looked_at(server: Running, url: str) -> None:
    for told in (
        httpx.get(f"{server.address}api/remove", params={"url": url}, timeout=WAIT_S),
        httpx.post(f"{server.address}v1.0/removebg", data={"image_url": url}, timeout=WAIT_S),
        httpx.post(f"{server.address}v1.0/removebg", json={"image_url": url}, timeout=WAIT_S),
    ):
        assert told.status_code == 400, told.text
        assert "root:" not in told.text


@pytest.mark.parametrize(
    "location",
    ["http://127.0.0.1/", "http://0.0.0.0/", "http://[::ffff:10.0.0.1]/", "http://[64:ff9b::7f00:1]/",
     "http://2130706433/", "http://0177.0.0.1/", "http://169.254.169.254/latest/", "http://100.64.0.1/",
     "http://inside.example/", "file:///etc/passwd", "//0x7f.1/"],
)  # fmt: skip
def test_no_redirect_leads_inside(location: str) -> None:
    web = Web({"/a": answer(b"", "302 Found", location=location)}, {"photos.example": [PUBLIC]})
    web.names["inside.example"] = ["192.168.0.7"]
    with running(ServerSettings(models=("u2netp",)), web) as one:
        told = one.get("http://photos.example/a")
    assert told.status_code == 400, told.text
    assert web.connected == [(PUBLIC, 80)]


def test_a_name_that_is_another_a_moment_later_leads_to_the_address_that_was_checked() -> None:
    web = Web({"/a": answer(b"no picture")}, {"photos.example": [PUBLIC]}, {"photos.example": ["127.0.0.1"]})
    with running(ServerSettings(models=("u2netp",)), web) as one:
        first, second = (one.get("http://photos.example/a") for _ in range(2))
    assert "not a" in first.text or first.status_code == 400
    assert web.connected == [(PUBLIC, 80)]
    assert second.json()["detail"] == "Requests to private/internal addresses are not allowed."


def test_a_picture_without_end_is_given_up_at_the_limit() -> None:
    sent = 0

    async def endless(_: str, writer: object) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")  # type: ignore[attr-defined]
        while True:
            writer.write(b"10000\r\n" + bytes(0x10000) + b"\r\n")  # type: ignore[attr-defined]
            await writer.drain()  # type: ignore[attr-defined]
            sent += 0x10000

    web = Web({"/a": endless}, {"photos.example": [PUBLIC]})
    with running(ServerSettings(models=("u2netp",), most_megabytes=1), web) as one:
        told = one.get("http://photos.example/a")
    assert (told.status_code, told.json()["detail"]) == (400, "Image exceeds maximum size.")
    assert sent < 20e6
