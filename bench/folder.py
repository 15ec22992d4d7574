"""What a folder of photos costs: the same networks on both sides, whole processes: `python -m bench folder`."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from bench import guard, incumbent
from bench.kept import Kept, Numbers
from bench.places import BENCH, ROOT, own_command, rembg_command, rembg_settings
from bench.processes import BenchError, Command, Spread, run, say
from bench.tables import Table, verdict

_LIMIT = 3.5
_SIZE = (1632, 1224)
_NOISE = 4.0
"""Standard deviation of 255, as a camera's: smooth photos cost encoders less."""

_PAUSE_S = 0.05
_FLAT = 1.1
"""The most that memory at the end may be of that at the tenth photo, and still be called flat."""


@dataclass(frozen=True)
class Passage:
    """One run over the folder: photos a second, and the most MB that its processes held at all, from the tenth photo
    on, and in the second half of what comes after that; 0 where the system does not say."""

    rate: float
    peak_mb: float = 0
    early_mb: float = 0
    late_mb: float = 0


def table(times: int, *, is_quick: bool, minutes: float | None = None) -> Table:
    """Photos a second of both tools over one folder in turn, and how memory went.

    Raises BenchError when `minutes` are over before all runs were made; the same call goes on from there.
    """
    incumbent.install()
    incumbent.give_weights()
    count, times = (20, 1) if is_quick else (60, min(times, 3))
    photos = _photos(count)
    model = "isnet-general"
    ours, theirs = BENCH / "folder-feathercut", BENCH / "folder-rembg"
    words = [own_command("feathercut"), "remove", str(photos), "--output-dir", str(ours), "--model", model, "--quiet"]
    commands = [
        (Command("feathercut remove", words), ours),
        (Command("feathercut remove --quality fast", [*words, "--quality", "fast"]), ours),
        (Command("feathercut remove --model u2netp", [*words[:-2], "u2netp", "--quiet"]), ours),
        (
            Command(
                "rembg p",
                [rembg_command("rembg"), "p", "-m", incumbent.NETWORKS[model], str(photos), str(theirs)],
                rembg_settings(),
            ),
            theirs,
        ),
    ]
    kept = None if minutes is None else Kept("folder", minutes)
    found: dict[str, list[Passage]] = {command.name: [] for command, _ in commands}
    for turn in range(times):
        for command, target in commands:
            work = partial(_numbers, command, target, count)
            numbers = kept.numbers(f"{count}-{turn}-{command.name}", work) if kept else work()
            passage = Passage(**numbers["passage"])
            found[command.name].append(passage)
            say(f"run {turn + 1} of {times}: {command.name}: {passage.rate:.2f} photos a second")
    if kept:
        kept.forget()  # the next time they are made anew
    return _table(found, count, times)


def _table(found: dict[str, list[Passage]], count: int, times: int) -> Table:
    theirs = Spread.of([one.rate for one in found["rembg p"]])
    base = theirs.median
    rows, figures, noise = [], dict[str, object](), dict[str, float]()
    for name, passages in found.items():
        rate = Spread.of([one.rate for one in passages])
        ratio = rate.median / base
        judged = f"{_LIMIT}: {verdict(ratio >= _LIMIT)}" if name == "feathercut remove" else ""
        peak = _most(passages, lambda one: one.peak_mb)
        early, late = _most(passages, lambda one: one.early_mb), _most(passages, lambda one: one.late_mb)
        flat = "" if not early else "flat" if late <= _FLAT * early else "GROWS"
        rows.append(
            (name, rate.show("a second", 2), f"{ratio:.2f}", judged, f"{peak:.0f} MB", f"{early:.0f} MB",
             f"{late:.0f} MB", flat)
        )  # fmt: skip
        if name != "rembg p":  # as time, of which more is worse
            figures[f"{name}, of rembg's time"] = round(1 / ratio, 4)
            noise[f"{name}, of rembg's time"] = rate.noise + theirs.noise
        figures[f"{name}, photos/s"] = rate.median
        figures[f"{name}, MB"] = peak
    notes = [
        f"{count} JPEGs of {_SIZE[0]} × {_SIZE[1]} pixels with a camera's noise, whole processes, {times} run(s) of "
        f"each in turn: median (lowest to highest). rembg {incumbent.VERSION} runs the same IS-Net weights in full "
        "precision with all outputs; the third line has another network, and is no comparison.",
        "Memory is that of all processes together, looked at every 0.05 s. `flat` means that the most in the last half "
        f"of the photos after the tenth is no more than {_FLAT} times the most in the first half.",
        *guard.compared("folder", {name: figures[name] for name in noise}, noise),
    ]
    header = ("", "photos", "of rembg's", "limit", "peak", "after photo 10", "at the end", "memory")
    return Table("A folder of photos of 2 megapixels", header, rows, notes, figures, noise)


def _most(passages: list[Passage], of: Callable[[Passage], float]) -> float:
    return max(of(one) for one in passages)


def _numbers(command: Command, target: Path, count: int) -> Numbers:
    return {"passage": asdict(_run(command, target, count))}


def _run(command: Command, target: Path, count: int) -> Passage:
    """One run into an empty folder."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    most = [0.0, 0.0, 0.0]
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(_PAUSE_S):
            made = len(list(target.glob("*.png")))
            phase = 0 if made < 10 else 1 if made < (10 + count) / 2 else 2
            most[phase] = max(most[phase], _tree_mb())

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        started = time.perf_counter()
        run(command)
        took_s = time.perf_counter() - started
    finally:
        ended.set()
        watcher.join()
    made = len(list(target.glob("*.png")))
    if made != count:
        raise BenchError(f"{command.name} made {made} of {count} cutouts")
    return Passage(count / took_s, max(most), most[1], most[2])


def _tree_mb() -> float:
    """Resident memory of all processes below this one, in MB; 0 where the system does not say it this way."""
    parents: dict[int, list[int]] = {}
    sizes: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            lines = dict(
                line.split(":", 1) for line in (folder / "status").read_text("utf-8").splitlines() if ":" in line
            )
        except OSError:
            continue  # it has ended
        parents.setdefault(int(lines["PPid"]), []).append(int(folder.name))
        sizes[int(folder.name)] = int(lines.get("VmRSS", "0 kB").split()[0])
    total, below = 0, list(parents.get(os.getpid(), []))
    while below:
        process = below.pop()
        total += sizes[process]
        below += parents.get(process, [])
    return total * 1024 / 1e6


def _photos(count: int) -> Path:
    """The folder of photos, made from shared ones where they are, else from the examples; the same at every run."""
    shared = ROOT.parent / "shared" / "photos-unlabelled" / "cc0"
    source = shared if shared.is_dir() else ROOT / "examples" / "photos"
    originals = sorted(source.glob("*.jpg"))
    target = BENCH / f"folder-{count}"
    target.mkdir(exist_ok=True)
    for number in range(count):
        path = target / f"{number:02}.jpg"
        if path.is_file():
            continue
        with Image.open(originals[number % len(originals)]) as image:
            fitted = ImageOps.fit(image.convert("RGB"), _SIZE, Image.Resampling.LANCZOS)
        noise = np.random.default_rng(number).normal(0, _NOISE, (_SIZE[1], _SIZE[0], 3)).astype(np.float32)
        pixels = np.clip(np.asarray(fitted, np.float32) + noise, 0, 255).round().astype(np.uint8)
        part = path.with_suffix(".part")
        Image.fromarray(pixels).save(part, "JPEG", quality=92)
        part.replace(path)
    return target
