"""What a method without a network makes of a photo."""

from __future__ import annotations

from dataclasses import dataclass

from feathercut.pictures import FloatArray, Matte


@dataclass(frozen=True, eq=False)
class Drawn:
    """The matte, and the subject's own colours (H×W×3 in [0, 1]) where the method knows them."""

    matte: Matte
    colours: FloatArray | None = None
