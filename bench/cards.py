"""What is known of the graphics card: its name, its memory, and how fast its makers say it is."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass

_PEAKS = {
    "H100 80GB HBM3": {"fp16": 989.4, "tf32": 494.7, "fp32": 66.9},
    "H200": {"fp16": 989.4, "tf32": 494.7, "fp32": 66.9},
}
"""Dense TFLOP/s of the SXM cards by NVIDIA's data sheets: fp16 and tf32 on tensor cores, fp32 without them."""


@dataclass(frozen=True)
class Card:
    """A card as its driver names it."""

    name: str
    driver: str

    def peak_tflops(self, precision: str) -> float | None:
        """What its data sheet promises, None where it is not known here."""
        return next((peaks[precision] for part, peaks in _PEAKS.items() if part in self.name), None)


def card() -> Card | None:
    """The first NVIDIA card, None where no driver answers."""
    words = _ask("name,driver_version")
    return Card(*words) if len(words) == 2 else None


def used_mb() -> float | None:
    """Memory in use on the first card, by whomever, in MiB; None where no driver answers."""
    words = _ask("memory.used")
    return float(words[0]) if words else None


def _ask(fields: str) -> list[str]:
    try:
        answer = subprocess.run(
            ["nvidia-smi", f"--query-gpu={fields}", "--format=csv,noheader,nounits", "--id=0"],
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return []
    return [word.strip() for word in answer.stdout.strip().splitlines()[0].split(",")]
