"""What real clients send: three kinds of bodies, and every liberty that they take."""

from __future__ import annotations

import base64
import json
import socket
from urllib.parse import urlencode, urlsplit

import httpx
import pytest

from server.removebg.serving import Served, code_of

pytestmark = pytest.mark.weights

HOW = {"Content-Type": "multipart/form-data; boundary=XX"}


def part(about: str, content: bytes, *headers: str) -> bytes:
    lines = [f"Content-Disposition: form-data{about}", *headers]
    return b"--XX\r\n" + "\r\n".join(lines).encode() + b"\r\n\r\n" + content + b"\r\n"


@pytest.fixture(scope="module")
def plain(server: Served, astronaut: bytes) -> bytes:
    return server.cut(astronaut).content


def test_three_bodies_give_one_picture(server: Served, astronaut: bytes, plain: bytes) -> None:
    text = base64.b64encode(astronaut).decode()
    server.pictures.web["https://example.com/astronaut.jpg"] = astronaut
    url = {"image_url": "https://example.com/astronaut.jpg"}
    answers = [
        server.post(data={"image_file_b64": text}),
        server.post(json={"image_file_b64": text}),
        server.post(files={"image_file_b64": (None, text)}),
        server.post(data=url),
        server.post(json=url),
        server.post(files={"image_url": (None, url["image_url"])}),
    ]
    assert [answer.status_code for answer in answers] == [200] * 6
    assert {answer.content for answer in answers} == {plain}


def test_json_takes_booleans_numbers_and_nulls(server: Served, astronaut: bytes) -> None:
    text = base64.b64encode(astronaut).decode()
    sent = {"image_file_b64": text, "crop": True, "crop_margin": 0, "scale": 80, "bg_color": None, "image_url": None}
    response = server.post(json={**sent, "shadow_opacity": 20.5, "add_shadow": False, "type_level": 2})
    assert response.status_code == 200
    order = server.orders[-1].options
    assert (order.crop, order.margin, order.scale, order.shadow_opacity) == (True, "0", "80", 20.5)


@pytest.mark.parametrize("body", [b"{", b"[1]", b'"text"', b"[" * 100_000])
def test_broken_json(server: Served, body: bytes) -> None:
    response = server.post(content=body, headers={"Content-Type": "application/json"})
    assert code_of(response) == "400 missing_source"


def test_json_value_that_is_no_word(server: Served) -> None:
    assert code_of(server.post(json={"image_url": ["https://example.com"]})) == "400 invalid_image_url"


@pytest.mark.parametrize(
    "about",
    [
        '; name="image_file"; filename="photo.jpg"',
        '; name="image_file"; filename=""',
        '; name="image_file"',
        '; name="IMAGE_FILE"; filename="../../etc/passwd"',
        '; filename="photo.jpg"',
        '; name=""; filename="photo.jpg"',
        "; name=image_file; filename*=UTF-8''%e2%82%ac.jpg",
        '; name="image_file"; filename="a\\"b\\\\.jpg"',
    ],
)
def test_file_parts_with_and_without_names(server: Served, astronaut: bytes, plain: bytes, about: str) -> None:
    body = part(about, astronaut, "Content-Type: application/octet-stream") + b"--XX--\r\n"
    response = server.post(content=body, headers=HOW)
    assert response.status_code == 200, response.text
    assert response.content == plain


def test_browser_form_with_nothing_chosen(server: Served, astronaut: bytes, plain: bytes) -> None:
    body = part('; name="image_file"; filename="photo.jpg"', astronaut)
    body += part('; name="bg_image_file"; filename=""', b"", "Content-Type: application/octet-stream")
    body += part('; name="bg_color"', b"") + part('; name="size"', b"auto ") + part('; name="size"', b" Preview\t")
    response = server.post(content=body + b"--XX--\r\n", headers=HOW)
    assert response.content == plain


@pytest.mark.parametrize("body", [b"", b"--XX", b"no form", part('; name="image_file"; filename="a.jpg"', b"cut")])
def test_broken_form(server: Served, body: bytes) -> None:
    assert code_of(server.post(content=body, headers=HOW)) == "400 missing_source"


def test_unencoded_plus_in_base64(server: Served, astronaut: bytes, plain: bytes) -> None:
    text = base64.b64encode(astronaut).decode()
    assert "+" in text
    body = f"image_file_b64={text}".replace("=", "=", 1)
    response = server.post(content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert response.content == plain


def test_chunked_upload(server: Served, astronaut: bytes, plain: bytes) -> None:
    body = part('; name="image_file"; filename="a.jpg"', astronaut) + b"--XX--\r\n"
    chunks = (body[place : place + 1000] for place in range(0, len(body), 1000))
    assert httpx.post(server.base + "/v1.0/removebg", content=chunks, headers=HOW).content == plain


def test_headers_of_any_case_over_a_bare_socket(server: Served, astronaut: bytes) -> None:
    body = urlencode({"image_file_b64": base64.b64encode(astronaut).decode(), "size": "preview"}).encode()
    head = (
        "POST /v1.0/removebg HTTP/1.1\r\nhost: x\r\nx-API-kEY: any\r\n"
        "CONTENT-TYPE: Application/X-WWW-Form-Urlencoded\r\n"
        f"content-LENGTH: {len(body)}\r\naccept: Application/JSON\r\nconnection: close\r\n\r\n"
    )
    address = urlsplit(server.base)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=60) as line:
        line.sendall(head.encode() + body)
        reply = b"".join(iter(lambda: line.recv(65536), b""))
    status, _, rest = reply.partition(b"\r\n")
    assert status == b"HTTP/1.1 200 OK"
    assert json.loads(rest.partition(b"\r\n\r\n")[2])["data"]["foreground_width"] > 0


def test_twenty_wrong_models_and_extras_change_nothing(server: Served, astronaut: bytes, plain: bytes) -> None:
    """Unknown fields are nobody's: as at remove.bg, none of them is an error or costs a thing."""
    for number in range(20):
        response = server.cut(astronaut, None, **{f"extra_{number}": "x", "model": f"xx-u2net-{number}"})
        assert response.content == plain
    assert {order.network.model for order in server.orders} == {"u2netp"}
