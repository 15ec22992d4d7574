"""`GET|POST /api/remove`, and `POST /` of rembg's older servers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from feathercut.errors import FeathercutError, TooLargeError
from feathercut.server.callers import secret_of
from feathercut.server.carrying import carry_out, megapixels_of
from feathercut.server.context import Context, Key
from feathercut.server.forms import read_form
from feathercut.server.limits import most_bytes
from feathercut.server.rembg.answers import FetchedTooLargeError, refusal
from feathercut.server.rembg.document import RESPONSES, for_get, for_post
from feathercut.server.rembg.fields import Fields, missing, read_fields
from feathercut.server.rembg.ordering import order_of

_CREDITS = 1.0
"""What a picture costs a key, whatever its size."""


def routes(context: Context) -> APIRouter:
    """The routes, for an application of any other contracts beside."""
    router = APIRouter(tags=["rembg"])
    told: dict[str, Any] = {"response_class": Response, "responses": RESPONSES}

    async def by_address(request: Request) -> Response:
        return await _answered(context, request, _fetched)

    async def by_upload(request: Request) -> Response:
        return await _answered(context, request, _sent)

    router.add_api_route(
        "/api/remove", by_address, methods=["GET"], summary="Remove the background of a photo at an address",
        operation_id="rembg_get", openapi_extra=for_get(context.settings), **told,
    )  # fmt: skip
    router.add_api_route(
        "/api/remove", by_upload, methods=["POST"], summary="Remove the background of a photo that is sent",
        operation_id="rembg_post", openapi_extra=for_post(context.settings), **told,
    )  # fmt: skip
    # The browser page has `GET /`: of the older address only this half is free.
    router.add_api_route("/", by_upload, methods=["POST"], include_in_schema=False)
    router.add_api_route("/api", _reference, methods=["GET"], include_in_schema=False)
    return router


Reads = Callable[[Context, Request], Awaitable[tuple[bytes, Fields]]]


async def _reference() -> Response:
    return RedirectResponse("/docs")


async def _answered(context: Context, request: Request, read: Reads) -> Response:
    try:
        key = await context.gate.admit(secret_of(request))
        picture, fields = await read(context, request)
        return await _cut(context, request, key, picture, fields)
    except FeathercutError as error:
        return refusal(error)


async def _fetched(context: Context, request: Request) -> tuple[bytes, Fields]:
    """The photo at the address in the query."""
    query = _last(request)
    if not query.get("url", "").strip():
        raise missing("query", "url")
    fields = read_fields(context.settings.models, _without(query, "url"), {})
    try:
        return await context.fetcher.fetch(query["url"], int(context.settings.most_megabytes * 1e6)), fields
    except TooLargeError as error:
        raise FetchedTooLargeError(str(error)) from error


async def _sent(context: Context, request: Request) -> tuple[bytes, Fields]:
    """The photo in the form."""
    parts = await read_form(request, most_bytes(context.settings))
    picture = next((part.data for part in parts if part.name == "file"), None)
    form = {part.name: part.text for part in parts if part.name != "file"}
    fields = read_fields(context.settings.models, _without(_last(request), "file"), form)
    if picture is None:
        raise missing("body", "file")
    return picture, fields


async def _cut(context: Context, request: Request, key: Key, picture: bytes, fields: Fields) -> Response:
    order = order_of(picture, fields, context.settings)
    answer, headers = await carry_out(context, request, key, order, await megapixels_of(order), _CREDITS)
    return Response(answer.body, headers=headers, media_type="image/png")


def _last(request: Request) -> dict[str, str]:
    """The query; of a field that is there twice the last counts, as in rembg's server."""
    return dict(request.query_params.items())


def _without(fields: Mapping[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in fields.items() if key != name}
