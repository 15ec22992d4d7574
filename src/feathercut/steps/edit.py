"""Matte → Matte: the sliders that people know for the edge."""

from __future__ import annotations

import numpy as np

from feathercut.kernels.edges import harden_edge, shift_edge, soften_edge
from feathercut.options import Edit
from feathercut.pictures import FloatArray, Matte


def edit(matte: Matte, options: Edit, within: FloatArray | None = None) -> Matte:
    """The matte with its edge moved, then blurred, then hardened; the very same one where nothing is asked for.

    In this order each slider keeps its word whatever the others say: moving needs the edge as it was
    found, and contrast comes last, as 100 promises a hard edge. Blur and contrast together smooth a ragged outline.
    The border of the photo is no edge: a subject that it cuts off stays cut off there. `within` is the photo's
    own alpha, where it has one: nothing grows to where the photo shows nothing.

    >>> edit(Matte(np.float32([[0, 0, 1, 1, 1]])), Edit(edge_shift=-1)).alpha.round(1).tolist()
    [[0.0, 0.0, 0.0, 1.0, 1.0]]
    """
    alpha = matte.alpha
    if options.edge_shift:
        alpha = shift_edge(alpha, options.edge_shift)
    if options.edge_softness:
        alpha = soften_edge(alpha, options.edge_softness)
    if options.edge_contrast:
        alpha = harden_edge(alpha, options.edge_contrast)
    if alpha is matte.alpha:
        return matte
    return Matte(alpha if within is None else np.minimum(alpha, within))
