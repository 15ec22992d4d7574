"""The page's server, asked by a real HTTP client over a real socket."""

from __future__ import annotations

import gzip
import http.client
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from feathercut.app.serve import LOOPBACK, open_server
from feathercut.errors import PageError

Answer = tuple[int, dict[str, str], bytes]


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """A server of three files, and one beside them that it was not told of."""
    (tmp_path / "index.html").write_text("<title>Feathercut</title>" * 40)
    (tmp_path / "secret.txt").write_text("nobody's")
    (tmp_path / "net.onnx").write_bytes(bytes(range(256)) * 4)
    (tmp_path / "a.js").write_text("export {};")
    files = {
        "index.html": tmp_path / "index.html",
        "assets/a-1234.js": tmp_path / "a.js",
        "weights/net.onnx": tmp_path / "net.onnx",
    }
    with open_server(files, 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def ask(port: int, path: str, method: str = "GET", **headers: str) -> Answer:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=60)
    connection.request(method, path, headers={key.replace("_", "-"): value for key, value in headers.items()})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, {key.lower(): value for key, value in answer.getheaders()}, body


def test_page_is_isolated_so_that_threads_work(port: int) -> None:
    status, headers, body = ask(port, "/")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-embedder-policy"] == "require-corp"
    assert body.startswith(b"<title>Feathercut")


def test_scripts_are_scripts_and_kept_for_good_and_the_page_is_not(port: int) -> None:
    _, script, _ = ask(port, "/assets/a-1234.js")
    assert script["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in script["cache-control"]
    _, page, _ = ask(port, "/index.html")
    assert page["cache-control"] == "no-cache"


def test_text_is_packed_for_those_who_unpack(port: int) -> None:
    _, plain, body = ask(port, "/")
    _, packed, small = ask(port, "/", Accept_Encoding="gzip, br")
    assert "content-encoding" not in plain
    assert packed["content-encoding"] == "gzip"
    assert gzip.decompress(small) == body
    assert len(small) < len(body) / 2


def test_a_download_that_was_cut_goes_on_where_it_was(port: int) -> None:
    _, whole, _ = ask(port, "/weights/net.onnx", "HEAD")
    assert (whole["content-length"], whole["accept-ranges"]) == ("1024", "bytes")
    status, headers, body = ask(port, "/weights/net.onnx", Range="bytes=1000-", If_Range=whole["etag"])
    assert (status, headers["content-range"]) == (206, "bytes 1000-1023/1024")
    assert body == bytes(range(232, 256))
    assert ask(port, "/weights/net.onnx", Range="bytes=-4")[2] == bytes([252, 253, 254, 255])
    assert ask(port, "/weights/net.onnx", Range="bytes=4-6")[2] == bytes([4, 5, 6])
    assert ask(port, "/weights/net.onnx", Range="bytes=1024-")[0] == 416
    status, _, body = ask(port, "/weights/net.onnx", Range="bytes=1000-", If_Range='"an older file"')
    assert (status, len(body)) == (200, 1024)


def test_what_has_not_changed_is_not_sent_again(port: int) -> None:
    _, headers, _ = ask(port, "/")
    status, _, body = ask(port, "/", If_None_Match=headers["etag"])
    assert (status, body) == (304, b"")


@pytest.mark.parametrize(
    "path",
    ["/secret.txt", "/../secret.txt", "/%2e%2e/secret.txt", "/assets/../secret.txt", "//etc/passwd", "/weights/"],
)
def test_no_other_file_is_ever_read(port: int, path: str) -> None:
    status, _, body = ask(port, path)
    assert (status, body) == (404, b"There is no such file\n")


def test_a_name_elsewhere_that_leads_here_is_refused(port: int) -> None:
    assert ask(port, "/", Host="evil.example")[0] == 421
    assert ask(port, "/", Host=f"evil.example:{port}")[0] == 421
    assert ask(port, "/", Host=f"localhost:{port}")[0] == 200


def test_nothing_can_be_posted(port: int) -> None:
    assert ask(port, "/", "POST")[0] == 501


def test_it_listens_to_this_machine_only(port: int) -> None:
    others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)} - {LOOPBACK}
    for address in others:
        with socket.socket() as client:
            client.settimeout(2)
            assert client.connect_ex((address, port)) != 0 or str(address).startswith("127.")


def test_a_taken_port_is_named(port: int) -> None:
    with pytest.raises(PageError, match=rf"Port {port} .* choose another with `--port`"):
        open_server({}, port)
