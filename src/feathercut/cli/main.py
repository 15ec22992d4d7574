"""The `feathercut` command: its sub-commands by name, and what every one of them promises.

An error that a user can cause is one line on stderr and an exit code, never a traceback.
"""

from __future__ import annotations

import _thread
import importlib
import os
import signal
import sys
import threading
import types
from collections.abc import Sequence

import click

from feathercut import __version__
from feathercut.cli import console, exit_codes, start
from feathercut.cli.completion import VARIABLE, answer

_SOON_S = 0.01

# A command's module is imported when the command runs: `--help` needs none of them.
_COMMANDS = {
    "remove": "Remove the background from photos.",
    "check": "Sort photos by how far their cutouts can be trusted.",
    "app": "Open the editor in the browser: nothing is uploaded.",
    "serve": "Serve background removal over HTTP.",
    "edit": "Replay what was done to a photo in the editor.",
    "models": "List, fetch and check networks.",
    "explain": "Show what happens to a photo, stage by stage.",
    "evaluate": "Measure mattes and colours against the truth.",
    "sets": "Fetch, render and list sets to measure with.",
    "data": "Check, split, show and import photos with mattes to train on.",
    "train": "Train a network from nothing on photos of your own.",
    "finetune": "Tune a published network to photos of your own.",
    "keys": "Make, list and revoke the API keys of a server.",
    "rembg": "Take rembg's commands, letter for letter.",
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
        with start.loading_modules():
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
    """Runs the command and gives its exit code; what a user can cause ends in one line on stderr."""
    try:
        return _invoke(arguments)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return exit_codes.USAGE
    except BrokenPipeError as error:
        console.abandon_stdout()
        return exit_codes.exit_code(error)
    except (Exception, KeyboardInterrupt) as raised:
        ending = _stopped_by(raised) or raised
        from feathercut.cli import endings  # deferred: it reads all options, which `--help` need not wait for

        if exit_codes.asks_for_traceback(ending):
            raise
        console.say(f"feathercut: {endings.message(ending)}")
        return exit_codes.exit_code(ending)


def _invoke(arguments: Sequence[str]) -> int:
    """As click's own `main`, which would print a line of its own for Ctrl-C and hide a broken pipe."""
    if instruction := os.environ.get(VARIABLE):
        return answer(feathercut, instruction)
    try:
        with feathercut.make_context("feathercut", list(arguments)) as context:
            code = feathercut.invoke(context)
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except click.ClickException as error:
        _tell_programs(error, arguments)
        raise
    return code if isinstance(code, int) else exit_codes.DONE


def _tell_programs(error: click.ClickException, arguments: Sequence[str]) -> None:
    """Prints words that make no sense as a JSON document too: the command that would do so never began."""
    flags = [word for word in arguments if word.startswith("--")]
    if "--json" not in flags[: flags.index("--") if "--" in flags else None]:
        return
    from feathercut.cli import endings  # deferred: as above
    from feathercut.cli.report import report

    is_remove = "remove" in arguments[:1]
    console.document(report([], error) if is_remove else {"version": 1, "error": endings.as_object(error)})


def _stopped_by(error: BaseException | None) -> KeyboardInterrupt | None:
    """The Ctrl-C behind an error: a compiled module that is stopped while it loads calls that an ImportError."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__
    return error


def _is_importing(frame: types.FrameType | None) -> bool:
    """Whether a module is being loaded where that frame is."""
    while frame is not None and not frame.f_code.co_filename.startswith("<frozen importlib"):
        frame = frame.f_back
    return frame is not None


class _CtrlC:
    """Ends the command by a KeyboardInterrupt, wherever it comes, and by nothing else that would be seen."""

    def __init__(self) -> None:
        self._has_come = False

    def prepare(self) -> None:
        """Listens for Ctrl-C, unless whoever started us has it ignored, and for what cannot be raised."""
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._stop)
        sys.unraisablehook = self._not_raised

    def _stop(self, number: int, frame: types.FrameType | None) -> None:
        self._has_come = True
        if _is_importing(frame):
            # Modules that are stopped half way, compiled ones above all, say things of their own: it comes again soon.
            again = threading.Timer(_SOON_S, _thread.interrupt_main)
            again.daemon = True
            again.start()
            return
        signal.default_int_handler(number, frame)

    def _not_raised(self, lost: sys.UnraisableHookArgs) -> None:
        if isinstance(lost.exc_value, KeyboardInterrupt):
            # It came where Python cannot raise, as in a clean-up during an import; it comes once more.
            _thread.interrupt_main()
        elif not (self._has_come and isinstance(lost.exc_value, ResourceWarning)):
            # An import that is stopped leaves its file to the collector, of which warnings may be told as errors.
            sys.__unraisablehook__(lost)


def main() -> None:
    """The entry point of the installed command."""
    _CtrlC().prepare()
    console.prepare()
    start.prepare()
    code = run(sys.argv[1:])
    if code == exit_codes.INTERRUPTED:
        # All was said, and written out. Python remembers a Ctrl-C that went through an `exec`, as that of a dataclass
        # during an import, and would end by the signal instead of this code.
        os._exit(code)
    start.end(code)
