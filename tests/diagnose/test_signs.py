"""A photo for each finding, and one of which nothing is to be said."""

from __future__ import annotations

import numpy as np
import pytest

from diagnose.rendered import BLUE, GREEN, RED, SIZE, blurred, disc, found, photo_of, report_on
from feathercut.pictures import Image
from feathercut.report import Box
from scenes_of_glass import before, outline, stone, tumbler, wall


def covers(box: Box | None, inner: Box, slack: int = 12) -> bool:
    """Whether a box is `inner`, give or take a few pixels."""
    return box is not None and all(abs(one - other) <= slack for one, other in zip(box, inner, strict=True))


def test_nothing_is_said_of_a_clear_photo() -> None:
    report = report_on(photo_of(disc()), disc())
    assert report.findings == ()
    assert report.verdict == "fine"
    assert report.confidence > 0.95


def test_an_empty_matte_has_no_subject_and_wants_another_way() -> None:
    empty = np.zeros_like(disc())
    report = report_on(photo_of(empty), empty)
    finding = found(report, "no-subject")
    assert (finding.severity, finding.box, report.verdict, report.confidence) == ("serious", None, "redo", 0.0)
    assert "presence" in finding.remedy


@pytest.mark.parametrize(("size", "is_low"), [((399, 400), True), ((400, 400), False), ((300, 800), False)])
def test_few_pixels_are_told(size: tuple[int, int], is_low: bool) -> None:
    alpha = disc((size[1] / 2, size[0] / 2), 90, size)
    kinds = {finding.kind for finding in report_on(photo_of(alpha), alpha).findings}
    assert ("low-resolution" in kinds) == is_low


def test_a_side_that_is_as_the_background_is_outlined() -> None:
    alpha = disc()
    photo = photo_of(alpha)
    photo.rgb[:, 400:] = photo_of(alpha, GREEN).rgb[:, 400:]
    finding = found(report_on(photo, alpha), "similar-colours")
    assert covers(finding.box, (140, 400, 460, 560))


def test_a_body_that_shows_what_lies_behind_is_transparent() -> None:
    alpha = np.maximum(0.35 * disc((400, 250)), disc((400, 470), 60))
    finding = found(report_on(photo_of(alpha), alpha), "transparent")
    assert covers(finding.box, (100, 250, 400, 550), 25)


def test_a_tumbler_that_networks_drew_as_solid_is_transparent() -> None:
    photo, matte = before(wall(SIZE), *tumbler(SIZE)), outline(SIZE)
    finding = found(report_on(Image(photo), matte), "transparent")
    assert covers(finding.box, (100, 266, 500, 534))


def test_a_stone_of_the_walls_colour_is_not() -> None:
    kinds = {finding.kind for finding in report_on(Image(stone(wall(SIZE))), outline(SIZE)).findings}
    assert "transparent" not in kinds


def test_two_pieces_are_two_subjects() -> None:
    alpha = disc((200, 300), 100) + disc((600, 300), 60)
    finding = found(report_on(photo_of(alpha), alpha), "several-subjects")
    assert covers(finding.box, (200, 100, 400, 660))
    assert finding.severity == "hint"


def test_two_that_touch_are_two_subjects_where_their_colours_part() -> None:
    left, right = disc((270, 300), 140), disc((530, 300), 140)
    alpha = np.maximum(left, right)
    photo = photo_of(alpha)
    photo.rgb[:, 400:] = np.where(alpha[:, 400:, None] > 0.5, photo_of(alpha, BLUE).rgb[:, 400:], photo.rgb[:, 400:])
    assert "several-subjects" in {finding.kind for finding in report_on(photo, alpha).findings}
    assert "several-subjects" not in {finding.kind for finding in report_on(photo_of(alpha), alpha).findings}


def test_a_hat_held_apart_is_no_second_subject() -> None:
    alpha = disc((330, 330), 170) + disc((500, 180), 40)
    assert "several-subjects" not in {finding.kind for finding in report_on(photo_of(alpha), alpha).findings}


def test_a_speck_is_no_second_subject() -> None:
    alpha = disc((200, 300), 100) + disc((600, 300), 8)
    assert not report_on(photo_of(alpha), alpha).findings


def test_what_the_frame_cuts_is_marked_along_it() -> None:
    alpha = disc((400, 560))
    finding = found(report_on(photo_of(alpha), alpha), "cut-by-frame")
    assert finding.box is not None
    assert finding.box[2] == 600
    assert covers(finding.box, (598, 255, 600, 545))


def test_a_subject_that_fills_the_frame_is_a_close_up() -> None:
    alpha = disc(radius=340)
    assert "extreme-close-up" in {finding.kind for finding in report_on(photo_of(alpha), alpha).findings}


def test_a_wide_grey_outline_is_uncertain() -> None:
    alpha = blurred(disc(), 25)
    finding = found(report_on(photo_of(disc()), alpha), "uncertain-edges")
    assert covers(finding.box, (150, 250, 450, 550), 70)


@pytest.mark.parametrize(("radius", "is_blurred"), [(0, False), (8, True)])
def test_a_photo_out_of_focus_is_blurred(radius: int, is_blurred: bool) -> None:
    alpha = disc()
    stripes = np.where(np.arange(800) // 20 % 2, 0.2, 0.8)[None, :, None] * np.ones((600, 1, 3))
    rgb = np.where(alpha[..., None] > 0.5, stripes, photo_of(alpha).rgb).astype(np.float32)
    if radius:
        rgb = np.stack([blurred(plane, radius) for plane in rgb.transpose(2, 0, 1)], axis=2)
    kinds = {finding.kind for finding in report_on(Image(rgb), alpha).findings}
    assert ("blurred" in kinds) == is_blurred


@pytest.mark.parametrize("colour", [(1.2, 1.2, 1.2), (-0.1, -0.1, -0.1)], ids=["white", "black"])
def test_lost_colours_are_told(colour: tuple[float, float, float]) -> None:
    finding = found(report_on(photo_of(disc(), colour), disc()), "over-or-under-exposed")
    assert covers(finding.box, (150, 250, 450, 550))


def test_networks_that_see_different_things_disagree_where_they_do() -> None:
    whole, part = disc((250, 300), 120) + disc((600, 300), 110), disc((250, 300), 120)
    report = report_on(photo_of(whole), whole, part)
    finding = found(report, "network-disagreement")
    assert covers(finding.box, (190, 490, 410, 710))
    assert finding.severity == "warning"
    assert report.verdict != "fine"


def test_every_finding_says_what_helps() -> None:
    everything = np.maximum(blurred(disc(radius=330), 40), disc((700, 500), 90))
    report = report_on(photo_of(everything, RED, RED), everything, disc((100, 100), 60))
    assert len(report.findings) >= 4
    for finding in report.findings:
        assert finding.sentence.endswith(".")
        assert finding.remedy.endswith(".")
        assert (finding.box is None) == (finding.mask is None)
