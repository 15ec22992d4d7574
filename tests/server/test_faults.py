"""What callers see when things go wrong: processes killed under load, a full queue, slow and vanishing callers."""

from __future__ import annotations

import concurrent.futures
import io
import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import numpy as np
import pytest
from PIL import Image

from feathercut.models.catalogue import find
from feathercut.settings import Settings
from server.running import CAT, Running, disc, serving, until

pytestmark = [
    pytest.mark.weights,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds processes in /proc, as on Linux"),
]


LARGE = disc(4)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, weights_settings: Settings) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("faults"), weights_settings, "--workers", "2", "--silence-s", "2") as running:
        yield running


def many(server: Running, count: int, body: Path | bytes = CAT) -> list[concurrent.futures.Future[httpx.Response]]:
    threads = concurrent.futures.ThreadPoolExecutor(count)
    futures = [threads.submit(server.cut, body) for _ in range(count)]
    threads.shutdown(wait=False)
    return futures


def connect(server: Running) -> socket.socket:
    parts = urlsplit(server.address)
    return socket.create_connection((parts.hostname, parts.port), timeout=30)


def request(picture: bytes, matte: bytes = b"") -> bytes:
    form = b""
    for name, body in ((b"picture", picture), (b"matte", matte)):
        form += b'--x\r\nContent-Disposition: form-data; name="' + name + b'"; filename="p"\r\n\r\n' + body + b"\r\n"
    form += b"--x--\r\n"
    head = f"POST /v1/cutouts HTTP/1.1\r\nHost: x\r\nContent-Length: {len(form)}\r\n"
    return head.encode() + b"Content-Type: multipart/form-data; boundary=x\r\n\r\n" + form


def test_nothing_is_lost_when_inference_is_killed_at_work(server: Running) -> None:
    (before,) = server.children("inference")
    answers = many(server, 4, LARGE)
    until(lambda: server.figure("feathercut_running_photos") > 0)
    os.kill(before, signal.SIGKILL)
    assert [answer.result().text[:200] for answer in answers if answer.result().status_code != 200] == []
    assert server.children("inference") != [before]


def test_a_photo_that_kills_inference_twice_is_given_up(server: Running) -> None:
    (answer,) = many(server, 1, LARGE)
    for _ in range(2):
        until(lambda: server.figure("feathercut_running_photos") > 0)
        os.kill(server.children("inference")[0], signal.SIGKILL)
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
    with connect(server) as client:
        client.sendall(request(LARGE))
        until(lambda: server.figure("feathercut_running_photos") > 0)
        others = [connect(server) for _ in range(6)]
        for other in others:
            other.sendall(request(LARGE))
        until(lambda: server.figure("feathercut_queue_photos") >= 4)
        for other in others:
            other.close()
        until(lambda: server.figure("feathercut_queue_photos") == 0, within_s=5)
        assert client.recv(12) == b"HTTP/1.1 200"
    until(lambda: any(line.get("status") == 499 for line in server.lines()))


def test_memory_goes_back_once_the_work_is_done(server: Running) -> None:
    def held() -> float:
        return server.figure("feathercut_inference_memory_bytes")

    def burst() -> None:
        assert [answer.result().status_code for answer in many(server, 6, LARGE)] == [200] * 6

    burst()
    until(lambda: server.figure("feathercut_running_photos") == 0)
    time.sleep(4)  # idle, for longer than it takes to tidy up
    settled = held()
    for _ in range(2):
        burst()
    until(lambda: held() <= 1.1 * settled, within_s=15)


def test_who_sends_slowly_is_told_so_and_holds_nothing(server: Running) -> None:
    with connect(server) as slow:
        slow.sendall(request(LARGE)[:5000])
        until(lambda: server.figure("feathercut_upload_bytes") > 0)
        assert slow.recv(12) == b"HTTP/1.1 408"
    until(lambda: server.figure("feathercut_upload_bytes") == 0)
    with connect(server) as silent:
        silent.sendall(b"POST /v1/cutouts HTTP/1.1\r\nHost: x\r\nX-Never")
        assert silent.recv(1) == b""


def test_who_reads_nothing_is_let_go(server: Running) -> None:
    # Noise that a matte keeps all of: an answer of megabytes, more than a connection holds on its way.
    noise, white = io.BytesIO(), io.BytesIO()
    Image.fromarray(np.random.default_rng(7).integers(0, 256, (2400, 2400, 3), np.uint8)).save(noise, "JPEG")
    Image.new("L", (2400, 2400), 255).save(white, "PNG")
    body = request(noise.getvalue(), white.getvalue())
    with connect(server) as client:
        client.sendall(body)
        assert received(client, 12_000_000) > 12_000_000
    with connect(server) as client:
        client.sendall(body)
        time.sleep(8)  # four times what it may be silent
        assert received(client, 12_000_000) < 12_000_000
    assert server.cut().status_code == 200


def received(client: socket.socket, enough: int) -> int:
    """How many bytes still come, of some more than enough."""
    count = 0
    try:
        while count <= enough and (part := client.recv(1 << 20)):
            count += len(part)
    except ConnectionResetError:
        pass
    return count


def test_a_full_queue_sends_away_with_a_time_and_keeps_what_it_took(tmp_path: Path, weights_settings: Settings) -> None:
    flags = ("--queue-megapixels", "8", "--photos-at-once", "1")
    with serving(tmp_path, weights_settings, *flags) as server:
        answers = [answer.result() for answer in many(server, 8, LARGE)]
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
        until(lambda: server.figure("feathercut_running_photos") + server.figure("feathercut_queue_photos") == 6)
        os.kill(server.process.pid, signal.SIGTERM)
        seen: list[int] = []

        def refused() -> bool:
            try:
                answer = server.cut()
            except httpx.ConnectError:
                return True
            seen.append(answer.status_code)
            assert answer.status_code in (200, 503)
            return answer.status_code == 503 and "retry-after" in answer.headers

        until(refused)
        assert [answer.result().status_code for answer in answers] == [200] * 6
        assert server.ends() == 0
        assert 503 in seen


def test_a_stop_waits_no_longer_than_it_may(tmp_path: Path, weights_settings: Settings) -> None:
    with serving(tmp_path, weights_settings, "--stop-s", "1", "--photos-at-once", "1") as server:
        answers = many(server, 6, LARGE)
        until(lambda: server.figure("feathercut_running_photos") + server.figure("feathercut_queue_photos") == 6)
        began = time.monotonic()
        os.kill(server.process.pid, signal.SIGTERM)
        statuses = [answer.result().status_code for answer in answers]
        assert server.ends() == 0
        assert time.monotonic() - began < 20
        assert set(statuses) <= {200, 503}
        assert 503 in statuses


def test_processes_end_when_their_supervisor_is_killed(tmp_path: Path, weights_settings: Settings) -> None:
    with serving(tmp_path, weights_settings) as server:
        children = [*server.children("inference"), *server.children("HTTP")]
        assert len(children) == 2
        server.process.kill()
        server.process.wait()
        until(lambda: not any(is_running(child) for child in children), within_s=20)


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


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
