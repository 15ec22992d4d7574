"""The part of README.md that is written from the records: the licence of every weight."""

from __future__ import annotations

from pathlib import Path

from feathercut.models.catalogue import records

PAGE = Path(__file__).parents[1] / "README.md"
START, END = "<!-- weights, written by scripts/docs.py -->\n", "<!-- end of weights -->"


def table() -> str:
    """A row a network: its licence, and whether it was run here."""
    found = sorted(records().values(), key=lambda record: (not record.verified, record.id))
    rows = "".join(
        f"| `{record.id}` | {record.licence.weights} | {'claimed' if record.licence.commercial else '**no**'} "
        f"| {'yes' if record.verified else 'no'} |\n"
        for record in found
    )
    return "| network | licence of the weights | commercial use | run here |\n|---|---|---|---|\n" + rows


def render() -> str:
    """The README with its table as it must be."""
    before, _, rest = PAGE.read_text("utf-8").partition(START)
    _, _, after = rest.partition(END)
    return before + START + table() + END + after
