"""The `feathercut` command: its sub-commands by name, and what every one of them promises.

An error that a user can cause is one line on stderr and an exit code, never a traceback.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

import click

from feathercut import __version__
from feathercut.cli import console, exit_codes
from feathercut.errors import FeathercutError

# A command's module is imported when the command runs: `--help` needs none of them.
_COMMANDS = {
    "remove": "Remove the background from photos.",
    "models": "List, fetch and check networks.",
    "doctor": "Say what is installed, what runs here, and what to repair.",
    "completion": "Print what makes a shell complete Feathercut's words.",
}


class _Commands(click.Group):
    """Sub-commands, each in the file of its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"feathercut.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="feathercut %(version)s")
def feathercut() -> None:
    """Remove the background from photos: soft, honest edges, on your own machine.

    Nothing is sent anywhere. `feathercut COMMAND --help` explains a command.
    """


def run(arguments: Sequence[str]) -> int:
    """Runs the command and gives its exit code; errors become one line on stderr."""
    try:
        code = feathercut.main(args=list(arguments), prog_name="feathercut", standalone_mode=False)
    except click.exceptions.Abort:
        console.say("Stopped. What was finished is there.")
        return exit_codes.INTERRUPTED
    except KeyboardInterrupt:
        console.say("Stopped. What was finished is there.")
        return exit_codes.INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return exit_codes.USAGE
    except click.ClickException as error:
        hint = (
            f" {error.ctx.command_path} --help shows how" if isinstance(error, click.UsageError) and error.ctx else ""
        )
        console.say(f"feathercut: {' '.join(error.format_message().split())}{hint}")
        return exit_codes.USAGE
    except FeathercutError as error:
        console.say(f"feathercut: {error}")
        return exit_codes.exit_code(error)
    except BrokenPipeError:
        # Whoever read stdout has gone; Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exit_codes.SOME_FAILED
    except MemoryError:
        console.say("feathercut: there is not enough memory for this photo; try it at a smaller size")
        return exit_codes.SOME_FAILED
    except Exception as error:
        if os.environ.get("FEATHERCUT_DEBUG"):
            raise
        console.say(
            f"feathercut: a fault of Feathercut's own: {type(error).__name__}: {error}. "
            "Run it again with FEATHERCUT_DEBUG=1 and report what it prints"
        )
        return exit_codes.UNEXPECTED
    return code if isinstance(code, int) else exit_codes.DONE


def main() -> None:
    """The entry point of the installed command."""
    sys.exit(run(sys.argv[1:]))
