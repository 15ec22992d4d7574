"""A job's progress as server-sent events: as they come, after a broken connection, with beats in between."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from feathercut.server.client_answers import Event, read_events
from feathercut.server.errors import UnknownJobError
from feathercut.server.jobs.desk import Desk
from feathercut.server.jobs.job import Job, Picture
from feathercut.server.own.job_events import told_of
from feathercut.server.settings import ServerSettings
from feathercut.settings import Settings
from server.jobs.handing import Document, accepted
from server.running import CAT, Running, disc, serving, standing_still


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, weights_settings: Settings) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("events"), weights_settings, "--photos-at-once", "1") as running:
        yield running


def events(server: Running, job: Document, last: str = "", most: int = 100) -> list[Event]:
    """Events until the stream ends, or as many as one wants before hanging up."""
    headers = {"Last-Event-ID": last} if last else {}
    url = f"{server.address}v1/jobs/{job['id']}/events"
    found: list[Event] = []
    with httpx.stream("GET", url, headers=headers, timeout=60) as answer:
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        for event in read_events(answer.iter_lines()):
            found.append(event)
            if len(found) == most:
                break
    return found


@pytest.mark.weights
def test_progress_comes_as_it_is_made_and_ends_with_the_job(server: Running) -> None:
    job = accepted(server, CAT, CAT, CAT)
    found = events(server, job)
    assert [event.name for event in found[:-1]] == ["progress"] * (len(found) - 1)
    assert found[-1].name == "done"
    assert len(found) >= 3
    done = [json.loads(event.data)["progress"]["done"] for event in found]
    assert done == sorted(done)
    assert done[-1] == 3
    ids = [int(event.id) for event in found]
    assert ids == sorted(set(ids))


@pytest.mark.weights
def test_who_connects_again_gets_what_is_newer_and_then_nothing_more(server: Running) -> None:
    with standing_still(server):
        job = accepted(server, CAT, CAT)
        (first,) = events(server, job, most=1)
    rest = events(server, job, first.id)
    assert first.id not in [event.id for event in rest]
    assert rest[-1].name == "done"
    url = f"{server.address}v1/jobs/{job['id']}/events"
    assert httpx.get(url, headers={"Last-Event-ID": rest[-1].id}).status_code == 204
    for nonsense in ("x", "-1", "999999", "9" * 400):
        assert [event.name for event in events(server, job, nonsense)] == ["done"]


@pytest.mark.weights
def test_a_job_that_is_removed_ends_its_events(server: Running) -> None:
    job = accepted(server, *[disc(3)] * 12)
    url = f"{server.address}v1/jobs/{job['id']}/events"
    with httpx.stream("GET", url, timeout=60) as answer:
        told = read_events(answer.iter_lines())
        assert next(told).name == "progress"
        assert httpx.delete(f"{server.address}v1/jobs/{job['id']}").status_code == 204
        assert [event.name for event in told][-1] == "removed"


@pytest.mark.weights
def test_a_server_that_stops_ends_the_events_and_is_not_held_up(tmp_path: Path, weights_settings: Settings) -> None:
    with serving(tmp_path, weights_settings) as server:
        job = accepted(server, *[disc(3)] * 12)
        url = f"{server.address}v1/jobs/{job['id']}/events"
        with httpx.stream("GET", url, timeout=60) as answer:
            told = read_events(answer.iter_lines())
            next(told)
            server.process.terminate()
            names = [event.name for event in told]
        assert "done" not in names
        assert server.ends() == 0


class _Still(Desk):
    """A job that changes when a test says so."""

    def __init__(self, folder: Path) -> None:
        super().__init__(ServerSettings(), folder)
        self.job: Job | None = Job("a" * 32, "ann", "job-x", "running", 0, 1, 4, (Picture(1, "running", 1.0),))

    async def find(self, job_id: str, owner: str) -> Job:
        if self.job is None:
            raise UnknownJobError("gone")
        return self.job


def test_a_stream_where_nothing_happens_has_beats(tmp_path: Path) -> None:
    async def run() -> list[bytes]:
        desk = _Still(tmp_path)
        assert desk.job is not None
        said = []
        async for part in told_of(desk, desk.job, 4, lambda: False, beat_s=0.02):
            said.append(part)
            if len(said) == 3:
                desk.job = None
                desk.changes.tell()
        return said

    said = asyncio.run(run())
    assert said[0].startswith(b"retry: ")
    assert said[1:3] == [b": still here\n\n"] * 2
    assert said[-1].startswith(b"event: removed\n")
