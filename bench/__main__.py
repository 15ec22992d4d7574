"""`python -m bench [SECTION ...] [--quick] [--write]`: all sections where none is named, `import` to `gpu`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable

from bench import (
    ablation,
    colours,
    cutouts,
    diagnosis,
    folder,
    glass,
    gpu,
    growth,
    guard,
    in_openvino,
    low_resolution,
    mattes,
    methods,
    nearness,
    precision,
    reflections,
    rows,
    serve,
    shadows,
    sizes,
    speed,
    stages,
    starts,
    subjects,
    trimap,
)
from bench.browser import beside
from bench.places import BENCH, compile_own
from bench.processes import BenchError, NotRunError, say
from bench.tables import Table, write
from bench.with_torch import table_of

_TIMES = 7
_TIMES_QUICK = 3
_EVERY_QUICK = 5
_NOT_RUN = 3


def _parser(names: Iterable[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Feathercut beside rembg on this machine.")
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"{', '.join(names)}; all of them by default")
    parser.add_argument(
        "--quick",
        action="store_true",
        help=f"{_TIMES_QUICK} runs of each instead of {_TIMES}, and one mask in {_EVERY_QUICK} in the ablation",
    )
    parser.add_argument(
        "--write",
        action="store_true",
        help="put what was found into docs/quality.md (ablation), docs/browser.md (browser), docs/server.md (serve), "
        "the records (precision) and bench/last.json (speed, folder)",
    )
    parser.add_argument(
        "--minutes",
        type=float,
        help="stop ablation, folder, glass, methods, precision, serve, sizes, speed, subjects, training and "
        "finetune after so many; the next run goes on from there",
    )
    parser.add_argument(
        "--held-out",
        action="store_true",
        help="colours, reflections, shadows and glass on the scenes that no method is tuned on",
    )
    parser.add_argument("--device", default="cuda", help="the GPU that `gpu` runs on, by Feathercut's word for it")
    return parser


def _sections(wanted: argparse.Namespace) -> dict[str, Callable[[], Table]]:
    times = _TIMES_QUICK if wanted.quick else _TIMES
    minutes = [] if wanted.minutes is None else ["--minutes", str(wanted.minutes)]
    return {
        "rows": rows.table,
        "import": lambda: starts.table(times),
        "time": lambda: cutouts.table(times),
        "speed": lambda: speed.table(times, wanted.minutes),
        "stages": lambda: stages.table(times),
        "nearness": lambda: nearness.table(times),
        "sizes": lambda: sizes.table(times, wanted.minutes),
        "openvino": in_openvino.table,
        "folder": lambda: folder.table(times, is_quick=wanted.quick, minutes=wanted.minutes),
        "colours": lambda: colours.table(times, is_held_out=wanted.held_out),
        "glass": lambda: glass.table(is_held_out=wanted.held_out, minutes=wanted.minutes),
        "growth": lambda: growth.table(times),
        "serve": lambda: serve.table(is_quick=wanted.quick, writes=wanted.write, minutes=wanted.minutes),
        "trimap": trimap.table,
        "reflections": lambda: reflections.table(is_held_out=wanted.held_out),
        "shadows": lambda: shadows.table(is_held_out=wanted.held_out),
        "subjects": lambda: subjects.table(wanted.minutes),
        "mattes": mattes.table,
        "low-resolution": low_resolution.table,
        "diagnosis": diagnosis.table,
        "methods": lambda: methods.table(minutes=wanted.minutes),
        "precision": lambda: precision.table(times, writes=wanted.write, minutes=wanted.minutes),
        "ablation": lambda: ablation.table(
            times, writes=wanted.write, every=_EVERY_QUICK if wanted.quick else 1, minutes=wanted.minutes
        ),
        "browser": lambda: beside.table(times, writes=wanted.write),
        "training": lambda: table_of("training", minutes),
        "finetune": lambda: table_of("finetune", minutes),
        "gpu": lambda: gpu.table(times, wanted.device),
    }


def main() -> int:
    """The exit code, whatever other sections found: 1 where one failed, 3 where a named one lacks its hardware."""
    names = _sections(argparse.Namespace(quick=False, minutes=None))
    parser = _parser(names)
    wanted = parser.parse_args()
    sections = _sections(wanted)
    if unknown := [name for name in wanted.sections if name not in sections]:
        parser.error(f"there is no section `{unknown[0]}`; there are {', '.join(sections)}")
    BENCH.mkdir(exist_ok=True)
    compile_own()
    tables, exit_code = [], 0
    for name, section in sections.items():
        if wanted.sections and name not in wanted.sections:
            continue
        try:
            tables.append(section())
            made = tables[-1]
            if wanted.write and made.noise:
                guard.write(name, {one: made.figures[one] for one in made.noise}, made.noise)
        except NotRunError as error:
            # Asked for by name, its absence is an answer of its own; as one of all, it is only said.
            exit_code = max(exit_code, _NOT_RUN if wanted.sections else 0)
            say(f"`{name}` was not run: {error}")
        except BenchError as error:
            exit_code = max(exit_code, 1)
            say(f"`{name}` could not be run: {error}")
    write(tables)
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
