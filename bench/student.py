"""The student: a small network of our own, from U²-Net-p by thinning, taught by U²-Net-p and by IS-Net fused with it.

`.venv-train/bin/python -m bench.student` makes its photos (`student_photos.py`), thins, trains, and goes on where it
was stopped. `--steps` says where it ends, also of one that goes on; with `--rate` it trains in a folder apart, to
choose by. `--measure` measures what there is beside U²-Net-p, while it trains or after; `--whole` on all photos of all
sets.
"""

from __future__ import annotations

import argparse
import json
import sys

from bench.processes import BenchError
from bench.student_photos import FOLDER
from bench.student_training import RECIPE, STEPS, Recipe, train_on


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--rate", type=float)
    parser.add_argument("--steps", type=int, default=STEPS)
    asked = parser.parse_args()
    try:
        if asked.measure or asked.whole:
            from bench.student_curve import measure

            print(json.dumps(measure(whole=asked.whole), indent=1))
        elif asked.rate:
            recipe = Recipe(rate=asked.rate)
            train_on(recipe, FOLDER / f"rate-{recipe.rate}", asked.steps)
        else:
            train_on(RECIPE, FOLDER / "training", asked.steps)
    except BenchError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
