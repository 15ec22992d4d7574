"""What was measured of both pages, as a table with the limits that were set."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bench.browser import imgly
from bench.browser.chromium import Seen
from bench.places import ROOT
from bench.processes import BenchError, Spread, say
from bench.tables import Table, verdict

OURS, THEIRS = "Feathercut", f"imgly {imgly.VERSION}"
PAGE = ROOT / "docs" / "browser.md"
_START, _END = "<!-- measured by `python -m bench browser --write` -->", "<!-- end of what was measured -->"

_FIRST, _FINAL, _AIM, _SMALL_S, _TASK_MS, _TAB_MB = 0.25, 0.9, 0.6, 2.0, 100.0, 700.0


@dataclass
class Timed:
    """What the runs of one page saw: the first photo of a fresh profile, with the large network not wanted yet
    (`asked`) and wanted (`cold`); the first photo on a page that was open for a while (`waited`); the next photo in the
    same tab (`warm`)."""

    asked: list[Seen] = field(default_factory=list)
    waited: list[Seen] = field(default_factory=list)
    cold: list[Seen] = field(default_factory=list)
    warm: list[Seen] = field(default_factory=list)


@dataclass(frozen=True)
class Held:
    """Peaks of the tab's memory in MB, and megabytes on the wire; how many processes wanted a core before a run."""

    memory_mb: Mapping[str, float]
    megabytes: Mapping[str, float]
    load: float = 0.0


def shown(ours: Timed, theirs: Timed, held: Held, times: int) -> Table:
    """All figures; the bare ratios go to `figures`."""
    times_rows = [
        _row("first cutout, page just asked for", ours.asked, theirs.cold, _first, _FIRST),
        _row("first cutout, page open for 3 s", ours.waited, theirs.waited, _first, _FIRST),
        _row("with its edges, page just asked for", ours.asked, theirs.cold, _edges, None),
        _row("with its edges, page open for 3 s", ours.waited, theirs.waited, _edges, None),
        _row("final matte, page just asked for", ours.cold, theirs.cold, _final, _FINAL),
        _row("first cutout, next photo (512×512)", ours.warm, theirs.warm, _first, _FIRST),
        _row("final matte, next photo (512×512)", ours.warm, theirs.warm, _final, _FINAL),
    ]
    small = _spread(ours.warm, _first)
    sent, memory = held.megabytes, held.memory_mb
    tasks = [seen.longest_ms for seen in (*ours.asked, *ours.waited, *ours.cold, *ours.warm)]
    gaps = [seen.gap_ms for seen in (*ours.waited, *ours.warm)]
    theirs_task = max(seen.longest_ms for seen in (*theirs.cold, *theirs.waited, *theirs.warm))
    rows = [
        *(row for row, _, _ in times_rows),
        _plain("sent until the first cutout", "MB", sent["first"], sent["theirs"], _FIRST),
        _plain("sent until the final matte", "MB", sent["final"], sent["theirs"], None),
        _plain("memory, 2 megapixels, both networks", "MB", memory["ours 2"], memory["theirs 2"], None),
        _plain("memory, 12 megapixels, both networks", "MB", memory["ours 12"], memory["theirs 12"], None),
        _bound("memory, 12 megapixels, small network", memory["small 12"], "MB", _TAB_MB),
        _bound("warm first cutout of 512×512 px", small.median, "s", _SMALL_S, 2),
        _bound("longest task of the page's own thread", max(tasks), "ms", _TASK_MS, theirs=f"{theirs_task:.0f} ms"),
        ("longest time without an answer of it", f"{max(gaps):.0f} ms", "", "", ""),
    ]
    notes = [
        f"Chromium without a window on two cores, {times} visits of each in turn: medians, lowest and highest in "
        "brackets. A browser that was just started has two seconds for itself first. From the request for the page, or "
        "from the photo's being given, until the browser has drawn the cutout. Both run IS-Net in WebAssembly, both "
        "are served by the server of `feathercut app`, with isolation and so with threads; "
        f"{THEIRS} with its own defaults. First photo: 2 megapixels, in a fresh profile. Memory is the tab's process, "
        "its share of shared memory counted (PSS), read ten times a second in runs of their own.",
        f"The aim for the final matte is {_AIM}. Before the runs at most {held.load:.1f} processes wanted a core: with "
        "more than one beside them seconds say little, and ratios something.",
    ]
    figures: dict[str, object] = {name: ratio for _, name, ratio in times_rows}
    return Table("In the browser", ("", OURS, THEIRS, "ratio", "limit"), rows, notes, figures)


def write(table: Table) -> None:
    """Puts the table into docs/browser.md. Raises BenchError where that has lost its markers."""
    text = PAGE.read_text("utf-8")
    if _START not in text or _END not in text:
        raise BenchError(f"{PAGE} has lost its markers, between which the table goes")
    before, _, rest = text.partition(_START)
    after = rest.partition(_END)[2]
    PAGE.write_text(f"{before}{_START}\n\n{table.markdown()}\n{_END}{after}", "utf-8")
    say(f"wrote the table into {PAGE.relative_to(ROOT)}")


def _first(seen: Seen) -> float:
    return seen.first_s


def _edges(seen: Seen) -> float:
    return seen.edges_s


def _final(seen: Seen) -> float:
    return seen.final_s


def _spread(runs: Sequence[Seen], part: Callable[[Seen], float]) -> Spread:
    return Spread.of([part(seen) for seen in runs])


def _row(
    name: str, ours: Sequence[Seen], theirs: Sequence[Seen], part: Callable[[Seen], float], limit: float | None
) -> tuple[tuple[str, ...], str, float]:
    mine, other = _spread(ours, part), _spread(theirs, _final)
    ratio = mine.median / other.median
    judged = "" if limit is None else f"{limit}: {verdict(ratio <= limit)}"
    said = (name, mine.show("s", 2), other.show("s", 2), f"{ratio:.2f}", judged)
    return said, name, ratio


def _plain(name: str, unit: str, ours: float, theirs: float, limit: float | None) -> tuple[str, ...]:
    ratio = ours / theirs
    judged = "" if limit is None else f"{limit}: {verdict(ratio <= limit)}"
    return name, f"{ours:.1f} {unit}", f"{theirs:.1f} {unit}", f"{ratio:.2f}", judged


def _bound(name: str, value: float, unit: str, limit: float, digits: int = 0, theirs: str = "") -> tuple[str, ...]:
    return name, f"{value:.{digits}f} {unit}", theirs, "", f"{limit:.{digits}f} {unit}: {verdict(value <= limit)}"
