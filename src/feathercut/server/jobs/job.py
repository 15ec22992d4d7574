"""A job and its pictures as they are kept: plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

State = Literal["uploading", "waiting", "running", "done", "failed"]
PictureState = Literal["waiting", "running", "done", "failed"]


@dataclass(frozen=True)
class Picture:
    """One picture of a job, by its number from 1.

    `told` is what is known of the result where it is done, and what was wrong where it failed: status, code, detail.
    """

    number: int
    state: PictureState
    megapixels: float
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Job:
    """A job. `revision` grows with each change; `folder` is where its files are; times are of the wall clock."""

    id: str
    owner: str
    folder: str
    state: State
    created_at: float
    expires_at: float
    revision: int
    pictures: tuple[Picture, ...]

    @property
    def has_ended(self) -> bool:
        """Whether nothing will change any more."""
        return self.state in ("done", "failed")

    def count(self, state: PictureState) -> int:
        """How many pictures are in a state."""
        return sum(picture.state == state for picture in self.pictures)


@dataclass(frozen=True)
class Work:
    """A picture that is to be cut out: what the runner has to know."""

    job_id: str
    number: int
    owner: str
    caller: str
    folder: str
    asked: str = field(repr=False)
    megapixels: float
    tries: int

    @property
    def name(self) -> str:
        """Its name among all pictures."""
        return f"{self.job_id}/{self.number}"


@dataclass(frozen=True)
class Bounds:
    """How much the jobs of one caller, and of all together, may be."""

    jobs_a_caller: int
    bytes: int
