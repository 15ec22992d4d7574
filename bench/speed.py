"""Whole processes on photos of several sizes, ours beside the others: `python -m bench speed [--minutes N]`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bench import guard, peers
from bench.kept import Kept, Numbers
from bench.peers import Peer
from bench.places import BENCH, own_command
from bench.plots import lines
from bench.processes import Command, Cost, Spread, run, say
from bench.tables import Table, verdict

MEGAPIXELS = (0.2, 2.0, 12.0, 24.0, 50.0)
_OURS = "feathercut"
_EXACT = "feathercut fp32, fast"
_SMALL = "feathercut u2netp"
_LIMITS = {(12.0, "rembg"): 0.33, (0.2, "rembg"): 0.30, (12.0, "rembg -a"): 0.08}
_MEMORY_LIMITS = {(12.0, "rembg"): 0.45}
TIME_PLOT, MEMORY_PLOT = BENCH / "time.svg", BENCH / "memory.svg"


@dataclass(frozen=True)
class _Found:
    """What one tool took for one size."""

    wall: Spread
    peak_mb: Spread | None


def photo(megapixels: float) -> Path:
    """The photo of that size, made where it is not there."""
    path = BENCH / f"{megapixels:g}-megapixels.jpg"
    if not path.is_file():
        run(Command("the photo", [own_command("python"), "-m", "bench.photo", str(path), str(megapixels)]))
    return path


class _Runs:
    """Runs of commands, of which each is warmed up once; with `minutes` they are kept until all of them were made."""

    def __init__(self, minutes: float | None) -> None:
        self._kept = None if minutes is None else Kept("speed", minutes)
        self._warmed: set[tuple[str, ...]] = set()

    def cost(self, command: Command, name: str) -> Cost:
        """What one run took, now or when the same command was stopped after it. Raises BenchError."""
        if self._kept is None:
            return self._cost(command)

        def measured() -> Numbers:
            cost = asdict(self._cost(command))
            return {"cost": {part: number for part, number in cost.items() if number is not None}}

        found = self._kept.numbers(name, measured)["cost"]
        return Cost(found["wall_s"], found.get("processor_s"), found.get("peak_mb"))

    def why_not(self, peer: Peer, photo: Path) -> str:
        """Why a tool does not run here, which is found once; empty where it does."""

        def found() -> str:
            return peers.usable(peer, photo) or ""

        return found() if self._kept is None else self._kept.said(peer.name, found)

    def end(self) -> None:
        """All runs were made: the next time they are made anew."""
        if self._kept is not None:
            self._kept.forget()

    def _cost(self, command: Command) -> Cost:
        if tuple(command.words) not in self._warmed:
            run(command)
            self._warmed.add(tuple(command.words))
        return run(command)


def table(times: int, minutes: float | None = None) -> Table:
    """Medians by size and tool, ratios of ours to each, peaks of memory; what could not run, and why.

    Raises BenchError when `minutes` are over before all runs were made; the same call goes on from there.
    """
    runs = _Runs(minutes)
    smallest = photo(MEGAPIXELS[0])
    theirs, absent = [], []
    for peer in (peers.REMBG, peers.REMBG_MATTING, peers.REMBG_SMALL, *peers.OTHERS):
        if reason := runs.why_not(peer, smallest):
            absent.append(f"`{peer.name}` could not run here: {reason}")
        else:
            theirs.append(peer)
    found = {size: _measured(size, theirs, times, runs) for size in MEGAPIXELS}
    runs.end()
    names = list(found[MEGAPIXELS[0]])
    _plot(found, names)
    rows = [row for size in MEGAPIXELS for row in _rows(size, found[size])]
    figures: dict[str, object] = {
        f"{size:g} MP, of {name}": round(found[size][_own(name)].wall.median / one.wall.median, 4)
        for size in MEGAPIXELS
        for name, one in found[size].items()
        if not name.startswith(_OURS)
    }
    spreads = {
        f"{size:g} MP, of {name}": found[size][_own(name)].wall.noise + one.wall.noise
        for size in MEGAPIXELS
        for name, one in found[size].items()
        if not name.startswith(_OURS)
    }
    notes = [
        f"Whole processes in turn, medians of {times} runs (lowest to highest); slow tools run less often. The photo "
        "is resized from one photo, with a camera's noise. `feathercut` is the default: two networks, in int8 where "
        "the processor has the instructions; `rembg` runs the same IS-Net in full precision with all its outputs.",
        f"Plots: {TIME_PLOT.name} and {MEMORY_PLOT.name}, beside the report.",
        *absent,
        *guard.compared("speed", figures, spreads),
    ]
    header = ("megapixels", "tool", "wall time", "ours / it", "limit", "peak of memory", "ours / it", "limit")
    return Table("Speed beside other tools", header, rows, notes, figures, spreads)


def _own(name: str) -> str:
    """What of ours stands beside a tool: the same network."""
    return _SMALL if name == peers.REMBG_SMALL.name else _OURS


def _measured(megapixels: float, theirs: Sequence[Peer], times: int, runs: _Runs) -> dict[str, _Found]:
    path, target = photo(megapixels), BENCH / "speed.png"
    ours = [own_command("feathercut"), "remove", str(path), "-o", str(BENCH / "ours.png"), "--overwrite", "--quiet"]
    commands = [
        (Command(_OURS, ours), times),
        (Command(_EXACT, [*ours, "--quality", "fast", "--precision", "fp32"]), times),
        (Command(_SMALL, [*ours, "--model", "u2netp"]), times),
        *(
            (peer.command(path, target), max(1, times * peer.runs // 7))
            for peer in theirs
            if megapixels <= peer.most_megapixels
        ),
    ]
    costs: dict[str, list[Cost]] = {command.name: [] for command, _ in commands}
    for turn in range(times):
        for command, wanted in commands:
            if turn < wanted:
                costs[command.name].append(runs.cost(command, f"{megapixels:g}-{turn}-{command.name}"))
        say(f"{megapixels:g} megapixels, turn {turn + 1} of {times}")
    return {name: _found(runs) for name, runs in costs.items()}


def _found(runs: Sequence[Cost]) -> _Found:
    peaks = [cost.peak_mb for cost in runs if cost.peak_mb is not None]
    return _Found(Spread.of([cost.wall_s for cost in runs]), Spread.of(peaks) if len(peaks) == len(runs) else None)


def _rows(megapixels: float, found: dict[str, _Found]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for name, one in found.items():
        wall, peak, limit, peak_limit = "", "", "", ""
        if not name.startswith(_OURS):
            ours = found[_own(name)]
            ratio = ours.wall.median / one.wall.median
            wall, limit = f"{ratio:.3f}", _judged(ratio, _LIMITS.get((megapixels, name)))
            if one.peak_mb and ours.peak_mb:
                share = ours.peak_mb.median / one.peak_mb.median
                peak, peak_limit = f"{share:.2f}", _judged(share, _MEMORY_LIMITS.get((megapixels, name)))
        memory = one.peak_mb.show("MB", 0) if one.peak_mb else "not known"
        rows.append((f"{megapixels:g}", name, one.wall.show("s", 2), wall, limit, memory, peak, peak_limit))
    return rows


def _judged(ratio: float, limit: float | None) -> str:
    return "" if limit is None else f"{limit:.2f}: {verdict(ratio <= limit)}"


def _plot(found: dict[float, dict[str, _Found]], names: Sequence[str]) -> None:
    walls = {name: [(s, found[s][name].wall.median) for s in MEGAPIXELS if name in found[s]] for name in names}
    TIME_PLOT.write_text(lines("whole processes, over megapixels", "s", walls), "utf-8")
    peaks = {
        name: [(size, one.peak_mb.median) for size in MEGAPIXELS if (one := found[size].get(name)) and one.peak_mb]
        for name in names
    }
    MEMORY_PLOT.write_text(
        lines("peak of memory, over megapixels", "MB", {name: points for name, points in peaks.items() if points}),
        "utf-8",
    )
