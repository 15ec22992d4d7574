"""Glass and smoke over new backgrounds, and opaque things left alone: `python -m bench glass`.

Rendered scenes (`feathercut.evaluate.synthetic`) are cut out once with `transparency` off, which is the plain cutout,
and once with it; composites over other backgrounds are compared with the true ones. What the networks answer is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from bench.answers import ask, networks
from bench.kept import Kept, Numbers
from bench.mattes import MASKS, MATTE_ONLY, SHARED, SOFT, photo_of, samples
from bench.places import BENCH, ROOT
from bench.processes import BenchError, say
from bench.tables import Table, verdict
from feathercut.evaluate.samples import Sample
from feathercut.evaluate.synthetic.backgrounds import photographs
from feathercut.evaluate.synthetic.scenes import Scene, render
from feathercut.evaluate.synthetic.seeds import HELD_OUT, MORE_HELD_OUT, Kind
from feathercut.kernels.pieces import spread
from feathercut.kernels.resample import resize
from feathercut.loading import Loaded
from feathercut.options import Network, Options
from feathercut.pictures import FloatArray, Image, Matte, Prediction
from feathercut.pipeline import Predictor, cut_out
from feathercut.sources import load
from feathercut.steps.see_through import see_through

_PHOTOS = ROOT.parent / "shared" / "photos-unlabelled" / "cc0"
_SIZE = (576, 768)
_SEEDS = range(10, 16)
_FOLDER = BENCH / "glass"
_GAIN_DB, _SHARE, _CHANGE = 3.0, 0.7, 0.01
_OFF = {"transparency": "off"}
_WORDS = ("off", "auto", "strong")
_STUDIO = (0.93, 0.93, 0.92), (0.78, 0.79, 0.81)
TRANSPARENT = ("fp_bf005cc_5", "fp_db6a96d_9", "fm_2fb87ae_4")
"""comp1k's photos of a lamp, a glass and a jellyfish, picked by looking at all fourteen."""
POROUS = ("fp_bf005cc_7", "hct_sieve-641426_1920_1", "fm_affe2a0_6", "hct_dandelion-1335575_1920_1")
"""Its sieves, cobweb and seed head: fine solid parts with holes, reported and not counted."""

_Cut = Callable[[str], tuple[FloatArray, FloatArray]]
"""Colours and alpha with a word for `transparency`."""


def table(*, is_held_out: bool, minutes: float | None = None) -> Table:
    """Each claim, met or missed. Raises BenchError where the photos are not there.

    `is_held_out` takes the scenes that nothing is tuned on: to be looked at once, at the end. After `minutes` it stops,
    and goes on from there when it is called again.
    """
    if not _PHOTOS.is_dir() or not SHARED.is_dir():
        raise BenchError("there is no ../shared beside the repository, with photos to render over and to measure on")
    kept = Kept("glass", minutes)
    loaded = networks(Network())
    seeds: dict[Kind, Sequence[int]] = {"glass": _SEEDS, "smoke": _SEEDS}
    if is_held_out:
        seeds = {"glass": MORE_HELD_OUT, "smoke": HELD_OUT}
    rows = [row for kind, several in seeds.items() for row in _rendered(kind, several, loaded, kept)]
    rows += _by_trimap(kept)
    rows += _opaque(loaded, kept)
    notes = [
        f"Rendered scenes {_range(seeds['glass'])} of glass, {_range(seeds['smoke'])} of smoke, of "
        f"{_SIZE[1]}×{_SIZE[0]} pixels; PSNR in dB of composites over white, black, green and two photographs, mean of "
        "all. comp1k: mean square error of alpha where the true one is above 0.01, × 1000; counted are "
        f"{', '.join(TRANSPARENT)}. Opaque: mean of the sum of absolute differences to the truth / 1000.",
    ]
    return Table("Glass and smoke", ("", "plain", "auto", "strong", "limit"), rows, notes, {})


def _rendered(kind: Kind, seeds: Sequence[int], loaded: Sequence[Loaded], kept: Kept) -> Iterator[tuple[str, ...]]:
    """The means of each way to a cutout, and below them each scene of `glass`."""
    found: dict[str, list[list[float]]] = {}
    for seed in seeds:
        say(f"{kind} {seed}")
        for name, numbers in kept.numbers(f"{kind}-{seed}", partial(_scores, kind, seed, loaded)).items():
            found.setdefault(name, []).append([numbers[word] for word in _WORDS])
    for name, several in found.items():
        plain, auto, strong = np.mean(several, axis=0)
        met = (f"{word} {verdict(found >= plain + _GAIN_DB)}" for word, found in (("auto", auto), ("strong", strong)))
        limit = f"plain + {_GAIN_DB:g}: {', '.join(met)}"
        yield name, f"{plain:.2f}", f"{auto:.2f}", f"{strong:.2f}", limit
        if name == f"{kind} over photographs, networks":
            for seed, one in zip(seeds, several, strict=True):
                yield f"scene {seed}", *(f"{number:.2f}" for number in one), f"strong {one[2] - one[0]:+.1f}"


def _scores(kind: Kind, seed: int, loaded: Sequence[Loaded]) -> Numbers:
    """The PSNR of a scene for each word, by the way to the cutout."""
    found = {}
    scene = render(seed, kind, _SIZE, photographs(_PHOTOS))
    for where, one in (("photographs", scene), ("a plain backdrop", _in_studio(scene))):
        photo = Image(np.asarray(np.round(one.rgb * 255) / 255, np.float32))
        for given, cut in _ways(photo, one, loaded).items():
            found[f"{kind} over {where}, {given}"] = {word: _psnr(*cut(word), one) for word in _WORDS}
    return found


def _range(seeds: Sequence[int]) -> str:
    return f"{seeds[0]} to {seeds[-1]}"


def _in_studio(scene: Scene) -> Scene:
    """The same subject before a light wall that darkens downwards."""
    down = np.linspace(0, 1, scene.alpha.shape[0], dtype=np.float32)[:, None, None]
    light, dark = (np.array(colour, np.float32) for colour in _STUDIO)
    behind = np.broadcast_to(light + down * (dark - light), scene.rgb.shape).astype(np.float32)
    share = scene.alpha[..., None]
    return Scene(share * scene.foreground + (1 - share) * behind, scene.alpha, scene.foreground, behind)


def _ways(photo: Image, scene: Scene, loaded: Sequence[Loaded]) -> dict[str, _Cut]:
    """The ways to a cutout: from the true outline, from a trimap and from the networks."""
    outline = Prediction((scene.alpha > 0).astype(np.float32), (0, 0, *scene.alpha.shape), "truth")
    trimap = _trimap_file(scene.alpha)

    def cut(photo: Image, predict: Predictor, **more: str) -> _Cut:
        def made(word: str) -> tuple[FloatArray, FloatArray]:
            cutout = cut_out(photo, predict, Options.model_validate({"transparency": word, **more}))
            return cutout.rgb, cutout.alpha

        return made

    return {
        "outline given": cut(photo, lambda *_: (outline,), edges="network"),
        "trimap given": cut(photo, lambda *_: (), trimap=str(trimap)),
        "networks": cut(photo, lambda one, _: ask(one, loaded)),
    }


def _trimap_file(alpha: FloatArray) -> Path:
    """A trimap of an alpha: unknown where it is soft, and some pixels around."""
    from PIL import Image as Pillow

    soft = spread((alpha > 0.01) & (alpha < 0.99), max(3, round(max(alpha.shape) * 0.005)))
    path = _FOLDER / "trimap.png"
    Pillow.fromarray(np.where(soft, 128, np.where(alpha > 0.5, 255, 0)).astype(np.uint8)).save(path)
    return path


def _psnr(rgb: FloatArray, alpha: FloatArray, scene: Scene) -> float:
    found = []
    for ground in _grounds(alpha.shape[:2]):
        error = alpha[..., None] * (rgb - ground) - scene.alpha[..., None] * (scene.foreground - ground)
        found.append(-10 * np.log10(max(float((error**2).mean()), 1e-9)))
    return float(np.mean(found))


def _grounds(size: tuple[int, int]) -> Iterator[FloatArray]:
    for colour in ((1, 1, 1), (0, 0, 0), (0, 0.7, 0.25)):
        yield np.broadcast_to(np.array(colour, np.float32), (*size, 3))
    for name in ("astronaut", "cat"):
        yield resize(load(ROOT / "examples" / "photos" / f"{name}.jpg", MATTE_ONLY).frames[0].rgb, size, "box")


def _by_trimap(kept: Kept) -> Iterator[tuple[str, ...]]:
    """comp1k with the true trimap."""
    by_id = {sample.id: sample for sample in samples("comp1k")}
    counted = []
    for name in (*TRANSPARENT, *POROUS):
        say(f"comp1k {name}")
        found = kept.numbers(f"comp1k-{name}", partial(_errors, by_id[name]))["mse"]
        errors = [found[word] for word in _WORDS]
        if name in TRANSPARENT:
            counted.append(errors)
        yield f"comp1k {name}", *(f"{error:.1f}" for error in errors), ""
    plain, auto, strong = np.mean(counted, axis=0)
    limit = (
        f"{_SHARE:g} of plain: auto {auto / plain:.2f} {verdict(auto <= _SHARE * plain)}, strong {strong / plain:.2f}"
    )
    yield f"comp1k, the {len(counted)} counted", f"{plain:.1f}", f"{auto:.1f}", f"{strong:.1f}", limit


def _errors(sample: Sample) -> Numbers:
    """The mean square error of alpha × 1000 where something is, for each word."""
    photo, truth = photo_of(sample), _truth(sample)
    trimap, there, errors = str(_trimap_file(truth)), truth > 0.01, {}
    for word in _WORDS:
        options = Options.model_validate({"trimap": trimap, "transparency": word, "decontaminate": 0})
        alpha = cut_out(photo, lambda *_: (), options).alpha
        errors[word] = float(((alpha - truth)[there] ** 2).mean()) * 1000
    return {"mse": errors}


def _opaque(loaded: Sequence[Loaded], kept: Kept) -> Iterator[tuple[str, ...]]:
    """The sets with truth and without glass: what transparency does to them, which should be nothing."""
    for name in (*SOFT, *MASKS):
        say(f"opaque {name}")
        sums = []
        for sample in samples(name):
            found = kept.numbers(f"{name}-{sample.id}", partial(_differences, sample, loaded))["sad"]
            sums.append([found[word] for word in _WORDS])
        plain, auto, strong = np.mean(sums, axis=0)
        limit = f"within 1 %: auto {auto / plain:.4f} {verdict(abs(auto / plain - 1) <= _CHANGE)}"
        yield f"{name}, {len(sums)} photos", f"{plain:.3f}", f"{auto:.3f}", f"{strong:.3f}", limit


def _differences(sample: Sample, loaded: Sequence[Loaded]) -> Numbers:
    """The sum of absolute differences to the truth / 1000, for each word."""
    photo, truth = photo_of(sample), _truth(sample)
    matte = Matte(cut_out(photo, lambda one, _: ask(one, loaded), MATTE_ONLY.model_copy(update=_OFF)).alpha)
    made = {word: see_through(photo, matte, Options.model_validate({"transparency": word})).alpha for word in _WORDS}
    return {"sad": {word: float(np.abs(alpha - truth).sum()) / 1000 for word, alpha in made.items()}}


def _truth(sample: Sample) -> FloatArray:
    return load(sample.alpha, MATTE_ONLY).frames[0].rgb[..., 0]
