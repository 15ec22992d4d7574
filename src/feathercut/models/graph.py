"""The graph that is run, made from the published file: one precision, the outputs asked for, any side allowed."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from feathercut.errors import CacheError, RecordError, WeightsError
from feathercut.models import cache, hashes
from feathercut.models.spec import Record
from feathercut.settings import Settings

if TYPE_CHECKING:
    import onnx

PREPARATION_VERSION = 2
"""Goes into the name of each prepared file: raise it when the same weights must be prepared again."""


def prepare(source: Path, record: Record, settings: Settings, *, outputs: tuple[str, ...] = ()) -> Path:
    """The file to run for the weights `source`: prepared once, then kept in the cache.

    Half-precision constants become float32, only `outputs` are kept (the matte alone by default, or
    names from `record.features` too), and height and width are free where the record has `sizes`: set
    them by the names `height` and `width`. A file that needs none of this is given back as it is.
    Raises WeightsError where the file is no ONNX graph, RecordError where it lacks an output.
    """
    name = prepared_name(source, record, settings, outputs)
    target = settings.cache / "graphs" / f"{name}.onnx"
    as_it_is = target.with_suffix(".same")
    if cache.is_file(target):
        return target
    if cache.is_file(as_it_is):
        return source
    with cache.lock(settings, f"graph-{name}"):
        if not target.is_file() and not as_it_is.is_file():
            _prepare_into(source, target, as_it_is, record, outputs)
    return target if target.is_file() else source


def prepared_name(source: Path, record: Record, settings: Settings, outputs: tuple[str, ...] = ()) -> str:
    """What the prepared graph of `source` is called, whether it is there or not."""
    kept = "-".join(outputs) or "matte"
    # Sizes are part of the name: a record that gains them needs a graph that allows them.
    key = f"{PREPARATION_VERSION} {kept} {record.output.name} {bool(record.input.sizes)} {record.input.size}"
    sha256 = hashes.fingerprint(source, settings)
    return f"{record.id}-{sha256[:12]}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"


def _prepare_into(source: Path, target: Path, as_it_is: Path, record: Record, outputs: tuple[str, ...]) -> None:
    import onnx  # deferred: a prepared graph is run without it

    from feathercut.models import rewrite

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
        if not rewrite.needs_work(model.graph, wanted, is_resizable=bool(record.input.sizes)):
            as_it_is.touch()
            return
        rewrite.rewrite(model, wanted, record.input.size, is_resizable=bool(record.input.sizes))
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
