"""Who has the pictures of jobs cut out: one HTTP worker at a time, and another one as soon as that is gone."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TypeVar

from filelock import FileLock, Timeout

from feathercut.errors import FeathercutError, fault
from feathercut.server import metrics, wire
from feathercut.server.context import Gate, Key
from feathercut.server.errors import JobStoreError, KeyStoreError, RateLimitedError
from feathercut.server.jobs.desk import Desk
from feathercut.server.jobs.folder import LOCK, Folder
from feathercut.server.jobs.job import Work
from feathercut.server.jobs.kept import read_kept
from feathercut.server.jobs.rounds import Rounds
from feathercut.server.jobs.store import JobStore
from feathercut.server.jobs.upload import FILES, picture_file, result_file
from feathercut.server.logs import note, note_fault
from feathercut.server.orders import Answer, BusyError, Caller, Inference, LostError
from feathercut.server.problems import FAULT
from feathercut.server.statuses import status_of

WEIGHT = 0.25
"""A job's pictures get a quarter of the turns of somebody who waits for an answer."""

Found = TypeVar("Found")

_AT_ONCE = 4
_LOOKS_EACH_S, _PAUSE_S, _LONGEST_PAUSE_S = 1.0, 1.0, 30.0
_TRIES = 3
_LOST = (
    "What cuts the photos out was killed at this picture, again and again; send a smaller one, or look into its file"
)


class Runner:
    """Takes pictures of jobs to inference, few at a time, in turns that are fair between callers."""

    def __init__(self, desk: Desk, inference: Inference, gate: Gate) -> None:
        self._desk, self._inference, self._gate = desk, inference, gate
        self._at_once = desk.settings.photos_at_once or _AT_ONCE
        self._rounds = Rounds()
        self._running: dict[asyncio.Task[None], Work] = {}
        self._reserved: set[str] = set()
        self._is_stopping = False
        self._noted = ""

    @property
    def is_at_work(self) -> bool:
        """Whether pictures are being cut out."""
        return bool(self._running)

    def stop(self) -> None:
        """Begins nothing more; what waits goes on at the next start."""
        self._is_stopping = True
        self._desk.changes.tell()

    async def run(self) -> None:
        """Runs jobs whenever no other worker does, until it is cancelled."""
        looks = asyncio.create_task(self._desk.changes.run())
        try:
            while True:
                try:
                    await self._lead()
                except Exception as error:  # whatever it was, jobs go on
                    self._note(error)
                await asyncio.sleep(_PAUSE_S)
        finally:
            looks.cancel()
            for task in self._running:
                task.cancel()

    async def _lead(self) -> None:
        """Runs jobs, once the lock is there: the system lets it go with the process that held it."""
        folder = await self._desk.folder()
        lock = FileLock(folder.root / LOCK, mode=0o600, thread_local=False)
        while True:
            try:
                lock.acquire(blocking=False)
                break
            except Timeout:
                await asyncio.sleep(_LOOKS_EACH_S / 2)
            except OSError as error:
                raise JobStoreError(f"{folder.root}: the lock of jobs cannot be had: {error}") from error
        try:
            await self._recover()
            while True:
                coming = self._desk.changes.coming()
                try:
                    await self._look()
                except FeathercutError as error:
                    self._note(error)  # as where the disk is full: nothing begins, what is at work goes on
                    await asyncio.sleep(_PAUSE_S)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(coming.wait(), _LOOKS_EACH_S)
        finally:
            lock.release()

    async def _recover(self) -> None:
        """Goes on where a process was killed."""
        for work in await self._desk.run(JobStore.recover):
            if work.tries >= _TRIES:
                await self._fail(work, LostError(_LOST, 0))
        await self._desk.tidy()

    async def _look(self) -> None:
        await self._desk.expire()
        if self._running:
            living = await self._desk.run(JobStore.living, [work.job_id for work in self._running.values()])
            for task, work in self._running.items():
                if work.job_id not in living:
                    task.cancel()
        at_work = {work.name for work in self._running.values()}
        for work in await self._desk.run(JobStore.owed):
            if work.name not in at_work:
                await self._pay(work)
        while not self._is_stopping and len(self._running) < self._at_once:
            chosen = self._rounds.choose(await self._desk.run(JobStore.heads), asyncio.get_running_loop().time())
            if chosen is None:
                break
            await self._desk.run(JobStore.start, chosen)
            task = asyncio.create_task(self._cut(chosen))
            self._running[task] = chosen
            task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        del self._running[task]
        if not task.cancelled() and (error := task.exception()) is not None:
            note_fault("jobs", error)
        self._desk.changes.tell()

    async def _cut(self, work: Work) -> None:
        """One picture, from its file to its result, or to why there is none."""
        try:
            await self._keep(work, await self._answer(work))
        except LostError as error:
            await self._fail(work, error)
        except (BusyError, RateLimitedError, KeyStoreError) as error:
            wait_s = min(getattr(error, "retry_after_s", _PAUSE_S), _LONGEST_PAUSE_S)
            caller = work.caller if isinstance(error, RateLimitedError) else None
            self._rounds.pause(caller, asyncio.get_running_loop().time() + wait_s)
            await self._surely(lambda: self._desk.run(JobStore.put_back, work))
        except FeathercutError as error:
            await self._fail(work, error)
        except Exception as error:
            await self._fail(work, fault(error))
            raise
        finally:
            if not await self._is_wanted(work):
                (await self._desk.folder()).remove(work.folder)  # also what was written while it was being removed

    async def _answer(self, work: Work) -> Answer:
        settings, folder = self._desk.settings, await self._desk.folder()
        order = await asyncio.to_thread(read_kept, folder, work.folder, work.number, work.asked, settings)
        if work.name not in self._reserved:  # its turn may come more than once, and counts once
            await self._gate.reserve(Key(work.owner, None), work.megapixels)
            self._reserved.add(work.name)
        caller = Caller(f"jobs of {work.caller}", settings.job_deadline_s, WEIGHT)
        return await self._inference.cut(order, caller)

    async def _keep(self, work: Work, answer: Answer) -> None:
        """Writes a result down: the file first, so that what is said to be there is."""
        folder = await self._desk.folder()
        await self._desk.run(JobStore.check_room, work, len(answer.body), self._desk.bounds)
        await asyncio.to_thread(folder.write, work.folder, result_file(work.number), answer.body)
        told = {name: value for name, value in wire.answer_message(answer).head.items() if name != "kind"}
        ends = await self._surely(lambda: self._desk.run(JobStore.finish, work, told, len(answer.body), self._expiry()))
        self._drop_uploads(folder, work, ends)
        await asyncio.shield(self._pay(work))
        self._tell(work, "done", model=answer.model)

    async def _fail(self, work: Work, error: FeathercutError) -> None:
        """Writes down why there is no result. The upload goes first: it may be what fills the disk."""
        if not await self._is_wanted(work):
            return
        folder = await self._desk.folder()
        folder.drop(work.folder, picture_file(work.number))
        folder.drop(work.folder, result_file(work.number))
        status, code = (
            (HTTPStatus.UNPROCESSABLE_ENTITY.value, "lost") if isinstance(error, LostError) else status_of(error)
        )
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            note_fault("job_picture", error)
        detail = FAULT if status == HTTPStatus.INTERNAL_SERVER_ERROR else str(error)
        told = {"status": status, "code": code, "detail": detail}
        ends = await self._surely(lambda: self._desk.run(JobStore.fail, work, told, self._expiry()))
        self._drop_uploads(folder, work, ends)
        self._tell(work, "failed", code=code)

    @staticmethod
    def _drop_uploads(folder: Folder, work: Work, job_ends: bool) -> None:
        """Takes away what is not needed any more: a picture's upload, and with the last one what came along."""
        for name in (picture_file(work.number), *(FILES if job_ends else ())):
            folder.drop(work.folder, name)

    async def _is_wanted(self, work: Work) -> bool:
        """Whether its job is still there; one that cannot be looked up is."""
        try:
            return bool(await self._desk.run(JobStore.living, [work.job_id]))
        except FeathercutError:
            return True

    async def _pay(self, work: Work) -> None:
        """Charges a picture, once however often this is called; where keys cannot be had, later."""
        with contextlib.suppress(KeyStoreError):
            price = max(1, math.ceil(work.megapixels))
            await self._gate.charge(Key(work.owner, None), price, work.megapixels, once=work.name)
            await self._desk.run(JobStore.paid, work)

    async def _surely(self, does: Callable[[], Awaitable[Found]]) -> Found:
        """Does what has to be done, as often as it takes: a disk that is full now is not for ever."""
        while True:
            try:
                return await does()
            except FeathercutError as error:
                self._note(error)
                await asyncio.sleep(_PAUSE_S)

    def _note(self, error: Exception) -> None:
        """Writes down what is wrong, once for as long as it stays the same."""
        if str(error) != self._noted:
            self._noted = str(error)
            note_fault("jobs", error)

    def _expiry(self) -> float:
        return self._desk.clock() + self._desk.settings.job_lifetime_s

    def _tell(self, work: Work, state: str, **more: object) -> None:
        self._reserved.discard(work.name)
        metrics.JOB_PICTURES.labels(state).inc()
        # An id lets in whoever has it, where there are no keys: the log has only its beginning.
        megapixels = round(work.megapixels, 2)
        about = {"job": work.job_id[:8], "number": work.number, "key": work.owner, "megapixels": megapixels}
        note("job_picture", state=state, **about, **more)
