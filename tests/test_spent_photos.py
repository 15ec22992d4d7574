from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image as Pillow

from factories import red_remover, soft_disc
from feathercut.options import Options
from feathercut.pictures import Image
from feathercut.sources import load


def red_disc() -> Image:
    disc = soft_disc((32, 32))
    return Image(np.stack([disc, disc * 0, 0.2 * (1 - disc)], axis=2).astype(np.float32))


def test_a_callers_own_picture_is_never_written_to() -> None:
    photo = red_disc()
    before = photo.rgb.copy()
    remover = red_remover((32, 32))
    remover.remove(photo)
    remover.remove(photo.rgb)
    assert np.array_equal(photo.rgb, before)


def test_a_file_and_a_kept_picture_give_the_same_on_every_background(tmp_path: Path) -> None:
    path = tmp_path / "red.png"
    Pillow.fromarray((red_disc().rgb * 255).round().astype(np.uint8)).save(path)
    remover = red_remover((32, 32))
    (kept,) = load(path, Options()).frames
    for background in ("transparent", "white", "blur"):
        of_file, of_kept = (remover.remove(source, background=background).picture for source in (path, kept))
        assert np.array_equal(of_file.rgb, of_kept.rgb), background
