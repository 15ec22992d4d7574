"""A file for each subject of a photo."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from factories import red_remover
from feathercut.batch.manifest import Manifest
from feathercut.batch.plan import Job, plan
from feathercut.batch.run import Outcome, run
from feathercut.errors import OptionError
from feathercut.options import Network, Options

LARGE, SMALL = (slice(4, 28), slice(2, 14)), (slice(10, 22), slice(22, 30))


def two(path: Path) -> Path:
    """A photo of a large red thing on the left and a small one on the right."""
    pixels = np.full((32, 32, 3), (0, 20, 90), np.uint8)
    for part in (LARGE, SMALL):
        pixels[part] = (250, 10, 10)
    Image.fromarray(pixels).save(path)
    return path


def none(path: Path) -> Path:
    Image.fromarray(np.full((32, 32, 3), (0, 0, 90), np.uint8)).save(path)
    return path


def done(jobs: list[Job], options: Options | None = None, *, overwrite: bool = False) -> list[Outcome]:
    with red_remover((32, 32)) as remover:
        chosen = options or Options(edges="network")
        return list(
            run(
                jobs,
                remover,
                chosen,
                overwrite=overwrite,
                stdin=io.BytesIO(),
                stdout=io.BytesIO(),
                tells=True,
            )
        )


def shown(path: Path) -> tuple[bool, bool]:
    """Whether a cutout has the large one, and the small one."""
    with Image.open(path) as file:
        alpha = np.asarray(file.convert("RGBA"))[..., 3]
    return bool((alpha[LARGE] > 200).all()), bool((alpha[SMALL] > 200).all())


def test_each_subject_has_a_file_of_its_number(tmp_path: Path) -> None:
    (job,) = plan(
        [str(two(tmp_path / "a.png"))], output=str(tmp_path / "o.png"), output_dir=None, format=None, is_each=True
    )
    (outcome,) = done([job])
    assert outcome.outputs == (tmp_path / "o-1.png", tmp_path / "o-2.png")
    assert [shown(path) for path in outcome.outputs] == [(True, False), (False, True)]
    assert [(one.number, one.kept) for one in outcome.subjects] == [(1, True), (2, True)]
    assert not (tmp_path / "o.png").exists()


def test_those_that_are_chosen_keep_their_numbers(tmp_path: Path) -> None:
    job = Job(two(tmp_path / "a.png"), tmp_path / "o.png", is_each=True)
    (outcome,) = done([job], Options(edges="network", subject="2", crop=True))
    assert outcome.outputs == (tmp_path / "o-2.png",)
    with Image.open(outcome.outputs[0]) as file:
        assert file.size == (8, 12)
    assert [(one.number, one.kept) for one in outcome.subjects] == [(1, False), (2, True)]


def test_a_photo_without_a_subject_writes_nothing_and_says_so(tmp_path: Path) -> None:
    (outcome,) = done([Job(none(tmp_path / "a.png"), tmp_path / "o.png", is_each=True)])
    assert (outcome.status, outcome.outputs, outcome.error) == ("no-subject", (), None)
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_what_is_there_stays_and_nothing_beside_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "o-2.png").write_bytes(b"mine")
    job = Job(two(tmp_path / "a.png"), tmp_path / "o.png", is_each=True)
    (outcome,) = done([job])
    assert outcome.status == "failed"
    assert "o-2.png is there already" in outcome.message
    assert (tmp_path / "o-2.png").read_bytes() == b"mine"
    assert not (tmp_path / "o-1.png").exists()
    (outcome,) = done([job], overwrite=True)
    assert outcome.status == "done"
    assert shown(tmp_path / "o-2.png") == (False, True)


def test_the_photo_itself_is_never_written_over(tmp_path: Path) -> None:
    photo = two(tmp_path / "o-1.png")
    (outcome,) = done([Job(photo, tmp_path / "o.png", is_each=True)], overwrite=True)
    assert "is the photo itself" in outcome.message
    assert shown(photo) == (True, True)


def test_an_animation_is_refused(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    (outcome,) = done([Job(tmp_path / "a.gif", tmp_path / "o.png", is_each=True)], Options(format="webp"))
    assert isinstance(outcome.error, OptionError)
    assert "animation" in outcome.message


def test_stdout_takes_no_several_files(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="`each`"):
        plan([str(two(tmp_path / "a.png"))], output="-", output_dir=None, format=None, is_each=True)


def test_no_photo_of_a_folder_lies_where_a_subject_goes(tmp_path: Path) -> None:
    for name in ("a.png", "a-2.png", "b.png"):
        two(tmp_path / name)
    jobs = plan([f"{tmp_path}/*.png"], output=None, output_dir=tmp_path, format=None, is_each=True)
    targets = [job.numbered(number).name for job in jobs for number in (1, 2)]
    assert len({*targets, "a.png", "a-2.png", "b.png"}) == len(targets) + 3


def test_cutouts_of_an_earlier_run_are_no_photos(tmp_path: Path) -> None:
    two(tmp_path / "a.png")
    jobs = plan([str(tmp_path)], output=None, output_dir=None, format=None, is_each=True)
    done(jobs)
    assert (tmp_path / "a-cutout-2.png").exists()
    assert plan([str(tmp_path)], output=None, output_dir=None, format=None, is_each=True) == jobs


def test_a_run_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    two(tmp_path / "a.png")
    none(tmp_path / "b.png")
    jobs = plan(
        [str(tmp_path / "a.png"), str(tmp_path / "b.png")],
        output=None,
        output_dir=tmp_path / "out",
        format=None,
        is_each=True,
    )

    def states(*, is_each: bool = True) -> list[str]:
        with Manifest.held(tmp_path / "out", Network(), Options(), is_each=is_each) as manifest:
            return [job.earlier for job in manifest.marked(jobs)]

    with Manifest.held(tmp_path / "out", Network(), Options(), is_each=True) as manifest:
        for outcome in done(manifest.marked(jobs)):
            manifest.record(outcome)
    assert states() == ["current", "current"]
    with Manifest.held(tmp_path / "out", Network(), Options(), is_each=True) as manifest:
        kept = done(manifest.marked(jobs))
    assert [[path.name for path in outcome.outputs] for outcome in kept] == [["a-1.png", "a-2.png"], []]
    (tmp_path / "out" / "a-2.png").unlink()
    assert states() == ["stale", "current"]
    assert states(is_each=False) == ["stale", "stale"]
