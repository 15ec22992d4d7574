"""The only file that writes to the terminal: results to stdout, everything else to stderr."""

from __future__ import annotations

import io
import json
import sys
import unicodedata
from collections.abc import Sequence
from typing import BinaryIO

from feathercut import system
from feathercut.errors import OptionError, OutputError


def prepare() -> None:
    """Lets stdout take names that are no text, byte for byte as the disk has them."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="surrogateescape")


def result(text: str) -> None:
    """A line of what was asked for, on stdout. Raises OutputError where it cannot be written."""
    if sys.stdout is None:  # closed by whoever started us
        return
    try:
        try:
            sys.stdout.write(f"{plain(text) if sys.stdout.isatty() else text}\n")
        except UnicodeEncodeError:
            sys.stdout.write(_encodable(f"{text}\n", sys.stdout.encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        abandon_stdout()
        raise OutputError(f"stdout cannot be written: {error.strerror or error}") from error


def is_written() -> bool:
    """Whether all that was said has left this process."""
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        return False
    return True


def document(value: object) -> None:
    """A JSON document on stdout, for programs that listen."""
    result(json.dumps(value, indent=2, ensure_ascii=True))


def say(text: str) -> None:
    """Something for people, on stderr: one line, unless it is a list."""
    if sys.stderr is None:
        return
    lines = "\n".join(map(plain, text.split("\n")))
    sys.stderr.write(_encodable(f"{lines}\n", sys.stderr.encoding))
    sys.stderr.flush()


def plain(text: str) -> str:
    """Text on one line, without what a terminal would obey: a name from a disk may hold anything."""
    is_control = {character for character in text if unicodedata.category(character) == "Cc"}
    return "".join(
        character.encode("unicode_escape").decode() if character in is_control else character for character in text
    )


def table(rows: Sequence[Sequence[str]]) -> None:
    """Rows in columns on stdout; the first row heads them."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        result("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def stdin_bytes() -> BinaryIO:
    """Standard input, as bytes. Raises OptionError where nothing is piped in."""
    if sys.stdin is None:
        raise OptionError("`-` reads a photo from stdin, and stdin is closed; pipe one in or name a file")
    if sys.stdin.isatty():
        raise OptionError("`-` reads a photo from stdin, and that is the terminal; pipe one in or name a file")
    return sys.stdin.buffer


def stdout_bytes() -> BinaryIO:
    """Standard output, as bytes. Raises OptionError where no picture can go there."""
    if sys.stdout is None:
        raise OptionError("The picture would go to stdout, which is closed; write it to a file with `-o FILE`")
    if sys.stdout.isatty():
        raise OptionError("The picture would go to the terminal; write it to a file with `-o FILE`, or pipe it on")
    return sys.stdout.buffer


def is_watched() -> bool:
    """Whether someone reads stdout on a screen."""
    return sys.stdout is not None and sys.stdout.isatty()


def abandon_stdout() -> None:
    """Gives stdout up: whoever read it has gone, or it takes nothing any more."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        system.abandon(sys.stdout)


def draws() -> bool:
    """Whether someone watches stderr on a screen that lines can be drawn over on."""
    return sys.stderr is not None and sys.stderr.isatty()


def draw(line: str, columns: int, over: int) -> int:
    """Draws a line over the last one, which was `over` columns wide, and gives its own width."""
    shown, width = "", 0
    for character in _encodable(plain(line), sys.stderr.encoding):
        wide = unicodedata.east_asian_width(character) in "WF"
        step = 0 if unicodedata.combining(character) else 2 if wide else 1
        if width + step > columns:
            break
        shown, width = shown + character, width + step
    sys.stderr.write(f"\r{shown}{' ' * (over - width)}" + ("" if shown else "\r"))
    sys.stderr.flush()
    return width


def _encodable(text: str, encoding: str | None) -> str:
    """Text that a stream of any encoding takes."""
    chosen = encoding or "utf-8"
    return text.encode(chosen, "backslashreplace").decode(chosen, "replace")
