"""`python scripts/quantise.py ID COUNT:FOLDER...`: measures a network, for `models/quantised/<id>.json`.

COUNT photos are taken of each folder, evenly spaced by name. The same photos give the same file.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from feathercut.models.catalogue import find
from feathercut.models.folded import folded
from feathercut.models.quantisation import path_of
from feathercut.models.ranges import RECIPES, measured
from feathercut.models.spec import Record
from feathercut.models.weights import locate
from feathercut.options import Options
from feathercut.pictures import FloatArray
from feathercut.settings import Settings
from feathercut.sources import load
from feathercut.steps.predict import normalise, place


def main(model_id: str, *wanted: str) -> None:
    settings = Settings.read()
    record = find(model_id)
    photos = [photo for one in wanted for photo in _chosen(*one.split(":", 1))]
    rule = ", ".join(f"{one.split(':')[0]} of {Path(one.split(':')[1]).name}" for one in wanted)
    with TemporaryDirectory() as folder:
        path = folded(locate(record, settings), record, record.input.size, Path(folder))
        inputs = [_input(photo, record) for photo in photos]
        said = f"{rule}, evenly spaced by name"
        data = measured(path, inputs, RECIPES[model_id], Path(folder), model_id=model_id, photos=said)
    rows = ",\n".join(json.dumps(layer.model_dump(mode="json", exclude_defaults=True)) for layer in data.layers)
    head = json.dumps({**data.model_dump(mode="json"), "layers": []}, indent=1).replace("[]", f"[\n{rows}\n]")
    path_of(model_id).write_text(f"{head}\n", "utf-8")


def _chosen(count: str, folder: str) -> list[Path]:
    found = sorted(path for path in Path(folder).iterdir() if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
    return [found[place * len(found) // int(count)] for place in range(int(count))]


def _input(photo: Path, record: Record) -> FloatArray:
    canvas, _ = place(load(photo, Options()).frames[0], record.input.size, record.input)
    return normalise(canvas, record.input)


if __name__ == "__main__":
    main(*sys.argv[1:])
