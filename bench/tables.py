"""Results as tables: for people as Markdown, for programs as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from bench.places import BENCH


@dataclass(frozen=True)
class Table:
    """One section's results. `notes` say what was measured and how; `figures` are the bare numbers, `noise`
    how far those that are compared over time may differ by chance, as shares."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()
    figures: dict[str, object] = field(default_factory=dict)
    noise: dict[str, float] = field(default_factory=dict)

    def markdown(self) -> str:
        lines = [self.header, *self.rows]
        widths = [max(len(line[column]) for line in lines) for column in range(len(self.header))]
        shown = [
            "| " + " | ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)) + " |" for line in lines
        ]
        shown.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
        return "\n".join([f"## {self.title}", "", *shown, *(f"\n{note}" for note in self.notes), ""])


def verdict(is_met: bool) -> str:
    return "met" if is_met else "MISSED"


def write(tables: Sequence[Table]) -> None:
    """Prints the tables, and keeps them in `.bench/report.md` and `.bench/report.json`."""
    report = "\n".join(table.markdown() for table in tables)
    print(report)
    (BENCH / "report.md").write_text(report, "utf-8")
    (BENCH / "report.json").write_text(json.dumps([asdict(table) for table in tables], indent=2), "utf-8")
