from __future__ import annotations

from dataclasses import replace

from bench.browser.chromium import Seen
from bench.browser.report import Held, Timed, shown


def timed(first_s: float, final_s: float, longest_ms: float) -> Timed:
    edges_s = (first_s + final_s) / 2
    seen = Seen(first_s, edges_s, final_s, longest_ms, longest_ms)
    runs = [
        replace(seen, first_s=first_s * factor, edges_s=edges_s * factor, final_s=final_s * factor)
        for factor in (0.9, 1, 3)
    ]
    return Timed(runs, runs, runs, runs)


def rows(ours: Timed, memory_mb: float) -> dict[str, tuple[str, ...]]:
    memory = {"ours 2": 700.0, "theirs 2": 800.0, "ours 12": 900.0, "theirs 12": 1000.0, "small 12": memory_mb}
    held = Held(memory, {"first": 6.0, "final": 50.0, "theirs": 100.0})
    return {row[0]: tuple(row[1:]) for row in shown(ours, timed(8, 8, 50), held, 3).rows}


def test_ratios_are_of_medians_and_judged_by_their_limits() -> None:
    found = rows(timed(2, 7, 99), 650)
    assert found["first cutout, page just asked for"][2:] == ("0.25", "0.25: met")
    assert found["with its edges, page just asked for"] == (
        "4.50 s (4.05 to 13.50 s)",
        "8.00 s (7.20 to 24.00 s)",
        "0.56",
        "",
    )
    assert found["final matte, page just asked for"][2:] == ("0.88", "0.9: met")
    assert found["sent until the first cutout"] == ("6.0 MB", "100.0 MB", "0.06", "0.25: met")
    assert found["memory, 12 megapixels, small network"] == ("650 MB", "", "", "700 MB: met")


def test_one_long_task_is_enough_to_miss() -> None:
    ours = timed(2.1, 7, 50)
    ours.warm = [*ours.warm, Seen(1, 1, 1, 101, 101)]
    found = rows(ours, 701)
    assert found["longest task of the page's own thread"][-1] == "100 ms: MISSED"
    assert found["memory, 12 megapixels, small network"][-1] == "700 MB: MISSED"
    assert found["first cutout, page just asked for"][-1] == "0.25: MISSED"
