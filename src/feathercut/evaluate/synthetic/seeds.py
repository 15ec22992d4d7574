"""Which seeds may be tuned on, and which are kept for the end; what a seed's random numbers are."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

Kind = Literal["hair", "fur", "holes", "motion", "glass", "smoke"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""In the order in which sets list them; a kind's place is part of its random numbers, so new ones go last."""

VERSION = 1
"""Of the generator: scenes of two versions are not comparable."""

TUNING = range(1_000_000)
"""Seeds for everyday use: methods may be tuned on them."""

HELD_OUT = range(1_000_000, 1_000_004)
"""Seeds that are looked at once, at the end, when nothing is tuned any more."""

MORE_HELD_OUT = range(1_001_000, 1_001_014)
"""As `HELD_OUT`, for kinds whose scenes differ so much that four of them say little: glass."""


def generator(seed: int, kind: Kind, purpose: int) -> np.random.Generator:
    """The random numbers of one scene for one purpose, so that a change to one part leaves the others alone."""
    return np.random.Generator(np.random.PCG64([seed, KINDS.index(kind), purpose]))
