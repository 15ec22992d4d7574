"""How good a network of 320×320 could be on photos of people: `python -m bench.ceilings`, kept as it goes on.

The truth itself, made as small as the network sees and enlarged again, beside what the networks answer: alone, enlarged
plainly or with edges that follow the photo's, and fused. At the end: how well two networks agree
that learned from different photos, and how much of what is wrong both say.
"""

from __future__ import annotations

import json
import statistics
import sys

import numpy as np

from bench.answers import ask, networks
from bench.places import BENCH, ROOT
from bench.processes import say
from feathercut.kernels.resample import resize, shrink
from feathercut.loading import Loaded
from feathercut.options import Network, Options
from feathercut.pictures import FloatArray, Image, Prediction
from feathercut.steps.refine import refine
from feathercut.train.data import Pair, Pairs

_SHARED = ROOT.parent / "shared" / "bench" / "people"
_KEPT = BENCH / "finetune" / "ceilings.json"
_SIDE = 320
_PLAIN = Options()
_BOTH = "of both"
_HALF = 0.5


def main() -> int:
    """Prints IoU and MAE of each, and the lowest IoU of five photos."""
    large, small = networks(Network(precision="fp32"))
    pairs = Pairs.open(_SHARED)
    known: dict[str, dict[str, list[float]]] = json.loads(_KEPT.read_text("utf-8")) if _KEPT.is_file() else {}
    for number in range(len(pairs)):
        if _BOTH not in known.get(str(number), {}):
            say(f"photo {number + 1} of {len(pairs)}")
            known[str(number)] = _photo(pairs[number], small, large)
            _KEPT.parent.mkdir(parents=True, exist_ok=True)
            _KEPT.write_text(json.dumps(known), "utf-8")
    for name in (name for name in known["0"] if name != _BOTH):
        rows = [one[name] for one in known.values()]
        lowest = ", ".join(f"{iou:.3f}" for iou in sorted(iou for iou, _ in rows)[:5])
        print(f"{name:16} {len(rows)} photos  IoU {statistics.fmean(iou for iou, _ in rows):.4f}", end="  ")
        print(f"MAE {statistics.fmean(mae for _, mae in rows):.4f}  lowest IoU {lowest}")
    shares = [one[_BOTH][0] for one in known.values()]
    print(f"Of what one network or the other says against the truth both say {statistics.fmean(shares):.2f}")
    return 0


def _photo(pair: Pair, small: Loaded, large: Loaded) -> dict[str, list[float]]:
    photo, truth = Image(pair.pixels), pair.alpha[0]
    reduced = np.clip(shrink(np.ascontiguousarray(truth[..., None]), (_SIDE, _SIDE), "box"), 0, 1)[..., 0]
    said = Prediction(np.ascontiguousarray(reduced, np.float32), (0, 0, _SIDE, _SIDE), small.record.id)
    [first], [second] = (ask(photo, [one]) for one in (small, large))

    def followed(*predictions: Prediction) -> FloatArray:
        return refine(photo, predictions, _PLAIN).alpha

    def plain(prediction: Prediction) -> FloatArray:
        return np.clip(resize(prediction.shown, photo.size, "bilinear"), 0, 1)

    mattes = {
        "truth plain": plain(said), "truth edges": followed(said), "u2netp plain": plain(first),
        "u2netp edges": followed(first), "isnet edges": followed(second), "fused": followed(second, first),
    }  # fmt: skip
    compared = {name: (alpha, truth) for name, alpha in mattes.items()}
    compared["u2netp of isnet"] = mattes["u2netp edges"], mattes["isnet edges"]
    found = {name: [_overlap(one, other), float(np.abs(one - other).mean())] for name, (one, other) in compared.items()}
    wrong = [(mattes[f"{name} edges"] > _HALF) != (truth > _HALF) for name in ("u2netp", "isnet")]
    return {**found, _BOTH: [int((wrong[0] & wrong[1]).sum()) / max(1, int((wrong[0] | wrong[1]).sum()))]}


def _overlap(matte: FloatArray, truth: FloatArray) -> float:
    ours, theirs = matte > _HALF, truth > _HALF
    return int(np.count_nonzero(ours & theirs)) / max(1, int(np.count_nonzero(ours | theirs)))


if __name__ == "__main__":
    sys.exit(main())
