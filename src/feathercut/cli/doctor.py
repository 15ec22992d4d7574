"""`feathercut doctor`."""

from __future__ import annotations

import dataclasses

import click

from feathercut.cli import console, exit_codes
from feathercut.cli.endings import told_as_json
from feathercut.doctor import examine
from feathercut.settings import Settings


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def command(as_json: bool) -> int:
    """Say what is installed, what runs here, and what to repair.

    Ends with 1 where something must be repaired.
    """
    with told_as_json(as_json):
        findings = examine(Settings.read())
    wrong = [finding for finding in findings if not finding.is_fine]
    if as_json:
        console.document({"version": 1, "is_fine": not wrong, "findings": [dataclasses.asdict(f) for f in findings]})
        return exit_codes.UNEXPECTED if wrong else exit_codes.DONE
    console.table([("", "what", "state"), *((f.topic, f.name, f.state) for f in findings)])
    for finding in wrong:
        console.result(f"repair {finding.name}: {finding.repair}")
    if not wrong:
        console.result("all is well")
    return exit_codes.UNEXPECTED if wrong else exit_codes.DONE
