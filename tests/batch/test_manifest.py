from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from feathercut.batch.manifest import NAME, Manifest
from feathercut.batch.plan import Job
from feathercut.batch.run import Outcome
from feathercut.errors import OptionError
from feathercut.options import Network, Options

NETWORK, OPTIONS = Network(model="u2netp"), Options()


@pytest.fixture
def job(tmp_path: Path) -> Job:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jpg").write_bytes(b"photo")
    return Job(tmp_path / "in" / "a.jpg", tmp_path / "out" / "a.png")


def state(job: Job, network: Network = NETWORK, options: Options = OPTIONS) -> str:
    assert job.target is not None
    with Manifest.held(job.target.parent, network, options) as manifest:
        return manifest.marked([job])[0].earlier


def finish(job: Job) -> None:
    assert job.target is not None
    with Manifest.held(job.target.parent, NETWORK, OPTIONS) as manifest:
        (marked,) = manifest.marked([job])
        job.target.write_bytes(b"cutout")
        manifest.record(Outcome(marked, "done", 0.1))


def test_what_was_finished_is_current_until_something_changes(job: Job, tmp_path: Path) -> None:
    assert job.source is not None and job.target is not None
    assert state(job) == "none"
    finish(job)
    assert state(job) == "current"
    os.utime(job.source, (1, 1))
    assert state(job) == "current", "copied again, with the same bytes"
    finish(job)
    job.source.write_bytes(b"other")
    assert state(job) == "stale"
    finish(job)
    job.target.write_bytes(b"cut short")
    assert state(job) == "stale"
    finish(job)
    job.target.unlink()
    assert state(job) == "stale"


def test_other_options_another_network_or_another_background_are_another_cutout(job: Job, tmp_path: Path) -> None:
    background = tmp_path / "beach.png"
    background.write_bytes(b"one")
    finish(job)
    assert state(job, options=Options(crop=True)) == "stale"
    finish(job)
    assert state(job, network=Network(model="u2net")) == "stale"
    on_beach = Options(background=str(background))
    assert job.target is not None
    with Manifest.held(job.target.parent, NETWORK, on_beach) as manifest:
        (marked,) = manifest.marked([job])
        manifest.record(Outcome(marked, "done", 0.1))
    assert state(job, options=on_beach) == "current"
    background.write_bytes(b"two")
    assert state(job, options=on_beach) == "stale"


def test_words_about_the_licence_change_nothing(job: Job) -> None:
    finish(job)
    assert state(job, network=Network(model="u2netp", licence="commercial")) == "current"


def test_what_was_begun_is_ours_and_what_was_there_before_is_not(job: Job) -> None:
    assert job.target is not None
    assert state(job) == "none"
    job.target.write_bytes(b"written before it was killed")
    assert state(job) == "stale"
    others = replace(job, target=job.target.with_name("others.png"))
    assert others.target is not None
    others.target.write_bytes(b"mine")
    assert state(others) == "none" and state(others) == "none"


def test_photo_that_changed_while_it_was_cut_out_is_cut_out_again(job: Job) -> None:
    assert job.source is not None and job.target is not None
    with Manifest.held(job.target.parent, NETWORK, OPTIONS) as manifest:
        (marked,) = manifest.marked([job])
        job.target.write_bytes(b"of the old bytes")
        job.source.write_bytes(b"new bytes")
        manifest.record(Outcome(marked, "done", 0.1))
    assert state(job) == "stale"


def test_half_written_files_of_the_run_that_was_killed_are_taken_away(job: Job) -> None:
    assert job.target is not None
    finish(job)
    document = json.loads((job.target.parent / NAME).read_text("utf-8"))
    ours, others = (job.target.parent / f".{pid:x}-1-2.part" for pid in (document["writer"], document["writer"] + 1))
    ours.touch()
    others.touch()
    state(job)
    assert not ours.exists() and others.exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"version": 2, "cuts": []}', "a newer Feathercut .its version is 2, this one reads 1.; update"),
        ("{", "cannot be understood"),
        ('{"version": 1}', "cannot be understood"),
        ("[]", "cannot be understood"),
        ('{"version": 1, "writer": 1, "cutouts": {"a": {"bytes": "?"}}}', "cannot be understood .an entry is not"),
    ],
)
def test_manifest_that_is_newer_or_broken_is_refused_and_stays_as_it_is(job: Job, text: str, words: str) -> None:
    assert job.target is not None
    job.target.parent.mkdir()
    (job.target.parent / NAME).write_text(text, "utf-8")
    with pytest.raises(OptionError, match=words):
        state(job)
    assert [path.read_text("utf-8") for path in job.target.parent.iterdir()] == [text]


def test_folder_in_which_another_run_is_at_work_is_refused(job: Job) -> None:
    assert job.target is not None
    with (
        Manifest.held(job.target.parent, NETWORK, OPTIONS),
        pytest.raises(OptionError, match="another run is at work"),
    ):
        state(job)
    assert state(job) == "none"
