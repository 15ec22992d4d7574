"""Methods without a network beside the network, on scenes whose truth is known: `python -m bench methods`."""

from __future__ import annotations

from functools import partial
from itertools import product

import numpy as np

import feathercut
from bench.kept import Kept, Numbers
from bench.processes import say
from bench.tables import Table, verdict
from feathercut.errors import MethodError
from feathercut.evaluate.synthetic.scenes import Scene, render
from feathercut.evaluate.synthetic.seeds import HELD_OUT, Kind
from feathercut.evaluate.synthetic.studios import in_studio
from feathercut.kernels.pieces import spread
from feathercut.kernels.windows import Marks
from feathercut.pictures import FloatArray, Image
from feathercut.result import Result

_SEEDS = range(4)
_SOLID_SEEDS = (*_SEEDS, *range(100, 108), *HELD_OUT)
"""Of the second and third part, nothing was looked at before the key was as it is."""
_LEAST_GAIN_DB, _MOST_LOSS_DB = 6.0, 1.0
_METHODS = ("chroma", "plain", "outline", "grabcut", "network")


_KINDS: tuple[Kind, ...] = ("hair", "fur", "holes")
_PLACES = ("screen", "plain backdrop", "photograph")


def table(seeds: range = _SEEDS, *, minutes: float | None = None) -> Table:
    """Mean absolute errors of alpha; for screens also what the composite differs by, in dB.

    After `minutes` it stops, and goes on from there when it is called again.
    """
    kept = Kept("methods", minutes)
    errors: dict[str, dict[str, list[float]]] = {}
    gains: list[float] = []
    for place, kind, seed in product(_PLACES, _KINDS, seeds):
        where = f"{kind}, {place}"
        say(f"{where} {seed}")
        found = kept.numbers(f"{kind}-{place.replace(' ', '-')}-{seed}", partial(_measured, place, kind, seed))
        for method, error in found["mae"].items():
            errors.setdefault(where, {}).setdefault(method, []).append(error)
        gains.extend(found["gain"].values())
    losses = []
    for seed in _SOLID_SEEDS:
        say(f"solid parts {seed}")
        losses.append(kept.numbers(f"solid-{seed}", partial(_loss, seed))["loss"]["chroma"])
    rows = [(where, *(_shown(several.get(method)) for method in _METHODS)) for where, several in errors.items()]
    notes = [
        f"MAE × 1000, means of {len(seeds)} seeds at 1024×768; a dash where the method says that it is not for such a "
        "photo. Scenes: `feathercut.evaluate.synthetic`. GrabCut is given the box of the truth.",
        f"Hair before a screen, composites on white and black: edges {min(gains):.1f} to {max(gains):.1f} dB above the "
        f"network's (at least {_LEAST_GAIN_DB:g}): {verdict(min(gains) >= _LEAST_GAIN_DB)}. Solid parts, two pixels "
        f"from the next soft one, without noise, of {len(losses)} seeds: {max(losses):.1f} dB at the most below what "
        f"eight bits leave of the truth (at most {_MOST_LOSS_DB:g}): {verdict(max(losses) <= _MOST_LOSS_DB)}.",
    ]
    return Table(
        "Methods without a network",
        ("scenes", *_METHODS),
        rows,
        notes,
        {"errors": errors, "gains": gains, "losses": losses},
    )


def _shown(errors: list[float] | None) -> str:
    return f"{1000 * float(np.mean(errors)):.0f}" if errors else "–"


def _measured(place: str, kind: Kind, seed: int) -> Numbers:
    """The error of each method's alpha; for hair before a screen, dB that the key gains over the network at edges."""
    scene = _scene(place, kind, seed)
    mattes = {method: _cut(scene, method) for method in _METHODS}
    errors = {method: float(np.abs(one.alpha - scene.alpha).mean()) for method, one in mattes.items() if one}
    keyed, network = mattes["chroma"], mattes["network"]
    gain = {}
    if (place, kind) == ("screen", "hair") and keyed is not None and network is not None:
        edges = (scene.alpha > 0) & (scene.alpha < 1)
        gain["chroma"] = _psnr(scene, keyed, edges) - _psnr(scene, network, edges)
    return {"mae": errors, "gain": gain}


def _scene(place: str, kind: Kind, seed: int) -> Scene:
    if place == "photograph":
        return render(seed, kind)
    return in_studio(seed, kind, "screen" if place == "screen" else "backdrop")


def _cut(scene: Scene, method: str) -> Result | None:
    region = _box(scene.alpha) if method == "grabcut" else None
    try:
        return feathercut.remove(Image(scene.rgb), method=method, region=region)  # type: ignore[arg-type]
    except MethodError:
        return None


def _box(alpha: FloatArray) -> str:
    rows, columns = np.nonzero(alpha.max(axis=1) > 0.1)[0], np.nonzero(alpha.max(axis=0) > 0.1)[0]
    return f"{columns[0]}px {rows[0]}px {columns[-1] + 1}px {rows[-1] + 1}px"


def _loss(seed: int) -> Numbers:
    scene = in_studio(seed, "hair", "screen", noise=0)
    solid = ~spread(scene.alpha < 1, 2)
    keyed = _cut(scene, "chroma")
    truth = _compared(scene, scene.alpha, scene.rgb, solid)
    return {"loss": {"chroma": truth - (0.0 if keyed is None else _psnr(scene, keyed, solid))}}


def _psnr(scene: Scene, result: Result, where: Marks) -> float:
    return _compared(scene, result.alpha, result.rgb, where)


def _compared(scene: Scene, alpha: FloatArray, rgb: FloatArray, where: Marks) -> float:
    """Of the composites on white and black beside the true ones, in dB."""
    share, true_share = alpha[..., None], scene.alpha[..., None]
    errors = []
    for behind in (0.0, 1.0):
        ours = share * rgb + (1 - share) * behind
        errors.append(np.square(ours - true_share * scene.foreground - (1 - true_share) * behind)[where].mean())
    return float(-10 * np.log10(np.mean(errors)))
