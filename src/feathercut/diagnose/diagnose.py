"""What was reduced → Report: how far the matte can be trusted, and what is the matter with it."""

from __future__ import annotations

from feathercut.diagnose import (
    blurred,
    cut_by_frame,
    extreme_close_up,
    low_resolution,
    network_disagreement,
    no_subject,
    over_or_under_exposed,
    several_subjects,
    similar_colours,
    transparent,
    uncertain_edges,
)
from feathercut.diagnose.confidence import confidence_of, verdict_of
from feathercut.diagnose.evidence import Evidence
from feathercut.diagnose.other_method import other_method
from feathercut.report import Report

SIGNS = tuple(
    one.SIGN
    for one in (
        no_subject,
        network_disagreement,
        uncertain_edges,
        similar_colours,
        transparent,
        several_subjects,
        cut_by_frame,
        extreme_close_up,
        blurred,
        over_or_under_exposed,
        low_resolution,
    )
)
_ORDER = ("serious", "warning", "hint")


def report_on(evidence: Evidence) -> Report:
    """What is to be said of the matte that was made of what the networks answered; they may be none, or one."""
    found = [finding for sign in SIGNS if (finding := sign.find(evidence))]
    found.sort(key=lambda finding: _ORDER.index(finding.severity))
    confidence = confidence_of(evidence)
    verdict = verdict_of(confidence, found)
    return Report(confidence, tuple(found), verdict, other_method(evidence, verdict))
