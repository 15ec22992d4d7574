"""Matte → Matte: what counts as the subject."""

from __future__ import annotations

import numpy as np

from feathercut.options import Select
from feathercut.pictures import Matte


def select(matte: Matte, options: Select) -> Matte:
    """The matte of the subject; empty where there is none.

    A network answers a photo without a subject with faint noise, so a matte that nowhere reaches
    `options.presence` is emptied. One that does is left as it is: a subject that is half transparent
    stays half.

    >>> select(Matte(np.full((2, 2), 0.02, np.float32)), Select()).is_empty
    True
    """
    if float(matte.alpha.max()) >= options.presence:
        return matte
    return Matte(np.zeros_like(matte.alpha))
