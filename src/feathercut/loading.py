"""From a network's name to an engine that runs it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal

from feathercut.arriving import Arriving
from feathercut.engines import Engine, KeepsMemory
from feathercut.engines.batching import Batches, Batching
from feathercut.engines.devices import provider_for
from feathercut.engines.onnxruntime import OnnxRuntimeEngine
from feathercut.engines.tuning import KEEPS, Tuning
from feathercut.errors import DeviceError, NetworkError, OptionError
from feathercut.models import cache
from feathercut.models.catalogue import check_licence, find
from feathercut.models.compiled import Kept, compiled, refused
from feathercut.models.graph import Form, prepare, prepared_name
from feathercut.models.precision import why_auto_is_not_int8, why_not_int8
from feathercut.models.sources import Progress
from feathercut.models.spec import Record
from feathercut.models.weights import locate
from feathercut.options import Device, GraphPrecision, Network, Precision
from feathercut.pictures import Size
from feathercut.settings import Settings
from feathercut.steps.predict import canvas_size

_WAIT_S = 0.05
"""How long the first photo of a batch waits for others: the last ones of a folder are never whole."""


@dataclass(frozen=True)
class Loaded:
    """A network that is ready: its engine, its record with all names filled in, and what a photo meets of it.

    `is_mirrored` shows it the mirrored photo too, `is_closer` the subject's own part of it, which the first
    network finds, `is_farther` a photo of few pixels once more, smaller. `bytes` is the size of the graph that runs,
    `precision` what it computes in.
    """

    engine: Engine
    record: Record
    network_size: int | None = None
    is_mirrored: bool = False
    bytes: int = 0
    precision: Kept | GraphPrecision = "fp32"
    is_closer: bool = False
    is_farther: bool = False

    def keep_memory(self) -> None:
        """Has the engine keep the memory that it runs in: more photos follow."""
        if isinstance(self.engine, KeepsMemory):
            self.engine.keep_memory()


def recipe(network: Network, settings: Settings) -> list[Network]:
    """The networks that `network.quality` runs, the one that draws first. Raises UnknownModelError or RecordError."""
    second = find(network.model, settings.models).second
    if second is None or network.quality == "fast":
        return [network]
    # What the second says is body, it says of the mirrored photo too: only the first is shown that.
    return [network, network.model_copy(update={"model": second, "network_size": None, "quality": "fast"})]


def runs_at_once(network: Network, photos: int) -> int:
    """How many of `photos` at once a network looks at: on a device of its own, one after the other, or a batch."""
    if network.batch_size > 1:
        return max(photos, network.batch_size)
    return photos if network.device == "cpu" else 1


def _batches(network: Network) -> Batches | None:
    return Batches(network.batch_size, _WAIT_S) if network.batch_size > 1 else None


def load(
    network: Network,
    progress: Progress | None = None,
    runs: int = 1,
    *,
    fetches: bool = True,
    batches: Batches | None = None,
) -> list[Loaded]:
    """The networks of a recipe, ready. All that can be refused unseen is, before anything is fetched.

    `runs` is how many photos are looked at at once, among which the processors are shared. Without `fetches` weights
    that are not at hand are a WeightsError. With `batches` photos that are shown to a network at the same time are one
    run, as they are where the options have a `batch_size`. Raises UnknownModelError, LicenceError, OptionError,
    DeviceError, WeightsError or NetworkError.
    """
    coming = arriving_networks(network, progress, runs, fetches=fetches, batches=batches)
    coming.make()
    return list(coming)


def arriving_networks(
    network: Network, progress: Progress | None, runs: int, *, fetches: bool, batches: Batches | None = None
) -> Arriving[Loaded]:
    """As `load`, as far as the weights being at hand; `make` then loads the networks, the last one first.

    That is the smallest: it can be asked what it sees while the first, which draws, is on its way.
    """
    settings = Settings.read()
    batches = batches or _batches(network)
    runs = 1 if batches else runs  # one at a time has the whole device
    settings = settings if fetches else replace(settings, is_offline=True)
    networks = recipe(network, settings)
    checked = [check_network(one, settings) for one in networks]
    # The weights of all of them first: none is loaded for nothing.
    weights = [locate(record, settings, progress=progress) for record, _ in checked]
    is_closer = network.quality == "best" and len(networks) > 1

    def loader(place: int) -> Loaded:
        is_first = place == 0  # the one that draws looks last, in the memory of the others
        record, size = checked[place]
        asked = networks[place], record, size, weights[place], settings
        one = load_engine(*asked, runs=runs, batches=batches, gives_back=is_first)
        return replace(one, is_closer=is_closer, is_farther=not is_first)

    return Arriving([partial(loader, place) for place in range(len(networks))])


def load_depth(network: Network) -> Loaded:
    """The network that says how near things are, on the device of the others, ready.

    Raises UnknownModelError, LicenceError, OptionError, DeviceError, WeightsError or NetworkError.
    """
    settings = Settings.read()
    record = _beside(network, network.depth_model, "depth", settings)
    return _load_beside(network, record, settings)


def load_enlarger(network: Network) -> Loaded:
    """The network that enlarges photos, as `load_depth`."""
    settings = Settings.read()
    return _load_beside(network, check_enlarger(network, settings), settings)


def check_enlarger(network: Network, settings: Settings) -> Record:
    """The record of the network that enlarges photos, once its terms are met; nothing is fetched.

    Raises UnknownModelError, RecordError, LicenceError or OptionError.
    """
    return _beside(network, network.enlarge_model or "", "enlarge", settings)


def _beside(network: Network, name: str, task: Literal["depth", "enlarge"], settings: Settings) -> Record:
    """The record of a network that helps those that find the subject."""
    record = find(name, settings.models)
    check_licence(record, network.licence, network.accept_licence)
    if record.task != task:
        does = "does not say how near things are" if task == "depth" else "does not make photos larger"
        raise OptionError(f"Option `{task}_model`: `{record.id}` {does}")
    return record


def _load_beside(network: Network, record: Record, settings: Settings) -> Loaded:
    alone = {"model": record.id, "network_size": None, "quality": "fast", "precision": "fp32"}
    network = network.model_copy(update=alone)
    return load_engine(network, record, canvas_size(record, None), locate(record, settings), settings)


def check_terms(network: Network, settings: Settings) -> Record:
    """The record of a network that may be used. Raises UnknownModelError, RecordError, LicenceError or OptionError."""
    record = find(network.model, settings.models)
    check_licence(record, network.licence, network.accept_licence)
    if record.task == "depth":
        raise OptionError(
            f"Option `model`: `{record.id}` says how near things are, not what the subject is; name it as `depth_model`"
        )
    if record.task == "enlarge":
        raise OptionError(
            f"Option `model`: `{record.id}` makes photos larger, it does not find subjects; name it as `enlarge_model`"
        )
    return record


def agreed(network: Network, settings: Settings) -> Network:
    """The network once the terms of all that it runs are met: one value, whichever words say that they are.

    To keep loaded networks by. Raises UnknownModelError, RecordError or LicenceError.
    """
    records = [check_terms(one, settings) for one in recipe(network, settings)]
    if network.enlarge_model is not None:
        records.append(check_enlarger(network, settings))
    accepted = next((record.licence.accept for record in records if record.licence.accept), None)
    return network.model_copy(update={"licence": "any", "accept_licence": accepted})


def check_network(network: Network, settings: Settings) -> tuple[Record, Size]:
    """The record of a network and the size it works at, once all that can be refused unseen was not.

    Nothing is fetched. Raises UnknownModelError, RecordError, LicenceError, OptionError or DeviceError.
    """
    record = check_terms(network, settings)
    size = canvas_size(record, network.network_size)
    provider = provider_for(network.device)
    if reason := provider.why_not():
        raise DeviceError(f"Device `{network.device}` is not there: {reason}. `feathercut doctor` shows what is")
    check_precision(network, record, size, settings.models)
    return record, size


def check_precision(network: Network, record: Record, size: Size, own: Path | None = None) -> None:
    """Raises OptionError where the precision that was asked for by name is not there."""
    reason = None
    if network.precision == "int8":
        reason = why_not_int8(network.device, record, size, own)
    elif network.precision == "fp16" and network.device == "cpu":
        reason = f"device `{network.device}` does not compute in it"
    if reason:
        raise OptionError(f"Option `precision`: `{record.id}` cannot run in {network.precision} here: {reason}")


def load_engine(
    network: Network,
    record: Record,
    size: Size,
    weights: Path,
    settings: Settings,
    *,
    runs: int = 1,
    batches: Batches | None = None,
    gives_back: bool = True,
) -> Loaded:
    """One network that was checked, ready to run at a size: `runs` times at once, or with several photos in each.

    Without `gives_back` another network is to run in its memory, on the CPU.
    Raises DeviceError, NetworkError, WeightsError or RecordError.
    """
    precision: Kept | GraphPrecision
    engine: OnnxRuntimeEngine
    many = batches is not None
    if network.device == "cpu" and not many:
        graph, precision = _compiled(network, record, size, weights, settings)
        held = sum(path.stat().st_size for path in graph.parent.iterdir())  # its weights lie beside it
        engine = OnnxRuntimeEngine(
            graph,
            "cpu",
            size,
            is_compiled=True,
            runs=runs,
            gives_back=gives_back,
            has_own_memory=precision == "int8",
        )
    else:
        precision = graph_precision(record, network.device, network.precision)
        form = Form(precision, is_batched=many)
        graph = prepare(weights, record, settings, form=form)
        held = graph.stat().st_size
        name = prepared_name(weights, record, settings, form=form)
        tuning = Tuning(precision, compiled=_compiled_by(network.device, name, size, settings))
        engine = OnnxRuntimeEngine(graph, network.device, size, tuning=tuning, batch=None if many else 1)
    names = {
        "input": record.input.model_copy(update={"name": record.input.name or engine.input_name}),
        "output": record.output.model_copy(update={"name": record.output.name or engine.output_name}),
    }
    record = record.model_copy(update=names)
    runner = Batching(engine, batches) if batches is not None else engine
    return Loaded(runner, record, network.network_size, network.quality == "best", held, precision)


def graph_precision(record: Record, device: Device, asked: Precision = "auto") -> GraphPrecision:
    """What a network computes in on a device: `auto` takes half precision only where that was measured to be as good.

    That is on CUDA, for networks that are published in half precision (docs/gpu.md): rounding the weights of
    others was seen to move their mattes.
    """
    if asked == "fp16" or asked == "fp32":
        return asked
    is_published = any(file.precision == "fp16" for file in record.files)
    return "fp16" if is_published and device == "cuda" else "fp32"


def _compiled_by(device: Device, name: str, size: Size, settings: Settings) -> Path | None:
    """The cache's folder for what a device makes of the graph of a name, at a size; None where it keeps nothing."""
    if device not in KEEPS:
        return None
    # As many dashes as other compiled networks have: `models remove` tells by them whose one is.
    folder = settings.cache / "compiled" / f"{name}-{device.replace('-', '')}{size[0]}x{size[1]}"
    with cache.writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def _compiled(network: Network, record: Record, size: Size, weights: Path, settings: Settings) -> tuple[Path, Kept]:
    """The graph for the CPU, and its precision: `auto` takes int8 where nothing speaks against it."""
    if network.precision == "int8":
        return compiled(weights, record, size, settings, precision="int8"), "int8"
    why_not = why_auto_is_not_int8(network.device, record, size, settings.models)
    may_be_int8 = network.precision == "auto" and why_not is None
    # Other weights of the same name may not be those that were measured: that is found out once.
    if may_be_int8 and refused(weights, record, size, settings) is None:
        try:
            return compiled(weights, record, size, settings, precision="int8"), "int8"
        except NetworkError:
            pass  # `refused` has it from now on, and `feathercut models list` tells it
    return compiled(weights, record, size, settings), "fp32"
