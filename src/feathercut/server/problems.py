"""Errors as answers of our own API: `application/problem+json` of RFC 9457, with a word for programs."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from feathercut.errors import FeathercutError
from feathercut.server.statuses import headers_of, status_of

MEDIA_TYPE = "application/problem+json"
FAULT = "A fault of the server's own; its log has it under this request's id"

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["title", "status", "code", "detail", "request_id"],
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "A word that does not change."},
        "detail": {"type": "string", "description": "What happened, and what to do."},
        "request_id": {"type": "string", "description": "Names this request in the server's log."},
    },
}


def problem(status: int, code: str, detail: str, request_id: str, headers: dict[str, str] | None = None) -> Response:
    """An error as an answer."""
    document = {
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": request_id,
    }
    return Response(json.dumps(document, ensure_ascii=False), status, headers, MEDIA_TYPE)


def problem_of(request: Request, error: FeathercutError) -> Response:
    """One of our errors as an answer; of a fault of ours no word goes out."""
    status, code = status_of(error)
    detail = str(error) if status != HTTPStatus.INTERNAL_SERVER_ERROR else FAULT
    return problem(status, code, detail, request_id_of(request), headers_of(error))


def request_id_of(request: Request) -> str:
    """The name of a request in the log."""
    return str(request.scope.get("state", {}).get("request_id", ""))
