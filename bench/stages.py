"""Where one photo's time goes, by stage: `python -m bench stages`.

`python -m bench.stages PHOTO TARGET` runs the command itself in this process, its steps timed, and prints JSON.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from bench.places import BENCH, ROOT, own_command
from bench.plots import stacked
from bench.processes import BenchError, say
from bench.tables import Table

_PARTS = ("start", "read", "load networks", "networks", "matte", "colours", "finish", "write", "the rest")
PLOT = BENCH / "stages.svg"


def table(times: int) -> Table:
    """Medians of the stages by size, whole processes."""
    from bench.speed import MEGAPIXELS, photo

    bars: dict[str, dict[str, float]] = {}
    for size in MEGAPIXELS:
        say(f"stages of {size:g} megapixels")
        path = str(photo(size))
        runs = [_run(path) for _ in range(times + 1)][1:]
        bars[f"{size:g} MP"] = {part: statistics.median(run[part] for run in runs) for part in _PARTS}
    PLOT.write_text(stacked("one photo, from Enter to the file", "s", bars), "utf-8")
    rows = [
        (name, *(f"{parts[part] * 1000:.0f}" for part in _PARTS), f"{sum(parts.values()):.2f} s")
        for name, parts in bars.items()
    ]
    notes = [
        f"Milliseconds, medians of {times} processes. `start` is Python and what it imports, `networks` with what each "
        "is given, `matte` from their answers to alpha. Loading runs beside reading, so a part counts twice. The plot "
        f"is {PLOT.name}, beside the report."
    ]
    figures: dict[str, object] = {
        f"{name}, {part}": value for name, parts in bars.items() for part, value in parts.items()
    }
    return Table("Where the time goes", ("photo", *_PARTS, "all"), rows, notes, figures)


def _run(photo: str) -> dict[str, float]:
    started = time.time()
    words = [own_command("python"), "-m", "bench.stages", photo, str(BENCH / "stages.png"), str(started)]
    ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise BenchError(f"the stages of {photo} could not be measured: {ended.stderr[-500:]}")
    whole = time.time() - started
    found: dict[str, float] = json.loads(ended.stdout.splitlines()[-1])
    return {**found, "the rest": whole - sum(found.values())}


def _main() -> None:
    photo, target, started = sys.argv[1:4]
    spent: dict[str, float] = dict.fromkeys(_PARTS[:-1], 0.0)
    spent["start"] = time.time() - float(started)
    began = time.perf_counter()
    import feathercut.batch.run as batch
    import feathercut.remover as remover
    from feathercut import files, pipeline
    from feathercut.cli import main

    spent["start"] += time.perf_counter() - began

    def timed(part: str, owner: Any, name: str) -> None:
        work: Callable[..., Any] = getattr(owner, name)

        def run(*given: Any, **named: Any) -> Any:
            before, inner = time.perf_counter(), sum(spent.values())
            try:
                return work(*given, **named)
            finally:
                # What was timed inside of this counts there.
                spent[part] += time.perf_counter() - before - (sum(spent.values()) - inner)

        setattr(owner, name, run)

    timed("read", batch, "load")
    timed("load networks", remover, "load_networks")
    timed("networks", remover, "predict")
    for step in ("refine", "select", "edit"):
        timed("matte", pipeline, step)
    timed("colours", pipeline, "foreground")
    timed("finish", pipeline, "compose")
    timed("write", batch, "encode")
    timed("write", files, "write")
    sys.argv = ["feathercut", "remove", photo, "-o", target, "--overwrite", "--quiet"]
    try:
        main.main()
    except SystemExit as ended:
        if ended.code:
            raise
    print(json.dumps(spent))


if __name__ == "__main__":
    _main()
