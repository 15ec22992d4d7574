"""The reference at `/docs`: the routes with a form each to try them, drawn here, with nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'; frame-ancestors 'none'"
_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 56rem; margin: 2rem auto; padding: 0 1rem; }
summary { cursor: pointer; padding: .4rem 0; } code { font-size: .95em; }
summary b { display: inline-block; min-width: 4.5rem; }
details { border-top: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
label { display: grid; grid-template-columns: 13rem 16rem 1fr; gap: .8rem; padding: .25rem 0; align-items: start; }
label span { opacity: .8; font-size: .9rem; }
@media (max-width: 50rem) { label { grid-template-columns: 1fr; gap: 0; } }
"""


def routes() -> APIRouter:
    """`/docs`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    async def docs(request: Request) -> Response:
        return HTMLResponse(render(request.app.openapi()), headers={"Content-Security-Policy": _POLICY})

    return router


def render(document: Mapping[str, Any]) -> str:
    """The page of an OpenAPI document."""
    info = document["info"]
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>",
        f"<title>{escape(info['title'])} {escape(info['version'])}</title><style>{_STYLE}</style>",
        "<link rel=icon href=/icon.svg>",
        f"<h1>{escape(info['title'])} <small>{escape(info['version'])}</small></h1>",
        f"<p>{_words(info.get('description', ''))}</p>",
        "<p>For generators of clients: <a href=/openapi.json>openapi.json</a></p>",
    ]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            parts.append(_operation(document, path, method, operation))
    return "".join(parts)


def _operation(document: Mapping[str, Any], path: str, method: str, operation: Mapping[str, Any]) -> str:
    title = f"<summary><b>{method.upper()}</b> <code>{escape(path)}</code> {escape(operation.get('summary', ''))}"
    text = f"<p>{_words(operation.get('description', ''))}</p>"
    fields = "".join(_fields(document, operation))
    can_be_tried = method in ("get", "post") and "{" not in path
    form = ""
    if can_be_tried:
        how = "enctype=multipart/form-data" if method == "post" else ""
        form = f"<form action='{escape(path)}' method={method} {how}>{fields}<button>Send</button></form>"
    answers = "".join(
        f"<li><code>{status}</code> {_words(one.get('description', ''))}"
        for status, one in operation.get("responses", {}).items()
    )
    return f"<details>{title}</summary>{text}{form or fields}<ul>{answers}</ul></details>"


def _words(sentence: str) -> str:
    """A sentence of the document, what stands in backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(sentence))


def _fields(document: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[str]:
    for one in operation.get("parameters", []):
        if one["in"] == "query":
            yield _field(one["name"], one.get("schema", {}), one.get("description", ""))
    body = operation.get("requestBody", {}).get("content", {}).get("multipart/form-data", {}).get("schema", {})
    if "$ref" in body:
        body = document["components"]["schemas"][body["$ref"].rpartition("/")[2]]
    for name, schema in body.get("properties", {}).items():
        yield _field(name, schema, schema.get("description", ""))


def _field(name: str, schema: Mapping[str, Any], sentence: str) -> str:
    of = next((one for one in schema.get("anyOf", []) if one.get("type") != "null"), schema)
    if "binary" in (of.get("format"), of.get("items", {}).get("format")):
        control = f"<input type=file name='{escape(name)}' {'multiple' if 'items' in of else ''}>"
    elif choices := of.get("enum", ["true", "false"] if of.get("type") == "boolean" else None):
        options = "".join(f"<option>{escape(str(choice))}" for choice in ["", *choices])
        control = f"<select name='{escape(name)}'>{options}</select>"
    else:
        default = schema.get("default")
        shown = "" if default is None else escape(str(default), quote=True)
        control = f"<input name='{escape(name)}' placeholder='{shown}'>"
    return f"<label><code>{escape(name)}</code>{control}<span>{_words(sentence)}</span></label>"
