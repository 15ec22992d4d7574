"""Jobs from their form to their results: real processes, a real socket, a real network."""

from __future__ import annotations

import io
import json
import shutil
import socket
import stat
import subprocess
import textwrap
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import numpy as np
import pytest

from feathercut.settings import Settings
from server.jobs.handing import Document, accepted, ended, kept, look, pixels, submitted, told
from server.running import CAT, PHOTOS, Running, disc, serving, until

pytestmark = pytest.mark.weights
CUP = PHOTOS / "cup.jpg"
# A photo whose header is sound and whose pixels are not there: found out only when it is cut out.
CUT_SHORT = CAT.read_bytes()[:9000]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("jobs") / "kept"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, weights_settings: Settings, folder: Path) -> Iterator[Running]:
    flags = ("--workers", "2", "--jobs-folder", str(folder), "--job-pictures", "5", "--jobs-a-caller", "30")
    with serving(tmp_path_factory.mktemp("server"), weights_settings, *flags) as running:
        yield running


def test_a_job_gives_what_a_cutout_gives(server: Running) -> None:
    job = accepted(server, CAT, crop="true", background="#ff8000")
    assert (job["progress"], job["pictures"][0]["number"]) == ({"pictures": 1, "done": 0, "failed": 0}, 1)
    done = ended(server, job)
    assert (done["state"], done["progress"]["done"]) == ("done", 1)
    result, expected = look(server, job, "/result"), server.cut(CAT, crop="true", background="#ff8000")
    assert result.content == expected.content
    same = ("content-type", "x-feathercut-size", "x-feathercut-foreground", "x-feathercut-model", "x-feathercut-found")
    assert [result.headers[name] for name in same] == [expected.headers[name] for name in same]
    assert look(server, job, "/results/1").content == expected.content


def test_several_photos_come_each_by_number_and_as_an_archive(server: Running) -> None:
    job = ended(server, accepted(server, CAT, CUT_SHORT, CUP, format="webp"))
    assert (job["state"], job["progress"]) == ("done", {"pictures": 3, "done": 2, "failed": 1})
    assert job["pictures"][1]["problem"]["code"] == "damaged_picture"
    answer = look(server, job, "/result")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["001.webp", "003.webp", "problems.json"]
        assert (
            archive.read("003.webp")
            == look(server, job, "/results/3").content
            == server.cut(CUP, format="webp").content
        )
        assert [one["number"] for one in json.loads(archive.read("problems.json"))] == [2]
    refused = look(server, job, "/results/2")
    assert (refused.status_code, refused.json()["code"]) == (422, "damaged_picture")
    assert look(server, job, "/results/4").status_code == look(server, job, "/results/x").status_code == 404


def test_a_job_of_which_nothing_came_has_failed_and_says_why(server: Running) -> None:
    job = ended(server, accepted(server, CUT_SHORT))
    assert job["state"] == "failed"
    refused = look(server, job, "/result")
    assert (refused.status_code, refused.json()["code"]) == (422, "damaged_picture")
    assert refused.headers["content-type"] == "application/problem+json"


def test_a_matte_and_a_background_come_along(server: Running) -> None:
    matte, behind = io.BytesIO(), io.BytesIO()
    from PIL import Image

    Image.new("L", (451, 300), 255).save(matte, "PNG")
    Image.new("RGB", (8, 8), "lime").save(behind, "PNG")
    files = {"picture": CAT.read_bytes(), "matte": matte.getvalue(), "background_picture": behind.getvalue()}
    job = httpx.post(server.address + "v1/jobs", files=files, timeout=60).json()
    assert ended(server, job)["state"] == "done"
    result = look(server, job, "/result")
    assert result.headers["x-feathercut-model"] == "matte"
    assert np.abs(pixels(result.content)[..., :3] - pixels(CAT.read_bytes())[..., :3]).max() <= 1


def test_files_are_private_and_go_with_their_job(server: Running, folder: Path) -> None:
    before = kept(folder)
    job = accepted(server, disc(2), CUP)
    until(lambda: len(kept(folder)) > len(before))
    ended(server, job)
    new = sorted(set(kept(folder)) - set(before))
    assert [path.name for path in new[1:]] == ["result-1", "result-2"]  # uploads went as soon as they were done
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, *new)] == [0o700, 0o700, 0o600, 0o600]
    assert stat.S_IMODE((folder / "jobs.sqlite3").stat().st_mode) == 0o600
    assert job["id"] not in str(new[0])
    assert len(new[0].name) > 40
    assert httpx.delete(f"{server.address}v1/jobs/{job['id']}").status_code == 204
    assert kept(folder) == before
    for path in ("", "/events", "/result", "/results/1"):
        gone = look(server, job, path)
        assert (gone.status_code, gone.json()["code"]) == (404, "unknown_job")
    assert httpx.delete(f"{server.address}v1/jobs/{job['id']}").status_code == 404


def test_a_result_is_not_there_before_it_is(server: Running) -> None:
    job = accepted(server, disc(6), disc(6))
    for path in ("/result", "/results/2"):
        early = look(server, job, path)
        assert (early.status_code, early.json()["code"], int(early.headers["retry-after"]) > 0) == (
            409,
            "unfinished",
            True,
        )
    ended(server, job)


@pytest.mark.parametrize(
    ("photos", "fields", "status", "code", "says"),
    [
        ((CAT,), {"crp": "1"}, 400, "wrong_option", "did you mean `crop`"),
        ((CAT,), {"background": "/etc/passwd"}, 400, "wrong_option", "background_picture"),
        ((CAT,), {"model": "isnet-general"}, 400, "wrong_option", "u2netp"),
        ((CAT, b"%PDF-1.7 and more"), {}, 415, "not_a_picture", "Picture 2: "),
        ((CAT, CUP), {"recipe": "{}"}, 400, "wrong_option", "`recipe` belongs to one photo"),
        ((CAT,) * 6, {}, 400, "wrong_option", "5 pictures at the most, this one 6"),
        ((b"\xff\xd8\xff" + bytes(25_000_000),), {}, 413, "too_large", "22 MB"),
        ((CAT,), {"region": "1" * 1_200_000}, 413, "too_large", "a megabyte beside"),
        ((b"",), {}, 400, "wrong_option", "`picture`"),
    ],
)
def test_what_is_wrong_is_told_at_once_and_leaves_nothing(
    server: Running,
    folder: Path,
    photos: tuple[Path | bytes, ...],
    fields: dict[str, str],
    status: int,
    code: str,
    says: str,
) -> None:
    before, held = kept(folder), server.figure("feathercut_jobs_bytes")
    answer = submitted(server, *photos, headers=None, **fields)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert says in answer.json()["detail"]
    assert (kept(folder), server.figure("feathercut_jobs_bytes")) == (before, held)


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"", "multipart/form-data; boundary=x", 400),
        (b"--x\r\n", "multipart/form-data", 400),
        (b"no form at all", "multipart/form-data; boundary=x", 400),
        (b"--x\r\nContent-Disposition: form-data; name=picture\r\n\r\nhalf", "multipart/form-data; boundary=x", 400),
        (b"picture=1", "application/x-www-form-urlencoded", 400),
        (b"{}", "application/json", 400),
    ],
)
def test_rubbish_is_refused_and_leaves_nothing(
    server: Running, folder: Path, body: bytes, content_type: str, status: int
) -> None:
    before = kept(folder)
    answer = httpx.post(f"{server.address}v1/jobs", content=body, headers={"content-type": content_type}, timeout=60)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    assert kept(folder) == before


def test_who_hangs_up_in_an_upload_leaves_nothing(server: Running, folder: Path) -> None:
    before, held = kept(folder), server.figure("feathercut_jobs_bytes")
    parts = urlsplit(server.address)
    with socket.create_connection((parts.hostname, parts.port)) as caller:
        head = b"POST /v1/jobs HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n"
        form = b'--x\r\nContent-Disposition: form-data; name="picture"; filename="p"\r\n\r\n'
        caller.sendall(head + b"Content-Type: multipart/form-data; boundary=x\r\n\r\n" + form + bytes(2_000_000))
        until(lambda: len(kept(folder)) > len(before))
        assert server.figure("feathercut_jobs_bytes") >= held + 5_000_000
        assert server.figure("feathercut_upload_bytes") == 0
    until(lambda: kept(folder) == before and server.figure("feathercut_jobs_bytes") == held)


@pytest.mark.parametrize("name", ["0" * 32, "..%2f..%2fjobs.sqlite3", "x' OR '1'='1", "%00", "A" * 5000])
def test_whatever_is_no_job_is_not_found(server: Running, name: str) -> None:
    for path in (f"v1/jobs/{name}", f"v1/jobs/{name}/events", f"v1/jobs/{name}/result", f"v1/jobs/{name}/results/1"):
        assert server.get(path).status_code == 404, path
    assert httpx.delete(f"{server.address}v1/jobs/{name}").status_code == 404


def test_jobs_are_counted_and_logged_without_what_lets_one_in(server: Running) -> None:
    before = server.figure("feathercut_job_pictures_total"), server.figure("feathercut_jobs_total")
    job: Document = ended(server, accepted(server, CAT))
    assert server.figure("feathercut_job_pictures_total") == before[0] + 1
    assert server.figure("feathercut_jobs_total") == before[1] + 1
    assert server.figure("feathercut_jobs_waiting_pictures") == 0
    assert job["id"] not in server.log.read_text()
    line = next(line for line in server.lines() if line.get("job") == job["id"][:8])
    assert (line["event"], line["state"], line["model"], line["number"]) == ("job_picture", "done", "u2netp", 1)
    assert line["key"] == "anonymous"


def test_the_reference_lets_one_hand_in_several_photos(server: Running) -> None:
    assert "<input type=file name='picture' multiple>" in server.get("docs").text
    submitting = server.get("openapi.json").json()["paths"]["/v1/jobs"]["post"]
    assert set(submitting["responses"]) >= {"202", "400", "402", "403", "413", "415", "429", "503", "507"}
    assert submitting["responses"]["202"]["headers"].keys() == {"Location"}


def test_both_workers_tell_of_every_job(server: Running) -> None:
    job = ended(server, accepted(server, CAT))
    assert {told(server, job)["state"] for _ in range(12)} == {"done"}


@pytest.mark.skipif(shutil.which("curl") is None, reason="runs the example with curl")
def test_the_example_of_the_documents_works(server: Running, tmp_path: Path) -> None:
    text = (Path(__file__).parents[3] / "docs" / "server.md").read_text("utf-8")
    lines = text[text.index("    server=http") : text.index("`GET $job` tells")]
    script = textwrap.dedent(lines).replace("http://127.0.0.1:7000", server.address.rstrip("/"))
    for name in ("photo.jpg", "another.jpg"):
        shutil.copy(CAT, tmp_path / name)
    done = subprocess.run(["sh", "-ec", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "event: done" in done.stdout
    assert (tmp_path / "cutout.png").read_bytes() == server.cut(CAT, crop="true").content
    with zipfile.ZipFile(tmp_path / "cutouts.zip") as archive:
        assert archive.namelist() == ["001.png", "002.png"]
    assert look(server, json.loads((tmp_path / "job.json").read_text("utf-8"))).status_code == 404
