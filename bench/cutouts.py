"""What one large photo costs: the same network in full precision, whole processes."""

from __future__ import annotations

from bench import incumbent
from bench.places import BENCH, PHOTO, own_command, rembg_command, rembg_settings
from bench.processes import Command, Spread, run, run_in_turn
from bench.tables import Table, verdict

_LIMIT = 0.60
_OURS = BENCH / "feathercut.png"
_THEIRS = BENCH / "rembg.png"


def table(times: int) -> Table:
    """Wall time and peak of memory of both tools on a photo of 12 megapixels, `times` runs in turn."""
    incumbent.install()
    incumbent.give_weights()
    python = own_command("python")
    if not PHOTO.is_file():
        run(Command("the photo", [python, "-m", "bench.photo", str(PHOTO)]))
    model = "isnet-general"
    words = [own_command("feathercut"), "remove", str(PHOTO), "-o", str(_OURS), "--model", model, "--overwrite"]
    commands = [
        # The same network in the same precision on both sides; ours by default has a second one and int8, the last row.
        Command("feathercut remove, fast, fp32", [*words, "--quiet", "--quality", "fast", "--precision", "fp32"]),
        Command(
            "rembg i",
            [rembg_command("rembg"), "i", "-m", incumbent.NETWORKS[model], str(PHOTO), str(_THEIRS)],
            rembg_settings(),
        ),
        Command("feathercut remove", [*words, "--quiet"]),
    ]
    costs = run_in_turn(commands, times)
    by_default = Spread.of([cost.wall_s for cost in costs.pop()])
    walls = [Spread.of([cost.wall_s for cost in runs]) for runs in costs]
    rows = [_row("wall time", walls, "s", 2, _LIMIT)]
    figures: dict[str, object] = {"feathercut, s": walls[0].median, "rembg, s": walls[1].median}
    processors = [[cost.processor_s for cost in runs if cost.processor_s is not None] for runs in costs]
    peaks = [[cost.peak_mb for cost in runs if cost.peak_mb is not None] for runs in costs]
    notes = [
        f"JPEG of 4000 × 3000 pixels, IS-Net in float32 on the CPU with default threads; rembg {incumbent.VERSION} "
        f"runs the same weights with all outputs. Median of {times} runs in turn (lowest to highest).",
    ]
    if all(processors) and all(peaks):
        rows.append(_row("processor time, all cores", [Spread.of(values) for values in processors], "s", 2))
        rows.append(_row("peak of memory", [Spread.of(values) for values in peaks], "MB", 0, _LIMIT))
        figures |= {"feathercut, MB": Spread.of(peaks[0]).median, "rembg, MB": Spread.of(peaks[1]).median}
    else:
        notes.append("This system does not say how much memory a process used.")
    rows.append(_row("wall time, the default (two networks, int8)", [by_default, walls[1]], "s", 2))
    figures["balanced, s"] = by_default.median
    run(Command("the comparison", [python, "-m", "bench.agreement", str(_OURS), str(_THEIRS), str(BENCH)]))
    agreement = (BENCH / "agreement.txt").read_text("utf-8")
    notes.append(
        f"Their mattes of that photo differ by {agreement}; rembg divides the photo by its own maximum and "
        "stretches the answer."
    )
    return Table("One photo of 12 megapixels", ("", "Feathercut", "rembg", "ratio", "limit"), rows, notes, figures)


def _row(what: str, spreads: list[Spread], unit: str, digits: int, limit: float | None = None) -> tuple[str, ...]:
    ours, theirs = spreads
    ratio = ours.median / theirs.median
    judged = "" if limit is None else f"{limit:.2f}: {verdict(ratio <= limit)}"
    return what, ours.show(unit, digits), theirs.show(unit, digits), f"{ratio:.2f}", judged
