"""Published results are reproduced when a record asks for the published recipe, quirks and all."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from feathercut.engines.onnxruntime import OnnxRuntimeEngine
from feathercut.models import catalogue, graph, weights
from feathercut.models.spec import Record
from feathercut.remover import Remover
from feathercut.settings import Settings

_PUBLISHED = Path(__file__).resolve().parents[2] / "shared" / "golden" / "rembg"
_PHOTO = _PUBLISHED / "anime-girl-1.jpg"
_NAMES = {"u2netp": "u2netp", "isnet-general": "isnet-general-use"}


def as_published(record: Record) -> Record:
    """The record with the words of rembg's recipe: Lanczos in bytes, the photo's own maximum, stretched to 0..1."""
    reads = record.input.model_copy(update={"resample": "lanczos", "rounding": "8-bit", "scale": "image-max"})
    gives = record.output.model_copy(update={"resample": "lanczos", "rounding": "8-bit", "rescale": "min-max"})
    return record.model_copy(update={"input": reads, "output": gives})


@pytest.mark.weights
@pytest.mark.parametrize("model", _NAMES)
def test_published_matte_is_reproduced(model: str, weights_settings: Settings) -> None:
    published = _PUBLISHED / f"anime-girl-1.{_NAMES[model]}.png"
    if not published.is_file():
        pytest.skip(f"the published result is not here: {published}")
    record = catalogue.find(model)
    path = graph.prepare(weights.locate(record, weights_settings), record, weights_settings)
    with Remover.from_engine(OnnxRuntimeEngine(path, "cpu", record.input.size), as_published(record)) as remover:
        alpha = remover.remove(_PHOTO, edges="network", specks=0).alpha * 255
    with Image.open(published) as image:
        difference = np.abs(alpha - np.asarray(image.getchannel("A"), np.float32))
    assert difference.mean() <= 0.1
    assert difference.max() <= 4
