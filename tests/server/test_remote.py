"""Pictures from elsewhere, over real sockets; only names and public addresses lead to a server of the test's own."""

from __future__ import annotations

import asyncio
import shutil
import socket
import ssl
import subprocess
import threading
from pathlib import Path
from typing import Any

import httpcore
import pytest

from feathercut.errors import TooLargeError
from feathercut.server.errors import RemoteError
from feathercut.server.remote import Patience, RemoteFetcher

from .web import PICTURE, PUBLIC, SITE, Detour, Web, answer, fetch, refused, serving, web


def test_picture_is_fetched_from_the_address_that_was_checked() -> None:
    one = web()
    assert fetch(one, SITE) == PICTURE
    assert one.connected == [(PUBLIC, 80)]
    assert one.heads[0].startswith("GET /a.jpg HTTP/1.1\r\nHost: photos.example\r\n")


def test_port_query_and_letters_of_other_scripts_are_sent_as_the_web_does() -> None:
    one = Web({"/f%C3%B6%20o?x=1&y=%E7%8C%AB": answer()}, {"xn--mnchen-3ya.example": [PUBLIC]})
    assert fetch(one, "http://münchen.example:8080/fö%20o?x=1&y=猫#part") == PICTURE
    assert one.connected == [(PUBLIC, 8080)]
    assert "Host: xn--mnchen-3ya.example:8080\r\n" in one.heads[0]


def test_body_in_chunks_is_joined() -> None:
    body = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    assert fetch(web(a=body), SITE) == b"abcde"


def test_second_address_is_tried_where_the_first_does_not_answer() -> None:
    one = web(names=("93.184.216.35", PUBLIC))

    class FirstIsDown(Detour):
        async def connect_tcp(self, host: str, port: int, *rest: Any, **more: Any) -> httpcore.AsyncNetworkStream:
            if host == "93.184.216.35":
                raise httpcore.ConnectError("refused")
            return await super().connect_tcp(host, port, *rest, **more)

    async def run() -> bytes:
        async with serving(one):
            return await RemoteFetcher(resolve=one.resolve, network=FirstIsDown(one)).fetch(SITE, 1_000_000)

    assert asyncio.run(run()) == PICTURE


def test_five_redirects_are_followed_and_six_are_not() -> None:
    steps = {f"/{n}": answer(b"", "302 Found", location=f"/{n - 1}") for n in range(1, 10)}
    one = Web({**steps, "/0": answer()}, {"photos.example": [PUBLIC]})
    assert fetch(one, "http://photos.example/5") == PICTURE
    refused(one, "http://photos.example/6", "too-many-redirects")


def test_redirect_that_leads_nowhere() -> None:
    refused(web(a=answer(b"", "302 Found")), SITE, "no-location")


@pytest.mark.parametrize("status", [401, 403, 404, 410, 500, 503])
def test_dead_address_is_told_with_its_status(status: int) -> None:
    error = refused(web(a=answer(b"no", f"{status} No")), SITE, "status")
    assert error.status == status
    assert str(error) == f"photos.example answered with HTTP status {status}"


def test_name_that_nobody_has() -> None:
    refused(web(), "http://gone.example/", "unresolvable")
    refused(web(names=()), SITE, "unresolvable")


def test_body_over_the_limit_is_refused_before_it_comes() -> None:
    with pytest.raises(TooLargeError, match=r"has more than 0\.001 MB"):
        fetch(web(a=answer(b"", content_length="999999999999")), SITE, 1000)


def test_body_over_the_limit_is_cut_where_nobody_announced_it() -> None:
    sent = 0

    async def endless(head: str, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"4000\r\n" + bytes(0x4000) + b"\r\n")
            await writer.drain()
            sent += 0x4000

    with pytest.raises(TooLargeError):
        fetch(web(a=endless), SITE, 100_000)
    assert sent < 30_000_000  # what the sockets' buffers took, not more


def test_body_at_the_limit_is_taken() -> None:
    assert len(fetch(web(a=answer(bytes(1000))), SITE, 1000)) == 1000


def test_server_that_says_nothing_is_given_up() -> None:
    async def silent(head: str, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    refused(web(a=silent), SITE, "timeout", patience=Patience(silence_s=0.2))


def test_server_that_drips_is_given_up_although_it_is_never_silent() -> None:
    async def drip(head: str, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while True:
            writer.write(b".")
            await writer.drain()
            await asyncio.sleep(0.02)

    refused(web(a=drip), SITE, "timeout", patience=Patience(silence_s=5, whole_s=0.5))


def test_chunks_of_headers_without_end_are_given_up() -> None:
    async def flood(head: str, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            writer.write(b"X-More: " + b"a" * 1000 + b"\r\n")
            await writer.drain()

    refused(web(a=flood), SITE, "broken")


def test_body_that_breaks_off_is_told() -> None:
    refused(web(a=answer(b"abc", content_length="1000")), SITE, "broken")


def test_what_is_no_http_is_told() -> None:
    refused(web(a=b"SSH-2.0-OpenSSH_9.9\r\n\r\n"), SITE, "broken")


def test_compressed_answer_is_refused_not_unpacked() -> None:
    refused(web(a=answer(b"\x1f\x8b", content_encoding="gzip")), SITE, "broken")


def test_name_that_is_looked_up_for_ever_is_given_up() -> None:
    one = web()

    async def never(host: str, port: int) -> list[str]:
        await asyncio.sleep(60)
        return []

    one.resolve = never  # type: ignore[method-assign]
    refused(one, SITE, "timeout", patience=Patience(whole_s=0.2))


def test_nothing_of_the_environment_is_used_or_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://user:secret@127.0.0.1:9/")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    one = web(a=answer(b"", "302 Found", location="/b.jpg", set_cookie="token=1"), b=answer())
    assert fetch(one, SITE) == PICTURE
    sent = {line.partition(":")[0].lower() for head in one.heads for line in head.split("\r\n")[1:] if line}
    assert sent == {"host", "user-agent", "accept", "accept-encoding"}


def certificate(folder: Path, name: str) -> Path:
    """A file with a key and a certificate for `name`, signed by itself."""
    if not shutil.which("openssl"):
        pytest.skip("there is no openssl to make a certificate with")
    file = folder / f"{name}.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}",
         "-addext", f"subjectAltName=DNS:{name}", "-keyout", str(file), "-out", str(folder / "cert.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    file.write_text(file.read_text() + (folder / "cert.pem").read_text())
    return file


def secure_web(file: Path) -> Web:
    one = web()
    one.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    one.tls.load_cert_chain(file)
    return one


def test_https_goes_to_the_checked_address_and_asks_for_a_certificate_of_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = certificate(tmp_path, "photos.example")
    error = refused(secure_web(file), "https://photos.example/a.jpg", "unreachable")
    assert "CERTIFICATE_VERIFY_FAILED" in str(error)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))  # as one trusts a company's own
    one = secure_web(file)
    assert fetch(one, "https://photos.example/a.jpg") == PICTURE
    assert one.connected == [(PUBLIC, 443)]


def test_trusted_certificate_of_another_name_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = certificate(tmp_path, "other.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    refused(secure_web(file), "https://photos.example/a.jpg", "unreachable")


def test_real_lookup_of_this_machines_name_is_refused() -> None:
    fetcher = RemoteFetcher()
    for host in ("localhost", "LOCALHOST.", socket.gethostname()):
        with pytest.raises(RemoteError) as caught:
            asyncio.run(fetcher.fetch(f"http://{host}/", 1000))
        assert caught.value.kind in ("private", "unresolvable")


def test_lookups_do_not_hold_up_the_others() -> None:
    """A name that takes long to look up stops neither the loop nor a fetch beside it."""

    async def run() -> None:
        others_ran = threading.Event()

        def slow(*_: object, **__: object) -> list[object]:
            assert others_ran.wait(60)
            raise OSError("nobody")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(socket, "getaddrinfo", slow)
            fetcher = RemoteFetcher()
            waiting = asyncio.create_task(fetcher.fetch(SITE, 1000))
            for _ in range(20):
                await asyncio.sleep(0.001)
            others_ran.set()
            with pytest.raises(RemoteError) as told:
                await waiting
            assert told.value.kind == "unresolvable"

    asyncio.run(run())
