"""What becomes of jobs when processes are killed, servers stop, disks are full, callers change their mind."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image

from feathercut.settings import Settings
from server.clock import Clock
from server.jobs.handing import accepted, ended, kept, look, running, submitted, told
from server.running import CAT, Running, disc, kill_inference, serving, standing_still, until

pytestmark = [
    pytest.mark.weights,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds processes in /proc, as on Linux"),
]
LARGE = disc(3)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, weights_settings: Settings) -> Iterator[Running]:
    flags = ("--workers", "2", "--photos-at-once", "1")
    with serving(tmp_path_factory.mktemp("faults"), weights_settings, *flags) as one:
        yield one


def remove(server: Running, job: dict[str, object]) -> int:
    return httpx.delete(f"{server.address}v1/jobs/{job['id']}", timeout=60).status_code


def test_a_job_goes_on_when_inference_is_killed(server: Running) -> None:
    job = accepted(server, LARGE, LARGE)
    kill_inference(server)
    assert ended(server, job)["progress"] == {"pictures": 2, "done": 2, "failed": 0}


def test_a_picture_that_kills_inference_twice_fails_and_the_next_goes_on(server: Running) -> None:
    job = accepted(server, disc(9), CAT)  # under way for so long that it is caught at it, on any machine
    for _ in range(2):
        kill_inference(server)
    done = ended(server, job)
    assert done["progress"] == {"pictures": 2, "done": 1, "failed": 1}
    assert done["pictures"][0]["problem"]["code"] == "lost"


def test_a_job_goes_on_when_every_http_process_is_killed(server: Running) -> None:
    before = server.children("HTTP")
    job = accepted(server, LARGE, LARGE, LARGE)
    until(lambda: running(server, job))
    for process in before:
        os.kill(process, signal.SIGKILL)
    assert ended(server, job)["progress"] == {"pictures": 3, "done": 3, "failed": 0}
    assert not set(server.children("HTTP")) & set(before)


def test_who_cancels_a_running_job_frees_its_place_and_one_that_waits_never_begins(server: Running) -> None:
    held = server.figure("feathercut_jobs_bytes")
    first, second = accepted(server, *[LARGE] * 5), accepted(server, LARGE)
    until(lambda: running(server, first))
    photos = server.figure("feathercut_photos_total")
    assert (remove(server, second), remove(server, first)) == (204, 204)
    until(lambda: server.figure("feathercut_running_photos") + server.figure("feathercut_queue_photos") == 0)
    assert look(server, first).status_code == look(server, second).status_code == 404
    assert server.figure("feathercut_photos_total") - photos <= 1
    assert server.figure("feathercut_jobs_bytes") == held


def test_who_waits_for_an_answer_goes_before_jobs(server: Running) -> None:
    job = accepted(server, *[LARGE] * 12)
    until(lambda: running(server, job))
    assert [server.cut().status_code for _ in range(2)] == [200, 200]
    assert told(server, job)["state"] == "running"
    assert remove(server, job) == 204


def test_jobs_outlive_a_server_that_is_killed_and_one_that_is_stopped(
    tmp_path: Path, weights_settings: Settings
) -> None:
    folder = tmp_path / "jobs"
    flags = ("--jobs-folder", str(folder), "--photos-at-once", "1")
    with serving(tmp_path, weights_settings, *flags) as server:
        old = ended(server, accepted(server, CAT))
        job = accepted(server, *[LARGE] * 5)
        until(lambda: told(server, job)["progress"]["done"] > 0)
        children = [*server.children("inference"), *server.children("HTTP")]
        for process in (server.process.pid, *children):
            os.kill(process, signal.SIGKILL)
        server.process.wait()
    (folder / "job-of-nobody").mkdir()
    with contextlib.closing(sqlite3.connect(folder / "jobs.sqlite3")) as database, database:
        database.execute("UPDATE jobs SET expires_at = 1 WHERE id = ?", (old["id"],))
    with serving(tmp_path, weights_settings, *flags) as server:
        until(lambda: told(server, job)["progress"]["done"] > 1)
        with standing_still(server):
            assert look(server, old).status_code == 404  # its time was over while nobody was there
            os.kill(server.process.pid, signal.SIGTERM)
            until(lambda: server.get("v1/models").status_code == 503)
        assert server.ends() == 0
    with contextlib.closing(sqlite3.connect(folder / "jobs.sqlite3")) as database:
        states = [state for (state,) in database.execute("SELECT state FROM pictures")]
    assert "running" not in states  # what ran was finished
    assert "waiting" in states
    with serving(tmp_path, weights_settings, *flags) as server:
        assert ended(server, job)["progress"]["done"] == 5
        assert look(server, job, "/result").headers["content-type"] == "application/zip"
        assert not (folder / "job-of-nobody").exists()


def test_a_job_is_removed_when_its_time_is_over(tmp_path: Path, weights_settings: Settings) -> None:
    folder = tmp_path / "jobs"
    clock = Clock(tmp_path)
    with serving(tmp_path, weights_settings, "--jobs-folder", str(folder), PYTHONPATH=str(clock.home)) as server:
        job = ended(server, accepted(server, CAT))
        assert kept(folder)
        clock.set_off(86_400 + 60)
        until(lambda: look(server, job).status_code == 404)
        until(lambda: not kept(folder))
        assert server.figure("feathercut_jobs_bytes") == 0


def noise_job(server: Running) -> dict[str, object]:
    """A job whose result is larger by far than what was uploaded: all of a noise that JPEG made small."""
    noise, white = io.BytesIO(), io.BytesIO()
    pixels = np.random.default_rng(7).integers(0, 256, (900, 900, 3), np.uint8)
    Image.fromarray(pixels).save(noise, "JPEG", quality=5)
    Image.new("L", (900, 900), 255).save(white, "PNG")
    files = {"picture": noise.getvalue(), "matte": white.getvalue()}
    answer = httpx.post(f"{server.address}v1/jobs", files=files, timeout=60)
    assert answer.status_code == 202, answer.text
    document: dict[str, object] = answer.json()
    return document


@contextlib.contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[Path]:
    folder.mkdir()
    size = f"size={kilobytes}k"
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("a small disk can be mounted by root only")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_is_told_nothing_is_left_half_written_and_the_server_goes_on(
    tmp_path: Path, weights_settings: Settings
) -> None:
    with (
        small_disk(tmp_path / "small", 1200) as disk,
        serving(tmp_path, weights_settings, "--jobs-folder", str(disk / "jobs")) as server,
    ):
        kept_job = ended(server, accepted(server, CAT))
        before = kept(disk)
        refused = submitted(server, CAT.read_bytes() + bytes(2_000_000))  # an upload that does not fit
        assert (refused.status_code, refused.json()["code"]) == (507, "storage_full"), refused.text
        assert int(refused.headers["retry-after"]) >= 1
        assert str(disk) not in refused.text
        assert kept(disk) == before
        # An upload that fits, and a result that does not.
        large = ended(server, noise_job(server))
        assert (large["state"], large["pictures"][0]["problem"]["code"]) == ("failed", "storage_full")
        assert look(server, large, "/result").status_code == 507
        assert [path for path in kept(disk) if path.is_file()] == [path for path in before if path.is_file()]
        # Not a byte left: jobs are refused, cutouts are not, and what was kept can be fetched and removed.
        with contextlib.suppress(OSError), (disk / "filler").open("wb", buffering=0) as filler:
            while filler.write(bytes(4096)):
                pass
        assert submitted(server, CAT).status_code == 507
        assert server.cut().status_code == 200
        assert look(server, kept_job, "/result").status_code == 200
        assert remove(server, kept_job) == 204
        (disk / "filler").unlink()
        assert ended(server, accepted(server, CAT))["state"] == "done"


def test_bounds_of_the_operator_are_kept(tmp_path: Path, weights_settings: Settings) -> None:
    flags = ("--jobs-megabytes", "0.8", "--job-megabytes", "0.3", "--jobs-a-caller", "2", "--photos-at-once", "1")
    with serving(tmp_path, weights_settings, *flags) as server:
        large = submitted(server, bytes(2_000_000))
        assert (large.status_code, large.json()["code"]) == (413, "too_large")
        assert "0.3 megabytes that a job may have" in large.json()["detail"]
        jobs = [ended(server, accepted(server, CAT, size="40x40")) for _ in range(2)]
        many = submitted(server, CAT)
        assert (many.status_code, many.json()["code"]) == (429, "rate_limited")
        assert remove(server, jobs[0]) == 204
        # Three uploads that fit, and three results that do not.
        jobs[0] = ended(server, accepted(server, CAT, CAT, CAT))
        assert jobs[0]["progress"] == {"pictures": 3, "done": 1, "failed": 2}
        assert jobs[0]["pictures"][2]["problem"]["code"] == "storage_full"
        assert 200_000 < server.figure("feathercut_jobs_bytes") <= 400_000
        assert remove(server, jobs[1]) == 204
        full = submitted(server, CAT.read_bytes() + bytes(200_000))
        assert (full.status_code, full.json()["code"]) == (507, "storage_full")
        assert "all that one caller's may have" in full.json()["detail"]
        assert remove(server, jobs[0]) == 204
        assert submitted(server, CAT.read_bytes() + bytes(200_000)).status_code == 202


def test_without_jobs_there_are_none_and_with_a_folder_that_cannot_be_there_the_rest_serves(
    tmp_path: Path, weights_settings: Settings
) -> None:
    with serving(tmp_path, weights_settings, "--jobs-megabytes", "0") as server:
        assert submitted(server, CAT).status_code == 404
        assert "/v1/jobs" not in json.dumps(server.get("openapi.json").json()["paths"])
    (tmp_path / "file").touch()
    with serving(tmp_path, weights_settings, "--jobs-folder", str(tmp_path / "file" / "jobs")) as server:
        refused = submitted(server, CAT)
        assert (refused.status_code, refused.json()["code"]) == (503, "storage")
        assert server.cut().status_code == 200
        assert server.get("metrics").status_code == 200
