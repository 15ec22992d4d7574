"""How good a network of 320×320 could be on photos of people: `python -m bench.ceilings`, kept as it goes on.

The truth itself, made as small as the network sees and enlarged again, beside what the networks answer: alone, enlarged
plainly or with edges that follow the photo's, and fused. The last row has no truth in it: how well
two networks agree that learned from different photos.
"""

from __future__ import annotations

import json
import statistics
import sys

import numpy as np

from bench.places import BENCH, ROOT
from bench.processes import say
from feathercut.kernels.resample import resize, shrink
from feathercut.loading import Loaded, load_engine
from feathercut.models.catalogue import find
from feathercut.models.weights import locate
from feathercut.options import Network, Options
from feathercut.pictures import FloatArray, Image, Prediction
from feathercut.settings import Settings
from feathercut.steps.predict import predict
from feathercut.steps.refine import refine
from feathercut.train.data import Pair, Pairs

_SHARED = ROOT.parent / "shared" / "bench" / "people"
_KEPT = BENCH / "finetune" / "ceilings.json"
_SIDE = 320
_PLAIN = Options()
_AGREEMENT = "u2netp of isnet"


def main() -> int:
    """Prints IoU and MAE of each, and the lowest IoU of five photos."""
    settings = Settings.read()
    networks = [_alone(name, settings) for name in ("u2netp", "isnet-general")]
    pairs = Pairs.open(_SHARED)
    known: dict[str, dict[str, tuple[float, float]]] = json.loads(_KEPT.read_text("utf-8")) if _KEPT.is_file() else {}
    for number in range(len(pairs)):
        if _AGREEMENT not in known.get(str(number), {}):
            say(f"photo {number + 1} of {len(pairs)}")
            known[str(number)] = _photo(pairs[number], *networks)
            _KEPT.parent.mkdir(parents=True, exist_ok=True)
            _KEPT.write_text(json.dumps(known), "utf-8")
    for name in known["0"]:
        rows = [one[name] for one in known.values()]
        lowest = ", ".join(f"{iou:.3f}" for iou in sorted(iou for iou, _ in rows)[:5])
        print(f"{name:16} {len(rows)} photos  IoU {statistics.fmean(iou for iou, _ in rows):.4f}", end="  ")
        print(f"MAE {statistics.fmean(mae for _, mae in rows):.4f}  lowest IoU {lowest}")
    return 0


def _alone(name: str, settings: Settings) -> Loaded:
    record = find(name)
    asked = Network(model=name, quality="fast", precision="fp32")
    return load_engine(asked, record, record.input.size, locate(record, settings), settings)


def _photo(pair: Pair, small: Loaded, large: Loaded) -> dict[str, tuple[float, float]]:
    photo, truth = Image(pair.pixels), pair.alpha[0]
    reduced = np.clip(shrink(np.ascontiguousarray(truth[..., None]), (_SIDE, _SIDE), "box"), 0, 1)[..., 0]
    said = Prediction(np.ascontiguousarray(reduced, np.float32), (0, 0, _SIDE, _SIDE), small.record.id)
    first, second = (predict(photo, one.record, one.engine) for one in (small, large))

    def followed(*predictions: Prediction) -> FloatArray:
        return refine(photo, predictions, _PLAIN).alpha

    def plain(prediction: Prediction) -> FloatArray:
        return np.clip(resize(prediction.shown, photo.size, "bilinear"), 0, 1)

    mattes = {
        "truth plain": plain(said), "truth edges": followed(said), "u2netp plain": plain(first),
        "u2netp edges": followed(first), "isnet edges": followed(second), "fused": followed(second, first),
    }  # fmt: skip
    compared = {name: (alpha, truth) for name, alpha in mattes.items()}
    compared[_AGREEMENT] = mattes["u2netp edges"], mattes["isnet edges"]
    return {name: (_overlap(one, other), float(np.abs(one - other).mean())) for name, (one, other) in compared.items()}


def _overlap(matte: FloatArray, truth: FloatArray) -> float:
    ours, theirs = matte > 0.5, truth > 0.5
    return int(np.count_nonzero(ours & theirs)) / max(1, int(np.count_nonzero(ours | theirs)))


if __name__ == "__main__":
    sys.exit(main())
