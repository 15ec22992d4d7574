"""Methods without a network beside the network, on scenes whose truth is known: `python -m bench methods`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field

import numpy as np

import feathercut
from bench.processes import apart, say
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


@dataclass(frozen=True)
class _Found:
    """Errors of each method by scenes, and for hair before screens dB gained at edges and lost in solid parts."""

    errors: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    gains: list[float] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)


def table(seeds: range = _SEEDS) -> Table:
    """Mean absolute errors of alpha; for screens also what the composite differs by, in dB."""
    found = apart(_measured, list(seeds))
    rows = [(where, *(_shown(errors.get(method)) for method in _METHODS)) for where, errors in found.errors.items()]
    gains, losses = found.gains, found.losses
    notes = [
        f"MAE × 1000, means of {len(seeds)} seeds at 1024×768; a dash where the method says that it is not for such a "
        "photo. Scenes: `feathercut.evaluate.synthetic`. GrabCut is given the box of the truth.",
        f"Hair before a screen, composites on white and black: edges {min(gains):.1f} to {max(gains):.1f} dB above the "
        f"network's (at least {_LEAST_GAIN_DB:g}): {verdict(min(gains) >= _LEAST_GAIN_DB)}. Solid parts, two pixels "
        f"from the next soft one, without noise, of {len(losses)} seeds: {max(losses):.1f} dB at the most below what "
        f"eight bits leave of the truth (at most {_MOST_LOSS_DB:g}): {verdict(max(losses) <= _MOST_LOSS_DB)}.",
    ]
    return Table("Methods without a network", ("scenes", *_METHODS), rows, notes, asdict(found))


def _shown(errors: list[float] | None) -> str:
    return f"{1000 * float(np.mean(errors)):.0f}" if errors else "–"


def _measured(seeds: list[int]) -> _Found:
    found = _Found()
    for where, scene in _scenes(seeds):
        say(where)
        mattes = {method: _cut(scene, method) for method in _METHODS}
        for method, result in mattes.items():
            if result is not None:
                error = float(np.abs(result.alpha - scene.alpha).mean())
                found.errors.setdefault(where, {}).setdefault(method, []).append(error)
        keyed, network = mattes["chroma"], mattes["network"]
        if where == "hair, screen" and keyed is not None and network is not None:
            edges = (scene.alpha > 0) & (scene.alpha < 1)
            found.gains.append(_psnr(scene, keyed, edges) - _psnr(scene, network, edges))
    found.losses.extend(_loss(seed) for seed in _SOLID_SEEDS)
    return found


def _scenes(seeds: list[int]) -> Iterator[tuple[str, Scene]]:
    places: dict[str, Callable[[int, Kind], Scene]] = {
        "screen": lambda seed, kind: in_studio(seed, kind, "screen"),
        "plain backdrop": lambda seed, kind: in_studio(seed, kind, "backdrop"),
        "photograph": render,
    }
    kinds: tuple[Kind, ...] = ("hair", "fur", "holes")
    for place, make in places.items():
        for kind in kinds:
            for seed in seeds:
                yield f"{kind}, {place}", make(seed, kind)


def _cut(scene: Scene, method: str) -> Result | None:
    region = _box(scene.alpha) if method == "grabcut" else None
    try:
        return feathercut.remove(Image(scene.rgb), method=method, region=region)  # type: ignore[arg-type]
    except MethodError:
        return None


def _box(alpha: FloatArray) -> str:
    rows, columns = np.nonzero(alpha.max(axis=1) > 0.1)[0], np.nonzero(alpha.max(axis=0) > 0.1)[0]
    return f"{columns[0]}px {rows[0]}px {columns[-1] + 1}px {rows[-1] + 1}px"


def _loss(seed: int) -> float:
    scene = in_studio(seed, "hair", "screen", noise=0)
    solid = ~spread(scene.alpha < 1, 2)
    keyed = _cut(scene, "chroma")
    if keyed is None:
        return float("inf")
    return _compared(scene, scene.alpha, scene.rgb, solid) - _psnr(scene, keyed, solid)


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
