"""The graph as this runtime on this processor runs it: optimised once, its weights mapped from disk ever after.

ONNX Runtime optimises a graph each time it loads one: for IS-Net half a second and three copies of
the weights. Kept in its optimised form beside its weights it loads in 10 ms and holds none of them
twice.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
from pathlib import Path
from shutil import rmtree
from typing import Any

from feathercut.errors import NetworkError
from feathercut.models import cache
from feathercut.models.graph import prepare, prepared_name
from feathercut.models.spec import Record
from feathercut.pictures import Size
from feathercut.settings import Settings

COMPILATION_VERSION = 1
"""Goes into the name of each compiled network: raise it when the same graph must be compiled again."""

_NETWORK, _WEIGHTS, _NOTE = "network.onnx", "weights.bin", "sizes.json"


def compiled(weights: Path, record: Record, size_hw: Size, settings: Settings) -> Path:
    """The file to run for `weights` at one size on the CPU, made where it is not there yet.

    Raises NetworkError where the runtime cannot load the network, WeightsError or RecordError as
    `prepare` does, CacheError where the cache cannot be written.
    """
    import onnxruntime

    key = f"{COMPILATION_VERSION} {onnxruntime.__version__} {size_hw} {_processor()}"
    name = f"{prepared_name(weights, record, settings)}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"
    folder = settings.cache / "compiled" / name
    if not _is_whole(folder):
        with cache.lock(settings, f"compiled-{name}"):
            if not _is_whole(folder):
                _compile(weights, record, size_hw, settings, folder)
    return folder / _NETWORK


def _compile(weights: Path, record: Record, size_hw: Size, settings: Settings, folder: Path) -> None:
    prepared = prepare(weights, record, settings)
    with cache.workplace(settings, f"compiling-{folder.name}") as work, cache.writing(folder):
        made = work / "made"
        made.mkdir()
        _optimise(prepared, made, size_hw)
        sizes = {path.name: path.stat().st_size for path in made.iterdir()}
        cache.write_json(made / _NOTE, {"version": 1, "sizes": sizes, **_made_for(size_hw)})
        rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(exist_ok=True)
        made.rename(folder)
        _drop_older(folder, size_hw)
        if prepared != weights:
            prepared.unlink(missing_ok=True)  # as large as the weights, and made anew in seconds


def _made_for(size_hw: Size) -> dict[str, object]:
    """What a compilation holds for, beside its graph: the parts of its key, for `_drop_older`."""
    import onnxruntime

    processor = hashlib.sha256(_processor().encode()).hexdigest()
    return {
        "size": list(size_hw),
        "processor": processor,
        "compilation": COMPILATION_VERSION,
        "runtime": onnxruntime.__version__,
    }


def _drop_older(folder: Path, size_hw: Size) -> None:
    """Removes what an older runtime, or an older version of this file, made of the same network for the same use.

    What a newer one made stays: two that share a cache would otherwise compile by turns for ever.
    """
    now = _made_for(size_hw)
    for other in folder.parent.glob(f"{folder.name.rpartition('-')[0]}-????????"):
        note = cache.read_json(other / _NOTE)
        same_use = all(note.get(name) == now[name] for name in ("size", "processor"))
        if other != folder and same_use and _age(note) < _age(now):
            rmtree(other, ignore_errors=True)


def _age(note: dict[str, object]) -> tuple[int, ...]:
    """What compilations are ordered by: their version, then the runtime's numbers."""
    return tuple(map(int, re.findall(r"\d+", f"{note.get('compilation')} {note.get('runtime')}")))


def _optimise(graph: Path, folder: Path, size_hw: Size) -> None:
    """Has the runtime load a graph and write down what it made of it."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # That the file fits this processor alone is what is wanted; the warning about it is not.
    options.log_severity_level = 3
    options.add_free_dimension_override_by_name("height", size_hw[0])
    options.add_free_dimension_override_by_name("width", size_hw[1])
    options.optimized_model_filepath = str(folder / _NETWORK)
    options.add_session_config_entry("session.optimized_model_external_initializers_file_name", _WEIGHTS)
    options.add_session_config_entry("session.optimized_model_external_initializers_min_size_in_bytes", "1024")
    try:
        onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
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
