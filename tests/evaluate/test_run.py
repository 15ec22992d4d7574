from __future__ import annotations

import json
import multiprocessing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from factories import red_remover
from feathercut.errors import OptionError
from feathercut.evaluate.against import read_earlier, side_by_side
from feathercut.evaluate.document import document
from feathercut.evaluate.mattes import Cost, MatteFolder, code_fingerprint
from feathercut.evaluate.run import Evaluation, compared, cut, measure
from feathercut.evaluate.samples import read_set
from feathercut.evaluate.scoring import Task, score_all
from feathercut.options import Network, Options

from .sets import SIZE, make_predictions, make_set, save, truth

NOBODY = lambda *_: None  # noqa: E731


def scored(folder: Path, predictions: Path, workers: int = 1, *, ignore: int | None = None) -> Evaluation:
    cuts = compared(read_set(folder), predictions)
    return measure(cuts, set_name="s", title="t", is_soft=True, ignore=ignore, heard=NOBODY, workers=workers)


def own(folder: Path, mattes: MatteFolder, options: Options | None = None) -> Evaluation:
    with red_remover(SIZE) as remover:
        cuts = cut(read_set(folder), remover, options or Options(), mattes, NOBODY)
    return measure(cuts, set_name="s", title="t", is_soft=True, ignore=None, heard=NOBODY, workers=1)


def test_cutouts_are_written_measured_and_timed(tmp_path: Path) -> None:
    folder = make_set(tmp_path / "set")
    for number, sample in enumerate(read_set(folder)):
        save(folder / "foreground" / f"{sample.id}.png", np.full((*SIZE, 3), (255, 0, 0), np.uint8))
        with Image.open(sample.alpha) as picture:
            assert (np.asarray(picture) == truth(number)).all()
    (tmp_path / "m").mkdir()
    found = own(folder, MatteFolder(tmp_path / "m"), Options(low_resolution="off"))
    assert [row.id for row in found.rows] == ["a-1", "a-2", "b-1", "b-2"]
    assert found.summary["sad"].mean < 0.01  # the stub answers with the red, which is the alpha
    assert found.summary["seconds"].count == 4 and 0 < found.summary["seconds"].mean < 60
    assert 0 <= found.summary["colour"].mean < 0.3
    with Image.open(tmp_path / "m" / "a-1.png") as picture:
        assert (picture.mode, picture.size) == ("RGBA", (64, 48))


def test_one_broken_photo_is_named_and_the_rest_is_measured(tmp_path: Path) -> None:
    folder = make_set(tmp_path / "set")
    (folder / "images" / "a-2.png").write_bytes(b"no picture")
    save(folder / "alpha" / "b-1.png", truth()[:-1])
    (tmp_path / "m").mkdir()
    found = own(folder, MatteFolder(tmp_path / "m"))
    assert [row.id for row in found.rows] == ["a-1", "b-2"]
    assert "images/a-2.png" in Path(str(found.failed["a-2"])).as_posix()
    assert "64×47 pixels, the photo has 64×48" in str(found.failed["b-1"])


def test_stopped_run_goes_on_with_what_is_there(tmp_path: Path) -> None:
    folder = make_set(tmp_path / "set")
    mattes = MatteFolder.open(tmp_path / "m", "set", Network(), Options())
    first = own(folder, mattes)
    (tmp_path / "m" / "b-2.png").unlink()
    with (tmp_path / "m" / "costs.jsonl").open("a", encoding="utf-8") as notes:
        notes.write('{"id": "b-')  # killed while it wrote
    kept = (tmp_path / "m" / "a-1.png").stat().st_mtime_ns
    again = MatteFolder.open(tmp_path / "m", "set", Network(), Options())
    assert (again.holds("a-1"), again.holds("b-2")) == (True, False)
    second = own(folder, again)
    assert (tmp_path / "m" / "a-1.png").stat().st_mtime_ns == kept
    assert [row.values["sad"] for row in first.rows] == [row.values["sad"] for row in second.rows]
    assert first.rows[0].values["seconds"] == second.rows[0].values["seconds"]


def test_mattes_made_otherwise_are_refused(tmp_path: Path) -> None:
    mattes = MatteFolder.open(tmp_path / "m", "set", Network(), Options())
    mattes.add("a-1", b"a cutout", Cost(1, None))
    with pytest.raises(OptionError, match=r"with `presence` 0\.4, not 0\.2"):
        MatteFolder.open(tmp_path / "m", "set", Network(), Options(presence=0.2))
    with pytest.raises(OptionError, match="with `model` isnet-general, not u2netp"):
        MatteFolder.open(tmp_path / "m", "set", Network(model="u2netp"), Options())
    with pytest.raises(OptionError, match="with `set` set, not other"):
        MatteFolder.open(tmp_path / "m", "other", Network(), Options())
    about = json.loads((tmp_path / "m" / "run.json").read_text("utf-8"))
    assert about["code"] == code_fingerprint()
    (tmp_path / "m" / "run.json").write_text(json.dumps({**about, "code": "older"}), "utf-8")
    with pytest.raises(OptionError, match="by another version of the code"):
        MatteFolder.open(tmp_path / "m", "set", Network(), Options())
    (tmp_path / "m" / "run.json").unlink()
    (tmp_path / "m" / "letter.txt").write_text("dear", "utf-8")
    with pytest.raises(OptionError, match="holds something else"):
        MatteFolder.open(tmp_path / "m", "set", Network(), Options())


def test_run_that_made_nothing_binds_nobody(tmp_path: Path) -> None:
    MatteFolder.open(tmp_path / "m", "set", Network(model="u2nep"), Options())
    MatteFolder.open(tmp_path / "m", "set", Network(model="u2netp"), Options()).add("a-1", b"a cutout", Cost(1, None))
    with pytest.raises(OptionError, match="with `model` u2netp, not isnet-general"):
        MatteFolder.open(tmp_path / "m", "set", Network(), Options())


def test_processes_give_the_same_numbers(tmp_path: Path) -> None:
    ids = tuple(f"{number}" for number in range(8))
    folder, predictions = make_set(tmp_path / "set", ids), make_predictions(tmp_path / "p", ids)
    (predictions / "3.png").unlink()
    alone, together = scored(folder, predictions, 1), scored(folder, predictions, 2)
    assert [row.id for row in together.rows] == [row.id for row in alone.rows] == [one for one in ids if one != "3"]
    assert [dict(row.values) for row in together.rows] == [dict(row.values) for row in alone.rows]
    for found in (alone, together):
        assert list(found.failed) == ["3"] and str(found.failed["3"]).endswith("3.png: is not there")


def test_processes_end_when_nobody_asks_any_more(tmp_path: Path) -> None:
    ids = tuple(f"{number}" for number in range(40))
    folder, predictions = make_set(tmp_path / "set", ids), make_predictions(tmp_path / "p", ids)
    before = set(multiprocessing.active_children())
    tasks = [Task(one.sample, one.path, True, None) for one in compared(read_set(folder), predictions)]
    scores = score_all(tasks, 2)
    assert next(scores).error is None
    scores.close()
    assert set(multiprocessing.active_children()) <= before


def test_set_has_one_threshold_for_all_photos(tmp_path: Path) -> None:
    folder, predictions = make_set(tmp_path / "set"), make_predictions(tmp_path / "p")
    found = scored(folder, predictions)
    best = [row.values["max_f"] for row in found.rows]
    assert found.summary["max_f"].median == np.median(best)
    assert found.summary["max_f"].mean <= np.mean(best)
    assert found.summary["sad"].worst == found.worst_first[0].values["sad"] == max(r.values["sad"] for r in found.rows)
    assert found.summary["iou"].worst == min(row.values["iou"] for row in found.rows)
    assert list(found.kinds) == ["a", "b"] and found.kinds["a"]["sad"].count == 2


def test_two_runs_are_compared_photo_by_photo(tmp_path: Path) -> None:
    folder = make_set(tmp_path / "set")
    before = scored(folder, make_predictions(tmp_path / "p", less=40))
    (tmp_path / "before.json").write_text(json.dumps(document(before)), "utf-8")
    make_predictions(tmp_path / "q", less=20)
    make_predictions(tmp_path / "q", ("a-1",), less=60)
    (tmp_path / "q" / "b-2.png").write_bytes((tmp_path / "p" / "b-2.png").read_bytes())
    earlier = read_earlier(tmp_path / "before.json")
    assert (earlier.title, earlier.set_name, len(earlier.photos)) == ("t", "s", 4)
    sad, *_ = side_by_side(scored(folder, tmp_path / "q").rows, earlier)
    assert (sad.key, sad.wins, sad.losses, sad.ties) == ("sad", 2, 1, 1)
    assert sad.before == pytest.approx(before.summary["sad"].mean)
    assert sad.changes["a-1"] > 0 > sad.changes["a-2"]
    mae = next(one for one in side_by_side(before.rows, earlier) if one.key == "mae")
    assert (mae.wins, mae.losses, mae.ties, mae.is_better) == (0, 0, 4, None)
