"""Whether something got slower: a section's figures beside those of the last table that was committed.

Figures are ratios of ours to another tool's in the same run, so that they hold elsewhere too. `bench/last.json` has
them by section, each with the noise that its runs had; `python -m bench SECTION --write` puts today's there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from bench.places import ROOT

_LAST = ROOT / "bench" / "last.json"
_LEAST_NOISE = 0.03


def compared(section: str, figures: Mapping[str, object], noise: Mapping[str, float]) -> list[str]:
    """A sentence for each figure that is worse than the committed one by more than both runs' noise."""
    last = _read().get(section, {})
    if not last:
        return [f"bench/last.json has no figures of `{section}` to compare with."]
    slower = []
    for name, value in figures.items():
        if name not in last or not isinstance(value, float):
            continue
        before, allowed = last[name]["ratio"], max(_LEAST_NOISE, last[name]["noise"]) + noise.get(name, 0.0)
        if value > before * (1 + allowed):
            slower.append(f"SLOWER than the committed table: {name}: {before:.3f} then, {value:.3f} now.")
    return slower or ["Nothing is slower than in the committed table by more than its noise."]


def write(section: str, figures: Mapping[str, object], noise: Mapping[str, float]) -> None:
    """Puts a section's figures into `bench/last.json`."""
    every = _read()
    every[section] = {
        name: {"ratio": value, "noise": round(noise.get(name, 0.0), 4)}
        for name, value in figures.items()
        if isinstance(value, float)
    }
    _LAST.write_text(json.dumps(every, indent=2, sort_keys=True) + "\n", "utf-8")


def _read() -> dict[str, dict[str, dict[str, float]]]:
    if not _LAST.is_file():
        return {}
    found: dict[str, dict[str, dict[str, float]]] = json.loads(_LAST.read_text("utf-8"))
    return found
