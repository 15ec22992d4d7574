"""`make run`: cuts out one photo with the default network and says what it took."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image as Pillow

import sheet
from feathercut.cli import console
from feathercut.cli.progress import Progress
from feathercut.errors import FeathercutError
from feathercut.options import Decode, Network, Options
from feathercut.remover import Remover
from feathercut.result import Result
from feathercut.sources import load

OUT = Path("out")


class Fetching:
    """A progress bar for weights; where nobody watches a terminal, one line."""

    def __init__(self) -> None:
        self._bar = Progress("MB")
        self._is_announced = False

    def show(self, name: str, done: int, total: int | None) -> None:
        if not self._is_announced:
            size = f" ({total / 1e6:.0f} MB)" if total else ""
            console.say(f"Fetching {name}{size}")
            self._is_announced = True
        self._bar.show(name, done, total)

    def clear(self) -> None:
        self._bar.clear()


def peak_mb() -> float | None:
    """The most memory that this process has held; None where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def write_sheet(photo: Path, result: Result, target: Path) -> None:
    """The photo, its matte, and the cutout on a checkerboard, white, black and green."""
    frame = load(photo, Decode()).frames[0]
    shown = Pillow.fromarray(np.floor(frame.rgb * 255 + 0.5).astype(np.uint8))
    sheet.draw([sheet.panels(shown, result)]).save(target, icc_profile=frame.metadata.profile)


def run(photo: Path, network: Network) -> None:
    """Cuts the photo out into `out/` and says what it took."""
    OUT.mkdir(exist_ok=True)
    cutout, overview = OUT / f"{photo.stem}.png", OUT / f"{photo.stem}-sheet.png"
    fetching = Fetching()
    started = time.perf_counter()
    try:
        remover = Remover.open(network, fetching.show)
    finally:
        fetching.clear()
    loaded = time.perf_counter()
    with remover:
        result = remover.apply(photo, Options())
        result.save(cutout)
    done = time.perf_counter()
    peak = peak_mb()
    write_sheet(photo, result, overview)
    height, width = result.picture.size
    console.result(f"photo    {photo} ({width}×{height})")
    console.result(f"cutout   {cutout}" + ("" if result.found else ", empty: no subject was found"))
    console.result(f"sheet    {overview}")
    memory = f", {peak:.0f} MB of memory at the most" if peak else ""
    console.result(
        f"took     {done - loaded:.1f} s, after {loaded - started:.1f} s to have and load {result.model}{memory}"
    )


def main() -> int:
    """The exit code: 1 where something was wrong, with a line that says what."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photo", type=Path)
    parser.add_argument("--model", default=Network().model)
    wanted = parser.parse_args()
    try:
        run(wanted.photo, Network(model=wanted.model))
    except FeathercutError as error:
        console.say(f"make run: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
