"""What it costs to start: the import, the help, and a small photo by a small network: `python -m bench import`."""

from __future__ import annotations

from bench import incumbent
from bench.places import BENCH, own_command, rembg_command
from bench.processes import Command, Cost, Spread, run_in_turn
from bench.speed import photo
from bench.tables import Table, verdict

_IMPORT_LIMIT_MS = 120
_IMPORT_LIMIT_OF_NUMPY = 1.3
_HELP_LIMIT_MS = 200
_PHOTO_LIMIT_MS = 900
_MEGAPIXELS = 0.2
_PHOTO = f"feathercut remove --model u2netp, {_MEGAPIXELS} megapixels"


def table(times: int) -> Table:
    """Whole processes, in milliseconds, `times` runs of each in turn."""
    incumbent.install()
    python, own = own_command("python"), own_command("feathercut")
    small = [str(photo(_MEGAPIXELS)), "-o", str(BENCH / "ours.png"), "--overwrite", "--quiet", "--model", "u2netp"]
    commands = [
        Command("the interpreter alone", [python, "-c", "pass"]),
        Command("import numpy", [python, "-c", "import numpy"]),
        Command("import feathercut", [python, "-c", "import feathercut"]),
        Command("from feathercut import remove", [python, "-c", "from feathercut import remove"]),
        Command("feathercut --help", [own, "--help"]),
        Command(_PHOTO, [own, "remove", *small]),
        Command("import rembg", [rembg_command("python"), "-c", "import rembg"]),
    ]
    spreads = [_milliseconds(costs) for costs in run_in_turn(commands, times)]
    alone, numpy, ours, _, help_, cutout, _ = (spread.median for spread in spreads)
    is_quick = ours - alone <= _IMPORT_LIMIT_MS or ours <= _IMPORT_LIMIT_OF_NUMPY * numpy
    limits = {
        "import feathercut": f"{_IMPORT_LIMIT_MS} ms beyond the interpreter, or {_IMPORT_LIMIT_OF_NUMPY} × numpy: "
        + verdict(is_quick),
        "feathercut --help": f"{_HELP_LIMIT_MS} ms: {verdict(help_ <= _HELP_LIMIT_MS)}",
        _PHOTO: f"{_PHOTO_LIMIT_MS} ms: {verdict(cutout <= _PHOTO_LIMIT_MS)}",
    }
    rows = [
        (command.name, spread.show("ms", 0), f"{spread.median - alone:.0f} ms", limits.get(command.name, ""))
        for command, spread in zip(commands, spreads, strict=True)
    ]
    notes = [f"Whole processes, warm: median of {times} runs in turn (lowest to highest)."]
    notes.append(
        "What a name of Feathercut's needs is loaded when the name is first used: the fourth line has that too."
    )
    if first := incumbent.first_import_s():
        notes.append(f"The first import of rembg after its installation took {first:.1f} s (one run).")
    figures: dict[str, object] = {f"{c.name}, ms": s.median for c, s in zip(commands, spreads, strict=True)}
    return Table("Starting", ("process", "takes", "beyond the interpreter", "limit"), rows, notes, figures)


def _milliseconds(costs: list[Cost]) -> Spread:
    return Spread.of([cost.wall_s for cost in costs]).times(1000)
