"""int8 beside float32 with the same network: `python -m bench precision [--minutes N]`.

How long a warm run takes, and how far the mattes of both are from the truth and from each other, on the
photos of `../shared/bench`. `--write` puts what was measured into the networks' records.
"""

from __future__ import annotations

import json
import re
import statistics
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np

from bench.answers import ask, networks
from bench.kept import Kept, Numbers
from bench.mattes import IGNORED, MATTE_ONLY, SHARED, photo_of, samples
from bench.places import ROOT
from bench.processes import apart, say
from bench.tables import Table, verdict
from feathercut.evaluate.arrays import Mask, Values, as_values
from feathercut.evaluate.reading import read_alpha
from feathercut.evaluate.samples import Sample
from feathercut.kernels.quantise import quantise
from feathercut.loading import Loaded, load
from feathercut.models.spec import Gate
from feathercut.options import Network, Precision
from feathercut.pictures import FloatArray, Image
from feathercut.pipeline import cut_out
from feathercut.sources import load as read_photos
from feathercut.steps.predict import predict

SETS = ("alphamatting", "hairfur-pseudo", "comp1k", "products", "portraits", "ecssd", "people", "pets")
MODELS = ("isnet-general", "u2netp")
_FORMS: tuple[Precision, ...] = ("fp32", "int8")
_SAD_SET = "alphamatting"
_MOST_TIME = 0.5
_MOST_APART = 0.03
_RECORDS = ROOT / "src" / "feathercut" / "models" / "records"


@dataclass(frozen=True)
class Against:
    """The distance from the truth in one precision, of a photo or as the means over a set."""

    mae: float
    iou: float
    sad: float


def table(times: int, *, writes: bool, minutes: float | None = None) -> Table:
    """Time and gates of each network, and of the default recipe of both.

    Raises BenchError where a set is missing, and when `minutes` are over before all photos were looked at.
    """
    return apart(_table, times, minutes, writes=writes)


def _table(times: int, minutes: float | None, *, writes: bool) -> Table:
    kept = Kept("precision", minutes)
    rows: list[tuple[str, str, str, str]] = []

    def found(row: tuple[str, str, str, str]) -> None:
        say(" | ".join(row))  # at once: all of it takes minutes
        rows.append(row)

    for recipe in (Network(quality="fast"), Network(), Network(model="u2netp", quality="fast")):
        title = f"{recipe.model}, {recipe.quality}"
        pair = [networks(recipe.model_copy(update={"precision": precision})) for precision in _FORMS]
        gates = {}
        for name in SETS:
            gates[name] = _gate(name, title, kept, *pair)
            found(_row(title, name, gates[name]))
        if writes and recipe.quality == "fast":
            _write(recipe.model, gates)
        found(_photos(title, kept, *pair))
    for model in MODELS:  # last: it begins anew each time
        found(_timed(model, times))
    notes = [
        f"Warm runs of the network alone, the two precisions in turn, medians of {times}. Gates: MAE at most 0.002 and "
        "IoU at most 0.006 worse (0.015 where there are fewer than 20 photos), alphamatting's SAD at most 1.03 times "
        f"float32's. Photos without truths: no matte further than {_MOST_APART} from float32's, on average over it.",
    ]
    return Table("int8 beside float32", ("network", "what", "number", "limit"), rows, notes)


def _timed(model: str, times: int) -> tuple[str, str, str, str]:
    """The warm time of both precisions in turn."""
    photo = photo_of(samples(SETS[0])[0])
    pair = [load(Network(model=model, quality="fast", precision=one))[0] for one in _FORMS]
    runs: list[list[float]] = [[], []]
    for _ in range(times + 1):
        for seconds, one in zip(runs, pair, strict=True):
            seconds.append(_seconds(photo, one))
    for one in pair:
        one.engine.close()
    whole, small = (statistics.median(seconds[1:]) for seconds in runs)
    share = small / whole
    number = f"{share:.3f} ({small:.3f} s of {whole:.3f} s)"
    return model, "warm time, of float32's", number, f"at most {_MOST_TIME}: {verdict(share <= _MOST_TIME)}"


class _Timing:
    """An engine that keeps how long the one it asks took."""

    def __init__(self, one: Loaded) -> None:
        self._engine = one.engine
        self.seconds = 0.0

    def run(self, inputs: dict[str, FloatArray]) -> dict[str, FloatArray]:
        started = time.perf_counter()
        outputs = self._engine.run(inputs)
        self.seconds = time.perf_counter() - started
        return outputs

    def close(self) -> None:
        """Nothing: whoever loaded the engine closes it."""


def _seconds(photo: Image, one: Loaded) -> float:
    engine = _Timing(one)
    predict(photo, one.record, engine, one.network_size)
    return engine.seconds


def _gate(name: str, title: str, kept: Kept, *pair: Sequence[Loaded]) -> Gate:
    say(f"{name}: both precisions")
    photos = samples(name)
    each = [kept.numbers(f"{title}-{name}-{sample.id}", partial(_judged, sample, name, *pair)) for sample in photos]
    whole, small = (
        Against(*(statistics.mean(numbers[form][part] for numbers in each) for part in ("mae", "iou", "sad")))
        for form in _FORMS
    )
    sad = round(small.sad / whole.sad, 4) if name == _SAD_SET else None
    return Gate(photos=len(photos), mae=round(small.mae - whole.mae, 5), iou=round(small.iou - whole.iou, 5), sad=sad)


def _judged(sample: Sample, name: str, *pair: Sequence[Loaded]) -> Numbers:
    """How far both mattes of a photo are from the truth."""
    photo, truth = photo_of(sample), read_alpha(sample.alpha)
    keep = truth != IGNORED.get(name, -1)
    return {
        form: asdict(_distance(as_values(_matte(photo, loaded)), as_values(truth), keep))
        for form, loaded in zip(_FORMS, pair, strict=True)
    }


def _distance(alpha: Values, truth: Values, keep: Mask) -> Against:
    """MAE, IoU at a half, and the sum of absolute differences."""
    error = np.abs(alpha - truth)[keep]
    ours, theirs = (alpha > 0.5) & keep, (truth > 0.5) & keep
    share = float((ours & theirs).sum() / max(1, (ours | theirs).sum()))
    return Against(float(error.mean()), share, float(error.sum()))


def _matte(photo: Image, loaded: Sequence[Loaded]) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8 | np.uint16]]:
    """The default matte as it is written, in bytes."""
    return quantise(None, cut_out(photo, lambda seen, _: ask(seen, loaded), MATTE_ONLY).alpha, 8)


def _row(title: str, name: str, gate: Gate) -> tuple[str, str, str, str]:
    sad = "" if gate.sad is None else f", SAD × {gate.sad:.3f}"
    return title, f"{name}, {gate.photos}", f"MAE {gate.mae:+.4f}, IoU {gate.iou:+.4f}{sad}", verdict(gate.holds)


def _photos(title: str, kept: Kept, *pair: Sequence[Loaded]) -> tuple[str, str, str, str]:
    """How far the mattes of both are apart on photos of which no truth is known."""
    paths = sorted(path for path in (SHARED / "photos" / "images").iterdir() if path.is_file())
    say(f"photos: both precisions of {len(paths)}")
    apart_by = {
        path.stem: kept.numbers(f"{title}-photos-{path.stem}", partial(_apart, path, *pair))["both"]["apart"]
        for path in paths
    }
    far = {name: value for name, value in apart_by.items() if value > _MOST_APART}
    worst = max(apart_by, key=lambda name: apart_by[name])
    number = f"mean {statistics.mean(apart_by.values()):.4f}, most {apart_by[worst]:.4f} ({worst})"
    named = ", ".join(f"{name} {value:.3f}" for name, value in far.items())
    return title, f"photos, {len(paths)}", number, f"none over {_MOST_APART}: {verdict(not far)} {named}".strip()


def _apart(path: Path, *pair: Sequence[Loaded]) -> Numbers:
    """How far both mattes of a photo are from each other, on average over it."""
    photo = read_photos(path, MATTE_ONLY).frames[0]
    whole, small = (as_values(_matte(photo, loaded)) for loaded in pair)
    return {"both": {"apart": float(np.abs(whole - small).mean())}}


def _write(model: str, gates: dict[str, Gate]) -> None:
    """Puts what was measured into a record, one line a set, and leaves the rest of the file as it is."""
    path = _RECORDS / f"{model}.json"
    lines = [f"    {json.dumps(name)}: {gate.model_dump_json(exclude_none=True)}" for name, gate in gates.items()]
    spaced = ",\n".join(lines).replace('":', '": ').replace(',"', ', "').replace('":  ', '": ')
    bare = re.sub(r'  "int8": \{\n.*?\n  \},\n', "", path.read_text("utf-8"), flags=re.DOTALL)
    path.write_text(bare.replace('  "files": [', f'  "int8": {{\n{spaced}\n  }},\n  "files": ['), "utf-8")
