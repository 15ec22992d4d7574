"""The text of docs/cli.md: what every command says of itself."""

from __future__ import annotations

from collections.abc import Iterator

import click

from feathercut.cli.exit_codes import MEANINGS
from feathercut.cli.main import feathercut

WIDTH = 100

HEAD = """# The command line

Written by `scripts/docs.py` from the commands' own `--help`. Results go to stdout, everything else to stderr; `--json`
prints a report for programs. How colours, margins, sizes and positions are written is in [options.md](options.md), the
variables of the environment are in [settings.md](settings.md).

"""


def commands(command: click.Command, name: str, parent: click.Context | None = None) -> Iterator[tuple[str, str]]:
    """(name, help) of a command and of all below it."""
    context = click.Context(command, parent, name, terminal_width=WIDTH, color=False, **command.context_settings)
    yield context.command_path, command.get_help(context)
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            if found is not None:
                yield from commands(found, below, context)


def render() -> str:
    """The page."""
    parts = [f"## `{name}`\n\n```text\n{text.rstrip()}\n```\n\n" for name, text in commands(feathercut, "feathercut")]
    codes = "".join(f"| {code} | {meaning} |\n" for code, meaning in MEANINGS.items())
    return HEAD + "".join(parts) + "## Exit codes\n\n| code | meaning |\n|---|---|\n" + codes
