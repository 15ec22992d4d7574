"""Image → Prediction, once more: a photo of few pixels as a network sees it from afar.

Enlarged to a network's canvas, such a photo looks as a thing does from too near: it takes a part for the subject, a pot
for the plant, a glove for the arm. Shown smaller, amid its own mirror images, it is what the network knows photos by.
"""

from __future__ import annotations

import numpy as np

from feathercut.engines import Engine
from feathercut.kernels.apart import apart
from feathercut.kernels.resample import resize
from feathercut.models.spec import Record
from feathercut.pictures import FloatArray, Image, Prediction
from feathercut.steps.predict import predict

SHARE = 5 / 8
"""Of the canvas each way: what the photo takes up, 200 of 320."""
_INSIDE = 3
"""Cells of the network's answer around what is one network's alone: less would be another edge of the same subject."""
_OTHERS = 0.125
"""Share of what either sees from which on they see different subjects, as `network-disagreement` has it."""
_SAME = 0.25
"""What two looks of one network must share, of all that either sees, to be looks at one subject."""


def afar(
    image: Image, drawn: Prediction, seen: Prediction, record: Record, engine: Engine, network_size: int | None = None
) -> Prediction | None:
    """What the network sees of the photo from afar; `drawn` is what another one draws of it, `seen` what this one saw.

    None, and the network is not asked, where both see one subject; None where from afar this one sees yet another.
    Raises NetworkError where the answer is not a matte.
    """
    if not _differ(drawn.shown, seen.shown):
        return None
    found = predict(image, record, engine, network_size, share=SHARE)
    return found if _shared(seen.shown, found.shown) >= _SAME else None


def _differ(drawn: FloatArray, seen: FloatArray) -> bool:
    _, share = apart((resize(drawn, (seen.shape[0], seen.shape[1]), "box"), seen), _INSIDE)
    return share > _OTHERS


def _shared(seen: FloatArray, found: FloatArray) -> float:
    """The intersection of two mattes over their union, at the size of the second."""
    seen = resize(seen, (found.shape[0], found.shape[1]), "box")
    return float(np.minimum(seen, found).sum() / max(float(np.maximum(seen, found).sum()), 1e-6))
