"""Matte → Matte: what a person drew on it, done again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from feathercut.pictures import Image, Matte

if TYPE_CHECKING:  # deferred: most photos are cut out without anybody drawing
    from feathercut.recipe import Act


def replay(photo: Image, matte: Matte, acts: Sequence[Act]) -> Matte:
    """The matte after all acts, in their order; the very same one where there are none.

    What is restored goes to the photo's own alpha at most: nothing grows to where the photo shows nothing.
    """
    if not acts:
        return matte
    from feathercut.steps.acts import do

    return do(photo, matte, acts)
