"""What a script can tell from how Feathercut ends: one table."""

from __future__ import annotations

from feathercut import errors

DONE = 0
UNEXPECTED = 1
USAGE = 2
SOME_FAILED = 3
INTERRUPTED = 130

MEANINGS: dict[int, str] = {
    DONE: "all done, a photo without a subject included",
    UNEXPECTED: "a fault of Feathercut's own",
    USAGE: "an option or a command that makes no sense",
    SOME_FAILED: "one photo or more could not be read or written; the rest is done",
    4: "the network or its weights cannot be had",
    5: "a licence was excluded, or must be accepted first",
    6: "the device that was asked for is not there",
    7: "the cache folder cannot be used",
    INTERRUPTED: "stopped by Ctrl-C; what was finished is there",
}

# A class stands for the classes below it, too.
_CODES: dict[type[errors.FeathercutError], int] = {
    errors.OptionError: USAGE,
    errors.ShapeError: SOME_FAILED,
    errors.InputError: SOME_FAILED,
    errors.OutputError: SOME_FAILED,
    errors.ModelError: 4,
    errors.LicenceError: 5,
    errors.DeviceError: 6,
    errors.CacheError: 7,
}


def exit_code(error: errors.FeathercutError) -> int:
    """The exit code that stands for an error."""
    return next((code for kind, code in _CODES.items() if isinstance(error, kind)), UNEXPECTED)
