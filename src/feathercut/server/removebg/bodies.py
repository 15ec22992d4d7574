"""The body of a request, whatever it is written in: text fields and files by name."""

from __future__ import annotations

import json

from starlette.requests import Request

from feathercut.errors import TooLargeError
from feathercut.server.forms import FormError, Part, kind_of_body, read_body, read_form
from feathercut.server.removebg.refusals import Refusal

_FILES = ("image_file", "bg_image_file", "alpha_file")
_BASE64 = 4 / 3
_AROUND_BYTES = 1_000_000

Fields = tuple[dict[str, str], dict[str, bytes]]
"""Text fields and files, by their names in small letters; of a name that comes twice the last counts."""


async def read_fields(request: Request, most_picture_bytes: float) -> Fields:
    """What a multipart form, a urlencoded form or a JSON object brings; nothing where the body is empty.

    Raises Refusal where it cannot be read, or is larger than its pictures may make it.
    """
    most = 2 * most_picture_bytes * _BASE64 + _AROUND_BYTES
    try:
        if kind_of_body(request).endswith("json"):
            return _from_json(await read_body(request, most)), {}
        return _from_parts(await read_form(request, most))
    except TooLargeError as error:
        raise Refusal("file_too_large", str(error)) from error
    except FormError as error:
        raise Refusal("missing_source", str(error)) from error


def _from_parts(parts: list[Part]) -> Fields:
    fields: dict[str, str] = {}
    files: dict[str, bytes] = {}
    for part in parts:
        name = part.name.strip().lower()
        if name in ("", "file") and (part.filename is not None or part.content_type.startswith("image/")):
            name = "image_file"  # a file whose part was not named
        if name in _FILES or part.filename is not None:
            if part.data:  # a browser sends a field that nobody filled as a file without bytes
                files[name] = part.data
        else:
            fields[name] = part.text
    return fields, files


def _from_json(body: bytes) -> dict[str, str]:
    try:
        found = json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:
        raise Refusal("missing_source", f"The body is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise Refusal("missing_source", "The body is no JSON object with the parameters' names.")
    return {str(name).strip().lower(): _text(str(name), value) for name, value in found.items() if value is not None}


def _text(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise Refusal(f"invalid_{name[:40]}", "It takes text, a number, true or false.")
