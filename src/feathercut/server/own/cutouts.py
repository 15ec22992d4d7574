"""`POST /v1/cutouts`: one photo, one answer."""

from __future__ import annotations

import base64
import json
import math
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from feathercut.server.accept import wants_json
from feathercut.server.callers import secret_of
from feathercut.server.carrying import carry_out, megapixels_of
from feathercut.server.context import Context
from feathercut.server.forms import read_form
from feathercut.server.limits import most_bytes
from feathercut.server.orders import Answer
from feathercut.server.own.fields import read_order, schema
from feathercut.server.problems import MEDIA_TYPE, SCHEMA

PREFIX = "X-Feathercut-"
_TOLD = {
    "Model": "The network that looked; `matte` or `recipe` where none did.",
    "Found": "`true` where there is a subject.",
    "Size": "Width and height of the result.",
    "Photo-Size": "Width and height of the photo, upright.",
    "Foreground": "The subject's box in the result: left, top, width, height.",
    "Report": "How far the cutout can be trusted, as JSON: `confidence`, `verdict`, and of each finding `kind`, "
    "`severity` and `box`.",
}
_DOCUMENT = {
    "type": "object",
    "required": ["picture", "media_type", "model", "report"],
    "properties": {
        "picture": {"type": "string", "format": "byte", "description": "The file, in base64."},
        "media_type": {"type": "string", "description": "What kind of file it is."},
        "model": {"type": "string", "description": "The network that looked."},
        "report": {"type": "object", "description": "Confidence, verdict, and findings with place, sentence, remedy."},
    },
}
FACTS = {f"{PREFIX}{name}": {"description": text, "schema": {"type": "string"}} for name, text in _TOLD.items()}
"""The headers of a result in the OpenAPI document, and the kinds of picture that it may be."""
PICTURES = {
    f"image/{kind}": {"schema": {"type": "string", "format": "binary"}}
    for kind in ("png", "webp", "avif", "jpeg", "tiff", "gif", "vnd.adobe.photoshop", "openraster")
}


def refusals(*statuses: tuple[int, str]) -> dict[int | str, dict[str, Any]]:
    """How errors are told in the OpenAPI document."""
    content = {MEDIA_TYPE: {"schema": SCHEMA}}
    return {status: {"description": sentence, "content": content} for status, sentence in statuses}


REFUSALS = refusals(
    (400, "An option that is not there, or takes another value"),
    (402, "No credits left"),
    (403, "No key, or none that is known"),
    (408, "The upload took too long"),
    (413, "More bytes, pixels or frames than this server takes"),
    (415, "These bytes are no picture that is read"),
    (422, "A picture or a recipe that is broken or does not fit"),
    (429, "More megapixels a minute than the key may ask for"),
    (503, "Too much is waiting, it took too long, or the network cannot be had; `Retry-After` says when to come again"),
)


def form(fields: dict[str, Any]) -> dict[str, Any]:
    """A form in the OpenAPI document."""
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": fields}}}}


def facts(answer: Answer) -> dict[str, str]:
    """What is known of an answer, as headers."""
    (height, width), (photo_height, photo_width) = answer.size, answer.photo_size
    top, left, box_height, box_width = answer.foreground
    stages = ", ".join(f"{name};dur={seconds * 1000:.1f}" for name, seconds in answer.stages_s.items())
    return {
        f"{PREFIX}Model": answer.model,
        f"{PREFIX}Found": str(answer.found).lower(),
        f"{PREFIX}Size": f"{width}x{height}",
        f"{PREFIX}Photo-Size": f"{photo_width}x{photo_height}",
        f"{PREFIX}Foreground": f"{left} {top} {box_width} {box_height}",
        f"{PREFIX}Report": json.dumps(_briefly(answer.report), separators=(",", ":")),
        **({"Server-Timing": stages} if stages else {}),
    }


def _briefly(report: dict[str, Any]) -> dict[str, Any]:
    """A report without its sentences and masks: proxies take headers of a few kilobytes together."""
    kept = [{key: finding[key] for key in ("kind", "severity", "box")} for finding in report.get("findings", ())]
    return {**report, "findings": kept}


def _as_json(answer: Answer) -> dict[str, Any]:
    """An answer as one JSON document: the file in base64, and the whole report."""
    picture = base64.b64encode(answer.body).decode("ascii")
    return {"picture": picture, "media_type": answer.media_type, "model": answer.model, "report": answer.report}


def routes(context: Context) -> APIRouter:
    """The route."""
    router = APIRouter(tags=["cutouts"])
    archive = {"application/zip": {"schema": {"type": "string", "format": "binary"}}}
    content = {**PICTURES, **archive, "application/json": {"schema": _DOCUMENT}}

    @router.post(
        "/v1/cutouts",
        summary="Remove the background of a photo",
        description="The finished picture; what is known of it is in the headers. Who accepts `application/json` alone "
        "gets it in base64, with the whole report.",
        operation_id="cut",
        response_class=Response,
        responses={
            200: {
                "description": "The picture",
                "content": content,
                "headers": FACTS,
            },
            **REFUSALS,
        },
        openapi_extra=form(schema()),
    )
    async def cutouts(request: Request) -> Response:
        answer, limits = await answer_to(context, request)
        if wants_json(request.headers.get("accept", "")):
            return JSONResponse(_as_json(answer), headers={**facts(answer), **limits})
        return Response(answer.body, headers={**facts(answer), **limits}, media_type=answer.media_type)

    return router


async def answer_to(context: Context, request: Request) -> tuple[Answer, dict[str, str]]:
    """The answer to a request's form, and the headers of its key's limits. Raises FeathercutError in its kinds."""
    settings = context.settings
    key = await context.gate.admit(secret_of(request))
    order = read_order(await read_form(request, most_bytes(settings)), settings)
    megapixels = await megapixels_of(order)
    return await carry_out(context, request, key, order, megapixels, max(1, math.ceil(megapixels)))
