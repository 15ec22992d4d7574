"""The networks of the page: files that a browser runs, made once from the verified weights, and their manifest."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from feathercut.models import cache, hashes
from feathercut.models.catalogue import find
from feathercut.models.compiled import Kept
from feathercut.models.precision import holds
from feathercut.models.quantisation import path_of, read_quantisation
from feathercut.models.sources import Progress
from feathercut.models.spec import Record
from feathercut.models.weights import locate
from feathercut.settings import Settings

MANIFEST_VERSION = 1
"""What `web/src/models/manifest.ts` reads."""

_FIRST, _FINAL = "u2netp", "isnet-general"


@dataclass(frozen=True)
class Wanted:
    """One network of the page: `provider` is who runs it, `has_depths` says that it answers at each depth too."""

    id: str
    precision: Kept
    provider: str
    has_depths: bool = False


_WANTED = (
    Wanted(_FIRST, "int8", "wasm"),
    Wanted(_FINAL, "int8", "wasm"),
    # The same file draws on a GPU and explains itself: it is small, and the further answers cost it nothing.
    Wanted(_FIRST, "fp32", "webgpu", has_depths=True),
    Wanted(_FINAL, "fp32", "webgpu"),
)


def prepare_weights(
    settings: Settings, progress: Progress | None = None, *, small: bool = False, final: str = _FINAL
) -> dict[str, Path]:
    """The files below the page's address by their path there: `weights/manifest.json` and what it names.

    Weights are fetched where they are not at hand, as a run does; what is made of them lies in the cache. `small`
    leaves the page with U²-Net-p, `final` is the network that draws the last cutout. Raises WeightsError, NetworkError
    or CacheError.
    """
    files: dict[str, Path] = {}
    networks: list[dict[str, object]] = []
    for wanted in _wanted(final, settings):
        if small and wanted.id != _FIRST:
            continue
        record = find(wanted.id, settings.models)
        path = _made(wanted, record, locate(record, settings, progress=progress), settings)
        sha256 = hashes.fingerprint(path, settings)
        name = f"{wanted.id}-{wanted.precision}-{sha256[:12]}.onnx"
        files[f"weights/{name}"] = path
        networks.append(_row(wanted, record, name, path.stat().st_size, sha256))
    return {"weights/manifest.json": _manifest(networks, settings), **files}


def _wanted(final: str, settings: Settings) -> list[Wanted]:
    """The networks of a page; one of the user's own comes in the large one's place, in int8 where it has that."""
    if final == _FINAL:
        return list(_WANTED)
    first = [one for one in _WANTED if one.id == _FIRST]
    if final == _FIRST:
        return first
    record = find(final, settings.models)
    precision: Kept = "int8" if path_of(final, settings.models).is_file() and holds(record) else "fp32"
    return [*first, Wanted(final, precision, "wasm"), Wanted(final, "fp32", "webgpu")]


def _row(wanted: Wanted, record: Record, name: str, length: int, sha256: str) -> dict[str, object]:
    return {
        "id": wanted.id,
        "title": record.title,
        "precision": wanted.precision,
        "provider": wanted.provider,
        "file": name,
        "bytes": length,
        "sha256": sha256,
        "licence": record.licence.weights,
        "input": record.input.model_dump(mode="json"),
        "output": record.output.model_dump(mode="json"),
        "depths": list(record.depths) if wanted.has_depths else [],
        **({} if wanted.id in (_FIRST, _FINAL) else {"is_final": True}),
    }


def _made(wanted: Wanted, record: Record, weights: Path, settings: Settings) -> Path:
    """The browser's form of one network, made where it is not there yet."""
    import onnxruntime

    from feathercut.models.browser import BROWSER_VERSION, browser_form  # deferred: what is made is served without onnx

    data = read_quantisation(record.id, settings.models).digest if wanted.precision == "int8" else ""
    depths = record.depths if wanted.has_depths else ()
    key = f"{BROWSER_VERSION} {onnxruntime.__version__} {data} {depths} {record.input} {record.output}"
    mark = hashlib.sha256(f"{hashes.fingerprint(weights, settings)} {key}".encode()).hexdigest()[:12]
    target = settings.cache / "page" / f"{record.id}-{wanted.precision}-{mark}.onnx"
    if not cache.is_file(target):
        with cache.lock(settings, target.stem):
            if not target.is_file():
                with cache.workplace(settings, target.stem) as work, cache.writing(target):
                    made = browser_form(weights, record, wanted.precision, work, depths, settings.models)
                    target.parent.mkdir(exist_ok=True)
                    for older in target.parent.glob(f"{record.id}-{wanted.precision}-*.onnx"):
                        older.unlink(missing_ok=True)
                    made.replace(target)
    return target


def _manifest(networks: list[dict[str, object]], settings: Settings) -> Path:
    """The manifest's file, named by what it says: a page with the small network only has another."""
    text = json.dumps({"version": MANIFEST_VERSION, "networks": networks}, indent=1, ensure_ascii=False) + "\n"
    path = settings.cache / "page" / f"manifest-{hashlib.sha256(text.encode()).hexdigest()[:12]}.json"
    with cache.writing(path):
        path.write_text(text, "utf-8")
    return path
