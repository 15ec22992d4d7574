"""From a network's name to an engine that runs it."""

from __future__ import annotations

from feathercut.engines import Engine
from feathercut.engines.devices import provider_for
from feathercut.engines.onnxruntime import OnnxRuntimeEngine
from feathercut.errors import DeviceError
from feathercut.models.catalogue import check_licence, find
from feathercut.models.compiled import compiled
from feathercut.models.graph import prepare
from feathercut.models.sources import Progress
from feathercut.models.spec import Record
from feathercut.models.weights import locate
from feathercut.options import Network
from feathercut.pictures import Size
from feathercut.settings import Settings
from feathercut.steps.predict import canvas_size


def check_terms(network: Network, settings: Settings) -> Record:
    """The record of a network that may be used. Raises UnknownModelError, RecordError or LicenceError."""
    record = find(network.model, settings.models)
    check_licence(record, network.licence, network.accept_licence)
    return record


def check_network(network: Network, settings: Settings) -> tuple[Record, Size]:
    """The record of a network and the size it works at, once all that can be refused unseen was not.

    Nothing is fetched. Raises UnknownModelError, RecordError, LicenceError, OptionError or DeviceError.
    """
    record = check_terms(network, settings)
    size = canvas_size(record, network.network_size)
    provider = provider_for(network.device)
    if reason := provider.why_not():
        raise DeviceError(f"Device `{network.device}` is not there: {reason}. `feathercut doctor` shows what is")
    return record, size


def load_engine(network: Network, progress: Progress | None = None) -> tuple[Engine, Record, int]:
    """The engine of a network, its record with all names filled in, and the bytes of the graph that runs.

    What the user may not or cannot have is refused before anything is fetched. Raises
    UnknownModelError, LicenceError, OptionError, DeviceError, WeightsError or NetworkError.
    """
    settings = Settings.read()
    record, size = check_network(network, settings)
    weights = locate(record, settings, progress=progress)
    if network.device == "cpu":
        graph = compiled(weights, record, size, settings)
        held = sum(path.stat().st_size for path in graph.parent.iterdir())  # its weights lie beside it
        engine = OnnxRuntimeEngine(graph, "cpu", size, is_compiled=True)
    else:
        graph = prepare(weights, record, settings)
        held = graph.stat().st_size
        engine = OnnxRuntimeEngine(graph, network.device, size)
    names = {
        "input": record.input.model_copy(update={"name": record.input.name or engine.input_name}),
        "output": record.output.model_copy(update={"name": record.output.name or engine.output_name}),
    }
    return engine, record.model_copy(update=names), held
