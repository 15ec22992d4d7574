"""The items of one list of a large JSON file, one by one: annotations of 120,000 photos are half a gigabyte."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from feathercut.errors import InputError

_BLOCK = 1 << 20
_SPACE = re.compile(r"[\s,]*")


def items(path: Path, key: str) -> Iterator[dict[str, Any]]:
    """The objects of the list `key` at the top of a JSON file, in order; none where there is no such key.

    What comes before and after it is passed over without being kept. Raises InputError where the file cannot be read.
    """
    try:
        with path.open(encoding="utf-8") as file:
            yield from _items(file, key)
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path} cannot be read as annotations: {error}") from error


def _items(file: IO[str], key: str) -> Iterator[dict[str, Any]]:
    text = _Text(file)
    text.skip("{")
    while not text.at("}"):
        name = text.value()
        text.skip(":")
        is_wanted = name == key
        if not text.at("["):
            text.value()
            continue
        text.skip("[")
        while not text.at("]"):
            one = text.value()
            if is_wanted and isinstance(one, dict):
                yield one
        text.skip("]")
        if is_wanted:
            return


class _Text:
    """JSON read from a file as far as it is needed."""

    def __init__(self, file: IO[str]) -> None:
        self._file, self._text, self._place = file, "", 0
        self._decoder = json.JSONDecoder()

    def at(self, sign: str) -> bool:
        """Whether that sign is next, after spaces and commas. Raises ValueError at the end of the file."""
        while True:
            found = _SPACE.match(self._text, self._place)
            self._place = found.end() if found else self._place
            if self._place < len(self._text):
                return self._text[self._place] == sign
            self._more()

    def skip(self, sign: str) -> None:
        """Passes that sign. Raises ValueError where another is next."""
        if not self.at(sign):
            raise ValueError(f"`{sign}` was expected, and there is {self._text[self._place]!r}")
        self._place += 1

    def value(self) -> Any:
        """The value that is next. Raises ValueError."""
        self.at("")
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._place)
            except json.JSONDecodeError:
                self._more()  # it may go on in the next block; the end of the file says that it does not
                continue
            if end == len(self._text) and not isinstance(value, dict | list | str) and self._grows():
                continue  # a number may go on
            self._place = end
            return value

    def _grows(self) -> bool:
        try:
            self._more()
        except ValueError:
            return False
        return True

    def _more(self) -> None:
        block = self._file.read(_BLOCK)
        if not block:
            raise ValueError("it is no JSON, or is cut short")
        self._text, self._place = self._text[self._place :] + block, 0
