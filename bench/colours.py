"""The subject's own colours at soft pixels, given alpha, beside rembg's: `python -m bench colours`.

`rembg -dc` calls pymatting's multilevel estimate. Both run in a process of their own that stays, one picture of each
after the other: `python -m bench.colours ours|theirs` reads paths and answers with seconds.
"""

from __future__ import annotations

import importlib
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from bench import incumbent
from bench.places import BENCH, ROOT, own_command, rembg_command
from bench.processes import BenchError, Command, run, say
from bench.tables import Table, verdict

_FOLDER = BENCH / "colours"
_SEEDS = range(3)
_PERSON = ROOT.parent / "shared" / "contracts" / "removebg" / "person-in-field.jpg"
_SLOWEST, _GAIN_DB = 0.25, 2.0
_KINDS = ("hair", "fur", "holes", "motion", "glass", "smoke")
_TOOLS = {"ours": own_command("python"), "theirs": rembg_command("python")}

Pixels = Any
"""An array; numpy's stubs differ between the two environments."""


def table(times: int, *, is_held_out: bool) -> Table:
    """Errors of colours and of composites, and the time for them, medians of `times` runs in turn.

    `is_held_out` takes the scenes that no method is tuned on: to be looked at once, at the end.
    """
    # Not at the top: rembg's environment, which runs this file too, has no Feathercut.
    from feathercut.evaluate.synthetic.seeds import HELD_OUT

    incumbent.install()
    scenes = [_FOLDER / f"{kind}-{seed}.npz" for kind in _KINDS for seed in (HELD_OUT if is_held_out else _SEEDS)]
    if missing := [scene for scene in scenes if not scene.is_file()]:
        say(f"rendering {len(missing)} scenes into {_FOLDER}")
        run(Command("the scenes", [own_command("python"), "-m", "bench.colours", "render", *map(str, missing)]))
    pictures = [*scenes, *_recorded()]
    seconds = _measured(pictures, times)
    rows = _colour_rows(scenes, seconds)
    rows += _composite_rows(scenes)
    notes = [
        f"{len(scenes)} scenes of 1024 × 768 pixels, 8 bits, their alpha given. Errors are means over the pixels with "
        f"0 < alpha < 1, in levels of 255; times are medians of {times} runs in turn of the estimate alone, "
        "Feathercut with its usual threads, pymatting, which has one, compiled beforehand.",
        "Composites: white, black, green and the three example photos behind; rembg's default stores the photo's "
        "colours multiplied by alpha.",
    ]
    if len(pictures) > len(scenes):
        rows.append(_recorded_row(pictures[-1]))
    else:
        notes.append(f"There is no {_PERSON.name} here to compare with what remove.bg recorded.")
    return Table(
        "The subject's own colours, alpha given",
        ("", "Feathercut", "rembg -dc", "the photo's own", "limit"),
        rows,
        notes,
        {"seconds": {tool: [statistics.median(one) for one in runs] for tool, runs in seconds.items()}},
    )


def _colour_rows(scenes: Sequence[Path], seconds: dict[str, list[list[float]]]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    means = []
    for kind in _KINDS:
        errors = [_errors(scene) for scene in scenes if scene.name.startswith(kind)]
        means.append(np.mean(errors, axis=0))
        rows.append((f"error, {kind}", *(f"{value:.2f}" for value in means[-1]), ""))
    ours, theirs, photo = np.mean(means, axis=0)
    rows.append(
        ("error, all", f"{ours:.2f}", f"{theirs:.2f}", f"{photo:.2f}", f"rembg -dc's: {verdict(ours <= theirs)}")
    )
    medians = {tool: [statistics.median(one) for one in runs[: len(scenes)]] for tool, runs in seconds.items()}
    spent = [statistics.mean(medians[tool]) * 1000 for tool in ("ours", "theirs")]
    ratios = [one / other for one, other in zip(medians["ours"], medians["theirs"], strict=True)]
    judged = f"{_SLOWEST:.2f} of it: {verdict(spent[0] <= _SLOWEST * spent[1])}"
    shares = f"{spent[0] / spent[1]:.2f} ({min(ratios):.2f} to {max(ratios):.2f}) of it"
    rows.append(("time a picture", f"{spent[0]:.1f} ms, {shares}", f"{spent[1]:.1f} ms", "", judged))
    least = [statistics.mean(min(one) for one in seconds[tool][: len(scenes)]) * 1000 for tool in ("ours", "theirs")]
    shares = f"{least[0]:.1f} ms, {least[0] / least[1]:.2f} of it"
    rows.append(("the quickest run of each", shares, f"{least[1]:.1f} ms", "", ""))
    return rows


def _composite_rows(scenes: Sequence[Path]) -> list[tuple[str, ...]]:
    """PSNR in dB of the composites against the true ones, a mean over scenes for each background."""
    rows: list[tuple[str, ...]] = []
    for name in ("white", "black", "green", "astronaut", "cat", "cup"):
        ours, dc, own, default = np.mean([_psnr(scene, name) for scene in scenes], axis=0)
        judged = f"-dc's: {verdict(ours >= dc)}; default + {_GAIN_DB:g} dB: {verdict(ours >= default + _GAIN_DB)}"
        photo = f"{own:.2f} dB; rembg's default {default:.2f} dB"
        rows.append((f"PSNR over {name}", f"{ours:.2f} dB", f"{dc:.2f} dB", photo, judged))
    return rows


def _errors(scene: Path) -> tuple[float, float, float]:
    """Mean error at soft pixels of ours, rembg -dc's and the photo's own colours, in levels of 255."""
    with np.load(scene) as known:
        alpha, true, photo = known["alpha"], known["foreground"].astype(np.float32), known["photo"]
    soft = (alpha > 0) & (alpha < 255)
    ours, theirs, own = (
        float(np.abs(colours[soft].astype(np.float32) - true[soft]).mean())
        for colours in (_stored(scene, "ours"), _stored(scene, "theirs"), photo)
    )
    return ours, theirs, own


def _psnr(scene: Path, behind: str) -> tuple[float, float, float, float]:
    """PSNR of composites with ours, rembg -dc's, the photo's own colours, and what rembg stores by default."""
    with np.load(scene) as known:
        alpha, true, photo = known["alpha"][..., None] / 255, known["foreground"] / 255, known["photo"] / 255
    ground = (1 - alpha) * _ground(behind, alpha.shape[:2])
    wanted = np.round((alpha * true + ground) * 255) / 255
    default = np.round(photo * alpha * 255) / 255

    def psnr(colours: Pixels) -> float:
        composite = np.round((alpha * colours + ground) * 255) / 255
        error = float(((composite - wanted) ** 2).mean())
        return float(-10 * np.log10(max(error, 1e-12)))

    return psnr(_stored(scene, "ours") / 255), psnr(_stored(scene, "theirs") / 255), psnr(photo), psnr(default)


def _ground(name: str, size_hw: tuple[int, int]) -> Pixels:
    from PIL import Image, ImageOps

    plain = {"white": (1, 1, 1), "black": (0, 0, 0), "green": (0, 0.7, 0.25)}
    if name in plain:
        return np.broadcast_to(np.array(plain[name], np.float64), (*size_hw, 3))
    with Image.open(ROOT / "examples" / "photos" / f"{name}.jpg") as photo:
        return np.asarray(ImageOps.fit(photo.convert("RGB"), size_hw[::-1]), np.float64) / 255


def _recorded() -> list[Path]:
    """The photo and alpha of remove.bg's recorded answer as a scene, with its colours as the true ones."""
    if not _PERSON.is_file():
        return []
    from PIL import Image

    with Image.open(_PERSON) as photo, Image.open(_PERSON.with_name(f"{_PERSON.stem}.removebg.png")) as answer:
        pixels, rgba = np.asarray(photo.convert("RGB")), np.asarray(answer.convert("RGBA"))
    target = _FOLDER / "recorded.npz"
    _FOLDER.mkdir(parents=True, exist_ok=True)
    np.savez(target, photo=pixels, alpha=rgba[..., 3], foreground=rgba[..., :3])
    return [target]


def _recorded_row(scene: Path) -> tuple[str, ...]:
    ours, theirs, photo = _errors(scene)
    judged = f"both others': {verdict(ours < min(theirs, photo))}"
    return f"from what remove.bg recorded ({_PERSON.stem})", f"{ours:.2f}", f"{theirs:.2f}", f"{photo:.2f}", judged


def _stored(scene: Path, tool: str) -> Pixels:
    return np.load(scene.with_name(f"{scene.stem}-{tool}.npy"))


def _measured(pictures: Sequence[Path], times: int) -> dict[str, list[list[float]]]:
    """Seconds of each run by tool and picture; the first run of each, which is not counted, stores the colours."""
    seconds: dict[str, list[list[float]]] = {tool: [] for tool in _TOOLS}
    with _worker("ours") as ours, _worker("theirs") as theirs:
        asks = {"ours": ours, "theirs": theirs}
        for number, picture in enumerate(pictures):
            say(f"picture {number + 1} of {len(pictures)}: {picture.stem}")
            runs = [{tool: ask(picture) for tool, ask in asks.items()} for _ in range(times + 1)]
            for tool in _TOOLS:
                seconds[tool].append([one[tool] for one in runs[1:]])
    return seconds


@contextmanager
def _worker(tool: str) -> Iterator[Callable[[Path], float]]:
    words = [_TOOLS[tool], "-m", "bench.colours", tool]
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        send, answers = process.stdin, process.stdout

        def ask(picture: Path) -> float:
            send.write(f"{picture}\n")
            send.flush()
            if not (answer := answers.readline()):
                raise BenchError(f"the estimate of colours ({tool}) ended at {picture}")
            return float(answer)

        yield ask
        send.close()


def _work(tool: str) -> None:
    """Answers each path on stdin with the seconds that its colours took, and stores them as 8 bits."""
    estimate: Callable[[Pixels, Pixels], Pixels]
    kind: Any
    if tool == "ours":
        from feathercut.kernels.foreground import estimate_foreground

        estimate, kind, rounding = estimate_foreground, np.float32, 0.5
    else:  # as rembg's `decontaminate_cutout`, which cuts off what is below a level
        estimate = importlib.import_module("pymatting.foreground.estimate_foreground_ml").estimate_foreground_ml
        kind, rounding = np.float64, 0.0
    for line in sys.stdin:
        picture = Path(line.strip())
        with np.load(picture) as known:
            photo, alpha = (known[name].astype(kind) / kind(255) for name in ("photo", "alpha"))
        started = time.perf_counter()
        colours = estimate(photo, alpha)
        spent = time.perf_counter() - started
        target = picture.with_name(f"{picture.stem}-{tool}.npy")
        np.save(target, np.clip(colours * 255 + rounding, 0, 255).astype(np.uint8))
        print(spent, flush=True)


def _render(target: Path) -> None:
    from feathercut.evaluate.synthetic.scenes import render

    kind, _, seed = target.stem.partition("-")
    scene = render(int(seed), kind)  # type: ignore[arg-type]
    levels = {"photo": scene.rgb, "alpha": scene.alpha, "foreground": scene.foreground}
    target.parent.mkdir(parents=True, exist_ok=True)
    bytes_: dict[str, Any] = {name: np.round(values * 255).astype(np.uint8) for name, values in levels.items()}
    np.savez(target, **bytes_)


if __name__ == "__main__":
    if sys.argv[1] == "render":
        for path in sys.argv[2:]:
            _render(Path(path))
    else:
        _work(sys.argv[1])
