"""What a network answers at each depth of its decoder."""

from __future__ import annotations

from pathlib import Path

from feathercut.engines.onnxruntime import OnnxRuntimeEngine
from feathercut.errors import WeightsError
from feathercut.models.graph import prepare
from feathercut.models.spec import Record
from feathercut.pictures import FloatArray, Size
from feathercut.settings import Settings
from feathercut.steps.predict import activate, normalise


def answers(canvas: FloatArray, record: Record, size: Size, weights: Path, settings: Settings) -> list[FloatArray]:
    """The network's mattes of a canvas (h×w×3), each h×w in [0, 1], the last and finest first.

    U²-Net and IS-Net were trained to answer at every depth of their decoder ("deep supervision": Qin et al., U²-Net,
    Pattern Recognition 2020, section 3.3), and the published files still have these outputs. A network that has one
    output gives one. Computed in float32. Raises WeightsError, RecordError or NetworkError.
    """
    names = _outputs(weights, record)
    graph = prepare(weights, record, settings, outputs=names)
    engine = OnnxRuntimeEngine(graph, "cpu", size, names)
    try:
        found = engine.run({record.input.name or engine.input_name: normalise(canvas, record.input)})
    finally:
        engine.close()
    # Others are features, of many channels.
    mattes = [found[name] for name in names if found[name].shape == (1, 1, *size)]
    return [activate(matte, record.output, record.id) for matte in mattes]


def _outputs(weights: Path, record: Record) -> tuple[str, ...]:
    import onnx  # deferred: what runs a network does without it

    try:
        graph = onnx.load(str(weights)).graph
    except Exception as error:  # protobuf raises classes of its own, which differ between its versions
        raise WeightsError(f"{weights}: cannot be read as an ONNX network: {error}") from error
    return tuple(str(one.name) for one in graph.output if one.name not in record.features)
