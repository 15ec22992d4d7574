"""A job as its caller is told of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from feathercut.server.jobs import job as kept

EXAMPLE = "0f8e2c4b6a1d3957c5e7f90a1b2c3d4e"


class PictureProblem(BaseModel):
    """Why a picture cannot be had: what `POST /v1/cutouts` would have answered."""

    status: int = Field(description="An HTTP status.")
    code: str = Field(description="A word that does not change; `lost` where the picture killed what cut it out.")
    detail: str = Field(description="What happened, and what to do.")


class JobPicture(BaseModel):
    """One picture of a job."""

    number: int = Field(ge=1, description="Its place in the form, from 1.")
    state: Literal["waiting", "running", "done", "failed"]
    problem: PictureProblem | None = Field(default=None, description="Where it failed.")


class Progress(BaseModel):
    """How far a job is."""

    pictures: int = Field(ge=1)
    done: int = Field(ge=0)
    failed: int = Field(ge=0)


class Job(BaseModel):
    """A job. It has ended where it is `done`, with one result at least, or `failed`, with none."""

    id: str = Field(description="Names the job; whoever has it and the same key, where there are keys, has the job.")
    state: Literal["waiting", "running", "done", "failed"]
    created: datetime
    expires: datetime = Field(description="When the job is removed with all its files.")
    progress: Progress
    pictures: list[JobPicture]


def document(job: kept.Job) -> Job:
    """What its caller is told of a job."""
    return Job(
        id=job.id,
        state="waiting" if job.state == "uploading" else job.state,
        created=_moment(job.created_at),
        expires=_moment(job.expires_at),
        progress=Progress(pictures=len(job.pictures), done=job.count("done"), failed=job.count("failed")),
        pictures=[
            JobPicture(
                number=one.number,
                state=one.state,
                problem=PictureProblem(**one.told) if one.state == "failed" else None,
            )
            for one in job.pictures
        ],
    )


def parameters(*names: str) -> dict[str, Any]:
    """The parameters of a job's addresses in the OpenAPI document."""
    known: dict[str, Any] = {
        "job": {"in": "path", "required": True, "schema": {"type": "string", "example": EXAMPLE}},
        "number": {"in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}},
        "Last-Event-ID": {
            "in": "header",
            "schema": {"type": "string"},
            "description": "The last event that was received, as browsers send it when they connect again.",
        },
    }
    return {"parameters": [{"name": name, **known[name]} for name in ("job", *names)]}


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(round(seconds, 3), UTC)
