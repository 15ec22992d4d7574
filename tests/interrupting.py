"""Ctrl-C at every moment at which it may come."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

Begun = TypeVar("Begun")


def interrupted_everywhere(
    begin: Callable[[], Begun], use: Callable[[Begun], object], end: Callable[[Begun], object] = lambda _: None
) -> int:
    """Begins, uses and ends something in a thread, anew with Ctrl-C at each place of its use; how many there were.

    Fails where one of them never ends.
    """
    came: list[bool] = []

    def once(at: int) -> None:
        begun = begin()
        sys.setprofile(_CtrlC(at))
        try:
            use(begun)
        except KeyboardInterrupt:
            came.append(True)
        finally:
            sys.setprofile(None)
            end(begun)

    while True:
        before = len(came)
        thread = threading.Thread(target=once, args=(before + 1,), daemon=True)
        thread.start()
        thread.join(60)
        assert not thread.is_alive(), f"it hangs after Ctrl-C at {before + 1}"
        if len(came) == before:
            return before  # all was over before it came


class _CtrlC:
    """Raises KeyboardInterrupt where Python looks for signals, the `at`-th time that this thread comes there."""

    def __init__(self, at: int) -> None:
        self._left = at

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        # A thread that is being started is Python's own affair.
        if event not in ("call", "c_return") or _is_starting(frame):
            return
        self._left -= 1
        if self._left == 0:
            sys.setprofile(None)
            raise KeyboardInterrupt


def _is_starting(frame: FrameType | None) -> bool:
    while frame is not None and frame.f_code is not threading.Thread.start.__code__:
        frame = frame.f_back
    return frame is not None
