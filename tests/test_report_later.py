"""A report is made when it is asked for, once, and looks at nothing that changed since."""

from __future__ import annotations

import subprocess
import sys

import numpy as np

from factories import half_white, red_remover
from feathercut.report import Diagnosis, Report


def test_a_report_is_made_once_and_only_when_it_is_asked_for() -> None:
    made = []

    def make() -> Report:
        made.append(1)
        return Report(0.5, (), "look")

    diagnosis = Diagnosis(make)
    placed = diagnosis.placed((0, 0, 4, 4), (8, 8))
    assert made == []
    assert placed.report.confidence == diagnosis.report.confidence == 0.5
    assert placed.report is placed.report and made == [1]


def test_what_is_done_to_a_result_meanwhile_changes_no_report() -> None:
    with red_remover() as remover:
        first, second = remover.remove(half_white()), remover.remove(half_white())
    first.cutout.alpha[:] = 0
    first.cutout.rgb[:] = 0
    assert first.report.as_object() == second.report.as_object()
    assert np.isfinite(first.report.confidence)


def test_a_cutout_alone_loads_no_sign() -> None:
    code = (
        "import sys, numpy, feathercut; from feathercut.models import spec; "
        "result = feathercut.remove(numpy.zeros((8, 8, 3), 'uint8'), method='plain'); "
        "name = 'feathercut.diagnose.similar_colours'; "
        "assert name not in sys.modules; result.report; assert name in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
