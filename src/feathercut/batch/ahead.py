"""A photo that is read while the rest of the program is being loaded."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from feathercut.options import Decode
from feathercut.pictures import Animation
from feathercut.sources import Source, load


class Ahead:
    """Reads one photo in a thread of its own, from now on."""

    def __init__(self, path: Path, options: Decode) -> None:
        self._path = path
        self._pixels: int | None = None
        self._photo: Animation | None = None
        self._error: BaseException | None = None
        self._is_known = threading.Event()
        self._thread = threading.Thread(target=self._read, args=(options,), name="feathercut-ahead", daemon=True)
        self._thread.start()

    def load(self, source: Source, options: Decode, take_room: Callable[[int], None] | None = None) -> Animation:
        """As `sources.load`; the photo that is read ahead is given once, with what went wrong while it was read."""
        if source != self._path:
            return load(source, options, take_room)
        self._is_known.wait()
        if self._pixels is not None and take_room is not None:
            take_room(self._pixels)
        self._thread.join()
        photo, error, self._photo, self._error = self._photo, self._error, None, None
        if error is not None:
            raise error
        return photo if photo is not None else load(source, options, take_room)

    def _read(self, options: Decode) -> None:
        try:
            self._photo = load(self._path, options, self._hear)
        except BaseException as error:  # raised again where the photo is waited for
            self._error = error
        finally:
            self._is_known.set()

    def _hear(self, pixels: int) -> None:
        self._pixels = pixels
        self._is_known.set()
