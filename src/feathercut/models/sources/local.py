"""Weights that are on this machine already: the user's folder, rembg's folders, our cache."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from feathercut.errors import WeightsError
from feathercut.models import cache, hashes
from feathercut.models.spec import LocalSource, Record, UrlSource, WeightsFile
from feathercut.settings import Settings


def find(record: Record, files: tuple[WeightsFile, ...], settings: Settings, tried: list[str]) -> Path | None:
    """The first verified file among `files` that is here, or None; reasons are added to `tried`.

    Raises WeightsError where the user's folder holds a file of the right name with the wrong bytes:
    it was put there on purpose, so running something else instead would be a surprise.
    """
    return (
        _in_users_folder(record, files, settings, tried)
        or _in_rembg(files, settings, tried)
        or _in_cache(record, files, settings, tried)
    )


def cached_path(record: Record, file: WeightsFile, settings: Settings) -> Path:
    """Where our cache keeps a file of weights."""
    return settings.cache / "weights" / f"{record.id}-{file.precision}-{(file.sha256 or file.md5 or '')[:8]}.onnx"


def paths(record: Record, settings: Settings) -> Iterator[Path]:
    """Every file on this machine that `find` might look at."""
    names = _own_names(record)
    yield from (settings.models / name for name in names if settings.models)
    for file in record.files:
        for source in file.sources:
            if isinstance(source, LocalSource):
                yield from _rembg_paths(source.rembg, settings)
        yield cached_path(record, file, settings)


def published_names(files: tuple[WeightsFile, ...]) -> list[str]:
    """The names under which files of weights are published, without repetition."""
    names: list[str] = []
    for file in files:
        for source in file.sources:
            match source:
                case UrlSource(url=url):
                    names.append(url.partition("?")[0].rpartition("/")[2])
                case LocalSource(rembg=name):
                    names.append(name)
                case _:
                    pass
    return list(dict.fromkeys(names))


def _own_names(record: Record) -> list[str]:
    return list(dict.fromkeys([f"{record.id}.onnx", *published_names(record.files)]))


def _in_users_folder(
    record: Record, files: tuple[WeightsFile, ...], settings: Settings, tried: list[str]
) -> Path | None:
    if settings.models is None:
        tried.append("`FEATHERCUT_MODELS`: not set")
        return None
    names = _own_names(record)
    for path in (settings.models / name for name in names):
        if not cache.is_file(path):
            continue
        # Without a hash the record asks for no file in particular: what the user brings is what it means.
        if not record.files or any(hashes.fits(path, file, settings) for file in files):
            return path
        if any(hashes.fits(path, file, settings) for file in record.files):
            tried.append(f"{path}: another precision")
            continue
        raise WeightsError(
            f"{path}: not the published weights of `{record.id}`, its hash differs. Put the published file there, "
            "or give your own file another name and a record of that name"
        )
    tried.append(f"`FEATHERCUT_MODELS`: no {' or '.join(f'`{name}`' for name in names)} in {settings.models}")
    return None


def _in_rembg(files: tuple[WeightsFile, ...], settings: Settings, tried: list[str]) -> Path | None:
    for file in files:
        for source in file.sources:
            if not isinstance(source, LocalSource):
                continue
            paths = list(_rembg_paths(source.rembg, settings))
            for path in paths:
                if hashes.fits(path, file, settings):
                    return path
                tried.append(f"{path}: not the published file, its hash differs")
            if not paths:
                folders = ", ".join(map(str, settings.rembg_folders)) or "any, none was named"
                tried.append(f"rembg's folders: no `{source.rembg}` in {folders}")
    return None


def _rembg_paths(name: str, settings: Settings) -> Iterator[Path]:
    for folder in settings.rembg_folders:
        # Newer versions keep each model in a folder of its own.
        for path in (folder / name, *sorted(folder.glob(f"models/*/{name}"))):
            if cache.is_file(path):
                yield path


def _in_cache(record: Record, files: tuple[WeightsFile, ...], settings: Settings, tried: list[str]) -> Path | None:
    for file in files:
        path = cached_path(record, file, settings)
        if not cache.is_file(path):
            continue
        if hashes.fits(path, file, settings):
            return path
        tried.append(f"{path}: changed since it was downloaded")
    return None
