"""The graph that is run, made from the published file: one precision, the outputs asked for, any side allowed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from feathercut.errors import CacheError, RecordError, WeightsError
from feathercut.models import cache, hashes
from feathercut.models.spec import Record
from feathercut.options import GraphPrecision
from feathercut.settings import Settings

if TYPE_CHECKING:
    import onnx

PREPARATION_VERSION = 2
"""Goes into the name of each prepared file: raise it when the same weights must be prepared again."""


@dataclass(frozen=True)
class Form:
    """What a prepared graph is to be, beside its outputs.

    `precision` is what it computes in, whatever the file was published in: its input and outputs are
    float32. `is_batched` leaves free how many photos it takes at once, by the name `batch`.
    """

    precision: GraphPrecision = "fp32"
    is_batched: bool = False


PLAIN = Form()
"""What a processor runs: float32, one photo at a time."""


def prepare(
    source: Path, record: Record, settings: Settings, *, outputs: tuple[str, ...] = (), form: Form = PLAIN
) -> Path:
    """The file to run for the weights `source`: prepared once, then kept in the cache.

    Constants take the precision of `form`, only `outputs` are kept (the matte alone by default, or
    names from `record.features` too), and height and width are free where the record has `sizes`: set
    them by the names `height` and `width`. A file that needs none of this is given back as it is.
    Raises WeightsError where the file is no ONNX graph, RecordError where it lacks an output or cannot
    have that form.
    """
    name = prepared_name(source, record, settings, outputs, form)
    target = settings.cache / "graphs" / f"{name}.onnx"
    as_it_is = target.with_suffix(".same")
    if cache.is_file(target):
        return target
    if cache.is_file(as_it_is):
        return source
    with cache.lock(settings, f"graph-{name}"):
        if not target.is_file() and not as_it_is.is_file():
            _prepare_into(source, target, as_it_is, record, outputs, form)
    return target if target.is_file() else source


def prepared_name(
    source: Path, record: Record, settings: Settings, outputs: tuple[str, ...] = (), form: Form = PLAIN
) -> str:
    """What the prepared graph of `source` is called, whether it is there or not."""
    kept = "-".join(outputs) or "matte"
    # Sizes are part of the name: a record that gains them needs a graph that allows them.
    key = f"{PREPARATION_VERSION} {kept} {record.output.name} {bool(record.input.sizes)} {record.input.size}"
    if form != PLAIN:
        key += f" {form.precision} {form.is_batched}"
    sha256 = hashes.fingerprint(source, settings)
    return f"{record.id}-{sha256[:12]}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"


def _prepare_into(
    source: Path, target: Path, as_it_is: Path, record: Record, outputs: tuple[str, ...], form: Form
) -> None:
    import onnx  # deferred: a prepared graph is run without it

    from feathercut.models import rewrite
    from feathercut.models.narrow import narrow

    try:
        model = onnx.load(str(source))
    except Exception as error:  # protobuf raises classes of its own, which differ between its versions
        raise WeightsError(f"{source}: cannot be read as an ONNX network: {error}") from error
    wanted = outputs or (record.output.name or _first_output(model, source),)
    missing = [name for name in wanted if not rewrite.has_tensor(model.graph, name)]
    if missing:
        raise RecordError(f"`{record.id}`: the network in {source} has no output `{missing[0]}`")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        is_resizable = bool(record.input.sizes)
        if form == PLAIN and not rewrite.needs_work(model.graph, wanted, is_resizable=is_resizable):
            as_it_is.touch()
            return
        rewrite.rewrite(model, wanted, record.input.size, is_resizable=is_resizable, is_batched=form.is_batched)
        if form.precision == "fp16":
            narrow(model, record.id)
        part = target.with_suffix(".part")
        try:
            onnx.save(model, str(part))
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise CacheError(f"{target}: cannot be written: {error}. Set `FEATHERCUT_CACHE` to another folder") from error


def _first_output(model: onnx.ModelProto, source: Path) -> str:
    if not model.graph.output:
        raise WeightsError(f"{source}: the network has no output")
    return str(model.graph.output[0].name)
