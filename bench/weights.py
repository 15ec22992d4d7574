"""Makes the file that rembg runs, in full precision with all its outputs: `python -m bench.weights MODEL TARGET`."""

from __future__ import annotations

import sys
from pathlib import Path

import onnx

from feathercut.models import catalogue, rewrite, weights
from feathercut.settings import Settings


def make(model: str, target: Path) -> None:
    """Our verified weights as they were published but for their precision: rembg keeps every output."""
    record = catalogue.find(model)
    network = onnx.load(str(weights.locate(record, Settings.read())))
    outputs = tuple(output.name for output in network.graph.output)
    if rewrite.needs_work(network.graph, outputs, is_resizable=False):
        rewrite.rewrite(network, outputs, record.input.size, is_resizable=False)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    onnx.save(network, str(part))
    part.replace(target)


if __name__ == "__main__":
    make(sys.argv[1], Path(sys.argv[2]))
