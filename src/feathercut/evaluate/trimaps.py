"""Cutouts of a set from its own trimaps: what the solver makes of the photos where a person marked the edge."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from feathercut.applying import apply_without_network
from feathercut.evaluate.samples import Sample
from feathercut.options import Options
from feathercut.result import Result


class FromTrimaps:
    """Stands where a Remover does: each photo is cut out by the trimap that the set has of it; no network runs."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        self._trimaps = {sample.image: sample.trimap for sample in samples}

    def apply(self, source: Path, options: Options) -> Result:
        """The cutout of one photo of the set. Raises InputError, also where its trimap has another size."""
        return apply_without_network(source, options.model_copy(update={"trimap": str(self._trimaps[source])}))
