"""A trained network as an ONNX file, the form in which everything else here runs it."""

from __future__ import annotations

from pathlib import Path

import torch

from feathercut import files
from feathercut.errors import RecordError
from feathercut.models.spec import Record
from feathercut.pictures import Size
from feathercut.train.networks.answers import Network
from feathercut.train.networks.graph import Names, graph_of


def export(network: Network, path: Path, size: Size, record: Record | None = None) -> None:
    """Writes the network for photos of that (height, width), its norms folded, with all that it answers.

    The input and the outputs are called as in the published file of `record`, so that the record fits this file too;
    without one, as `names` says. A record whose `activation` is `sigmoid` gets logits, any other mattes in [0, 1].
    Raises RecordError where the record is of a network that answers otherwise, OutputError where the file cannot be
    written. What is there is replaced.
    """
    has_sigmoid = record is None or record.output.activation != "sigmoid"
    model = graph_of(network, size, names(network, record), has_sigmoid=has_sigmoid)
    files.write(path, model.SerializeToString(), overwrite=True)


def names(network: Network, record: Record | None = None) -> Names:
    """What a file of the network calls its input and outputs: as `record` says, else `input`, `output`, `depth1`…

    Raises RecordError where the record names another number of outputs than the network has.
    """
    plain = _plain_names(network)
    if record is None:
        return plain
    best = record.output.name or plain.logits[0]
    depths = tuple(name for name in record.depths if name != best) or plain.logits[1:]
    found = Names(record.input.name or plain.photos, (best, *depths), record.features or plain.features)
    for what, named, made in (
        ("mattes", found.logits, plain.logits),
        ("features", found.features, plain.features),
    ):
        if len(named) != len(made):
            raise RecordError(
                f"`{record.id}`: the record names {len(named)} {what}, and {type(network).__name__} gives {len(made)}: "
                "it is the record of another network"
            )
    return found


def _plain_names(network: Network) -> Names:
    was_training, place = network.training, next(network.parameters()).device
    network.eval()
    try:
        with torch.no_grad():
            said = network(torch.zeros(1, 3, 32, 32, device=place))
    finally:
        network.train(was_training)
    logits = ("output", *(f"depth{number}" for number in range(1, len(said.logits))))
    return Names("input", logits, tuple(f"features{number}" for number in range(1, len(said.features) + 1)))
