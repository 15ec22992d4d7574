"""Photo, answers and matte → Diagnosis: all that a report is made of, reduced, and the report when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence

from feathercut.diagnose.evidence import Evidence, evidence_of
from feathercut.pictures import Image, Matte, Prediction
from feathercut.report import Diagnosis, Report


def diagnose(photo: Image, predictions: Sequence[Prediction], matte: Matte) -> Diagnosis:
    """What is to be said of the matte that was made of what the networks answered; they may be none, or one."""
    evidence = evidence_of(photo, predictions, matte)
    return Diagnosis(lambda: _report_on(evidence))


def _report_on(evidence: Evidence) -> Report:
    from feathercut.diagnose.diagnose import report_on  # deferred: who wants the cutout alone needs none of the signs

    return report_on(evidence)
