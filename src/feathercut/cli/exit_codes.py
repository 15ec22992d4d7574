"""What a script can tell from how Feathercut ends: one table."""

from __future__ import annotations

import os
from collections.abc import Iterable

import click

from feathercut import errors
from feathercut.server.errors import KeyStoreError

DONE = 0
UNEXPECTED = 1
USAGE = 2
SOME_FAILED = 3
NO_NETWORK = 4
LOOK = 10
REDO = 11
INTERRUPTED = 130

MEANINGS: dict[int, str] = {
    DONE: "all done, a photo without a subject included",
    UNEXPECTED: "a fault of Feathercut's own, or `doctor` found something to repair",
    USAGE: "an option or a command that makes no sense",
    SOME_FAILED: "one photo or more could not be read or written; the rest is done",
    NO_NETWORK: "the network or its weights cannot be had",
    5: "a licence was excluded, or must be accepted first",
    6: "the device that was asked for is not there",
    7: "the cache folder cannot be used",
    8: "the browser page cannot be had or served",
    9: "the database of API keys cannot be used",
    LOOK: "`check`, `data check`: all were looked at, and one or more want a look; none is to be redone",
    REDO: "`check`, `data check`: all were looked at, and one or more are to be made another way, or repaired",
    12: "a training cannot begin or go on",
    13: "a trained network is no better than what there was, and was not installed",
    INTERRUPTED: "stopped by Ctrl-C; what was finished is there",
}

# A class stands for the classes below it, too.
_CODES: dict[type[BaseException], int] = {
    errors.OptionError: USAGE,
    errors.ShapeError: SOME_FAILED,
    errors.InputError: SOME_FAILED,
    errors.RecipeError: SOME_FAILED,
    errors.OutputError: SOME_FAILED,
    errors.ModelError: NO_NETWORK,
    errors.LicenceError: 5,
    errors.DeviceError: 6,
    errors.NotBetterError: 13,
    errors.TrainingError: 12,
    errors.CacheError: 7,
    errors.PageError: 8,
    KeyStoreError: 9,
    click.ClickException: USAGE,
    BrokenPipeError: SOME_FAILED,
    MemoryError: SOME_FAILED,
    KeyboardInterrupt: INTERRUPTED,
}


def exit_code(error: BaseException) -> int:
    """The exit code that stands for an error."""
    return next((code for kind, code in _CODES.items() if isinstance(error, kind)), UNEXPECTED)


def exit_code_of_many(errors_found: Iterable[BaseException]) -> int:
    """The exit code of a run over many photos, from what went wrong with some: a fault of ours is told apart."""
    codes = {exit_code(error) for error in errors_found}
    if not codes:
        return DONE
    return UNEXPECTED if UNEXPECTED in codes else SOME_FAILED


def asks_for_traceback(error: BaseException) -> bool:
    """Whether this is a fault of ours, and whoever runs us wants to see where."""
    return exit_code(error) == UNEXPECTED and bool(os.environ.get("FEATHERCUT_DEBUG"))
