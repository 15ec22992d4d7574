"""A result for each subject of a photo alone."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image as Pillow

from factories import red_engine, red_remover, tiny_record
from feathercut.errors import OptionError
from feathercut.pictures import Image
from feathercut.remover import Remover


def test_each_subject_comes_alone_and_the_network_looks_once() -> None:
    rgb = np.zeros((32, 32, 3), np.float32)
    rgb[4:28, 2:14, 0] = rgb[10:22, 22:30, 0] = 1
    engine = red_engine()
    with Remover.from_engine(engine, tiny_record(size=(32, 32))) as remover:
        both = remover.remove(Image(rgb), edges="network").alpha
        engine.seen.clear()
        large, small = remover.remove_each(Image(rgb), edges="network")
        (only,) = remover.remove_each(Image(rgb), edges="network", subject="2", crop=True)
        assert list(remover.remove_each(Image(rgb[..., ::-1].copy()))) == []
    assert len(engine.seen) == 3
    assert np.abs(large.alpha + small.alpha - both).max() < 1e-4
    assert not large.alpha[:, 20:].any() and not small.alpha[:, :16].any()
    assert [[one.kept for one in result.subjects] for result in (large, small)] == [[True, False], [False, True]]
    assert only.picture.size == (12, 8)
    with pytest.raises(OptionError, match="There is no option `backgrond`"):
        remover.remove_each(Image(rgb), backgrond="white")  # type: ignore[call-arg]


def test_an_animation_has_no_subjects_apart() -> None:
    frames = [Pillow.new("RGB", (32, 32), colour) for colour in ("red", "blue")]
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    with pytest.raises(OptionError, match="An animation has its subjects elsewhere in each frame"):
        next(red_remover((32, 32)).remove_each(buffer.getvalue()))
