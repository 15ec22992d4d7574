"""What the published U²-Net-p answers at each depth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from factories import soft_disc
from feathercut.engines.onnxruntime import OnnxRuntimeEngine
from feathercut.explain.depths import answers
from feathercut.kernels.resample import resize
from feathercut.models import catalogue
from feathercut.models.graph import prepare
from feathercut.pictures import FloatArray
from feathercut.settings import Settings
from feathercut.steps.predict import activate, normalise


@pytest.mark.weights
def test_every_depth_sees_the_disc_and_the_last_draws_it_sharpest(
    u2netp_path: Path, weights_settings: Settings
) -> None:
    record, size = catalogue.find("u2netp"), (320, 320)
    disc = soft_disc(size)
    orange, grey = np.array([0.9, 0.5, 0.2], np.float32), np.float32(0.3)
    canvas = grey + disc[..., None] * (orange - grey)
    found = answers(canvas, record, size, u2netp_path, weights_settings)

    assert len(found) == 7  # one drawn from all, and six depths
    assert all(alpha.shape == size and alpha[160, 160] > 0.9 and alpha[4, 4] < 0.2 for alpha in found)
    blurs = [softness(alpha) for alpha in found]
    assert blurs[0] < blurs[-1] / 2

    engine = OnnxRuntimeEngine(prepare(u2netp_path, record, weights_settings), "cpu", size)
    alone = engine.run({engine.input_name: normalise(canvas, record.input)})[engine.output_name]
    np.testing.assert_allclose(found[0], activate(alone, record.output, record.id), atol=1e-4)


def softness(alpha: FloatArray) -> float:
    """The share of pixels that are neither in nor out."""
    return float(((alpha > 0.1) & (alpha < 0.9)).mean())


def test_softness_of_a_blurred_edge_is_larger() -> None:
    disc = soft_disc((64, 64))
    assert softness(resize(resize(disc, (8, 8), "box"), (64, 64), "bilinear")) > softness(disc)
