"""Confidence falls as errors grow, and what feeds it may be anything that a matte may be."""

from __future__ import annotations

import numpy as np
import pytest

from diagnose.rendered import blurred, disc, photo_of, report_on, said
from feathercut.diagnose import diagnose
from feathercut.diagnose.confidence import ALONE, SEVERAL, verdict_of
from feathercut.pictures import Image, Matte


def test_confidence_falls_with_each_number_and_stays_between_0_and_1() -> None:
    for fit, count in ((SEVERAL, 3), (ALONE, 2)):
        for place in range(count):
            row = [fit.confidence([0.01 if one != place else value for one in range(count)]) for value in (0, 0.1, 0.5)]
            assert 0 < row[2] < row[1] < row[0] < 1


def test_a_matte_that_is_greyer_is_trusted_less() -> None:
    levels = [report_on(photo_of(disc()), blurred(disc(), radius)).confidence for radius in (1, 10, 40)]
    assert levels == sorted(levels, reverse=True)
    assert levels[0] > 0.9
    assert levels[2] < 0.8


def test_networks_that_disagree_are_trusted_less_than_one_that_agrees_with_itself() -> None:
    photo = photo_of(disc())
    agreed, torn = report_on(photo, disc()), report_on(photo, disc(), disc((200, 300)))
    assert torn.confidence < agreed.confidence


@pytest.mark.parametrize("count", [0, 1, 3], ids=["a trimap", "one network", "three answers"])
def test_any_number_of_answers_will_do(count: int) -> None:
    report = diagnose(photo_of(disc()), said(*[disc()] * count), Matte(disc())).report
    assert report.confidence > 0.9
    assert report.verdict == "fine"


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (7, 3), (300, 300)])
@pytest.mark.parametrize("level", [0.0, 0.5, 1.0])
def test_rubbish_has_a_report(size: tuple[int, int], level: float) -> None:
    alpha = np.full(size, level, np.float32)
    grey = Image(np.full((*size, 3), 0.5, np.float32), alpha)
    report = diagnose(grey, said(alpha, 1 - alpha), Matte(alpha)).report
    assert 0 <= report.confidence <= 1
    for finding in report.findings:
        if finding.box is not None:
            top, left, bottom, right = finding.box
            assert 0 <= top < bottom <= size[0]
            assert 0 <= left < right <= size[1]


def test_the_verdict_follows_the_confidence() -> None:
    assert [verdict_of(confidence, ()) for confidence in (0.9, 0.3, 0.05)] == ["fine", "look", "redo"]
