"""Alpha from a trimap beside pymatting's closed form, which rembg brings along: `python -m bench trimap`.

Composition-1k's photos in `../shared/bench`, with the band that `../shared/tools/score.py` scores: where alpha is from
0.02 to 0.98, grown by 10 pixels. Both run in a process of their own that stays, one photo of each after the other:
`python -m bench.trimap ours|theirs` reads paths and answers with seconds, or with why there are none.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from bench import incumbent
from bench.places import BENCH, ROOT, own_command, rembg_command
from bench.processes import BenchError, say
from bench.tables import Table, verdict

_SET = ROOT.parent / "shared" / "bench" / "comp1k"
_FOLDER = BENCH / "trimap"
_SLOWEST = 0.2
_GROWN_PX = 10
_TOOLS = {"ours": own_command("python"), "theirs": rembg_command("python")}

Pixels = Any
"""An array; numpy's stubs differ between the two environments."""


def table() -> Table:
    """MSE in the band and seconds, photo by photo and together. Raises BenchError where the photos are not there."""
    if not (photos := sorted((_SET / "images").glob("*"))):
        raise BenchError(f"there is no {_SET.name} in ../shared/bench")
    incumbent.install()
    _FOLDER.mkdir(parents=True, exist_ok=True)
    scenes = [_scene(photo) for photo in photos]
    rows, known = [], []
    with _worker("ours") as ours, _worker("theirs") as theirs:
        for worker in (ours, theirs):
            worker(_first(scenes[0]))  # what is compiled or loaded only once
        for number, scene in enumerate(scenes):
            say(f"photo {number + 1} of {len(scenes)}: {scene.stem}")
            results = [(_error(scene, tool, answer), answer) for tool, answer in _answers(scene, ours, theirs)]
            say(", ".join(_shown(*result) for result in results))
            rows.append((scene.stem, *(_shown(*result) for result in results), ""))
            numbers = [(error, second) for error, second in results if error is not None and isinstance(second, float)]
            if len(numbers) == len(results):
                known.append(numbers)
    errors, seconds = (np.mean([[pair[part] for pair in pairs] for pairs in known], axis=0) for part in (0, 1))
    share = seconds[0] / seconds[1]
    met = (
        f"MSE: {verdict(errors[0] <= errors[1])}; {_SLOWEST:g} of the time ({share:.3f}): {verdict(share <= _SLOWEST)}"
    )
    means = (_shown(error, second) for error, second in zip(errors, seconds, strict=True))
    rows.append((f"mean of {len(known)}", *means, met))
    notes = [
        "MSE × 1000 in the band, and seconds, one run of each after the other in the same two processes. Photos where "
        "closed form gives an error, since no pixel is known to be the subject's, do not count in the mean.",
    ]
    header = ("photo", "Feathercut", "pymatting, closed form", "limit")
    figures: dict[str, object] = {"mse": list(errors), "seconds": list(seconds)}
    return Table("Alpha from a trimap", header, rows, notes, figures)


def _answers(scene: Path, ours: _Ask, theirs: _Ask) -> list[tuple[str, float | str]]:
    return [("ours", ours(scene)), ("theirs", theirs(scene))]


def _shown(error: float | None, answer: float | str) -> str:
    return f"{error:.2f}, {answer:.2f} s" if isinstance(answer, float) else answer


def _error(scene: Path, tool: str, answer: float | str) -> float | None:
    if isinstance(answer, str):
        return None
    with np.load(scene) as known:
        band, true = (known["trimap"] > 0) & (known["trimap"] < 1), known["alpha"]
    found = np.load(scene.with_name(f"{scene.stem}-{tool}.npy"))
    return float(((found - true)[band].astype(np.float64) ** 2).mean() * 1000)


def _scene(photo: Path) -> Path:
    """The photo, its alpha and its trimap, as arrays that both environments read."""
    from PIL import Image

    target = _FOLDER / f"{photo.stem}.npz"
    with Image.open(photo) as picture, Image.open(_SET / "alpha" / f"{photo.stem}.png") as matte:
        rgb, alpha = np.asarray(picture.convert("RGB")), np.asarray(matte.convert("L"), np.float32) / np.float32(255)
    band = _grown((alpha > 0.02) & (alpha < 0.98))
    trimap = np.where(band, np.float32(0.5), (alpha > 0.5).astype(np.float32))
    np.savez(target, rgb=rgb, alpha=alpha, trimap=trimap)
    return target


def _grown(marks: Pixels) -> Pixels:
    """The marks and what is up to so many steps up, down, left or right away: scipy's `binary_dilation`."""
    for _ in range(_GROWN_PX):
        grown = marks.copy()
        grown[1:] |= marks[:-1]
        grown[:-1] |= marks[1:]
        grown[:, 1:] |= marks[:, :-1]
        grown[:, :-1] |= marks[:, 1:]
        marks = grown
    return marks


def _first(scene: Path) -> Path:
    """A small scene, half subject and half background."""
    target = _FOLDER / "first.npz"
    with np.load(scene) as known:
        rgb = known["rgb"][:120, :160]
    trimap = np.zeros((120, 160), np.float32)
    trimap[:, 60:], trimap[:, 100:] = 0.5, 1
    np.savez(target, rgb=rgb, alpha=trimap, trimap=trimap)
    return target


_Ask = Callable[[Path], "float | str"]


@contextmanager
def _worker(tool: str) -> Iterator[_Ask]:
    words = [_TOOLS[tool], "-W", "ignore", "-m", "bench.trimap", tool]
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        send, answers = process.stdin, process.stdout

        def ask(picture: Path) -> float | str:
            send.write(f"{picture}\n")
            send.flush()
            if not (answer := answers.readline()):
                raise BenchError(f"alpha from a trimap ({tool}) ended at {picture.stem}")
            told: float | str = json.loads(answer)
            return told

        yield ask
        send.close()


def _estimate(tool: str) -> tuple[Callable[[Pixels, Pixels], Pixels], Any]:
    """A tool's function, and the kind of number that it works with."""
    if tool == "ours":
        from feathercut.kernels.trimap import alpha_from_trimap

        return alpha_from_trimap, np.float32
    import pymatting  # type: ignore[import-not-found]  # only where rembg is

    return pymatting.estimate_alpha_cf, np.float64


def _work(tool: str) -> None:
    """Answers each path on stdin with the seconds that its alpha took, and stores it; or with what went wrong."""
    # Closed form writes warnings to stdout; only answers may go there.
    told = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    estimate, kind = _estimate(tool)
    for line in sys.stdin:
        picture = Path(line.strip())
        with np.load(picture) as known:
            rgb, trimap = known["rgb"].astype(kind) / kind(255), known["trimap"].astype(kind)
        started = time.perf_counter()
        try:
            alpha = estimate(rgb, trimap)
        except ValueError as error:
            answer: float | str = str(error).splitlines()[0]
        else:
            answer = time.perf_counter() - started
            np.save(picture.with_name(f"{picture.stem}-{tool}.npy"), alpha.astype(np.float32))
        told.write(f"{json.dumps(answer)}\n")
        told.flush()


if __name__ == "__main__":
    _work(sys.argv[1])
