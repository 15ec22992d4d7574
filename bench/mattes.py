"""Our default mattes beside rembg's way with the same network: `python -m bench mattes`.

The photos are those of `../shared/bench`; rembg's numbers are read from its `baseline.md`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.answers import ask, networks
from bench.places import BENCH, ROOT
from bench.processes import BenchError, apart, say
from bench.tables import Table, verdict
from feathercut.evaluate.run import Evaluation, compared, measure
from feathercut.evaluate.samples import Sample, read_set
from feathercut.evaluate.summary import Row
from feathercut.kernels.quantise import quantise
from feathercut.loading import Loaded
from feathercut.options import Network, Options
from feathercut.pictures import Image
from feathercut.pipeline import cut_out
from feathercut.sources import load

SHARED = ROOT.parent / "shared" / "bench"
SOFT = ("alphamatting", "hairfur-pseudo", "products", "portraits")
MASKS = ("ecssd", "people", "pets")
IGNORED = {"pets": 128}
"""Levels of the truth that say nothing, by set."""

MATTE_ONLY = Options(decontaminate=0)
"""Colours are not looked at, and alpha is the same."""

_FOLDER = BENCH / "mattes"
_NUMBER = r"\d+(?:\.\d+)?"


@dataclass(frozen=True)
class Claim:
    """One number of some sets together: at most `limit` of rembg's, or better than rembg's where it is None."""

    sets: tuple[str, ...]
    key: str
    statistic: str
    limit: float | None


CLAIMS = (
    Claim(("alphamatting",), "sad", "median", 0.28),
    Claim(("alphamatting",), "sad", "mean", 0.60),
    Claim(("alphamatting",), "band_mse", "mean", 0.70),
    Claim(("alphamatting",), "grad", "mean", 0.80),
    Claim(("hairfur-pseudo",), "sad", "mean", 0.80),
    Claim(("hairfur-pseudo",), "grad", "mean", 0.95),
    Claim(("products", "portraits"), "sad", "mean", 0.88),
    Claim(("products", "portraits"), "grad", "mean", 1.0),
    *(
        Claim((name,), key, "mean", limit)
        for name, most in (("ecssd", 0.86), ("people", 0.92), ("pets", 0.65))
        for key, limit in (("mae", most), ("weighted_f", None), ("s", None))
    ),
)
_NAMES = {
    "sad": ("SAD", 2),
    "band_mse": ("band MSE", 1),
    "grad": ("Grad", 2),
    "mae": ("MAE", 4),
    "weighted_f": ("weighted F", 3),
    "s": ("S-measure", 3),
}


def table() -> Table:
    """Each claim, met or missed. Raises BenchError where the sets are not there."""
    return apart(_table, read_baseline())


def _table(baseline: Mapping[tuple[str, str], float]) -> Table:
    loaded = networks(Network())
    evaluations = {name: evaluated(name, loaded, _FOLDER) for name in (*SOFT, *MASKS)}
    rows, met = [], 0
    for claim in CLAIMS:
        ours = _ours(claim, [evaluations[name] for name in claim.sets])
        theirs = _theirs(claim, baseline)
        title, digits = _NAMES[claim.key]
        if claim.limit is None:
            is_met, wanted = ours > theirs, "better"
        else:
            is_met, wanted = ours <= claim.limit * theirs, f"at most {claim.limit:g}"
        met += is_met
        share = f"{ours / theirs:.3f}"
        number = f"{title}, {claim.statistic}"
        shown = (f"{value:.{digits}f}" for value in (ours, theirs))
        rows.append((" + ".join(claim.sets), number, *shown, share, f"{wanted}: {verdict(is_met)}"))
    counts = ", ".join(f"{len(found.rows)} of {name}" for name, found in evaluations.items())
    notes = [
        f"{met} of {len(rows)} met. Default settings, no trimap; photos: {counts}. SAD and Grad / 1000, MSE × 1000. "
        "rembg's are those of `../shared/bench/baseline.md`, rounded as they are there: its arithmetic with the same "
        "IS-Net, whose answer it stretches from its minimum to its maximum.",
    ]
    figures: dict[str, object] = {
        name: {key: [one.mean, one.median] for key, one in found.summary.items()} for name, found in evaluations.items()
    }
    header = ("set", "number", "Feathercut", "rembg", "of rembg's", "limit")
    return Table("Mattes beside rembg's from the same network", header, rows, notes, figures)


def samples(name: str) -> list[Sample]:
    """The photos of a set. Raises BenchError where it is not there."""
    if not (SHARED / name).is_dir():
        raise BenchError(f"there is no {name} in ../shared/bench, beside the repository")
    return read_set(SHARED / name)


def photo_of(sample: Sample) -> Image:
    """A sample's photo."""
    return load(sample.image, MATTE_ONLY).frames[0]


def read_baseline() -> Mapping[tuple[str, str], float]:
    """rembg's numbers with IS-Net by set and column; medians under `<column> median`. Raises BenchError."""
    path = SHARED / "baseline.md"
    if not path.is_file():
        raise BenchError("there is no ../shared/bench/baseline.md, beside the repository, to compare with")
    lines = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in path.read_text("utf-8").splitlines()
        if line.startswith("|")
    ]
    header = [re.sub(r" (mean )?\(median\)$", "", cell) for cell in lines[0]]
    found = {}
    for cells in lines[1:]:
        if cells[0] != "isnet":
            continue
        for column, cell in zip(header[2:], cells[2:], strict=True):
            numbers = re.findall(_NUMBER, cell)
            for name, number in zip((column, f"{column} median"), numbers, strict=False):
                found[cells[1], name] = float(number)
    return found


def evaluated(name: str, loaded: Sequence[Loaded], kept_in: Path, photos: Sequence[Sample] | None = None) -> Evaluation:
    """The scores of our default mattes on a set, or some `photos` of it, written with 8 bits and read again."""
    from PIL import Image as Pillow

    folder = kept_in / name
    folder.mkdir(parents=True, exist_ok=True)
    if photos is None:
        photos = samples(name)
        say(f"{name}: cutting out {len(photos)} photos")
    for sample in photos:
        cutout = cut_out(photo_of(sample), lambda photo, _: ask(photo, loaded), MATTE_ONLY)
        Pillow.fromarray(quantise(None, cutout.alpha, 8)).save(folder / f"{sample.id}.png")
    found = measure(
        compared(photos, folder),
        set_name=name,
        title="default",
        is_soft=name in SOFT,
        ignore=IGNORED.get(name),
        heard=lambda *_: None,
    )
    if found.failed:
        raise BenchError(f"{name}: {next(iter(found.failed.values()))}")
    return found


def _ours(claim: Claim, evaluations: Sequence[Evaluation]) -> float:
    if claim.statistic == "median":
        (only,) = evaluations
        return only.summary[claim.key].median
    rows: list[Row] = [row for one in evaluations for row in one.rows]
    return sum(row.values[claim.key] for row in rows) / len(rows)


def _theirs(claim: Claim, baseline: Mapping[tuple[str, str], float]) -> float:
    """rembg's number; of several sets the mean over all of their photos."""
    column = {"sad": "SAD", "band_mse": "band MSE", "grad": "Grad", "mae": "MAE", "weighted_f": "wF", "s": "S"}[
        claim.key
    ]
    if claim.statistic == "median":
        column = f"{column} median"
    try:
        several = [(baseline[name, column], baseline[name, "n"]) for name in claim.sets]
    except KeyError as error:
        raise BenchError(f"../shared/bench/baseline.md says nothing of {error}") from error
    return sum(value * count for value, count in several) / sum(count for _, count in several)
