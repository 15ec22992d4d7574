"""Where one photo's time goes, by stage: `python -m bench stages`.

`python -m bench.stages PHOTO TARGET` runs the command itself in this process, its steps timed, and prints JSON.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
        f"Milliseconds, medians of {times} processes. `start` is Python and what it imports; meanwhile the photo is "
        "read and networks are loaded: `read` and `load networks` are what is still waited for. `networks` with what "
        f"each is given, `matte` from their answers to alpha. The plot is {PLOT.name}, beside the report."
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
    from feathercut.cli import main, start

    loading_modules = start.loading_modules

    @contextmanager
    def loading_all() -> Iterator[None]:
        with loading_modules():
            yield
        if "feathercut.cli.removing" in sys.modules:  # the last ones
            spent["start"] = time.time() - float(started)
            _time_parts(spent)

    vars(start)["loading_modules"] = loading_all
    start.prepare()
    if main.run(["remove", photo, "-o", target, "--overwrite", "--quiet"]):
        sys.exit(1)
    # As the command itself: at once.
    print(json.dumps(spent), flush=True)
    os._exit(0)


def _time_parts(spent: dict[str, float]) -> None:
    """Has the steps add their time to `spent`."""
    import feathercut.batch.run as batch
    import feathercut.remover as remover
    from feathercut import files, pipeline
    from feathercut.batch.ahead import Ahead
    from feathercut.cli.loading import Loading

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

    timed("read", Ahead, "load")
    timed("load networks", Loading, "apply")
    timed("networks", remover, "predict")
    for step in ("refine", "select", "edit"):
        timed("matte", pipeline, step)
    timed("colours", pipeline, "foreground")
    timed("finish", pipeline, "compose")
    timed("write", batch, "encode")
    timed("write", files, "write")


if __name__ == "__main__":
    _main()
