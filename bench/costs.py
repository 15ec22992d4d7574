"""What the parts from photo to matte cost, in terms of the network alone."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from bench.mattes import MATTE_ONLY, photo_of, samples
from bench.processes import say
from feathercut.loading import Loaded, load
from feathercut.options import Network
from feathercut.pictures import Image, Prediction
from feathercut.steps.closer import closer, drawn_closer
from feathercut.steps.predict import predict
from feathercut.steps.refine import refine
from feathercut.steps.select import select

_SETS = ("alphamatting", "hairfur-pseudo", "people")

Made = TypeVar("Made")
_NOTHING = MATTE_ONLY.model_copy(update={"edges": "network", "specks": 0})


def factors(times: int) -> dict[str, float]:
    """Costs of `alone` (1), `both` and `mirrored` networks with nothing behind them, of `closer`, `edges` and `specks`.

    Medians of `times` runs of each part in turn, a mean over the first photo of three sets.
    """
    loaded = load(Network(precision="fp32"))
    found: list[dict[str, float]] = []
    for name in _SETS:
        photo = photo_of(samples(name)[0])
        _once(photo, loaded)
        runs = [_once(photo, loaded) for _ in range(times)]
        medians = {part: statistics.median(run[part] for run in runs) for part in runs[0]}
        whole = medians["alone"]
        found.append({part: seconds / whole for part, seconds in medians.items()})
        say(f"cost of the parts, {name}: {', '.join(f'{part} {share:.3f}' for part, share in found[-1].items())}")
    for one in loaded:
        one.engine.close()
    return {part: statistics.mean(one[part] for one in found) for part in found[0]}


def _once(photo: Image, loaded: Sequence[Loaded]) -> dict[str, float]:
    """Seconds by part, each part run once."""
    network, other = loaded
    first, own = _timed(lambda: _answer(photo, network))
    second, fill = _timed(lambda: _answer(photo, other))
    _, nearer = _timed(lambda: closer(photo, first, second, other.record, other.engine))
    near, drawing = _timed(lambda: drawn_closer(photo, first, network.record, network.engine))
    twin, again = _timed(lambda: _answer(photo, network, is_mirrored=True))
    _, enlarging = _timed(lambda: refine(photo, [first], _NOTHING))
    matte, fusing = _timed(lambda: refine(photo, [first, second], _NOTHING))
    edged, edging = _timed(lambda: refine(photo, [first, second], MATTE_ONLY))
    _, joining = _timed(lambda: refine(photo, [first, twin, second], _NOTHING))
    _, merging = _timed(lambda: refine(photo, [first, near or twin, second], _NOTHING))
    _, plain = _timed(lambda: select(matte, _NOTHING))
    _, dropping = _timed(lambda: select(edged, MATTE_ONLY))
    return {
        "alone": own + enlarging + plain,
        "both": own + fill + fusing + plain,
        "mirrored": own + again + fill + joining + plain,
        "closer": nearer + drawing + max(0.0, merging - fusing),
        "edges": max(0.0, edging - fusing),
        "specks": max(0.0, dropping - plain),
    }


def _answer(photo: Image, one: Loaded, *, is_mirrored: bool = False) -> Prediction:
    return predict(photo, one.record, one.engine, one.network_size, is_mirrored=is_mirrored)


def _timed(work: Callable[[], Made]) -> tuple[Made, float]:
    started = time.perf_counter()
    made = work()
    return made, time.perf_counter() - started
