"""A report as a value: its places on the whole photo, its form in JSON."""

from __future__ import annotations

import json

import numpy as np

from factories import half_engine, half_white, tiny_record
from feathercut.remover import Remover
from feathercut.report import Finding, Report

MASK = np.array([[False, True, True], [False, False, True]])


def finding() -> Finding:
    return Finding("transparent", "hint", (0, 40, 80, 120), MASK, "It is glass.", "Look at it.")


def test_a_report_is_a_json_document_with_or_without_masks() -> None:
    report = Report(0.123456, (finding(),), "look")
    assert json.loads(json.dumps(report.as_object())) == {
        "confidence": 0.123,
        "verdict": "look",
        "method": None,
        "findings": [
            {
                "kind": "transparent",
                "severity": "hint",
                "box": {"top": 0, "left": 40, "bottom": 80, "right": 120},
                "sentence": "It is glass.",
                "remedy": "Look at it.",
            }
        ],
    }
    assert finding().as_object(with_mask=True)["mask"] == {"width": 3, "height": 2, "runs": "1 2 2 1"}


def test_a_part_of_the_photo_has_its_places_in_the_whole() -> None:
    placed = Report(0.5, (finding(),), "fine").placed((100, 200, 180, 320), (400, 480)).findings[0]
    assert placed.box == (100, 240, 180, 320)
    assert placed.mask is not None
    assert placed.mask.shape == (10, 12)
    assert np.argwhere(placed.mask).tolist() == [[2, 6], [2, 7], [3, 7]]


def test_every_cutout_comes_with_a_report() -> None:
    with Remover.from_engine(half_engine(), tiny_record()) as remover:
        result = remover.remove(half_white((500, 500)), region="20% 0 100% 100%")
    assert result.report is result.cutout.report
    assert "low-resolution" not in {finding.kind for finding in result.report.findings}
    assert 0 < result.report.confidence < 1
