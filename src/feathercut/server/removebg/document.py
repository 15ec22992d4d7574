"""These routes in the OpenAPI document: bodies that are read by hand, and every answer."""

from __future__ import annotations

from typing import Any

_TEXT, _FLAG, _FILE = {"type": "string"}, {"type": "boolean"}, {"type": "string", "format": "binary"}


def _words(*words: str, default: str | None = None) -> dict[str, Any]:
    return {"type": "string", "enum": list(words), **({} if default is None else {"default": default})}


_SOURCES = {"image_url": _TEXT, "image_file_b64": _TEXT}
_FIELDS: dict[str, Any] = {
    **_SOURCES,
    "size": _words("preview", "small", "regular", "medium", "hd", "full", "4k", "50MP", "auto", default="preview"),
    "type": _words("auto", "person", "product", "car", "animal", "graphic", "transportation", "other", default="auto"),
    "type_level": _words("none", "1", "2", "latest", default="1"),
    "format": _words("auto", "png", "jpg", "webp", "zip", default="auto"),
    "roi": {"type": "string", "default": "0% 0% 100% 100%"},
    "crop": {**_FLAG, "default": False},
    "crop_margin": {"type": "string", "default": "0"},
    "scale": {"type": "string", "default": "original"},
    "position": {"type": "string", "default": "original"},
    "channels": _words("rgba", "alpha", default="rgba"),
    "add_shadow": {**_FLAG, "default": False, "deprecated": True},
    "shadow_type": _words("none", "auto", "car", "drop", "3D", default="none"),
    "shadow_opacity": {"type": "number", "minimum": 0, "maximum": 100},
    "semitransparency": {**_FLAG, "default": True},
    "bg_color": _TEXT,
    "bg_image_url": _TEXT,
}
_FILES = {"image_file": _FILE, "bg_image_file": _FILE}
_CORRECTION = {**_SOURCES, "image_filename": _TEXT, "tag": _TEXT}


def _body(fields: dict[str, Any], files: dict[str, Any]) -> dict[str, Any]:
    """A body in the three ways that it may be written in."""
    plain = {"schema": {"type": "object", "properties": fields}}
    form = {"schema": {"type": "object", "properties": {**files, **fields}}}
    kinds = {"multipart/form-data": form, "application/x-www-form-urlencoded": plain, "application/json": plain}
    return {"requestBody": {"required": True, "content": kinds}}


_ERROR = {
    "type": "object",
    "required": ["errors"],
    "properties": {
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["title", "code"],
                "properties": {"title": _TEXT, "code": _TEXT, "detail": _TEXT},
            },
        }
    },
}
_WHY = {
    400: "A parameter or the image cannot be used; `code` says why.",
    402: "No credits are left to this key.",
    403: "No key, or none that is known.",
    408: "The upload did not come to its end in time.",
    413: "The upload has more bytes than the server takes.",
    429: "More megapixels a minute than a key may ask for; `Retry-After` says when to come again.",
    503: "The server is busy, or stops; `Retry-After` says when to come again.",
}


def _errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    content = {"application/json": {"schema": _ERROR}, "application/problem+json": {"schema": {"type": "object"}}}
    return {status: {"description": _WHY[status], "content": content} for status in statuses}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


_NUMBER = {"type": "integer"}
_FOREGROUND = {f"foreground_{side}": _NUMBER for side in ("top", "left", "width", "height")}
_RESULT = {
    "type": "object",
    "properties": {"data": {"type": "object", "properties": {"result_b64": _TEXT, **_FOREGROUND}}},
}
_PICTURES = {kind: {"schema": _FILE} for kind in ("image/png", "image/jpeg", "image/webp", "application/zip")}
_HEADERS = {
    name: {"schema": {"type": "string"}}
    for name in (
        *("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "X-Width", "X-Height", "X-Max-Width"),
        *("X-Max-Height", "X-Type", "X-Credits-Charged", "X-Credits-Calculated", "X-Foreground-Top"),
        *("X-Foreground-Left", "X-Foreground-Width", "X-Foreground-Height", "X-Unheeded"),
    )
}

REMOVEBG: dict[str, Any] = {
    "openapi_extra": _body(_FIELDS, _FILES),
    "responses": {
        200: {"description": "The picture.", "headers": _HEADERS, "content": {**_PICTURES, **_json(_RESULT)}},
        **_errors(400, 402, 403, 408, 413, 429, 503),
    },
}
ACCOUNT: dict[str, Any] = {
    "responses": {
        200: {"description": "What is left.", "content": _json({"type": "object"})},
        **_errors(403, 429, 503),
    },
}
IMPROVE: dict[str, Any] = {
    "openapi_extra": _body(_CORRECTION, {"image_file": _FILE, "alpha_file": _FILE}),
    "responses": {
        200: {"description": "It is kept.", "content": _json({"type": "object", "properties": {"id": _TEXT}})},
        **_errors(400, 403, 408, 413, 429, 503),
    },
}
