"""Whether subjects that touch are parted where they are two, and one body never: `python -m bench subjects`.

Subjects of known masks stand side by side, the one before the other, so that it is known whose each pixel is. The even
ones of each set may be tuned on; measured is on the odd ones. `--minutes N` stops after so many; the next run goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np

from bench.kept import Kept, Numbers
from bench.mattes import IGNORED, photo_of, samples
from bench.processes import apart, say
from bench.tables import Table
from feathercut.evaluate.reading import read_alpha
from feathercut.evaluate.synthetic.scenes import render
from feathercut.kernels.resample import resize
from feathercut.kernels.subjects import find_subjects
from feathercut.pictures import FloatArray

_MASKS = ("people", "ecssd", "pets", "alphamatting", "comp1k")
_DRAWN = ("fur", "hair")
_SEEDS = range(400, 424)
_SEVERAL = {
    "ecssd": {"0221", "0271", "0481", "0611", "0681", "0721", "0751", "0791", "0871"},
    "comp1k": {"fm_affe2a0_6"},
}
"""Photos that show several already."""
_TALL = 300
_MARGIN = 10
_HIDDEN = (0.05, 0.2, 0.4)
"""Of the narrower one's width, behind the other."""
_KINDS = (*((2, hidden) for hidden in _HIDDEN), (3, _HIDDEN[1]))
_PAIRS, _TRIPLES = 40, 15
_OWN = 0.9
"""What of the pixels must be their own subject's for a scene to be parted rightly."""

Piece = tuple[FloatArray, FloatArray]
"""A subject's colours and its alpha, cut to its box."""


@dataclass(frozen=True, eq=False)
class _Scene:
    rgb: FloatArray
    alpha: FloatArray
    seen: FloatArray
    """What shows of each subject, n×H×W."""


def table(minutes: float | None = None) -> Table:
    """Each set: pairs and triples parted rightly, and bodies that were cut.

    Raises BenchError where the sets are not there, and when `minutes` are over before all were looked at.
    """
    return apart(_table, minutes)


def _table(minutes: float | None) -> Table:
    kept = Kept("subjects", minutes)
    rows: list[tuple[str, ...]] = []
    totals = np.zeros((len(_KINDS), 3), int)
    bodies = np.zeros(2, int)
    for name in (*_MASKS, *_DRAWN):
        say(f"{name}: subjects that touch")
        pieces = _of(name)[1::2]
        cells, own = [], []
        for at, (count, share) in enumerate(_KINDS):
            found = kept.numbers(f"{name}-{count}-{share:g}", partial(_judged, pieces, count, share))["scenes"]
            totals[at] += int(found["right"]), int(found["too many"]), int(found["all"])
            own.append((found["own"], found["right"]))
            cells.append(
                f"{found['right']:.0f}/{found['all']:.0f}"
                + (f", {found['too many']:.0f} in more" if found["too many"] else "")
            )
        cut = int(kept.numbers(f"{name}-bodies", partial(_bodies_cut, pieces))["bodies"]["cut"])
        bodies += cut, len(pieces)
        mean = sum(share for share, _ in own) / max(sum(right for _, right in own), 1)
        rows.append((f"{name} ({len(pieces)})", *cells, f"{mean:.3f}", f"{cut}"))
    sums = [f"{right}/{count}, {many} in more" for right, many, count in totals]
    rows.append(("all", *sums, "", f"{bodies[0]} of {bodies[1]}"))
    pairs = [f"pairs, {share:.0%} hidden" for share in _HIDDEN]
    return Table(
        "Subjects that touch, put together from known masks",
        ("subjects", *pairs, f"threes, {_HIDDEN[1]:.0%} hidden", "own pixels", "bodies cut"),
        rows,
        [
            "Of each set every second subject, beginning with the second; thresholds may be set on the others. Rightly "
            f"parted: as many as there are, {_OWN:.0%} of the pixels with their own. Own pixels: the mean where there "
            "are as many as found."
        ],
    )


def _judged(pieces: Sequence[Piece], count: int, share: float) -> Numbers:
    """How many scenes of a kind are parted rightly, into too many, and in all; `own` sums the shares of the right."""
    shares: list[float] = []
    judged = [_parted(scene, shares) for scene in _scenes(pieces, count, share)]
    counts = {"right": judged.count("right"), "too many": judged.count("too many"), "all": len(judged)}
    return {"scenes": {**{name: float(number) for name, number in counts.items()}, "own": float(sum(shares))}}


def _bodies_cut(pieces: Sequence[Piece]) -> Numbers:
    """How many single subjects are taken for several."""
    return {"bodies": {"cut": float(sum(len(find_subjects(alpha, rgb).each) > 1 for rgb, alpha in pieces))}}


def _of(name: str) -> list[Piece]:
    """The single subjects of a set, in its order."""
    if name in _DRAWN:
        scenes = (render(seed, name, (384, 512)) for seed in _SEEDS)  # type: ignore[arg-type]
        return [_cut_to_box(scene.foreground, scene.alpha) for scene in scenes]
    pieces = []
    for sample in samples(name):
        if sample.id in _SEVERAL.get(name, ()):
            continue
        photo = photo_of(sample)
        truth = read_alpha(sample.alpha, photo.size)
        alpha = truth / np.float32(np.iinfo(truth.dtype).max)
        if name in IGNORED:
            alpha = (truth > IGNORED[name]).astype(np.float32)
        pieces.append(_cut_to_box(photo.rgb, np.asarray(alpha, np.float32)))
    return pieces


def _cut_to_box(rgb: FloatArray, alpha: FloatArray) -> Piece:
    rows, columns = (np.flatnonzero((alpha > 0.1).any(axis=axis)) for axis in (1, 0))
    window = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    return _scaled((rgb[window], alpha[window]), _TALL / (rows[-1] + 1 - rows[0]))


def _scaled(piece: Piece, factor: float) -> Piece:
    height, width = piece[1].shape
    size = max(8, round(height * factor)), max(4, round(width * factor))
    rgb, alpha = (np.clip(resize(part, size, "bilinear"), 0, 1) for part in piece)
    return rgb, alpha


def _scenes(pieces: Sequence[Piece], count: int, hidden: float) -> Iterable[_Scene]:
    random = np.random.default_rng(7)
    for _ in range(_PAIRS if count == 2 else _TRIPLES):
        chosen = [pieces[at] for at in random.permutation(len(pieces))[:count]]
        if len(chosen) == count:
            yield _side_by_side([_scaled(one, random.uniform(0.85, 1)) for one in chosen], hidden, random)


def _side_by_side(pieces: Sequence[Piece], hidden: float, random: np.random.Generator) -> _Scene:
    """Subjects on one ground, in a row, each overlapping the next; who is in front is chance."""
    lefts = [_MARGIN]
    for (_, one), (_, other) in pairwise(pieces):
        lefts.append(lefts[-1] + one.shape[1] - round(min(one.shape[1], other.shape[1]) * hidden))
    rights = [left + alpha.shape[1] for left, (_, alpha) in zip(lefts, pieces, strict=True)]
    height = max(alpha.shape[0] for _, alpha in pieces) + 2 * _MARGIN
    rgb = np.full((height, max(rights) + _MARGIN, 3), 0.5, np.float32)
    seen = np.zeros((len(pieces), *rgb.shape[:2]), np.float32)
    for at in random.permutation(len(pieces)):
        colours, alpha = pieces[at]
        window = slice(height - _MARGIN - alpha.shape[0], height - _MARGIN), slice(lefts[at], rights[at])
        seen[(slice(None), *window)] *= 1 - alpha
        seen[(at, *window)] = alpha
        rgb[window] += alpha[..., None] * (colours - rgb[window])
    return _Scene(rgb, np.minimum(seen.sum(axis=0), 1), seen)


def _parted(scene: _Scene, shares: list[float]) -> str:
    """`right`, `too many` or `too few`; adds the share of pixels that are their own subject's, where it is right."""
    found = find_subjects(scene.alpha, scene.rgb)
    if len(found.each) != len(scene.seen):
        return "too few" if len(found.each) < len(scene.seen) else "too many"
    height, width = scene.alpha.shape
    labels = found.labels.repeat(found.cell, axis=0).repeat(found.cell, axis=1)[:height, :width]
    is_seen = scene.alpha > 0.5
    counts = np.zeros((len(found.each) + 1, len(scene.seen)))
    np.add.at(counts, (labels[is_seen], scene.seen.argmax(axis=0)[is_seen]), 1)
    share = float(counts.max(axis=1).sum() / counts.sum())
    if share < _OWN:
        return "too few"
    shares.append(share)
    return "right"
