"""What the OpenAPI document says of these routes."""

from __future__ import annotations

from typing import Any

from feathercut.compat.rembg.names import SESSION_NAMES
from feathercut.server.rembg.fields import FILE, URL, Fields
from feathercut.server.settings import ServerSettings

_DETAIL = {
    "type": "object",
    "required": ["detail"],
    "properties": {
        "detail": {"type": "string", "description": "What happened, and what to do."},
        "code": {"type": "string", "description": "A word for programs."},
    },
}
_COMPLAINTS = {
    "type": "object",
    "required": ["detail"],
    "properties": {
        "detail": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "loc", "msg"],
                "properties": {
                    "type": {"type": "string"},
                    "loc": {"type": "array", "items": {"type": "string"}},
                    "msg": {"type": "string"},
                    "input": {},
                    "ctx": {"type": "object"},
                },
            },
        }
    },
}
_SENTENCES = {
    400: "An address that is not fetched, a picture that cannot be used, or an option that makes no sense",
    402: "No credits left",
    403: "No key, or none that is known; or a licence that must be accepted first",
    408: "The upload took too long",
    413: "More bytes or pixels than this server takes",
    429: "More megapixels a minute than the key may ask for",
    503: "Too much is waiting, or the network cannot be had; `Retry-After` says when to come again",
}

RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The picture",
        "content": {"image/png": {"schema": {"type": "string", "format": "binary"}}},
    },
    **{
        status: {"description": sentence, "content": {"application/json": {"schema": _DETAIL}}}
        for status, sentence in _SENTENCES.items()
    },
    422: {
        "description": "A field with a value that it does not take",
        "content": {"application/json": {"schema": _COMPLAINTS}},
    },
}


def for_get(settings: ServerSettings) -> dict[str, Any]:
    """The parameters of a picture by address."""
    url = {"name": "url", "in": "query", "required": True, "description": URL, "schema": {"type": "string"}}
    return {"parameters": [url, *_parameters(settings)]}


def for_post(settings: ServerSettings) -> dict[str, Any]:
    """The form of a picture that is sent; every field but the file may stand in the query as well."""
    properties = {"file": {"type": "string", "format": "binary", "description": FILE}, **_fields(settings)}
    form = {"type": "object", "required": ["file"], "properties": properties}
    return {
        "parameters": _parameters(settings),
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": form}}},
    }


def _parameters(settings: ServerSettings) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "query",
            "required": False,
            "description": field.get("description", ""),
            "schema": {key: value for key, value in field.items() if key != "description"},
        }
        for name, field in _fields(settings).items()
    ]


def _fields(settings: ServerSettings) -> dict[str, dict[str, Any]]:
    written: dict[str, dict[str, Any]] = {}
    for name, field in Fields.model_json_schema()["properties"].items():
        kinds = [kind for kind in field.get("anyOf", []) if kind.get("type") != "null"]
        kept = {key: value for key, value in field.items() if key not in ("anyOf", "title") and value is not None}
        written[name] = {**kept, **(kinds[0] if kinds else {})}
    written["model"]["enum"] = list(dict.fromkeys((*SESSION_NAMES, *settings.models)))
    return written
