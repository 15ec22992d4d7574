"""What a form brings, in memory unless its reader says otherwise, whatever a field calls itself."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO
from urllib.parse import parse_qsl

from starlette.requests import Request

from feathercut.errors import FeathercutError, TooLargeError

_MOST_PARTS = 64
_MULTIPART, _URLENCODED = "multipart/form-data", "application/x-www-form-urlencoded"


class FormError(FeathercutError):
    """A form that cannot be read."""


@dataclass(frozen=True)
class Part:
    """One field: `name` may be empty and `filename` None, as some clients send their files."""

    name: str
    data: bytes = field(repr=False)
    filename: str | None = None
    content_type: str = ""

    @property
    def text(self) -> str:
        """What a person wrote; bytes that are no UTF-8 are replaced."""
        return self.data.decode("utf-8", "replace")


def kind_of_body(request: Request) -> str:
    """The media type of a request's body, in small letters, without its parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read_body(request: Request, most_bytes: float) -> bytes:
    """The whole body. Raises TooLargeError as soon as that is known."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > most_bytes:
        raise _too_large(most_bytes)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most_bytes:
            raise _too_large(most_bytes)
    return bytes(body)


async def read_form(request: Request, most_bytes: float) -> list[Part]:
    """The fields of a multipart or urlencoded form, in order; none where the body is of another kind.

    Raises FormError, and TooLargeError where the body has more than `most_bytes`.
    """
    kind = kind_of_body(request)
    if kind == _MULTIPART:
        reader = FormReader(request.headers["content-type"])
        reader.feed(await read_body(request, most_bytes))
        return reader.finish()
    if kind == _URLENCODED:
        return _urlencoded(await read_body(request, most_bytes))
    return []


def _too_large(most_bytes: float) -> TooLargeError:
    return TooLargeError(f"The request has more than the {most_bytes / 1e6:g} megabytes that are read")


def _urlencoded(body: bytes) -> list[Part]:
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_PARTS)
    except ValueError as error:
        raise FormError(f"The form has more than {_MOST_PARTS} fields") from error
    return [Part(name, value.encode("utf-8", "replace")) for name, value in pairs]


Open = Callable[[str], BinaryIO]
"""Where the content of the next field goes, by the field's name."""


class FormReader:
    """A multipart form that is read as it comes in.

    `opens` says where each field's content goes; what is no `io.BytesIO` is closed with the field, whose data is then
    empty. Raises FormError, and what writing there raises.
    """

    def __init__(self, content_type: str, opens: Open | None = None, most_parts: int = _MOST_PARTS) -> None:
        from python_multipart.multipart import MultipartParser

        boundary = _parameters(content_type).get("boundary", "")
        if not boundary:
            raise FormError(
                "The form does not name its boundary; send `Content-Type: multipart/form-data; boundary=...`"
            )
        # It tells of every broken form; its sender is told, and nobody else needs to hear of it.
        logging.getLogger("python_multipart").setLevel(logging.CRITICAL)
        self._reading = reading = _Reading(opens or (lambda _: io.BytesIO()), most_parts)
        with _told():
            self._parser = MultipartParser(
                boundary.encode("latin-1", "replace"),
                {
                    "on_part_begin": reading.begin,
                    "on_part_data": reading.data,
                    "on_part_end": reading.end,
                    "on_header_field": reading.header_name,
                    "on_header_value": reading.header_value,
                    "on_header_end": reading.header_end,
                    "on_headers_finished": reading.open,
                    "on_end": reading.finish,
                },
            )

    def feed(self, data: bytes) -> None:
        """Reads on."""
        with _told():
            self._parser.write(data)

    def finish(self) -> list[Part]:
        """The fields, in order, once there is nothing more to read."""
        with _told():
            self._parser.finalize()
        if not self._reading.is_whole:
            raise FormError("The form is cut short: its last boundary is missing")
        return self._reading.parts

    def close(self) -> None:
        """Closes what is still open, of a form that is given up."""
        self._reading.close()


@contextmanager
def _told() -> Iterator[None]:
    """Turns the parser's errors into ours."""
    from python_multipart.exceptions import FormParserError

    try:
        yield
    except FormParserError as error:
        raise FormError(f"The form is no multipart: {error}") from error


class _Reading:
    """The parts that a parser has come by."""

    def __init__(self, opens: Open, most_parts: int) -> None:
        self.parts: list[Part] = []
        self.is_whole = False
        self._opens, self._most_parts = opens, most_parts
        self._headers: dict[str, str] = {}
        self._about: dict[str, str] = {}
        self._content: BinaryIO = io.BytesIO()
        self._name, self._value = b"", b""

    def begin(self) -> None:
        if len(self.parts) >= self._most_parts:
            raise FormError(f"The form has more than {self._most_parts} fields")
        self._headers = {}

    def header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def header_end(self) -> None:
        self._headers[self._name.decode("latin-1").lower()] = self._value.decode("utf-8", "replace")
        self._name, self._value = b"", b""

    def open(self) -> None:
        self._about = _parameters(self._headers.get("content-disposition", ""))
        self._content = self._opens(self._about.get("name", ""))

    def data(self, data: bytes, start: int, end: int) -> None:
        self._content.write(memoryview(data)[start:end])

    def end(self) -> None:
        kind = self._headers.get("content-type", "").partition(";")[0].strip().lower()
        content = self._content.getvalue() if isinstance(self._content, io.BytesIO) else b""
        self.close()
        self.parts.append(Part(self._about.get("name", ""), content, self._about.get("filename"), kind))

    def finish(self) -> None:
        self.is_whole = True

    def close(self) -> None:
        self._content.close()


def _parameters(header: str) -> dict[str, str]:
    """The parameters of a header, by their names in small letters."""
    from python_multipart.multipart import parse_options_header

    _, found = parse_options_header(header.encode("utf-8", "replace"))
    return {name.decode("latin-1").lower(): value.decode("utf-8", "replace") for name, value in found.items()}
