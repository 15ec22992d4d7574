"""Who runs jobs, without processes: what is tried again, what fails, what is paid, whose turn it is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import pytest

from feathercut.errors import FeathercutError
from feathercut.options import Network, Options
from feathercut.server.context import Key
from feathercut.server.errors import JobStoreError, KeyStoreError, RateLimitedError, StorageFullError
from feathercut.server.jobs.desk import Desk
from feathercut.server.jobs.job import Bounds, Job, Work
from feathercut.server.jobs.kept import words_of
from feathercut.server.jobs.rounds import Rounds
from feathercut.server.jobs.runner import Runner
from feathercut.server.jobs.schema import STEPS
from feathercut.server.jobs.store import JobStore
from feathercut.server.orders import Answer, BusyError, Caller, LateError, Order
from feathercut.server.settings import ServerSettings

SETTINGS = ServerSettings(models=("u2netp",), photos_at_once=1)
BOUNDS = Bounds(100, 10_000_000)
ANSWER = Answer(b"cutout", "image/png", (1, 1), (1, 1), (0, 0, 1, 1), True, "u2netp", {})


class Scripted:
    """Inference and a gate that do as they are told, one word a call, and then everything well."""

    def __init__(self, *answers: BaseException, reserves: tuple[BaseException, ...] = ()) -> None:
        self.answers, self.reserves, self.charges = list(answers), list(reserves), list[BaseException | None]()
        self.cuts: list[str] = []
        self.paid: list[tuple[str, float, str | None]] = []

    async def cut(self, order: Order, caller: Caller) -> Answer:
        assert caller.weight < 1
        self.cuts.append(caller.name)
        if self.answers:
            raise self.answers.pop(0)
        return ANSWER

    async def admit(self, secret: str | None) -> Key:
        raise AssertionError

    async def reserve(self, key: Key, megapixels: float) -> Mapping[str, str]:
        if self.reserves:
            raise self.reserves.pop(0)
        return {}

    async def charge(self, key: Key, credits_charged: float, megapixels: float, once: str | None = None) -> None:
        if self.charges and (error := self.charges.pop(0)) is not None:
            raise error
        self.paid.append((key.name, credits_charged, once))


async def hand_in(desk: Desk, name: str, caller: str, count: int = 1) -> None:
    folder = await desk.folder()
    job = Job(name, caller, f"job-{name}", "uploading", desk.clock(), desk.clock() + 60, 0, ())
    await desk.run(JobStore.begin, job, caller, 10, BOUNDS)
    folder.make(job.folder)
    for number in range(1, count + 1):
        folder.write(job.folder, f"picture-{number}", b"photo")
    asked = words_of(Order(b"", Network(model="u2netp"), Options()))
    await desk.run(JobStore.accept, name, asked, [(1.5, 5)] * count, 0, desk.clock() + 60)


def ran(
    folder: Path,
    part: Scripted,
    *jobs: tuple[str, str, int],
    before: Callable[[Desk], Awaitable[None]] | None = None,
    until: Callable[[], bool] = lambda: True,
) -> list[Job]:
    """The jobs of callers once they have ended, and something is true besides."""

    async def run() -> list[Job]:
        desk = Desk(SETTINGS, folder)
        for name, caller, count in jobs:
            await hand_in(desk, name, caller, count)
        if before is not None:
            await before(desk)
        work = asyncio.create_task(Runner(desk, part, part).run())
        async with asyncio.timeout(60):
            while True:
                found = [await desk.find(name, caller) for name, caller, _ in jobs]
                if all(job.has_ended for job in found) and until():
                    break
                await asyncio.sleep(0.01)
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        await desk.aclose()
        return found

    return asyncio.run(run())


def test_what_is_busy_is_tried_again_and_reserved_once(tmp_path: Path) -> None:
    part = Scripted(BusyError("full", 0.01), BusyError("full", 0.01), reserves=(RateLimitedError("much", 0.01, {}),))
    (job,) = ran(tmp_path, part, ("a", "ann", 1))
    assert job.state == "done"
    assert len(part.cuts) == 3
    assert part.paid == [("ann", 2, "a/1")]


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (LateError("No answer within 9 seconds"), "late", "9 seconds"),
        (FeathercutError("secrets of ours"), "fault", "A fault of the server's own"),
        (RuntimeError("secrets of ours"), "fault", "A fault of the server's own"),
    ],
)
def test_what_cannot_be_had_fails_and_is_not_charged(tmp_path: Path, error: Exception, code: str, says: str) -> None:
    part = Scripted(error)
    (job,) = ran(tmp_path, part, ("a", "ann", 2))
    assert (job.state, [picture.state for picture in job.pictures]) == ("done", ["failed", "done"])
    told = job.pictures[0].told
    assert (told["code"], says in told["detail"], "secrets" in told["detail"]) == (code, True, False)
    assert [once for _, _, once in part.paid] == ["a/2"]


def test_who_could_not_be_charged_is_charged_later(tmp_path: Path) -> None:
    part = Scripted()
    part.charges = [KeyStoreError("the disk is full"), None]
    ran(tmp_path, part, ("a", "ann", 1), until=lambda: len(part.paid) == 1)
    assert part.paid == [("ann", 2, "a/1")]


def test_a_picture_that_was_at_work_in_three_processes_that_died_is_given_up(tmp_path: Path) -> None:
    async def died(desk: Desk) -> None:
        for _ in range(3):
            (work,) = await desk.run(JobStore.heads)
            await desk.run(JobStore.start, work)
            await desk.run(JobStore.recover)
        (work,) = await desk.run(JobStore.heads)
        await desk.run(JobStore.start, work)

    part = Scripted()
    (job,) = ran(tmp_path, part, ("a", "ann", 2), before=died)
    assert [picture.told.get("code") for picture in job.pictures] == ["lost", None]


def test_a_picture_whose_file_is_gone_fails(tmp_path: Path) -> None:
    async def lose(desk: Desk) -> None:
        (await desk.folder()).drop("job-a", "picture-1")

    (job,) = ran(tmp_path, Scripted(), ("a", "ann", 1), before=lose)
    assert (job.state, job.pictures[0].told["code"]) == ("failed", "unknown_job")


def test_callers_take_turns_however_much_each_has(tmp_path: Path) -> None:
    part = Scripted()
    ran(tmp_path, part, ("a", "ann", 6), ("b", "ben", 2))
    assert part.cuts[:4] in (["jobs of ann", "jobs of ben"] * 2, ["jobs of ben", "jobs of ann"] * 2)


def work(caller: str, megapixels: float) -> Work:
    return Work("a", 1, caller, caller, "job", "", megapixels, 0)


def test_turns_are_by_megapixels_and_a_pause_is_one_callers_own() -> None:
    rounds, heads = Rounds(), [work("large", 10), work("small", 1)]
    chosen = [rounds.choose(heads, 0) for _ in range(12)]
    assert [one.caller for one in chosen if one].count("large") == 2
    rounds.pause("small", 5)
    assert {one.caller for one in (rounds.choose(heads, 4) for _ in range(3)) if one} == {"large"}
    rounds.pause(None, 9)
    assert rounds.choose(heads, 8) is None
    assert rounds.choose(heads, 9) is not None
    assert rounds.choose([], 9) is None


def test_one_caller_has_half_of_the_room_and_all_together_no_more_than_there_is(tmp_path: Path) -> None:
    store, bounds = JobStore(tmp_path / "jobs.sqlite3"), Bounds(10, 1000)

    def begin(name: str, caller: str, size: int) -> None:
        store.begin(Job(name, caller, name, "uploading", 0, 9, 0, ()), caller, size, bounds)

    begin("a", "ann", 500)
    with pytest.raises(StorageFullError, match="one caller's"):
        begin("b", "ann", 1)
    begin("c", "ben", 400)
    with pytest.raises(StorageFullError, match="All that jobs"):
        begin("d", "cleo", 101)
    begin("e", "cleo", 100)
    assert store.figures()["bytes"] == 1000
    store.close()


def test_a_database_of_a_newer_release_is_told(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite3"
    store = JobStore(path)
    store._database.set_version(len(STEPS) + 1)
    store.close()
    with pytest.raises(JobStoreError, match="newer"):
        JobStore(path)
