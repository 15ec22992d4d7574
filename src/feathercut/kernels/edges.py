"""Moving, blurring and hardening the edge of a matte, worked on only where there is one.

Each gives back a new array in [0, 1]. What lies deep inside or far outside is left to the bit, and the
photo's border is no edge: beyond it the matte goes on as it ends.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from feathercut.kernels.discs import disc_of, moved
from feathercut.kernels.resample import resize
from feathercut.kernels.side_by_side import each
from feathercut.kernels.windows import Window, grown, inside
from feathercut.pictures import FloatArray

_BLOCK = 64
_LARGEST_BLOCK = 256
_ROW_OF_BLOCKS = 4  # blocks side by side are worked on together: less is computed twice
_STRIP = 64
_WIDEST_TAPS = 4.0
_BEYOND = 2
_EXACT = np.float32(1e-5)  # what rounding leaves of a sum of taps


def shift_edge(alpha: FloatArray, shift_px: float) -> FloatArray:
    """`alpha` (H×W) with its edge moved by `shift_px`: outwards where it is positive.

    The largest (or least) alpha within a disc of that radius, so the soft edge moves as a whole and
    keeps its profile. Parts of a pixel are interpolated between whole radii.

    >>> shift_edge(np.float32([[0, 0, 0, 0.5, 1, 1]]), 1).tolist()
    [[0.0, 0.0, 0.5, 1.0, 1.0, 1.0]]
    """
    extreme = np.maximum if shift_px > 0 else np.minimum
    disc = disc_of(abs(shift_px))
    return _worked(alpha, disc.reach, lambda around, _: moved(around, disc, extreme))


def soften_edge(alpha: FloatArray, radius_px: float) -> FloatArray:
    """`alpha` (H×W) blurred by a Gaussian of standard deviation `radius_px`, which ends at three of them.

    Wide blurs are computed at reduced size, where nothing of them is lost.
    """
    radius_px = min(radius_px, max(alpha.shape))
    if radius_px <= _WIDEST_TAPS:
        return _weighted(alpha, _gaussian(radius_px))
    step = int(radius_px // (_WIDEST_TAPS / 2))
    # Means of a cell's pixels have blurred a little already: a box of width 1 has a variance of 1/12.
    taps = _gaussian(np.sqrt((radius_px / step) ** 2 - 1 / 12))
    # With what is beyond the border, so that enlarging sees both sides of it.
    small = _weighted(np.pad(_reduced(alpha, step), _BEYOND, "edge"), taps)

    def enlarge(_: FloatArray, window: Window) -> FloatArray:
        rows, columns = (slice(one.start + _BEYOND * step, one.stop + _BEYOND * step) for one in window)
        return _settled(np.clip(_enlarged(small, (rows, columns), step), 0, 1))

    return _worked(alpha, 0, enlarge, step * (len(taps) // 2 + 3))


def harden_edge(alpha: FloatArray, contrast: float) -> FloatArray:
    """`alpha` (H×W) on a curve through 0, ½ and 1 that is steeper in the middle, or flatter.

    `contrast` is -100 to 100: at 100 all from a half on is 1 and the rest 0, at -100 the middle has a
    quarter of its slope. The curve is symmetric, rises everywhere, and its ends have a finite slope, so
    that faint fog stays faint: C. Schlick, "Fast Alternatives to Perlin's Bias and Gain Functions",
    Graphics Gems IV, 1994.

    >>> harden_edge(np.float32([[0, 0.25, 0.5, 0.75, 1]]), -100).tolist()
    [[0.0, 0.4000000059604645, 0.5, 0.6000000238418579, 1.0]]
    """
    result = np.empty_like(alpha)
    slope = np.float32(100 / (100 - contrast) if 0 < contrast < 100 else 1 + 0.0075 * contrast)

    def bend(top: int) -> None:
        rows, bent = alpha[top : top + _STRIP], result[top : top + _STRIP]
        upper = rows > np.float32(0.5)
        if contrast >= 100:
            bent[:] = upper | (rows == np.float32(0.5))
            return
        np.subtract(1, rows, out=bent)
        np.minimum(bent, rows, out=bent)  # how far from the nearer end
        bent /= (slope - 1) * (1 - 2 * bent) + 1
        np.subtract(1, bent, out=bent, where=upper)

    each(bend, range(0, len(alpha), _STRIP))
    return result


def _worked(
    alpha: FloatArray, reach: int, work: Callable[[FloatArray, Window], FloatArray], far: int | None = None
) -> FloatArray:
    """A copy of `alpha` with what `work` makes of it in windows where there is an edge within `far` pixels.

    `work` gets the window with `reach` pixels around it (the border is repeated) and where the window
    lies, and gives back the window. Not to be seen by it: what is all of one alpha.
    """
    result = alpha.copy()
    far = reach if far is None else far

    def put(window: Window) -> None:
        result[window] = work(_framed(alpha, window, reach), window)

    each(put, _edges(alpha, far))
    return result


def _edges(alpha: FloatArray, reach: int) -> list[Window]:
    """The windows with more than one alpha in them or within `reach` pixels of them."""
    block = min(max(_BLOCK, 1 << (2 * reach - 1).bit_length()), _LARGEST_BLOCK)
    height, width = alpha.shape
    tops, lefts = range(0, height, _BLOCK), np.arange(0, width, _BLOCK)
    least, most = (np.empty((len(tops), len(lefts)), np.float32) for _ in range(2))

    def measure(top: int) -> None:
        rows = alpha[top : top + _BLOCK]
        least[top // _BLOCK] = np.minimum.reduceat(rows.min(axis=0), lefts)
        most[top // _BLOCK] = np.maximum.reduceat(rows.max(axis=0), lefts)

    each(measure, tops)
    windows = []
    for top in range(0, height, block):
        run: list[int] = []
        for left in range(0, width + block, block):
            window = slice(top, min(top + block, height)), slice(left, min(left + block, width))
            near = grown(window, reach, alpha.shape)
            cells = tuple(slice(one.start // _BLOCK, -(-one.stop // _BLOCK)) for one in near)
            if left < width and least[cells].min() < most[cells].max():
                run.append(left)
            if run and (left not in run or len(run) == _ROW_OF_BLOCKS):
                windows.append((window[0], slice(run[0], min(run[-1] + block, width))))
                run = []
    return windows


def _framed(alpha: FloatArray, window: Window, reach: int) -> FloatArray:
    """The window with `reach` pixels around it; beyond the border the border is repeated."""
    outer = grown(window, reach, alpha.shape)
    place = inside(window, outer)
    lacking = [
        (reach - inner.start, reach - (whole.stop - whole.start - inner.stop))
        for inner, whole in zip(place, outer, strict=True)
    ]
    cut = alpha[outer]
    return np.pad(cut, lacking, "edge") if any(map(any, lacking)) else cut


def _gaussian(sigma: float) -> FloatArray:
    """Weights of a Gaussian of `sigma` pixels, as far as three of them; their sum is 1."""
    reach = max(1, int(np.ceil(3 * sigma)))
    taps = np.exp(-0.5 * (np.arange(-reach, reach + 1) / max(sigma, 1e-3)) ** 2)
    return np.asarray(taps / taps.sum(), np.float32)


def _weighted(alpha: FloatArray, taps: FloatArray) -> FloatArray:
    return _worked(alpha, len(taps) // 2, lambda around, _: _blurred(around, taps))


def _blurred(around: FloatArray, taps: FloatArray) -> FloatArray:
    """What is left of `around` when rows and columns are weighted by `taps`: less by half of them on each side."""
    for axis in (0, 1):
        length = around.shape[axis] - len(taps) + 1
        parts = [around[start : start + length] if axis == 0 else around[:, start : start + length]
                 for start in range(len(taps))]  # fmt: skip
        middle = len(taps) // 2
        total = taps[middle] * parts[middle]
        for offset in range(1, middle + 1):  # both sides have one weight
            pair = parts[middle - offset] + parts[middle + offset]
            pair *= taps[middle + offset]
            total += pair
        around = total
    return _settled(around)


def _enlarged(small: FloatArray, window: Window, step: int) -> FloatArray:
    """What `window` (in pixels) shows of `small`, of which each cell is `step`×`step` pixels, bicubic."""
    rows, columns = (slice(max(0, one.start // step - _BEYOND), -(-one.stop // step) + _BEYOND) for one in window)
    part = small[rows, columns]
    large = resize(part, (part.shape[0] * step, part.shape[1] * step), "bicubic")
    return large[
        window[0].start - rows.start * step : window[0].stop - rows.start * step,
        window[1].start - columns.start * step : window[1].stop - columns.start * step,
    ]


def _reduced(alpha: FloatArray, step: int) -> FloatArray:
    """Means of `step`×`step` pixels; the last ones as if the border were repeated."""
    height, width = alpha.shape
    down, across = -(-height // step), -(-width // step)
    small = np.empty((down, across), np.float32)
    many = max(1, _STRIP // step)

    def reduce(first: int) -> None:
        rows = alpha[first * step : (first + many) * step]
        cells = -(-len(rows) // step)
        rows = np.pad(rows, ((0, cells * step - len(rows)), (0, across * step - width)), "edge")
        sums = rows.reshape(cells, step, -1).sum(axis=1)
        columns = np.sum([sums[:, start::step] for start in range(step)], axis=0)  # quicker than over short rows
        np.divide(columns, np.float32(step * step), out=small[first : first + cells])

    each(reduce, range(0, down, many))
    return small


def _settled(blurred: FloatArray) -> FloatArray:
    """`blurred` with exactly 0 and 1 where only rounding says otherwise, in place."""
    blurred[blurred < _EXACT] = 0
    blurred[blurred > 1 - _EXACT] = 1
    return blurred
