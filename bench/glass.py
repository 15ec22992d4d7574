"""Glass and smoke over new backgrounds, and opaque things left alone: `python -m bench glass`.

Rendered scenes (`feathercut.evaluate.synthetic`) are cut out once with `transparency` off, which is the plain cutout,
and once with it; composites over other backgrounds are compared with the true ones. What the networks answer is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from bench.answers import ask, networks
from bench.mattes import MASKS, MATTE_ONLY, SHARED, SOFT, photo_of, samples
from bench.places import BENCH, ROOT
from bench.processes import BenchError, say
from bench.tables import Table, verdict
from feathercut.evaluate.synthetic.backgrounds import photographs
from feathercut.evaluate.synthetic.scenes import Scene, render
from feathercut.evaluate.synthetic.seeds import HELD_OUT, Kind
from feathercut.kernels.pieces import spread
from feathercut.kernels.resample import resize
from feathercut.loading import Loaded
from feathercut.options import Network, Options
from feathercut.pictures import FloatArray, Image, Matte, Prediction
from feathercut.pipeline import cut_out
from feathercut.sources import load
from feathercut.steps.see_through import see_through

_PHOTOS = ROOT.parent / "shared" / "photos-unlabelled" / "cc0"
_SIZE = (576, 768)
_SEEDS = range(10, 16)
_FOLDER = BENCH / "glass"
_GAIN_DB, _SHARE, _CHANGE = 3.0, 0.7, 0.01
_OFF = {"transparency": "off"}
_STUDIO = (0.93, 0.93, 0.92), (0.78, 0.79, 0.81)
TRANSPARENT = ("fp_bf005cc_5", "fp_db6a96d_9", "fm_2fb87ae_4")
"""comp1k's photos of a lamp, a glass and a jellyfish, picked by looking at all fourteen."""
POROUS = ("fp_bf005cc_7", "hct_sieve-641426_1920_1", "fm_affe2a0_6", "hct_dandelion-1335575_1920_1")
"""Its sieves, cobweb and seed head: fine solid parts with holes, reported and not counted."""

_Cut = Callable[[str], tuple[FloatArray, FloatArray]]
"""Colours and alpha with a word for `transparency`."""


def table(*, is_held_out: bool) -> Table:
    """Each claim, met or missed. Raises BenchError where the photos are not there.

    `is_held_out` takes the scenes that nothing is tuned on: to be looked at once, at the end.
    """
    if not _PHOTOS.is_dir() or not SHARED.is_dir():
        raise BenchError("there is no ../shared beside the repository, with photos to render over and to measure on")
    _FOLDER.mkdir(parents=True, exist_ok=True)
    loaded = networks(Network())
    seeds = HELD_OUT if is_held_out else _SEEDS
    rows = [row for kind in ("glass", "smoke") for row in _rendered(kind, seeds, loaded)]
    rows += _by_trimap()
    rows += _opaque(loaded)
    notes = [
        f"Rendered scenes {seeds[0]} to {seeds[-1]} of {_SIZE[1]}×{_SIZE[0]} pixels; PSNR in dB of composites over "
        "white, black, green and two photographs, mean of all. comp1k: mean square error of alpha where the "
        f"true one is above 0.01, × 1000; counted are {', '.join(TRANSPARENT)}. Opaque: mean of the sum of absolute "
        "differences to the truth / 1000.",
    ]
    return Table("Glass and smoke", ("", "plain", "auto", "strong", "limit"), rows, notes, {})


def _rendered(kind: Kind, seeds: Sequence[int], loaded: Sequence[Loaded]) -> Iterator[tuple[str, ...]]:
    found: dict[str, list[list[float]]] = {}
    for seed in seeds:
        say(f"{kind} {seed}")
        scene = render(seed, kind, _SIZE, photographs(_PHOTOS))
        for where, one in (("photographs", scene), ("a plain backdrop", _in_studio(scene))):
            photo = Image(np.asarray(np.round(one.rgb * 255) / 255, np.float32))
            for given, cut in _ways(photo, one, loaded).items():
                numbers = [_psnr(*cut(word), one) for word in ("off", "auto", "strong")]
                found.setdefault(f"{kind} over {where}, {given}", []).append(numbers)
    for name, several in found.items():
        plain, auto, strong = np.mean(several, axis=0)
        met = (f"{word} {verdict(found >= plain + _GAIN_DB)}" for word, found in (("auto", auto), ("strong", strong)))
        limit = f"plain + {_GAIN_DB:g}: {', '.join(met)}"
        yield name, f"{plain:.2f}", f"{auto:.2f}", f"{strong:.2f}", limit


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

    def cut(photo: Image, predict: Callable[[Image], Sequence[Prediction]], **more: str) -> _Cut:
        def made(word: str) -> tuple[FloatArray, FloatArray]:
            cutout = cut_out(photo, predict, Options.model_validate({"transparency": word, **more}))
            return cutout.rgb, cutout.alpha

        return made

    return {
        "outline given": cut(photo, lambda _: (outline,), edges="network"),
        "trimap given": cut(photo, lambda _: (), trimap=str(trimap)),
        "networks": cut(photo, lambda one: ask(one, loaded)),
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


def _by_trimap() -> Iterator[tuple[str, ...]]:
    """comp1k with the true trimap."""
    by_id = {sample.id: sample for sample in samples("comp1k")}
    counted = []
    for name in (*TRANSPARENT, *POROUS):
        say(f"comp1k {name}")
        photo, truth = photo_of(by_id[name]), load(by_id[name].alpha, MATTE_ONLY).frames[0].rgb[..., 0]
        trimap, there, errors = str(_trimap_file(truth)), truth > 0.01, []
        for word in ("off", "auto", "strong"):
            alpha = cut_out(photo, lambda _: (), Options(trimap=trimap, transparency=word, decontaminate=0)).alpha
            errors.append(float(((alpha - truth)[there] ** 2).mean()) * 1000)
        if name in TRANSPARENT:
            counted.append(errors)
        yield f"comp1k {name}", *(f"{error:.1f}" for error in errors), ""
    plain, auto, strong = np.mean(counted, axis=0)
    limit = (
        f"{_SHARE:g} of plain: auto {auto / plain:.2f} {verdict(auto <= _SHARE * plain)}, strong {strong / plain:.2f}"
    )
    yield f"comp1k, the {len(counted)} counted", f"{plain:.1f}", f"{auto:.1f}", f"{strong:.1f}", limit


def _opaque(loaded: Sequence[Loaded]) -> Iterator[tuple[str, ...]]:
    """The sets with truth and without glass: what transparency does to them, which should be nothing."""
    for name in (*SOFT, *MASKS):
        say(f"opaque {name}")
        sums = []
        for sample in samples(name):
            photo, truth = photo_of(sample), load(sample.alpha, MATTE_ONLY).frames[0].rgb[..., 0]
            matte = Matte(cut_out(photo, lambda one: ask(one, loaded), MATTE_ONLY.model_copy(update=_OFF)).alpha)
            made = [see_through(photo, matte, Options(transparency=word)).alpha for word in ("off", "auto", "strong")]
            sums.append([float(np.abs(alpha - truth).sum()) / 1000 for alpha in made])
        plain, auto, strong = np.mean(sums, axis=0)
        limit = f"within 1 %: auto {auto / plain:.4f} {verdict(abs(auto / plain - 1) <= _CHANGE)}"
        yield f"{name}, {len(sums)} photos", f"{plain:.3f}", f"{auto:.3f}", f"{strong:.3f}", limit
