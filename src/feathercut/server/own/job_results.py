"""`GET /v1/jobs/{job}/result`: what came of a job, read from the disk as it is sent."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, BinaryIO

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from feathercut.server import wire
from feathercut.server.errors import UnfinishedError, UnknownJobError
from feathercut.server.jobs.desk import Desk
from feathercut.server.jobs.folder import Folder
from feathercut.server.jobs.job import Job, Picture
from feathercut.server.jobs.upload import result_file
from feathercut.server.limits import JOBS_PATH
from feathercut.server.orders import Answer
from feathercut.server.own.cutouts import FACTS, PICTURES, REFUSALS, facts, refusals
from feathercut.server.own.job_documents import parameters
from feathercut.server.problems import problem, request_id_of

Responses = dict[int | str, dict[str, Any]]

_CHUNK_BYTES = 1 << 18
_ZIP = "application/zip"
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_ENDINGS = {"image/jpeg": "jpg"}
_EARLY = refusals((409, "It is not done yet; `Retry-After` says when to look again"))
_FAILED: Responses = {
    status: refusal for status, refusal in REFUSALS.items() if status in (400, 402, 403, 413, 415, 422, 503)
}


def add(router: APIRouter, desk: Desk, found: Callable[[Request], Awaitable[Job]], gone: Responses) -> None:
    """Adds the routes."""
    picture = {"description": "The picture", "content": PICTURES, "headers": FACTS}
    either = {**picture, "content": {**PICTURES, _ZIP: _BINARY}}
    others = {**_FAILED, **gone, **_EARLY, **refusals((507, "There was no room for this result"))}

    @router.get(
        f"{JOBS_PATH}/{{job}}/result",
        summary="What came of a job",
        description="The picture of a job with one; of several a ZIP, with `problems.json` where some failed.",
        operation_id="jobResult",
        response_class=Response,
        responses={200: either, **others},
        openapi_extra=parameters(),
    )
    async def result(request: Request) -> Response:
        job = await found(request)
        if not job.has_ended:
            raise UnfinishedError(
                f"The job is {job.state}: {job.count('done')} of {len(job.pictures)} pictures are done"
            )
        if len(job.pictures) == 1 or job.state == "failed":
            return await _picture(request, await desk.folder(), job, job.pictures[0])
        name = f'attachment; filename="cutouts-{job.id[:8]}.zip"'
        archive = zipped(await desk.folder(), job)
        return StreamingResponse(archive, media_type=_ZIP, headers={"Content-Disposition": name})

    @router.get(
        f"{JOBS_PATH}/{{job}}/results/{{number}}",
        summary="One picture of a job",
        description="As soon as it is done, whatever the others are.",
        operation_id="jobPicture",
        response_class=Response,
        responses={200: picture, **others},
        openapi_extra=parameters("number"),
    )
    async def one(request: Request) -> Response:
        job = await found(request)
        number = request.path_params["number"]
        named = [picture for picture in job.pictures if str(picture.number) == number]
        if not named:
            raise UnknownJobError(f"The pictures of this job have the numbers 1 to {len(job.pictures)}")
        return await _picture(request, await desk.folder(), job, named[0])


async def _picture(request: Request, folder: Folder, job: Job, picture: Picture) -> Response:
    """A result, or why there is none. Raises UnfinishedError."""
    if picture.state == "failed":
        told = picture.told
        return problem(told["status"], told["code"], told["detail"], request_id_of(request))
    if picture.state != "done":
        raise UnfinishedError(f"Picture {picture.number} is {picture.state}")
    answer = answer_of(picture)
    file = await run_in_threadpool(folder.open, job.folder, result_file(picture.number))
    return _OpenFile(file, facts(answer), answer.media_type)


def answer_of(picture: Picture) -> Answer:
    """What is known of a result."""
    return wire.read_answer(wire.Message({"kind": "answer", **picture.told}, [b""]))


class _OpenFile(Response):
    """A file that is sent as it is read: it was opened before the answer began, and may be removed meanwhile."""

    def __init__(self, file: BinaryIO, headers: Mapping[str, str], media_type: str) -> None:
        self._file, self._left = file, os.fstat(file.fileno()).st_size
        super().__init__(None, headers={**headers, "Content-Length": str(self._left)}, media_type=media_type)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends it."""
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            more = True
            while more:
                chunk = await run_in_threadpool(self._file.read, _CHUNK_BYTES)
                self._left -= len(chunk)
                more = self._left > 0 and bool(chunk)
                await send({"type": "http.response.body", "body": chunk, "more_body": more})
        finally:
            self._file.close()


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


class _Outlet:
    """What an archive writes, until it is sent."""

    def __init__(self) -> None:
        self._held = bytearray()

    def write(self, data: bytes) -> int:
        self._held += data
        return len(data)

    def flush(self) -> None:
        pass

    def take(self) -> bytes:
        taken = bytes(self._held)
        self._held.clear()
        return taken


def zipped(folder: Folder, job: Job) -> Iterator[bytes]:
    """A ZIP of a job's results, a part at a time: `001.png` and so on, and what failed in `problems.json`.

    Their sizes come after them. Of files that are only stored some readers cannot make that out; these are deflated, by
    a level that packs nothing: pictures are packed already.
    """
    outlet = _Outlet()
    failed = [{"number": one.number, **one.told} for one in job.pictures if one.state == "failed"]
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED, compresslevel=0) as archive:  # type: ignore[call-overload]
        for picture in job.pictures:
            if picture.state != "done":
                continue
            media_type = answer_of(picture).media_type
            ending = _ENDINGS.get(media_type, media_type.partition("/")[2])
            with archive.open(f"{picture.number:03}.{ending}", "w") as member:
                for chunk in _chunks(folder.open(job.folder, result_file(picture.number))):
                    member.write(chunk)
                    yield outlet.take()
        if failed:
            archive.writestr("problems.json", json.dumps(failed, ensure_ascii=False, indent=1))
    yield outlet.take()
