"""Errors as answers of rembg's server: `{"detail": ...}`, with its own sentences where it has one."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import Response

from feathercut.errors import FeathercutError, TooLargeError
from feathercut.server.errors import RemoteError, RemoteKind
from feathercut.server.forms import FormError
from feathercut.server.rembg.fields import FieldsError
from feathercut.server.rembg.ordering import ColourError, ExtrasError, NotOfferedError
from feathercut.server.statuses import headers_of, status_of

TOO_LARGE = "Image exceeds maximum size."

_SENTENCES: dict[RemoteKind, str] = {
    "scheme": "Only http and https URLs are allowed.",
    "private": "Requests to private/internal addresses are not allowed.",
    "unresolvable": "Could not resolve hostname.",
    "no-host": "Invalid URL: missing hostname.",
    "too-many-redirects": "Too many redirects.",
    "no-location": "Redirect without Location header.",
}
_CODES: dict[type[FeathercutError], str] = {
    ColourError: "invalid_bgc",
    ExtrasError: "invalid_extras",
    NotOfferedError: "model_not_offered",
    FormError: "unreadable_form",
}
# In this contract 422 is for fields alone, and there are no others for what is wrong with a picture or its options.
_OURS_TO_THEIRS = {404: 400, 415: 400, 422: 400}


class FetchedTooLargeError(TooLargeError):
    """A picture from an address with more bytes than are taken."""


def refusal(error: FeathercutError) -> Response:
    """What a client of rembg is told of an error; raises it again where it is a fault of ours."""
    if isinstance(error, FieldsError):
        return _json(422, {"detail": list(error.complaints)})
    if isinstance(error, RemoteError):
        return _json(400, {"detail": _SENTENCES.get(error.kind, str(error)), "code": f"url_{error.kind}"})
    if isinstance(error, FetchedTooLargeError):
        return _json(400, {"detail": TOO_LARGE, "code": "url_too_large"})
    code = next((code for kind, code in _CODES.items() if isinstance(error, kind)), None)
    if code is not None:
        return _json(400, {"detail": str(error), "code": code})
    status, code = status_of(error)
    if status == 500:
        raise error
    return _json(_OURS_TO_THEIRS.get(status, status), {"detail": str(error), "code": code}, headers_of(error))


def _json(status: int, document: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    # What came in may hold half characters, which JSON in UTF-8 could not: they go out as escapes.
    return Response(json.dumps(document), status, headers, "application/json")
