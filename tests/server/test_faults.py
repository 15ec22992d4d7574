"""What callers see when things go wrong: processes killed under load, a full queue, callers who hang up."""

from __future__ import annotations

import concurrent.futures
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from feathercut.models.catalogue import find
from feathercut.settings import Settings
from server.running import CAT, Running, disc, is_running, kill_inference, serving, standing_still, until
from server.sockets import connect, request

pytestmark = [
    pytest.mark.weights,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds processes in /proc, as on Linux"),
]


LARGE = disc(4)
HUGE = disc(9)  # under way for so long that it is caught at it, on any machine


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, weights_settings: Settings) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("faults"), weights_settings, "--workers", "2") as running:
        yield running


def many(server: Running, count: int, body: Path | bytes = CAT) -> list[concurrent.futures.Future[httpx.Response]]:
    threads = concurrent.futures.ThreadPoolExecutor(count)
    futures = [threads.submit(server.cut, body) for _ in range(count)]
    threads.shutdown(wait=False)
    return futures


def taken(server: Running) -> float:
    """How many photos came to inference, whatever became of them."""
    states = ("photos_total", "running_photos", "queue_photos")
    return sum(server.figure(f"feathercut_{state}") for state in states)


def test_nothing_is_lost_when_inference_is_killed_at_work(server: Running) -> None:
    (before,) = server.children("inference")
    answers = many(server, 4, LARGE)
    kill_inference(server)
    assert [answer.result().text[:200] for answer in answers if answer.result().status_code != 200] == []
    assert server.children("inference") != [before]


def test_a_photo_that_kills_inference_twice_is_given_up(server: Running) -> None:
    (answer,) = many(server, 1, HUGE)
    for _ in range(2):
        kill_inference(server)
    refused = answer.result()
    assert (refused.status_code, refused.json()["code"]) == (503, "busy")
    assert int(refused.headers["retry-after"]) >= 1
    until(lambda: server.cut().status_code == 200)


def test_a_killed_worker_loses_its_own_callers_only_and_comes_back(server: Running) -> None:
    before = server.children("HTTP")
    assert len(before) == 2
    answers = many(server, 6, LARGE)
    until(lambda: server.figure("feathercut_running_photos") > 0)
    os.kill(before[0], signal.SIGKILL)
    lost = [answer for answer in answers if answer.exception() is not None]
    assert all(isinstance(answer.exception(), httpx.TransportError) for answer in lost)
    assert all(answer.result().status_code == 200 for answer in answers if answer not in lost)
    until(lambda: len(set(server.children("HTTP")) - set(before)) == 1)
    # What its callers waited for is not worked on any more.
    until(lambda: server.figure("feathercut_queue_photos") + server.figure("feathercut_running_photos") == 0)


def test_who_hangs_up_frees_the_place(server: Running) -> None:
    def hung_up() -> int:
        return [line.get("status") for line in server.lines()].count(499)

    before = server.figure("feathercut_photos_total")
    with connect(server) as client:
        client.sendall(request(LARGE))
        until(lambda: server.figure("feathercut_running_photos") > 0)
        others = [connect(server) for _ in range(12)]
        for other in others:
            other.sendall(request(LARGE))
        until(lambda: server.figure("feathercut_queue_photos") >= 8)
        with standing_still(server):
            for other in others:
                other.close()
            until(lambda: hung_up() >= 8)
        until(lambda: server.figure("feathercut_queue_photos") == 0)
        assert client.recv(12) == b"HTTP/1.1 200"
    assert server.figure("feathercut_photos_total") - before <= 5  # nobody who waited was cut out


def test_memory_goes_back_once_the_work_is_done(tmp_path: Path, weights_settings: Settings) -> None:
    # One at a time: networks keep the memory that they ran in, twice as much where two of them ever met.
    with serving(tmp_path, weights_settings, "--photos-at-once", "1") as server:

        def held() -> float:
            return server.figure("feathercut_inference_memory_bytes")

        def burst() -> None:
            assert [answer.result().status_code for answer in many(server, 4, LARGE)] == [200] * 4

        burst()
        until(lambda: held() <= 0.7 * server.figure("feathercut_inference_memory_peak_bytes"))
        settled = held()
        for _ in range(2):
            burst()
        until(lambda: held() <= 1.1 * settled)


def test_a_full_queue_sends_away_with_a_time_and_keeps_what_it_took(tmp_path: Path, weights_settings: Settings) -> None:
    flags = ("--queue-megapixels", "8", "--photos-at-once", "1")
    with serving(tmp_path, weights_settings, *flags) as server:
        answers = [answer.result() for answer in many(server, 12, LARGE)]
        statuses = [answer.status_code for answer in answers]
        assert set(statuses) == {200, 503}
        assert statuses.count(200) >= 3  # one at work, two that wait
        for refused in (answer for answer in answers if answer.status_code == 503):
            assert refused.json()["code"] == "busy"
            assert 1 <= int(refused.headers["retry-after"]) <= 120
        assert server.cut().status_code == 200


def test_a_stopped_server_finishes_what_it_took_refuses_the_rest_and_ends_well(
    tmp_path: Path, weights_settings: Settings
) -> None:
    with serving(tmp_path, weights_settings, "--workers", "2", "--stop-s", "120") as server, httpx.Client() as kept:
        assert kept.get(server.address + "healthz").status_code == 200
        answers = many(server, 6, LARGE)
        until(lambda: taken(server) == 6)

        def is_refused() -> bool:
            answer = server.cut(CAT, nobody="knows")  # which a worker that is not stopping tells by itself
            assert answer.status_code in (400, 503)
            return answer.status_code == 503 and "retry-after" in answer.headers

        with standing_still(server):
            os.kill(server.process.pid, signal.SIGTERM)
            until(is_refused)
        assert [answer.result().status_code for answer in answers] == [200] * 6
        assert server.ends() == 0


def test_a_stop_waits_no_longer_than_it_may(tmp_path: Path, weights_settings: Settings) -> None:
    with serving(tmp_path, weights_settings, "--stop-s", "1", "--photos-at-once", "1") as server:
        answers = many(server, 12, LARGE)
        until(lambda: taken(server) == 12)
        os.kill(server.process.pid, signal.SIGTERM)
        statuses = [answer.result().status_code for answer in answers]
        assert server.ends() == 0
        assert set(statuses) <= {200, 503}
        assert 503 in statuses


def test_processes_end_when_their_supervisor_is_killed(tmp_path: Path, weights_settings: Settings) -> None:
    with serving(tmp_path, weights_settings) as server:
        children = [*server.children("inference"), *server.children("HTTP")]
        assert len(children) == 2
        server.process.kill()
        server.process.wait()
        until(lambda: not any(is_running(child) for child in children))


def test_a_network_that_cannot_be_loaded_is_told_and_the_others_serve(
    tmp_path: Path, weights_settings: Settings, u2netp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "u2netp.onnx").write_bytes(u2netp_path.read_bytes())
    record = find("u2netp").model_dump(mode="json", exclude_unset=True)
    record = {**record, "id": "broken", "files": [], "verified": False}
    (own / "broken.json").write_text(json.dumps({key: value for key, value in record.items() if key != "int8"}))
    (own / "broken.onnx").write_bytes(b"no network at all")
    flags = ("--models", "u2netp,broken")
    with serving(tmp_path, weights_settings, *flags, FEATHERCUT_MODELS=str(own)) as server:
        refused = server.cut(CAT, model="broken")
        assert (refused.status_code, refused.json()["code"]) == (503, "model_unavailable"), refused.text
        assert server.cut(CAT).status_code == 200
        told = server.get("readyz")
        assert told.status_code == 503
        assert "broken" in told.json()["reasons"][0]
