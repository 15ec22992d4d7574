"""A process of the server as its supervisor holds it, and the supervisor as the process hears it."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Literal

from feathercut.system import signals_to_end

Word = Literal["stop", "drop", "ready"]
_spawn = get_context("spawn")  # a fork would copy threads' locks, and sockets that are not meant for it


class Control:
    """What a process hears of its supervisor; where that is gone, it hears `stop`.

    Signals are the supervisor's: Ctrl-C and a stopped service reach all processes at once, and the work would end
    before those who wait for it.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._words: asyncio.Queue[Word] | None = None

    def tell(self, word: Word) -> None:
        """Says something to the supervisor, if it is there."""
        with contextlib.suppress(OSError):
            self._connection.send(word)

    async def hear(self) -> Word:
        """The next word."""
        if self._words is None:
            self._words = asyncio.Queue()
            loop = asyncio.get_running_loop()
            threading.Thread(target=self._listen, args=(loop, self._words), daemon=True).start()
        return await self._words.get()

    def _listen(self, loop: asyncio.AbstractEventLoop, words: asyncio.Queue[Word]) -> None:
        is_there = True
        while is_there:
            word: Word = "stop"
            try:
                word = self._connection.recv()
            except (EOFError, OSError):
                is_there = False
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(words.put_nowait, word)


class Child:
    """A process that was started, and the line to it."""

    def __init__(self, name: str, main: Callable[..., None], *given: object) -> None:
        self.name = name
        self.is_ready = False
        self.connection, theirs = _spawn.Pipe()
        self.process: BaseProcess = _spawn.Process(target=_run, args=(main, given, theirs), name=name, daemon=True)
        self.process.start()
        theirs.close()  # so that its end is heard here

    def tell(self, word: Word) -> None:
        """Says something to the process, if it lives."""
        with contextlib.suppress(OSError):
            self.connection.send(word)

    def hear(self) -> None:
        """Takes what it said."""
        with contextlib.suppress(EOFError, OSError):
            while self.connection.poll():
                self.is_ready = self.connection.recv() == "ready" or self.is_ready

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self.process.is_alive()

    def end(self, within_s: float) -> None:
        """Waits for its end, and kills it where that does not come."""
        self.process.join(within_s)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.connection.close()


def _run(main: Callable[..., None], given: tuple[object, ...], connection: Connection) -> None:
    for number in signals_to_end():
        signal.signal(number, signal.SIG_IGN)
    main(*given, Control(connection))
