"""What a network answers at each depth of its decoder."""

from __future__ import annotations

from pathlib import Path

from feathercut.engines.onnxruntime import OnnxRuntimeEngine
from feathercut.models.graph import prepare
from feathercut.models.spec import Record
from feathercut.pictures import FloatArray, Size
from feathercut.settings import Settings
from feathercut.steps.predict import activate, normalise


def answers(canvas: FloatArray, record: Record, size: Size, weights: Path, settings: Settings) -> list[FloatArray]:
    """The network's mattes of a canvas (h×w×3), each h×w in [0, 1], the last and finest first.

    U²-Net and IS-Net were trained to answer at every depth of their decoder ("deep supervision": Qin et al., U²-Net,
    Pattern Recognition 2020, section 3.3), and the published files still have these outputs: the record names them in
    `depths`. A network whose record names none gives its matte alone. Computed in float32. Raises WeightsError,
    RecordError or NetworkError.
    """
    named = [record.output.name] if record.output.name else []
    names = tuple(dict.fromkeys([*named, *record.depths]))  # the matte is itself a depth of some
    graph = prepare(weights, record, settings, outputs=names)
    engine = OnnxRuntimeEngine(graph, "cpu", size, names)
    try:
        found = engine.run({record.input.name or engine.input_name: normalise(canvas, record.input)})
    finally:
        engine.close()
    return [activate(matte, record.output, record.id) for matte in found.values()]
