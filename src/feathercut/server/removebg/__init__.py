"""The contract of remove.bg's API, version 1.0: the same calls, answered by this machine."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request
from starlette.responses import Response

from feathercut.errors import FeathercutError
from feathercut.server.callers import secret_of
from feathercut.server.context import Context
from feathercut.server.removebg import document
from feathercut.server.removebg.corrections import improve
from feathercut.server.removebg.cutouts import cut_out
from feathercut.server.removebg.refusals import answer, refusal_of

_PREFIX = "/v1.0"
_FAULT = 500
_ENDLESS = 1_000_000
"""What `/account` says is left where nothing is counted."""


def routes(context: Context) -> APIRouter:
    """`/v1.0/removebg`, `/v1.0/account` and `/v1.0/improve`."""
    router = APIRouter(prefix=_PREFIX, tags=["remove.bg"])

    @router.post("/removebg", response_class=Response, summary="Remove the background of an image", **document.REMOVEBG)
    async def removebg(request: Request) -> Response:
        """Remove the background of an image."""
        return await _answered(context, lambda: cut_out(context, request))

    @router.get("/account", response_class=Response, summary="What is left to a key", **document.ACCOUNT)
    async def account(request: Request) -> Response:
        """Fetch the credits that are left."""
        return await _answered(context, lambda: _account(context, request))

    @router.post("/improve", response_class=Response, summary="Keep an image for training", **document.IMPROVE)
    async def improvement(request: Request) -> Response:
        """Keep an image that did not come out well, for training."""
        return await _answered(context, lambda: improve(context, request))

    return router


async def _answered(context: Context, work: Callable[[], Awaitable[Response]]) -> Response:
    """What the work gives, or the contract's word for what it raises; faults of ours are the application's."""
    try:
        response = await work()
    except FeathercutError as error:
        refusal = refusal_of(error)
        if refusal.status == _FAULT:
            raise
        response = answer(refusal)
    if context.settings.api_keys == "required":
        # As recorded. Without keys any page that is open in a browser here could use this server.
        response.headers.setdefault("Access-Control-Allow-Origin", "*")
    return response


async def _account(context: Context, request: Request) -> Response:
    key = await context.gate.admit(secret_of(request))
    left = _ENDLESS if key.credits_left is None else key.credits_left
    number = int(left) if left == int(left) else left
    attributes = {
        "credits": {"total": number, "subscription": 0, "payg": number, "enterprise": 0},
        "api": {"free_calls": 0, "sizes": "all"},
    }
    body = json.dumps({"data": {"attributes": attributes}}, separators=(",", ":"))
    return Response(body, media_type="application/json; charset=utf-8")
