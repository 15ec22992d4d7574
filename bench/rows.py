"""The rows of the incumbent's defects, run against both tools."""

from __future__ import annotations

import os
import re
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from bench import incumbent
from bench.places import BENCH, ROOT, own_command, rembg_command
from bench.processes import BenchError, say
from bench.tables import Table

_TESTS = ROOT / "tests" / "incumbent"
_NAME = re.compile(r"test_row_(\d+b?)_(\w+)")

Outcomes = dict[tuple[str, str], str]
"""(row, claim) → `pass` or `fail`."""


def table() -> Table:
    """Which tool passes which row. That rembg fails is what the rows are about."""
    incumbent.install()
    ours = _outcomes("feathercut", [own_command("python"), "-m", "pytest"])
    bare = ["-c", str(ROOT / "bench" / "incumbent.ini"), "--rootdir", str(ROOT), "--confcutdir", str(_TESTS)]
    theirs = _outcomes("rembg", [rembg_command("python"), "-m", "pytest", *bare])
    claims = sorted({*ours, *theirs}, key=lambda claim: (int(claim[0].rstrip("b")), claim))
    rows = [(row, name, ours.get((row, name), "-"), theirs.get((row, name), "-")) for row, name in claims]
    every = list(dict.fromkeys(row for row, _ in claims))
    counts = {
        tool: sum(all(found.get(claim) == "pass" for claim in claims if claim[0] == row) for row in every)
        for tool, found in (("Feathercut", ours), ("rembg", theirs))
    }
    notes = [f"{tool} passes {count} of {len(every)} rows whole." for tool, count in counts.items()]
    return Table(
        f"Rows of the incumbent's defects (rembg {incumbent.VERSION})",
        ("row", "claim", "Feathercut", "rembg"),
        rows,
        notes,
        {"rows_passed": counts, "rows": len(every)},
    )


def _outcomes(tool: str, pytest: list[str]) -> Outcomes:
    say(f"running the rows against {tool}")
    report = BENCH / f"rows-{tool}.xml"
    report.unlink(missing_ok=True)
    log = BENCH / f"rows-{tool}.log"
    words = [*pytest, str(_TESTS), "-p", "no:cacheprovider", f"--junitxml={report}"]
    with log.open("wb") as stream:
        environ = {**os.environ, "FEATHERCUT_TOOL": tool}
        subprocess.run(words, cwd=ROOT, env=environ, stdout=stream, stderr=subprocess.STDOUT, check=False)
    return _read(report, log)


def _read(report: Path, log: Path) -> Outcomes:
    if not report.is_file():
        raise BenchError(f"pytest did not run: {log} ends: {log.read_text('utf-8', errors='replace')[-500:]}")
    outcomes: Outcomes = {}
    for case in ElementTree.parse(report).iter("testcase"):
        if named := _NAME.fullmatch(case.get("name", "")):
            bad = any(child.tag in ("failure", "error", "skipped") for child in case)
            outcomes[named[1], named[2].replace("_", " ")] = "fail" if bad else "pass"
    if not outcomes:
        raise BenchError(f"no row was run; see {log}")
    return outcomes
