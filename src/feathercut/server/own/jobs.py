"""`/v1/jobs`: large work is handed in, looked at and removed."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from feathercut.errors import InputError, OptionError
from feathercut.server.callers import caller_of, secret_of
from feathercut.server.context import Context, Key
from feathercut.server.errors import QuotaError
from feathercut.server.forms import Part
from feathercut.server.jobs.desk import Desk
from feathercut.server.jobs.job import Job as KeptJob
from feathercut.server.jobs.kept import words_of
from feathercut.server.jobs.upload import FILES, Upload, picture_file
from feathercut.server.limits import JOBS_PATH
from feathercut.server.orders import Order
from feathercut.server.own import job_events, job_results
from feathercut.server.own.cutouts import REFUSALS, form, refusals
from feathercut.server.own.fields import read_order, schema
from feathercut.server.own.job_documents import Job, document, parameters
from feathercut.server.settings import ServerSettings
from feathercut.steps.decode import measure

_TITLE = "Hand in work that is too large to wait for"
_ABOUT = (
    "The fields of `/v1/cutouts`, and up to {most} photos, which all get the same options. Their results are kept for "
    "{hours:g} hours. `/v1/jobs/{{job}}/events` tells of the progress, `/v1/jobs/{{job}}/result` has what came of it."
)
GONE = refusals(
    (403, "No key, or none that is known"),
    (404, "There is no such job, or it is not yours"),
    (503, "The folder of jobs cannot be used now"),
)
_FULL = refusals((507, "The disk of this server is full, or what jobs may have of it; `Retry-After` says when to try"))
_LINKS = {
    name: {"operationId": name, "parameters": {"job": "$response.body#/id"}}
    for name in ("job", "jobResult", "removeJob")
}
_LOCATION = {"Location": {"description": "The job's address.", "schema": {"type": "string"}}}


def routes(context: Context) -> APIRouter:
    """The routes; none where no jobs are offered."""
    router = APIRouter(tags=["jobs"])
    if (desk := context.jobs) is None:
        return router
    _add_submitting(router, context, desk)

    @router.get(
        f"{JOBS_PATH}/{{job}}",
        summary="How far a job is",
        operation_id="job",
        response_model=Job,
        responses=GONE,
        openapi_extra=parameters(),
    )
    async def look(request: Request) -> Job:
        return document(await _job(context, desk, request))

    @router.delete(
        f"{JOBS_PATH}/{{job}}",
        summary="Cancel a job, or remove one that has ended",
        description="All its files are removed. Pictures that were done before are charged, others are not.",
        operation_id="removeJob",
        status_code=204,
        responses=GONE,
        openapi_extra=parameters(),
    )
    async def remove(request: Request) -> Response:
        key = await _admitted(context, request)
        await desk.remove(request.path_params["job"], key.name)
        return Response(status_code=204)

    async def found(request: Request) -> KeptJob:
        return await _job(context, desk, request)

    job_events.add(router, desk, found, GONE)
    job_results.add(router, desk, found, GONE)
    return router


def _add_submitting(router: APIRouter, context: Context, desk: Desk) -> None:
    settings = context.settings
    fields = schema()
    several = {
        "type": "array",
        "minItems": 1,
        "maxItems": settings.job_pictures,
        "items": fields["properties"]["picture"],
    }
    fields["properties"]["picture"] = {**several, "description": "The photos; a job may have several."}

    @router.post(
        JOBS_PATH,
        summary=_TITLE,
        description=_ABOUT.format(most=settings.job_pictures, hours=settings.job_lifetime_s / 3600),
        operation_id="submitJob",
        status_code=202,
        response_model=Job,
        responses={202: {"headers": _LOCATION, "links": _LINKS}, **REFUSALS, **_FULL},
        openapi_extra=form(fields),
    )
    async def submit(request: Request, response: Response) -> Job:
        key = await context.gate.admit(secret_of(request))
        if key.credits_left is not None and key.credits_left <= 0:
            raise QuotaError(f"Key {key.name} has no credits left")
        caller = caller_of(request, key, settings).name
        job = await desk.submit(request, key.name, caller, lambda upload: _checked(upload, settings))
        request.state.noted = {"pictures": len(job.pictures), "key": key.name}
        response.headers["Location"] = f"{JOBS_PATH}/{job.id}"
        return document(job)


async def _admitted(context: Context, request: Request) -> Key:
    return await context.gate.admit(secret_of(request))


async def _job(context: Context, desk: Desk, request: Request) -> KeptJob:
    """The job of an address. Raises KeyRefusedError, UnknownJobError."""
    key = await _admitted(context, request)
    return await desk.find(request.path_params["job"], key.name)


def _checked(upload: Upload, settings: ServerSettings) -> tuple[str, list[float]]:
    """What is asked for, as it is kept, and the megapixels of each picture by its header.

    Raises OptionError, and InputError in its kinds, which name the picture where there are several.
    """
    count = len(upload.pictures)
    if count > settings.job_pictures:
        raise OptionError(f"Field `picture`: a job has {settings.job_pictures} pictures at the most, this one {count}")
    files = [Part(name, content) for name in FILES if (content := upload.other(name))]
    if count > 1 and (alone := [part.name for part in files if part.name in ("matte", "recipe")]):
        raise OptionError(f"Field `{alone[0]}` belongs to one photo; send that photo in a job of its own")
    first = upload.folder.read(upload.name, picture_file(1)) if count else b""
    order = read_order([Part("picture", first), *files, *upload.words], settings)
    return words_of(order), [_megapixels(upload, number, order) for number in range(1, count + 1)]


def _megapixels(upload: Upload, number: int, order: Order) -> float:
    data = upload.folder.read(upload.name, picture_file(number))
    try:
        return measure(data, order.options).pixels / 1e6
    except InputError as error:
        if len(upload.pictures) == 1:
            raise
        raise type(error)(f"Picture {number}: {error}") from error
