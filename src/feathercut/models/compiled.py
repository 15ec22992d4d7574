"""The graph as this runtime on this processor runs it: optimised once, its weights mapped from disk ever after.

ONNX Runtime optimises a graph each time it loads one: for IS-Net half a second and three copies of
the weights. Kept in its optimised form beside its weights it loads in 10 ms and holds none of them
twice. An int8 form is built on the way, from `models/quantised/<id>.json`, and tried before it is kept.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
from pathlib import Path
from shutil import rmtree
from typing import Any, Literal

from feathercut.errors import NetworkError
from feathercut.models import cache
from feathercut.models.graph import prepare, prepared_name
from feathercut.models.quantisation import QUANTISATION_VERSION, Quantisation, read_quantisation
from feathercut.models.spec import Record
from feathercut.pictures import Size
from feathercut.settings import Settings

Kept = Literal["fp32", "int8"]
"""What the numbers of a compiled network are."""

COMPILATION_VERSION = 2
"""Goes into the name of each compiled network: raise it when the same graph must be compiled again."""

_NETWORK, _WEIGHTS, _NOTE = "network.onnx", "weights.bin", "sizes.json"


def compiled(weights: Path, record: Record, size_hw: Size, settings: Settings, *, precision: Kept = "fp32") -> Path:
    """The file to run for `weights` at one size on the CPU, made where it is not there yet.

    Raises NetworkError where the runtime cannot load the network, or where its int8 form was measured on
    other weights or does not answer as its float form does; WeightsError or RecordError as `prepare` does,
    CacheError where the cache cannot be written.
    """
    data = read_quantisation(record.id, settings.models) if precision == "int8" else None
    folder = _folder(weights, record, size_hw, settings, data)
    if not _is_whole(folder):
        with cache.lock(settings, f"compiled-{folder.name}"):
            if not _is_whole(folder):
                _compile(weights, record, size_hw, settings, folder, data)
    return folder / _NETWORK


def refused(weights: Path, record: Record, size_hw: Size, settings: Settings) -> str | None:
    """Why no int8 form of `weights` can be used here, as it was found when one was made; None where none was tried."""
    data = read_quantisation(record.id, settings.models)
    said = cache.read_json(_refusal(_folder(weights, record, size_hw, settings, data)))
    return str(said["why"]) if "why" in said else None


def _folder(weights: Path, record: Record, size_hw: Size, settings: Settings, data: Quantisation | None) -> Path:
    import onnxruntime

    key = f"{COMPILATION_VERSION} {onnxruntime.__version__} {size_hw} {_processor()}"
    if data is not None:
        key += f" int8 {data.digest} {record.input.mean} {record.input.std}"
    name = f"{prepared_name(weights, record, settings)}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"
    return settings.cache / "compiled" / name


def _refusal(folder: Path) -> Path:
    return folder / "refused.json"


def _compile(
    weights: Path, record: Record, size_hw: Size, settings: Settings, folder: Path, data: Quantisation | None
) -> None:
    if data is None:
        graph = prepare(weights, record, settings)
    with cache.workplace(settings, f"compiling-{folder.name}") as work, cache.writing(folder):
        made = work / "made"
        made.mkdir()
        if data is None:
            _optimise(graph, made, size_hw, work)
        else:
            try:
                _make_int8(weights, record, size_hw, work, data)
            except NetworkError as error:
                # Noted, so that `auto` does not try again at each start.
                folder.mkdir(parents=True, exist_ok=True)
                cache.write_json(_refusal(folder), {"version": 1, "why": str(error)})
                raise
        sizes = {path.name: path.stat().st_size for path in made.iterdir()}
        cache.write_json(made / _NOTE, {"version": 1, "sizes": sizes, **_made_for(size_hw, data)})
        rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(exist_ok=True)
        made.rename(folder)
        _drop_older(folder, size_hw, data)
        if data is None and graph != weights:
            graph.unlink(missing_ok=True)  # as large as the weights, and made anew in seconds


def _make_int8(weights: Path, record: Record, size_hw: Size, work: Path, data: Quantisation) -> None:
    """The int8 form, optimised in `work / "made"`, once it has answered as the float form does."""
    import onnx  # deferred: what is compiled is run without it

    from feathercut.models.folded import folded, read_folded
    from feathercut.models.quantise import quantise
    from feathercut.models.quicker import make_quicker
    from feathercut.models.trial import compare

    whole, small = folded(weights, record, size_hw, work), work / "small.onnx"
    low, high = record.input.reach
    onnx.save(quantise(read_folded(whole), data, low, high), str(small))
    made = work / "made" / _NETWORK
    _optimise(small, made.parent, size_hw, work)
    make_quicker(made)
    compare(made, whole, size_hw, low, high)


def _made_for(size_hw: Size, data: Quantisation | None) -> dict[str, object]:
    """What a compilation holds for, beside its graph: the parts of its key, for `_drop_older`."""
    import onnxruntime

    processor = hashlib.sha256(_processor().encode()).hexdigest()
    return {
        "size": list(size_hw),
        "processor": processor,
        "compilation": COMPILATION_VERSION,
        "runtime": onnxruntime.__version__,
        **({} if data is None else {"precision": "int8", "quantisation": QUANTISATION_VERSION}),
    }


def _drop_older(folder: Path, size_hw: Size, data: Quantisation | None) -> None:
    """Removes what an older runtime, or an older version of this file, made of the same network for the same use.

    What a newer one made stays: two that share a cache would otherwise compile by turns for ever.
    """
    now = _made_for(size_hw, data)
    for other in folder.parent.glob(f"{folder.name.rpartition('-')[0]}-????????"):
        note = cache.read_json(other / _NOTE)
        same_use = all(note.get(name) == now.get(name) for name in ("size", "processor", "precision"))
        if other != folder and same_use and _age(note) < _age(now):
            rmtree(other, ignore_errors=True)


def _age(note: dict[str, object]) -> tuple[int, ...]:
    """What compilations are ordered by: their version, that of their data, then the runtime's numbers."""
    versions = f"{note.get('compilation')} {note.get('quantisation', 0)} {note.get('runtime')}"
    return tuple(map(int, re.findall(r"\d+", versions)))


def _optimise(graph: Path, folder: Path, size_hw: Size, work: Path) -> None:
    """Has the runtime load a graph and write down what it made of it, in `folder`; `work` is for what is between."""
    import onnxruntime

    from feathercut.models.by_factors import by_factors

    options = onnxruntime.SessionOptions()
    # That the file fits this processor alone is what is wanted; the warning about it is not.
    options.log_severity_level = 3
    options.add_free_dimension_override_by_name("height", size_hw[0])
    options.add_free_dimension_override_by_name("width", size_hw[1])
    options.optimized_model_filepath = str(folder / _NETWORK)
    options.add_session_config_entry("session.optimized_model_external_initializers_file_name", _WEIGHTS)
    options.add_session_config_entry("session.optimized_model_external_initializers_min_size_in_bytes", "1024")
    try:
        plain = by_factors(graph, size_hw, work)
        onnxruntime.InferenceSession(str(plain), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises classes of its own, without a common parent
        line = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise NetworkError(f"{graph} is no network that ONNX Runtime can load: {line}") from error


def _is_whole(folder: Path) -> bool:
    """The files are there at the lengths they were written; a cut one would crash the runtime that maps it."""
    sizes: Any = cache.read_json(folder / _NOTE).get("sizes")
    if not isinstance(sizes, dict) or _NETWORK not in sizes:
        return False
    files = ((folder / name, length) for name, length in sizes.items())
    return all(cache.is_file(path) and path.stat().st_size == length for path, length in files)


def _processor() -> str:
    """What decides which kernels and layouts the runtime chooses."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines()
    except OSError:
        return f"{platform.machine()} {platform.processor()}"
    flags = next((line for line in lines if line.startswith(("flags", "Features"))), "")
    return f"{platform.machine()} {json.dumps(sorted(flags.split()))}"
