"""What is said when a command ends before its end: a line for people, an object for programs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import click

from feathercut.cli import console
from feathercut.cli.exit_codes import exit_code
from feathercut.errors import (
    FeathercutError,
    LicenceError,
    OptionError,
    OutputExistsError,
    RecipeError,
    TooLargeError,
    fault,
)
from feathercut.options import RemoveOptions
from feathercut.train.options import Finetuning

# The options of the command itself, beside those of `options/`.
_OWN = ("output", "output_dir", "each", "overwrite", "resume", "any_photo")
_OF_TRAINING = [name for name in Finetuning.model_fields if name != "keep"]  # which is a word of `--shadow` too
_FLAGS = re.compile(
    "`(" + "|".join((*RemoveOptions.model_fields, *_OF_TRAINING, *_OWN)) + ')(?:( [^`]*)|="([^`"]*)")?`'
)


def message(error: BaseException) -> str:
    """What happened and what to do, without the name of the program in front."""
    if isinstance(error, KeyboardInterrupt):
        return "Stopped. What was finished is there."
    if isinstance(error, MemoryError):
        return "There is not enough memory for this. Close other programs, or choose a smaller network"
    if isinstance(error, click.ClickException):
        text = " ".join(error.format_message().split()).rstrip(".")
        if isinstance(error, click.UsageError) and error.ctx:
            return f"{text}{'' if text.endswith('?') else '.'} `{error.ctx.command_path} --help` shows how"
        return text
    if isinstance(error, FeathercutError):
        return as_flags(error, str(error))
    return str(fault(error))


def as_flags(error: BaseException, text: str) -> str:
    """A message about options with their names as they are typed here.

    >>> as_flags(OptionError(), "Option `only_matte` makes no sense")
    'Option `--only-matte` makes no sense'
    """
    if not isinstance(error, OptionError | TooLargeError | OutputExistsError | LicenceError | RecipeError):
        return text
    return with_flags(text)


def with_flags(text: str) -> str:
    """A text with the names of options in backticks as they are typed here.

    >>> with_flags('say `accept_licence="this"`, with `keep_exif`')
    'say `--accept-licence this`, with `--keep-exif`'
    """

    def flag(found: re.Match[str]) -> str:
        value = f" {found[3]}" if found[3] else found[2] or ""
        return f"`--{found[1].replace('_', '-')}{value}`"

    return _FLAGS.sub(flag, text)


def as_object(error: BaseException) -> dict[str, object]:
    """An error for a JSON document."""
    return {"kind": type(error).__name__, "message": message(error), "exit_code": exit_code(error)}


@contextmanager
def told_as_json(as_json: bool) -> Iterator[None]:
    """Prints what ends the block early as a JSON document too, where one was asked for."""
    try:
        yield
    except FeathercutError as error:
        if as_json:
            console.document({"version": 1, "error": as_object(error)})
        raise
