"""`GET /v1/jobs/{job}/events`: a job's progress as server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from feathercut.errors import FeathercutError
from feathercut.server.errors import UnknownJobError
from feathercut.server.jobs.desk import Desk
from feathercut.server.jobs.job import Job
from feathercut.server.limits import JOBS_PATH
from feathercut.server.own.job_documents import document, parameters

_MEDIA_TYPE = "text/event-stream"
_ABOUT = (
    "Each event's data is the job as `/v1/jobs/{job}` tells of it: `progress` while it is under way, then `done` or "
    "`failed`, or `removed` without data where it is gone, and the stream ends. Whoever connects again with the id of "
    "the last event gets what is newer; once nothing more will come that is 204, and browsers stop."
)
_EVENT: dict[str, Any] = {
    "type": "object",
    "required": ["event", "data"],
    "properties": {
        "id": {"type": "string", "description": "Grows with each change of the job."},
        "event": {"type": "string", "enum": ["progress", "done", "failed", "removed"]},
        "data": {"type": "string", "description": "The job, as JSON."},
    },
}
_BEAT_S, _LOOKS_EACH_S = 10.0, 1.0
_RETRY_MS = 2000


def add(
    router: APIRouter, desk: Desk, found: Callable[[Request], Awaitable[Job]], gone: dict[int | str, dict[str, Any]]
) -> None:
    """Adds the route."""
    stream = {"description": "The events", "content": {_MEDIA_TYPE: {"schema": _EVENT}}}
    ended = {"description": "The job has ended, and its last event was received"}

    @router.get(
        f"{JOBS_PATH}/{{job}}/events",
        summary="A job's progress, as it comes",
        description=_ABOUT,
        operation_id="jobEvents",
        response_class=Response,
        responses={200: stream, 204: ended, **gone},
        openapi_extra=parameters("Last-Event-ID"),
    )
    async def events(request: Request) -> Response:
        job = await found(request)
        seen = _revision(request.headers.get("last-event-id", ""), job)
        if job.has_ended and seen == job.revision:
            return Response(status_code=204)
        life = request.app.state.life
        told = told_of(desk, job, seen, lambda: bool(life.is_stopping))
        # A proxy that gathers answers would hold the events back.
        return StreamingResponse(told, media_type=_MEDIA_TYPE, headers={"X-Accel-Buffering": "no"})


async def told_of(
    desk: Desk, job: Job, seen: int, is_stopping: Callable[[], bool], beat_s: float = _BEAT_S
) -> AsyncIterator[bytes]:
    """The events after revision `seen`; a comment each `beat_s` keeps the connection. Ends where the server stops."""
    yield f"retry: {_RETRY_MS}\n\n".encode()
    clock = asyncio.get_running_loop().time
    said_at = clock()
    while True:
        if job.revision > seen:
            seen, said_at = job.revision, clock()
            yield _event(job)
        elif clock() - said_at >= beat_s:
            said_at = clock()
            yield b": still here\n\n"
        if job.has_ended or is_stopping():
            return
        try:
            job = await desk.later(job, min(_LOOKS_EACH_S, beat_s))
        except UnknownJobError:
            yield b"event: removed\ndata: {}\n\n"
            return
        except FeathercutError:
            return  # whoever connects again is told why


def _event(job: Job) -> bytes:
    name = job.state if job.has_ended else "progress"
    return f"id: {job.revision}\nevent: {name}\ndata: {document(job).model_dump_json()}\n\n".encode()


def _revision(text: str, job: Job) -> int:
    """The revision that a caller has seen; 0 where it says nothing, or what was never sent."""
    seen = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    return seen if seen <= job.revision else 0
