from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from feathercut.batch.plan import Job
from feathercut.batch.run import Outcome, run
from feathercut.engines.stub import StubEngine
from feathercut.errors import NetworkError, TooLargeError
from feathercut.models import catalogue
from feathercut.options import Options
from feathercut.pictures import FloatArray
from feathercut.remover import Remover


def photo(path: Path) -> Path:
    Image.new("RGB", (6, 4), "orange").save(path)
    return path


def done(
    jobs: list[Job], answer: Callable[[FloatArray], FloatArray], *, overwrite: bool = False, tells: bool = False
) -> list[Outcome]:
    record = catalogue.find("u2netp")
    engine = StubEngine(answer, str(record.input.name), str(record.output.name))
    with Remover.from_engine(engine, record) as remover:
        stdin, stdout = io.BytesIO(), io.BytesIO()
        return list(run(jobs, remover, Options(), overwrite=overwrite, stdin=stdin, stdout=stdout, tells=tells))


def everywhere(array: FloatArray) -> FloatArray:
    return np.ones(array.shape[-2:], np.float32)


def nowhere(array: FloatArray) -> FloatArray:
    return np.zeros(array.shape[-2:], np.float32)


def test_report_is_there_where_it_is_asked_for_and_nothing_else_differs(tmp_path: Path) -> None:
    source = photo(tmp_path / "a.png")
    (silent,) = done([Job(source, tmp_path / "silent.png")], everywhere)
    (told,) = done([Job(source, tmp_path / "told.png")], everywhere, tells=True)
    assert silent.report is None
    assert told.report is not None and told.report.verdict
    assert (tmp_path / "silent.png").read_bytes() == (tmp_path / "told.png").read_bytes()


def test_photo_without_a_subject_is_done_and_says_so(tmp_path: Path) -> None:
    (outcome,) = done([Job(photo(tmp_path / "a.png"), tmp_path / "out.png")], nowhere)
    assert (outcome.status, outcome.size, outcome.error) == ("no-subject", (4, 6), None)
    assert (tmp_path / "out.png").exists()


def test_one_photo_too_many_for_the_memory_is_named_and_the_rest_are_done(tmp_path: Path) -> None:
    calls = []

    def runs_out_once(array: FloatArray) -> FloatArray:
        calls.append(1)
        if len(calls) == 1:
            raise MemoryError
        return everywhere(array)

    jobs = [Job(photo(tmp_path / f"{name}.png"), tmp_path / f"{name}-out.png") for name in "ab"]
    first, second = done(jobs, runs_out_once)
    assert isinstance(first.error, TooLargeError)
    assert first.message.startswith(f"{tmp_path / 'a.png'}: ")
    assert second.status == "done"


def test_animation_into_a_still_format_is_refused_before_the_network_runs(tmp_path: Path) -> None:
    def never(array: FloatArray) -> FloatArray:
        raise AssertionError

    frames = [Image.new("RGB", (6, 4), colour) for colour in ("orange", "green")]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    (outcome,) = done([Job(tmp_path / "a.gif", tmp_path / "out.avif")], never)
    assert "AVIF holds one picture, not 2; Animations are written as PNG, WebP or GIF" in outcome.message


def test_network_that_fails_ends_the_run(tmp_path: Path) -> None:
    jobs = [Job(photo(tmp_path / f"{name}.png"), tmp_path / f"{name}-out.png") for name in "ab"]
    with pytest.raises(NetworkError):
        done(jobs, lambda array: np.full(array.shape[-2:], np.nan, np.float32))


def test_existing_result_is_kept_without_overwriting(tmp_path: Path) -> None:
    (tmp_path / "out.png").write_bytes(b"mine")
    job = Job(photo(tmp_path / "a.png"), tmp_path / "out.png")
    (outcome,) = done([job], everywhere)
    assert outcome.status == "failed" and "--overwrite" in outcome.message
    assert (tmp_path / "out.png").read_bytes() == b"mine"
    (outcome,) = done([job], everywhere, overwrite=True)
    assert outcome.status == "done" and (tmp_path / "out.png").read_bytes() != b"mine"


def test_photo_is_never_replaced_by_its_cutout(tmp_path: Path) -> None:
    source = photo(tmp_path / "a.png")
    before = source.read_bytes()
    (outcome,) = done([Job(source, source)], everywhere, overwrite=True)
    assert "the photo itself" in outcome.message
    assert source.read_bytes() == before


def test_link_to_the_photo_is_not_written_through(tmp_path: Path) -> None:
    source = photo(tmp_path / "a.png")
    (tmp_path / "link.png").symlink_to(source)
    (outcome,) = done([Job(source, tmp_path / "link.png")], everywhere, overwrite=True)
    assert "the photo itself" in outcome.message


def test_link_that_leads_nowhere_counts_as_a_file(tmp_path: Path) -> None:
    (tmp_path / "out.png").symlink_to("nowhere")
    (outcome,) = done([Job(photo(tmp_path / "a.png"), tmp_path / "out.png")], everywhere)
    assert "is there already" in outcome.message


def test_fault_of_ours_that_one_photo_lays_bare_does_not_end_the_run(tmp_path: Path) -> None:
    calls = []

    def trips_once(array: FloatArray) -> FloatArray:
        calls.append(1)
        if len(calls) == 1:
            raise KeyError("missing")
        return everywhere(array)

    jobs = [Job(photo(tmp_path / f"{name}.png"), tmp_path / f"{name}-out.png") for name in "ab"]
    first, second = done(jobs, trips_once)
    assert first.message == (
        f"{tmp_path / 'a.png'}: A fault of Feathercut's own: KeyError: 'missing'. "
        "Run it again with `FEATHERCUT_DEBUG=1` and report what it prints"
    )
    assert second.status == "done"
