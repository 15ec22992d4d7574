"""What the networks answered, kept below `.bench/answers`, so that what follows them can be measured again and again.

An answer is found by the very numbers that its network was given, by the network's file and by the runtime: whatever
changes before the network changes the key, and nothing behind it is kept.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import numpy as np

from bench.places import BENCH
from feathercut.engines import Engine
from feathercut.errors import FeathercutError
from feathercut.loading import Loaded, load
from feathercut.models.hashes import fingerprint
from feathercut.models.quantisation import read_quantisation
from feathercut.models.weights import locate
from feathercut.options import Network
from feathercut.pictures import FloatArray, Image, Prediction
from feathercut.remover import answers
from feathercut.settings import Settings

_FOLDER = BENCH / "answers"
_LEVELS = 65535
"""Answers are kept in 16 bits between their lowest and their highest: 1/500 of what a written matte can show."""


class Remembering:
    """An engine that asks another one only what it was not asked before. `name` says which network that is."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine, self._name = engine, name

    def run(self, inputs: dict[str, FloatArray]) -> dict[str, FloatArray]:
        digest = hashlib.sha256(self._name.encode())
        for name, values in sorted(inputs.items()):
            digest.update(f"{name} {values.shape} {values.dtype}".encode())
            digest.update(values.tobytes())
        path = _FOLDER / f"{digest.hexdigest()[:32]}.npz"
        if (known := _read(path)) is not None:
            return known
        outputs = self._engine.run(inputs)
        _write(path, outputs)
        # Read back, so that the first run and all others measure the same.
        return _read(path) or outputs

    def close(self) -> None:
        self._engine.close()


def networks(network: Network) -> list[Loaded]:
    """The networks of a recipe, which remember. Raises FeathercutError as `load` does."""
    settings = Settings.read()
    found = []
    for one in load(network):
        weights = fingerprint(locate(one.record, settings), settings)
        form = f" int8 {read_quantisation(one.record.id).digest}" if one.precision == "int8" else ""
        engine = Remembering(one.engine, f"{one.record.id} {weights} {version('onnxruntime')}{form}")
        found.append(replace(one, engine=engine))
    return found


def ask(
    photo: Image, several: Sequence[Loaded], *, is_mirrored: bool = False, is_closer: bool = False
) -> tuple[Prediction, ...]:
    """What each network says of a photo; the first may be shown it mirrored too, all of them the subject from near."""
    several = [replace(one, is_closer=is_closer, is_mirrored=False) for one in several]
    return answers(photo, [replace(several[0], is_mirrored=is_mirrored), *several[1:]])


def _write(path: Path, outputs: Mapping[str, FloatArray]) -> None:
    kept: dict[str, FloatArray | np.ndarray[tuple[int, ...], np.dtype[np.uint16]]] = {}
    for name, values in outputs.items():
        low, high = float(values.min()), float(values.max())
        if not np.isfinite((low, high)).all():
            raise FeathercutError(f"{path}: the network's answer is not finite")
        kept[f"range {name}"] = np.array([low, high], np.float32)
        kept[f"levels {name}"] = np.round((values - low) / max(high - low, 1e-12) * _LEVELS).astype(np.uint16)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as stream:
        np.savez_compressed(stream, **kept)  # type: ignore[arg-type]
    part.replace(path)


def _read(path: Path) -> dict[str, FloatArray] | None:
    """The outputs by name; None where they are not there whole."""
    try:
        with np.load(path) as kept:
            names = [name.removeprefix("levels ") for name in kept if name.startswith("levels ")]
            found: dict[str, FloatArray] = {}
            for name in names:
                low, high = kept[f"range {name}"]
                found[name] = np.asarray(
                    kept[f"levels {name}"] * ((high - low) / np.float32(_LEVELS)) + low, np.float32
                )
            return found
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return None
