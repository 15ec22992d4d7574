"""Many photos at once: order, bounds, failures and ends."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from feathercut.batch import run as module
from feathercut.batch.plan import Job
from feathercut.batch.run import Outcome, run
from feathercut.engines.stub import StubEngine
from feathercut.errors import NetworkError
from feathercut.in_order import InOrder
from feathercut.models import catalogue
from feathercut.options import Network, Options
from feathercut.pictures import FloatArray
from feathercut.remover import Remover
from feathercut.settings import Settings


def started(jobs: list[Job], answer: Callable[[FloatArray], FloatArray], at_once: int) -> InOrder[Job, Outcome]:
    record = catalogue.find("u2netp")
    engine = StubEngine(answer, str(record.input.name), str(record.output.name))
    remover = Remover.from_engine(engine, record)
    return run(jobs, remover, Options(), overwrite=False, stdin=io.BytesIO(), stdout=io.BytesIO(), at_once=at_once)


def photos(folder: Path, count: int, size: tuple[int, int] = (30, 20)) -> list[Job]:
    jobs = []
    for number in range(count):
        pixels = np.random.default_rng(number).integers(0, 255, (size[1], size[0], 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"{number:02}.png")
        jobs.append(Job(folder / f"{number:02}.png", folder / "out" / f"{number:02}.png"))
    return jobs


def brightness(array: FloatArray) -> FloatArray:
    low = array[0].mean(axis=0)
    spread: FloatArray = (low - low.min()) / max(float(low.max() - low.min()), 1e-6)
    return spread


def test_one_after_the_other_and_three_at_once_write_the_same_bytes(tmp_path: Path) -> None:
    written = []
    for at_once in (1, 3):
        folder = tmp_path / str(at_once)
        folder.mkdir()
        jobs = photos(folder, 9)
        outcomes = list(started(jobs, brightness, at_once))
        assert [outcome.job for outcome in outcomes] == jobs
        written.append([job.target.read_bytes() for job in jobs if job.target])
    assert written[0] == written[1] and len(set(written[0])) == 9


def test_failures_among_many_stop_nothing_and_are_told_in_their_place(tmp_path: Path) -> None:
    jobs = photos(tmp_path, 12)
    for number in (0, 5, 11):
        (tmp_path / f"{number:02}.png").write_bytes(b"no picture")
    outcomes = list(started(jobs, brightness, 3))
    assert [number for number, outcome in enumerate(outcomes) if outcome.error] == [0, 5, 11]
    assert len(list((tmp_path / "out").glob("*.png"))) == 9


def test_no_more_pixels_are_held_than_were_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = photos(tmp_path, 10)
    photos(tmp_path, 1, (300, 200))  # the first is a hundred times larger
    monkeypatch.setattr(module, "PIXELS_AT_ONCE", 2 * 30 * 20)
    lock, together, most, alone = threading.Lock(), [0], [0], []
    real = Remover.apply

    def apply(remover: Remover, photo: object, options: Options, **words: object) -> object:
        with lock:
            together[0] += 1
            most[0] = max(most[0], together[0])
            large = photo.frames[0].size == (200, 300)  # type: ignore[attr-defined]
            if large:
                alone.append(together[0])
        result = real(remover, photo, options, **words)  # type: ignore[arg-type]
        with lock:
            if large:
                alone.append(together[0])
            together[0] -= 1
        return result

    monkeypatch.setattr(Remover, "apply", apply)
    assert all(outcome.error is None for outcome in started(jobs, brightness, 5))
    assert most[0] <= 2 and alone == [1, 1]


def test_network_that_fails_is_raised_after_what_came_before_it(tmp_path: Path) -> None:
    calls = []

    def fails_third(array: FloatArray) -> FloatArray:
        calls.append(1)
        return np.full(array.shape[-2:], np.nan if len(calls) == 3 else 1, np.float32)

    results = started(photos(tmp_path, 30), fails_third, 2)
    told = 0
    with pytest.raises(NetworkError):
        for _ in results:
            told += 1
    assert told <= 3 and len(calls) < 30
    assert not [one for one in threading.enumerate() if one.name.startswith("feathercut-")]


def test_what_was_finished_when_it_is_stopped_is_told(tmp_path: Path) -> None:
    second_is_done, jobs = threading.Event(), photos(tmp_path, 3)

    def first_waits(array: FloatArray) -> FloatArray:
        if threading.current_thread().name == "feathercut-0":
            assert second_is_done.wait(120)
        return brightness(array)

    results = started(jobs, first_waits, 2)
    results._begin()
    results._fill()
    while not (tmp_path / "out" / "02.png").exists() and not (tmp_path / "out" / "01.png").exists():
        pass
    threading.Timer(0.2, second_is_done.set).start()
    outcomes = results.stop()
    assert outcomes and {str(outcome.job.target) for outcome in outcomes} == set(
        map(str, (tmp_path / "out").glob("*.png"))
    )
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.weights
def test_a_real_network_gives_the_same_bytes_at_once_as_alone(
    tmp_path: Path, weights_settings: Settings, u2netp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEATHERCUT_CACHE", str(weights_settings.cache))
    written = []
    for at_once in (1, 2):
        folder = tmp_path / str(at_once)
        folder.mkdir()
        jobs = photos(folder, 4, (200, 160))
        with Remover.open(Network(model="u2netp"), None, at_once) as remover:
            nothing = io.BytesIO()
            results = run(
                jobs, remover, Options(presence=0), overwrite=False, at_once=at_once, stdin=nothing, stdout=nothing
            )
            outcomes = list(results)
        assert all(outcome.error is None for outcome in outcomes)
        written.append([job.target.read_bytes() for job in jobs if job.target])
    assert written[0] == written[1]
