from __future__ import annotations

import base64
import io
import json
import re
from pathlib import Path

import numpy as np
from PIL import Image

from feathercut.evaluate.against import read_earlier, side_by_side
from feathercut.evaluate.document import document
from feathercut.evaluate.report_page import WORST, page
from feathercut.evaluate.report_pictures import strip, worst_place
from feathercut.options import Options

from .sets import SIZE, make_predictions, make_set, photo_of, save, truth
from .test_run import scored

IDS = tuple(f"{kind}-{number}" for kind in ("<cat>", "dog") for number in range(12))


def pixels(uri: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2]))))


def test_report_is_whole_and_needs_nothing_beside_it(tmp_path: Path) -> None:
    folder = make_set(tmp_path / "set", IDS)
    predictions = make_predictions(tmp_path / "p", IDS)
    (predictions / "dog-3.png").unlink()
    found = scored(folder, predictions)
    (tmp_path / "before.json").write_text(json.dumps(document(found)), "utf-8")
    earlier = read_earlier(tmp_path / "before.json")
    text = page(found, Options(), earlier, side_by_side(found.rows, earlier))
    assert not re.findall(r"(?:src|href)=\"(?!data:)", text) and "http" not in text and "url(" not in text
    assert text.count("<article>") == WORST == 20
    assert "<cat>" not in text and "&lt;cat&gt;" in text
    for heading in ("All photos together", "Beside t", "By kind of subject", "Distributions", "Not measured"):
        assert f"<h2>{heading}</h2>" in text
    assert "dog-3.png: is not there" in text
    assert len(text) < 3_000_000
    assert "prefers-color-scheme: dark" in text


def test_pictures_show_what_they_say(tmp_path: Path) -> None:
    folder = make_set(tmp_path / "set")
    matte = truth().copy()
    matte[5:9, 5:9] = 255  # too much
    matte[22:26, 30:34] = 0  # a hole
    save(tmp_path / "p" / "a-1.png", np.dstack([photo_of(truth()), matte]))
    found = scored(folder, tmp_path / "p")
    assert len(found.failed) == 3
    save(folder / "foreground" / "a-1.png", photo_of(truth()))
    strips = strip(scored(folder, tmp_path / "p").rows[0], Options(), None)
    assert list(strips.whole) == ["photo", "matte", "truth", "difference"]
    assert list(strips.zoomed)[4:] == ["on white", "on black", "on green", "truth on white"]
    difference = pixels(strips.whole["difference"]).astype(int)
    scale = difference.shape[0] / SIZE[0]
    red, blue = difference[int(7 * scale), int(7 * scale)], difference[int(24 * scale), int(32 * scale)]
    assert red[0] > red[2] + 100 and blue[2] > blue[0] + 100
    assert difference[-1, -1].min() > 245
    green = pixels(strips.zoomed["on green"])
    assert abs(green[-3, -3].astype(int) - (0, 177, 64)).max() < 12


def test_the_worst_place_is_found_in_small_and_large_pictures() -> None:
    for size in ((10, 10), (64, 64), (63, 200), (700, 900)):
        error = np.zeros(size)
        error[size[0] - 2, 1] = 1
        top, left, bottom, right = worst_place(error)
        assert top <= size[0] - 2 < bottom <= size[0] and left <= 1 < right <= size[1]
