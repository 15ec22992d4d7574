"""Scenes as a set on disk, in the layout that `feathercut evaluate` reads.

images/<id>.png      the photograph, 8 bits
alpha/<id>.png       16 bits
trimap/<id>.png      0 background, 128 unknown, 255 foreground
foreground/<id>.png  the subject's own colours, 8 bits; where alpha is 0, those of what is near
background/<id>.png  8 bits
kinds.json           {id: kind}
set.json             generator, version, size, photos behind
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from feathercut import files
from feathercut.errors import OutputError
from feathercut.evaluate.synthetic.backgrounds import photographs
from feathercut.evaluate.synthetic.scenes import SIZE_HW, Scene, render
from feathercut.evaluate.synthetic.seeds import KINDS, VERSION, Kind
from feathercut.pictures import FloatArray, Size

Progress = Callable[[str, int, int], None]
"""Told (id, scenes done, scenes in all)."""
FOLDERS = ("background", "foreground", "trimap", "alpha", "images")
"""In the order in which they are written: a photograph in `images` says that its scene is whole."""


def write_set(
    folder: Path,
    seeds: Sequence[int],
    kinds: Sequence[Kind] = KINDS,
    size_hw: Size = SIZE_HW,
    photos: Sequence[Path] | None = None,
    progress: Progress | None = None,
) -> list[str]:
    """Renders every kind for every seed into a folder and gives their ids; scenes that are whole are kept.

    Raises OutputError where the folder holds a set of another version, size or photos; OptionError.
    """
    behind = list(photos) if photos else photographs()
    _claim(folder, size_hw, behind)
    listed: dict[str, str] = _read(folder / "kinds.json")
    report = progress or _no_progress
    scenes: list[tuple[int, Kind]] = [(seed, kind) for seed in seeds for kind in kinds]
    for done, (seed, kind) in enumerate(scenes):
        name = identifier(seed, kind)
        report(name, done, len(scenes))
        if name not in listed or not (folder / "images" / f"{name}.png").is_file():
            _write_scene(folder, name, render(seed, kind, size_hw, behind))
            listed[name] = kind
            _write_json(folder / "kinds.json", dict(sorted(listed.items())))
        report(name, done + 1, len(scenes))
    return [identifier(seed, kind) for seed, kind in scenes]


def _no_progress(name: str, done: int, total: int) -> None:
    """Tells nobody."""


def identifier(seed: int, kind: Kind) -> str:
    """A scene's name.

    >>> identifier(3, "hair")
    'hair-000003'
    """
    return f"{kind}-{seed:06}"


def trimap(alpha: FloatArray) -> NDArray[np.uint8]:
    """0, 128, 255: unknown is what is neither 0 nor 1, grown by a 256th of the shorter side."""
    unknown = (alpha > 0) & (alpha < 1)
    radius = max(1, round(min(alpha.shape) / 256))
    for axis in (0, 1):
        unknown = _grown(unknown, radius, axis)
    return np.where(unknown, 128, np.where(alpha > 0.5, 255, 0)).astype(np.uint8)


def _grown(mask: NDArray[np.bool_], radius: int, axis: int) -> NDArray[np.bool_]:
    moved = np.moveaxis(mask, axis, 0)
    result = moved.copy()
    for step in range(1, radius + 1):
        result[step:] |= moved[:-step]
        result[:-step] |= moved[step:]
    return np.moveaxis(result, 0, axis)


def _write_scene(folder: Path, name: str, scene: Scene) -> None:
    pictures: dict[str, NDArray[np.uint8] | NDArray[np.uint16]] = {
        "background": _bytes(scene.background),
        "foreground": _bytes(scene.foreground),
        "trimap": trimap(scene.alpha),
        "alpha": np.round(scene.alpha * np.float32(65535)).astype(np.uint16),
        "images": _bytes(scene.rgb),
    }
    for where in FOLDERS:
        files.make_folder(folder / where)
        files.write(folder / where / f"{name}.png", _png(pictures[where]), overwrite=True)


def _bytes(rgb: FloatArray) -> NDArray[np.uint8]:
    return np.round(rgb * np.float32(255)).astype(np.uint8)


def _png(array: NDArray[np.uint8] | NDArray[np.uint16]) -> bytes:
    from PIL import Image  # deferred: importing the package must not load Pillow

    stream = io.BytesIO()
    Image.fromarray(array).save(stream, "PNG", compress_level=4)
    return stream.getvalue()


def _claim(folder: Path, size_hw: Size, photos: Sequence[Path]) -> None:
    """Writes `set.json`, or sees that the one which is there says the same."""
    wanted = {
        "generator": "feathercut synthetic",
        "version": VERSION,
        "size": [size_hw[1], size_hw[0]],
        "photos": {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in photos},
    }
    note = folder / "set.json"
    if note.is_file():
        found = _read(note)
        for key, value in wanted.items():
            if found.get(key) != value:
                raise OutputError(
                    f"{folder} holds a set whose {key} is {found.get(key)}, not {value}; choose another folder"
                )
        return
    files.make_folder(folder)
    _write_json(note, wanted)


def _read(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        value = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise OutputError(f"{path} cannot be read: {error}. Remove it, and what it lists is rendered anew") from error
    return value if isinstance(value, dict) else {}


def _write_json(path: Path, value: object) -> None:
    files.write(path, (json.dumps(value, indent=1) + "\n").encode(), overwrite=True)
