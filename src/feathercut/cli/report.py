"""What `feathercut remove --json` prints."""

from __future__ import annotations

from collections.abc import Sequence

from feathercut.batch.plan import STREAM
from feathercut.batch.run import Outcome
from feathercut.cli import endings
from feathercut.cli.exit_codes import exit_code
from feathercut.pictures import Subject

VERSION = 1
"""Grows when a field changes its meaning."""


def report(outcomes: Sequence[Outcome], error: BaseException | None = None) -> dict[str, object]:
    """One entry a photo, and under `error` what ended the run early, if anything did."""
    failed = sum(outcome.error is not None for outcome in outcomes)
    return {
        "version": VERSION,
        "done": len(outcomes) - failed,
        "failed": failed,
        "photos": [_photo(outcome) for outcome in outcomes],
        "error": None if error is None else endings.as_object(error),
    }


def _subject(subject: Subject) -> dict[str, object]:
    """A subject, in px of the photo."""
    top, left, bottom, right = subject.box
    return {
        "number": subject.number,
        "box": {"left": left, "top": top, "right": right, "bottom": bottom},
        "area": round(subject.area, 1),
        "centre": {"x": round(subject.centre[0], 1), "y": round(subject.centre[1], 1)},
        "kept": subject.kept,
    }


def _photo(outcome: Outcome) -> dict[str, object]:
    error = outcome.error
    return {
        "input": outcome.job.name,
        "output": str(outcome.job.target or STREAM) if error is None else None,
        "outputs": [str(path) for path in outcome.outputs],
        "status": outcome.status,
        "width": outcome.size[1] if outcome.size else None,
        "height": outcome.size[0] if outcome.size else None,
        "frames": outcome.frames,
        "report": None if outcome.report is None else outcome.report.as_object(with_masks=True),
        "subjects": [_subject(one) for one in outcome.subjects],
        "seconds": round(outcome.seconds, 3),
        "error": None
        if error is None
        else {
            "kind": type(error).__name__,
            "message": endings.as_flags(error, outcome.message),
            "exit_code": exit_code(error),
        },
    }
