"""Forms as clients send them: in memory, within bounds, whatever they leave out."""

import asyncio
import tempfile
from typing import Any

import pytest
from starlette.requests import Request

from feathercut.errors import TooLargeError
from feathercut.server.forms import FormError, Part, read_form

MULTIPART = "multipart/form-data; boundary=XX"


def form(body: bytes, kind: str = MULTIPART, most: float = 1e6, length: str | None = None) -> list[Part]:
    headers = [(b"content-type", kind.encode()), *([(b"content-length", length.encode())] if length else [])]
    step = max(7, len(body) // 50)
    pieces = [body[place : place + step] for place in range(0, len(body), step)] or [b""]

    async def receive() -> dict[str, Any]:
        piece = pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    request = Request({"type": "http", "method": "POST", "path": "/", "headers": headers}, receive)
    return asyncio.run(read_form(request, most))


def part(about: str, content: bytes = b"hello", *headers: str) -> bytes:
    lines = [f"Content-Disposition: form-data{about}", *headers]
    return b"--XX\r\n" + "\r\n".join(lines).encode() + b"\r\n\r\n" + content + b"\r\n"


END = b"--XX--\r\n"


def test_parts_come_with_name_bytes_filename_and_kind() -> None:
    file = part('; name="image_file"; filename="ü x.jpg"', b"\xff\xd8\0\r\n\xff", "Content-Type: image/jpeg")
    assert form(file + part('; name="size"', b"auto") + END) == [
        Part("image_file", b"\xff\xd8\0\r\n\xff", "ü x.jpg", "image/jpeg"),
        Part("size", b"auto"),
    ]


def test_headers_of_a_part_have_any_case_and_may_lack_names() -> None:
    odd = b"--XX\r\ncontent-DISPOSITION: form-data; FILENAME=x.jpg\r\ncontent-type: IMAGE/JPEG\r\n\r\nhello\r\n"
    assert form(odd + END) == [Part("", b"hello", "x.jpg", "image/jpeg")]
    assert form(part('; name="image_file"', b"\xff\xd8") + END)[0].data == b"\xff\xd8"


def test_urlencoded_fields_keep_empty_values_and_come_twice() -> None:
    body = b"image_url=https%3A%2F%2Fexample.com%2Fa+b.jpg&size=&size=full"
    names = [(one.name, one.text) for one in form(body, "application/X-WWW-form-urlencoded; charset=utf-8")]
    assert names == [("image_url", "https://example.com/a b.jpg"), ("size", ""), ("size", "full")]


def test_other_bodies_have_no_fields() -> None:
    assert form(b"{}", "application/json") == []


@pytest.mark.parametrize(
    ("body", "kind", "says"),
    [
        (part('; name="a"'), MULTIPART, "cut short"),
        (b"no form at all", MULTIPART, "no multipart"),
        (b"", MULTIPART, "cut short"),
        (part('; name="a"') + END, "multipart/form-data", "boundary"),
        (part('; name="a"') * 65 + END, MULTIPART, "more than 64"),
        (b"a=1&" * 65, "application/x-www-form-urlencoded", "more than 64"),
        (part('; name="a"', b"x", *(f"X-{n}: y" for n in range(20))) + END, MULTIPART, "no multipart"),
        (part('; name="a"', b"x", "X-Long: " + "y" * 9000) + END, MULTIPART, "no multipart"),
    ],
)
def test_what_is_no_form_is_refused(body: bytes, kind: str, says: str) -> None:
    with pytest.raises(FormError, match=says):
        form(body, kind)


def test_too_many_bytes_are_refused_when_announced_and_when_counted() -> None:
    body = part('; name="a"', b"x" * 200) + END
    with pytest.raises(TooLargeError):
        form(body, most=100, length=str(len(body)))
    with pytest.raises(TooLargeError):
        form(body, most=100)


def test_uploads_do_not_touch_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file")

    for name in ("TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, refuse)
    content = b"x" * 3_000_000
    assert form(part('; name="image_file"; filename="a.jpg"', content) + END, most=4e6)[0].data == content
