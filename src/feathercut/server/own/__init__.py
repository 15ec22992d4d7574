"""Our own API, `/v1`: a photo and every option of the library in, the finished picture out."""

from __future__ import annotations

from fastapi import APIRouter

from feathercut.server.context import Context
from feathercut.server.own import cutouts, jobs, models


def routes(context: Context) -> APIRouter:
    """All of `/v1`."""
    router = APIRouter()
    for part in (cutouts, jobs, models):
        router.include_router(part.routes(context))
    return router
