"""Whether the server lives, whether it can work, and its figures."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Protocol, runtime_checkable

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from feathercut import system
from feathercut.errors import FeathercutError
from feathercut.server import metrics
from feathercut.server.context import Context
from feathercut.server.jobs.store import JobStore

_TEXT = "text/plain; version=0.0.4; charset=utf-8"


@runtime_checkable
class _Tells(Protocol):
    """Inference that tells of itself, as `Asking` does."""

    async def state(self) -> Mapping[str, Any] | None: ...


def routes(context: Context) -> APIRouter:
    """`/healthz`, `/readyz` and `/metrics`."""
    router = APIRouter(tags=["health"])

    async def told() -> Mapping[str, Any] | None:
        return await context.inference.state() if isinstance(context.inference, _Tells) else {}

    async def jobs_told() -> Mapping[str, float]:
        if context.jobs is not None:
            with suppress(FeathercutError):  # the figures of the rest are told all the same
                return await context.jobs.run(JobStore.figures)
        return {}

    @router.get("/healthz", summary="Whether this process answers")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz", summary="Whether photos can be cut out", responses={503: {"description": "Not now"}})
    async def readyz(request: Request) -> Response:
        state = await told()
        reasons = []
        if request.app.state.life.is_stopping:
            reasons.append("the server is stopping")
        if state is None:
            reasons.append("inference does not answer: it is being started, or has too much to do")
        elif not state.get("is_warm", True):
            reasons.append("the first network is being loaded")
        else:
            reasons += [f"{model}: {why}" for model, why in state.get("failures", {}).items()]
        body = {"status": "not ready" if reasons else "ok", "reasons": reasons}
        return JSONResponse(body, 503 if reasons else 200)

    @router.get("/metrics", summary="Figures for Prometheus", response_class=Response)
    async def figures() -> Response:
        metrics.WORKER_MEMORY_BYTES.set(system.resident_bytes())
        return Response(metrics.exposition(await told(), await jobs_told()), media_type=_TEXT)

    return router
