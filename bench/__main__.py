"""`python -m bench [SECTION ...] [--quick] [--write]`: all sections where none is named, `import` to `ablation`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from bench import ablation, colours, cutouts, growth, mattes, precision, rows, starts, trimap
from bench.places import BENCH
from bench.processes import BenchError, say
from bench.tables import Table, write

_TIMES = 7
_TIMES_QUICK = 3
_EVERY_QUICK = 5


def main() -> int:
    """The exit code: 1 where a section could not be run, whatever the others found."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Feathercut beside rembg on this machine.")
    names = "import|rows|time|colours|growth|trimap|mattes|precision|ablation"
    parser.add_argument("sections", nargs="*", metavar=names, help="what to run; all of it by default")
    parser.add_argument(
        "--quick",
        action="store_true",
        help=f"{_TIMES_QUICK} runs of each instead of {_TIMES}, and one mask in {_EVERY_QUICK} in the ablation",
    )
    parser.add_argument(
        "--write",
        action="store_true",
        help="put what was found into docs/quality.md (ablation) and the records (precision)",
    )
    parser.add_argument("--held-out", action="store_true", help="colours on the scenes that no method is tuned on")
    wanted = parser.parse_args()
    times = _TIMES_QUICK if wanted.quick else _TIMES
    sections: dict[str, Callable[[], Table]] = {
        "rows": rows.table,
        "import": lambda: starts.table(times),
        "time": lambda: cutouts.table(times),
        "colours": lambda: colours.table(times, is_held_out=wanted.held_out),
        "growth": lambda: growth.table(times),
        "trimap": trimap.table,
        "mattes": mattes.table,
        "precision": lambda: precision.table(times, writes=wanted.write),
        "ablation": lambda: ablation.table(times, writes=wanted.write, every=_EVERY_QUICK if wanted.quick else 1),
    }
    if unknown := [name for name in wanted.sections if name not in sections]:
        parser.error(f"there is no section `{unknown[0]}`; there are {', '.join(sections)}")
    BENCH.mkdir(exist_ok=True)
    tables, has_failed = [], False
    for name, section in sections.items():
        if wanted.sections and name not in wanted.sections:
            continue
        try:
            tables.append(section())
        except BenchError as error:
            has_failed = True
            say(f"`{name}` could not be run: {error}")
    write(tables)
    return 1 if has_failed else 0


if __name__ == "__main__":
    sys.exit(main())
