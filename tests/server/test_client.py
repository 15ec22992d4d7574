"""`feathercut.Client` against a real server, and against answers that one can only wait for."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image

import feathercut
from feathercut.errors import DamagedPictureError, FeathercutError, InputError, OptionError
from feathercut.server.errors import KeyRefusedError, UnknownJobError
from feathercut.server.orders import BusyError
from feathercut.settings import Settings
from server.running import CAT, serving


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, weights_settings: Settings) -> Iterator[feathercut.Client]:
    with (
        serving(tmp_path_factory.mktemp("client"), weights_settings) as server,
        feathercut.Client(server.address) as one,
    ):
        yield one


@pytest.mark.weights
def test_a_cutout_comes_as_the_library_would_give_it(
    client: feathercut.Client, weights_settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cutout = client.cut(CAT, crop=True, margin="5%", background=(255, 128, 0))
    monkeypatch.setenv("FEATHERCUT_CACHE", str(weights_settings.cache))
    with feathercut.Remover(model="u2netp") as remover:
        expected = remover.remove(CAT, crop=True, margin="5%", background=(255, 128, 0))
    assert cutout.report["verdict"] == expected.report.verdict
    assert (cutout.size, cutout.found, cutout.model) == (expected.picture.size, True, "u2netp")
    with Image.open(cutout.save(tmp_path / "cat.png")) as image:
        shown = np.asarray(image.convert("RGB"), np.float32) / 255
    assert np.abs(shown - expected.rgb).max() < 0.005


@pytest.mark.weights
def test_models_and_errors_are_typed(client: feathercut.Client) -> None:
    assert [(one.id, one.default) for one in client.models()] == [("u2netp", True)]
    with pytest.raises(DamagedPictureError, match="cut short"):
        client.cut(CAT.read_bytes()[:2000])
    with pytest.raises(OptionError, match="isnet-general"):
        client.cut(CAT, model="isnet-general")


@pytest.mark.weights
def test_a_job_is_handed_in_waited_for_fetched_and_cancelled(client: feathercut.Client, tmp_path: Path) -> None:
    job = client.submit(CAT, CAT.read_bytes()[:9000], CAT, crop=True)
    assert (job.state, [one.number for one in job.pictures], job.has_ended) == ("waiting", [1, 2, 3], False)
    seen: list[int] = []
    job = client.wait(job, lambda now: seen.append(now.done + now.failed))
    assert (job.state, job.done, job.failed) == ("done", 2, 1)
    assert seen == sorted(seen)
    assert seen[-1] == 3
    assert job.pictures[1].problem is not None
    assert job.pictures[1].problem.code == "damaged_picture"
    assert client.result(job).body == client.cut(CAT, crop=True).body
    with pytest.raises(DamagedPictureError, match="cut short"):
        client.result(job, 2)
    with zipfile.ZipFile(client.archive(job, tmp_path / "cutouts.zip")) as archive:
        assert archive.namelist() == ["001.png", "003.png", "problems.json"]
    assert client.job(job.id) == client.wait(job.id) == job
    client.cancel(job)
    for ask in (client.cancel, client.wait, client.result, client.job):
        with pytest.raises(UnknownJobError):
            ask(job)


def events(*names: str) -> httpx.Response:
    told = {"id": "a", "created": "2026-01-01T00:00:00Z", "expires": "2026-01-02T00:00:00Z"}
    lines = [
        f"id: {number}\nevent: {name}\ndata: {json.dumps({**told, 'state': 'running', 'pictures': []})}\n\n"
        if name == "progress"
        else f"id: {number}\nevent: {name}\ndata: {json.dumps({**told, 'state': name, 'pictures': []})}\n\n"
        for number, name in enumerate(names, 1)
    ]
    return httpx.Response(200, text=": here\n\n" + "".join(lines))


def test_who_waits_for_a_job_connects_again_from_where_the_line_broke() -> None:
    asked: list[str | None] = []
    answers: Iterator[httpx.Response | Exception] = iter(
        [events("progress", "progress"), httpx.ConnectError("gone"), events("progress", "progress", "done")]
    )

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers.get("last-event-id"))
        found = next(answers)
        if isinstance(found, Exception):
            raise found
        return found

    with feathercut.Client("http://server", transport=httpx.MockTransport(answer), pause=lambda _: None) as client:
        assert client.wait("a").state == "done"
    assert asked == [None, "2", "2"]


def test_a_server_that_tells_nothing_of_a_job_is_given_up() -> None:
    client, pauses = answering(*[events() for _ in range(9)])
    with client, pytest.raises(FeathercutError, match="does not tell of its jobs"):
        client.wait("a")
    assert len(pauses) == 4
    client, _ = answering(events("progress", "removed"))
    with client, pytest.raises(UnknownJobError, match="removed"):
        client.wait("a")


def test_an_archive_that_breaks_off_leaves_no_half_file(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"PK" * 1000
        raise httpx.ReadError("gone")

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=broken())

    client = feathercut.Client("http://server", transport=httpx.MockTransport(answer))
    with client, pytest.raises(FeathercutError, match="cannot be reached"):
        client.archive("a", tmp_path / "cutouts.zip")
    assert list(tmp_path.iterdir()) == []


def answering(*answers: httpx.Response) -> tuple[feathercut.Client, list[float]]:
    left, pauses = list(answers), list[float]()

    def answer(_: httpx.Request) -> httpx.Response:
        return left.pop(0)

    return feathercut.Client("http://server", transport=httpx.MockTransport(answer), pause=pauses.append), pauses


def problem(status: int, code: str, **headers: str) -> httpx.Response:
    return httpx.Response(status, json={"code": code, "detail": "why"}, headers=headers)


def test_a_busy_server_is_asked_again_when_it_said() -> None:
    models = httpx.Response(200, json={"models": []})
    client, pauses = answering(problem(503, "busy", **{"Retry-After": "7"}), models)
    with client:
        assert client.models() == []
    assert pauses == [7]


def test_a_server_that_stays_busy_is_given_up() -> None:
    client, pauses = answering(*[problem(503, "busy", **{"Retry-After": "2"}) for _ in range(4)])
    with client, pytest.raises(BusyError) as refused:
        client.models()
    assert (pauses, refused.value.retry_after_s) == ([2, 2, 2], 2)


def test_what_waiting_does_not_mend_is_raised_at_once() -> None:
    client, pauses = answering(problem(403, "key_refused"))
    with client, pytest.raises(KeyRefusedError, match="why"):
        client.models()
    assert pauses == []


def test_another_server_is_told_apart_and_none_is_named() -> None:
    client, _ = answering(httpx.Response(502, text="<html>"))
    with client, pytest.raises(FeathercutError, match="502, and not as Feathercut does"):
        client.models()
    with feathercut.Client("http://127.0.0.1:9") as nobody, pytest.raises(FeathercutError, match="cannot be reached"):
        nobody.models()


def test_options_and_files_are_checked_before_anything_is_sent(tmp_path: Path) -> None:
    client, _ = answering()
    with client:
        with pytest.raises(OptionError, match="did you mean `crop`"):
            client.cut(io.BytesIO(b"x").getvalue(), crp=True)
        with pytest.raises(InputError, match=r"none\.jpg cannot be read"):
            client.cut(tmp_path / "none.jpg")
