"""Where jobs are handed in and asked for, in every HTTP worker."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from starlette.requests import Request

from feathercut.server import metrics
from feathercut.server.errors import UnknownJobError
from feathercut.server.jobs.changes import Changes
from feathercut.server.jobs.folder import DATABASE, Folder
from feathercut.server.jobs.job import Bounds, Job
from feathercut.server.jobs.store import JobStore
from feathercut.server.jobs.upload import Upload, receive
from feathercut.server.limits import body_too_large, most_job_bytes, upload_s
from feathercut.server.settings import ServerSettings

_ID_BYTES = 16
_UPLOAD_GRACE_S = 60.0

Given = ParamSpec("Given")
Found = TypeVar("Found")
Check = Callable[[Upload], tuple[str, Sequence[float]]]
"""What a form asks for, as it is kept, and the megapixels of each picture."""


class Desk:
    """The jobs of a folder. Everything raises JobStoreError where that cannot be used, and tries anew the next time."""

    def __init__(self, settings: ServerSettings, root: Path, clock: Callable[[], float] = time.time) -> None:
        self.settings, self.root, self.clock = settings, root, clock
        self.bounds = Bounds(settings.jobs_a_caller, int(settings.jobs_megabytes * 1e6))
        self.changes = Changes(root / DATABASE)
        # SQLite waits for other processes that write: a thread of its own does, and the loop goes on.
        self._thread = ThreadPoolExecutor(1, "jobs")
        self._opened: tuple[Folder, JobStore] | None = None

    async def submit(self, request: Request, owner: str, caller: str, check: Check) -> Job:
        """A job, once its form is on disk and was checked; nothing of it is kept where that fails.

        Raises what `receive` and `check` raise, StorageFullError, RateLimitedError.
        """
        settings, now = self.settings, self.clock()
        announced = request.headers.get("content-length", "")
        most = int(announced) if announced.isdigit() else most_job_bytes(settings)
        if most > most_job_bytes(settings):
            raise body_too_large(settings, of_job=True)
        ends = now + upload_s(settings, of_job=True) + _UPLOAD_GRACE_S
        job = Job(secrets.token_hex(_ID_BYTES), owner, Folder.new_name(), "uploading", now, ends, 0, ())
        folder = await self.folder()
        await self.run(JobStore.begin, job, caller, most, self.bounds)
        try:
            await asyncio.to_thread(folder.make, job.folder)
            upload = await receive(request, folder, job.folder, settings)
            asked, megapixels = await asyncio.to_thread(check, upload)
            pictures = list(zip(megapixels, upload.pictures, strict=True))
            others = sum(folder.size(job.folder, name) for name in upload.others)
            end = self.clock() + settings.job_lifetime_s
            await self.run(JobStore.accept, job.id, asked, pictures, others, end)
        except BaseException:
            await asyncio.shield(self._erase(job.id, job.folder))
            raise
        metrics.JOBS.labels("accepted").inc()
        return await self.find(job.id, owner)

    async def find(self, job_id: str, owner: str) -> Job:
        """A job. Raises UnknownJobError where there is none, or not for this owner."""
        job = await self.run(JobStore.find, job_id, owner)
        if job is None:
            raise UnknownJobError("There is no such job: it was removed, its time is over, or it is not yours")
        return job

    async def remove(self, job_id: str, owner: str) -> None:
        """Removes a job with all its files; what is being cut out for it is given up. Raises UnknownJobError."""
        job = await self.find(job_id, owner)
        await asyncio.shield(self._erase(job.id, job.folder))
        metrics.JOBS.labels("removed").inc()

    async def expire(self) -> int:
        """Removes the jobs whose time is over, and says how many they were."""
        expired = await self.run(JobStore.expired, self.clock())
        for job_id, folder, state in expired:
            await self._erase(job_id, folder)
            if state != "uploading":
                metrics.JOBS.labels("expired").inc()
        return len(expired)

    async def tidy(self) -> None:
        """Takes away folders that no job has: those of processes that were killed in between."""
        folder = await self.folder()
        there = await asyncio.to_thread(folder.names)  # before the jobs: what is begun meanwhile is not among them
        for name in there - await self.run(JobStore.folders):
            await asyncio.to_thread(folder.remove, name)

    async def later(self, job: Job, within_s: float) -> Job:
        """The job once it has changed, or as it is after a while. Raises UnknownJobError once it is gone."""
        ends = asyncio.get_running_loop().time() + within_s
        while True:
            coming = self.changes.coming()
            now = await self.find(job.id, job.owner)
            left = ends - asyncio.get_running_loop().time()
            if now.revision != job.revision or left <= 0:
                return now
            try:
                await asyncio.wait_for(coming.wait(), left)
            except TimeoutError:
                return now

    async def folder(self) -> Folder:
        """The files of all jobs."""
        return (await self._open())[0]

    async def run(
        self, call: Callable[Concatenate[JobStore, Given], Found], *args: Given.args, **more: Given.kwargs
    ) -> Found:
        """What a call of the database gives. Shielded: what was begun is done, whether or not its caller hangs up."""
        _, store = await self._open()
        work = asyncio.get_running_loop().run_in_executor(self._thread, lambda: call(store, *args, **more))
        return await asyncio.shield(work)

    async def aclose(self) -> None:
        """Lets the database go."""
        if self._opened is not None:
            self._thread.submit(self._opened[1].close)
        self._thread.shutdown(wait=True)

    async def _erase(self, job_id: str, name: str) -> None:
        """Files first: where the disk is full, striking out needs room as well."""
        folder = await self.folder()
        await asyncio.to_thread(folder.remove, name)
        await self.run(JobStore.forget, job_id)

    async def _open(self) -> tuple[Folder, JobStore]:
        def opened() -> tuple[Folder, JobStore]:
            if self._opened is None:
                self._opened = Folder(self.root), JobStore(self.root / DATABASE)
            return self._opened

        return await asyncio.get_running_loop().run_in_executor(self._thread, opened)
