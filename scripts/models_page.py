"""Writes MODELS.md from the records: where each network comes from and what may be done with it."""

from __future__ import annotations

from pathlib import Path

from feathercut.models.catalogue import records
from feathercut.models.sources import registry
from feathercut.models.spec import Provenance, Record, WeightsFile

PAGE = Path(__file__).parents[1] / "MODELS.md"

HEAD = """# Models

Generated from `src/feathercut/models/records/` by `scripts/models_page.py`; do not edit.

Feathercut ships no weights. They are fetched on the user's machine, from where their publishers put them, and count
only when their hash fits. Each section below answers the seven questions that careful users ask of such files
(danielgatis/rembg issue 837), as far as the answers are known to us. This is what was found, not legal advice.

"""


def render() -> str:
    """The text of MODELS.md."""
    found = sorted(records().values(), key=lambda record: (not record.verified, record.id))
    rows = "".join(map(_row, found))
    table = (
        "| model | for | size | licence of the weights | commercial use | run here |\n|---|---|---|---|---|---|\n"
        + rows
    )
    meaning = (
        "\n*Commercial use* says what the licence of the weights claims; the doubts are in each section. "
        "*Run here* says that the network was run by us and its mattes looked at; the other records follow "
        "what was published.\n"
    )
    return HEAD + table + meaning + "".join(_section(record) for record in found)


def _row(record: Record) -> str:
    size = f"{_largest(record) / 1e6:.0f} MB" if _largest(record) else "not known"
    claimed = "claimed" if record.licence.commercial else "**no**"
    verified = "yes" if record.verified else "no"
    name = f"[`{record.id}`](#{record.id.replace('.', '')})"
    return f"| {name} | {record.task} | {size} | {record.licence.weights} | {claimed} | {verified} |\n"


def _section(record: Record) -> str:
    terms, told = record.licence, record.provenance
    accept = f" It runs only with `--accept-licence {terms.accept}`." if terms.accept else ""
    commercial = "yes, by the licence of the weights" if terms.commercial else "no"
    lines = [
        f"\n## {record.id}\n\n{record.title}.\n\n",
        f"- **Run here:** {'yes' if record.verified else 'no; this record was written from what was published'}\n",
        f"- **Commercial use claimed:** {commercial}.{accept}\n",
    ]
    if told:
        lines += [f"- **Author:** {told.author}\n", f"- **Paper:** {told.paper}\n"]
        lines += [f"- **Trained on:** {told.trained_on}\n", f"- **Terms of that data:** {told.training_terms}\n"]
        lines += [f"- **Doubtful:** {told.doubts}\n", "\n", *_seven(record, told)]
    return "".join(lines) + "\n" + "".join(_file(file) for file in record.files)


def _seven(record: Record, told: Provenance) -> list[str]:
    answers = [
        ("Which licence applies to the file?", f"{record.licence.weights}: {record.licence.source}"),
        ("Is that the host's licence or a separate one?", told.licence_scope),
        ("Which checkpoint, and who converted it?", f"{told.checkpoint} Converted: {told.exported_by}"),
        ("May it be run commercially, locally or on one's own server?", told.commercial_use),
        ("May it be passed on in an installer, container or offline package?", told.redistribution),
        ("May it be converted, quantised, and that passed on?", told.derivatives),
        ("What must be named?", told.attribution),
    ]
    return [f"{number}. *{question}* {answer}\n" for number, (question, answer) in enumerate(answers, 1)]


def _file(file: WeightsFile) -> str:
    size = f"{file.bytes:,} bytes" if file.bytes else "size not known"
    kinds = {"sha256": file.sha256, "md5": file.md5}
    hashes = ", ".join(f"{kind} `{value}`" for kind, value in kinds.items() if value)
    sources = "; ".join(registry.label(source) for source in file.sources)
    return f"- {file.precision}, {size}, {hashes}. From: {sources}\n"


def _largest(record: Record) -> int:
    return max((file.bytes or 0 for file in record.files), default=0)


if __name__ == "__main__":
    PAGE.write_text(render(), "utf-8")
