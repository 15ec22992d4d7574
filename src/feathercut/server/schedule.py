"""Orders in this process: whose turn it is, on threads that share the networks, within a time and a size."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context, copy_context
from dataclasses import dataclass, field, replace

from feathercut.errors import FeathercutError, fault
from feathercut.kernels.side_by_side import at_work
from feathercut.server import telemetry
from feathercut.server.orders import Answer, BusyError, Caller, LateError, Order
from feathercut.server.turns import Turns

Cut = Callable[[Order], Answer]
Measure = Callable[[Order], float]

_LONGEST_RETRY_S = 120.0
_SHARE_OF_NEWEST = 0.2


@dataclass(eq=False)
class _Task:
    """An order on its way; `answer` is waited for by whoever gave it, and `context` has its trace."""

    order: Order
    megapixels: float
    answer: asyncio.Future[Answer] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    context: Context = field(default_factory=copy_context)
    came_at: float = field(default_factory=time.monotonic)


class Schedule:
    """An `Inference` on threads of this process.

    `at_once` photos are worked on at a time, of `megapixels_at_once` together; `queue_megapixels` may wait. `measure`
    tells from a photo's header how large it is, `cut` makes the answer; both are called in threads.
    """

    def __init__(
        self, cut: Cut, measure: Measure, *, at_once: int, megapixels_at_once: float, queue_megapixels: float
    ) -> None:
        self._cut, self._measure = cut, measure
        self._at_once, self._most = at_once, megapixels_at_once
        self._turns: Turns[_Task] = Turns(queue_megapixels)
        self._running: set[_Task] = set()
        self.started = 0  # orders, ever
        self._threads = ThreadPoolExecutor(at_once, "cut")
        # Looking at headers is quick, and must not wait for photos that are being cut.
        self._headers = ThreadPoolExecutor(1, "header")
        self._s_a_megapixel = 0.5
        self._is_closed = False

    async def cut(self, order: Order, caller: Caller) -> Answer:
        """The answer. Raises what the library raises, BusyError or LateError; cancelling it frees its place."""
        try:
            async with asyncio.timeout(caller.deadline_s):
                megapixels = await asyncio.get_running_loop().run_in_executor(self._headers, self._measure, order)
                return await self._in_turn(_Task(order, megapixels), caller)
        except TimeoutError as error:
            raise LateError(f"No answer within {caller.deadline_s:g} seconds; send fewer or smaller photos") from error

    async def _in_turn(self, task: _Task, caller: Caller) -> Answer:
        if self._is_closed:
            raise BusyError("The server is stopping", retry_after_s=5)
        try:
            out = self._turns.put(caller.name, task, task.megapixels, caller.weight)
        except BusyError as error:
            raise self._busy() from error
        for one in out:
            self._fail(one, self._busy())
        self._start_next()
        try:
            return await task.answer
        finally:
            if self._turns.drop(task):
                self._start_next()  # what came behind it may fit

    def close(self) -> None:
        """Fails all that waits or runs, and takes nothing more."""
        self._is_closed = True
        while (task := self._turns.take()) is not None:
            self._fail(task, BusyError("The server is stopping", retry_after_s=5))
        for task in self._running:
            self._fail(task, BusyError("The server is stopping", retry_after_s=5))

    def state(self) -> dict[str, float]:
        """How much waits and runs."""
        return {
            "waiting": len(self._turns),
            "waiting_megapixels": self._turns.megapixels,
            "running": len(self._running),
            "running_megapixels": self._running_megapixels,
        }

    @property
    def _running_megapixels(self) -> float:
        return sum(task.megapixels for task in self._running)

    def _busy(self) -> BusyError:
        ahead = self._turns.megapixels + self._running_megapixels
        seconds = ahead * self._s_a_megapixel / self._at_once
        return BusyError(
            f"The queue is full: {self._turns.megapixels:.0f} megapixels wait; come again in a while",
            retry_after_s=min(max(1.0, seconds), _LONGEST_RETRY_S),
        )

    def _start_next(self) -> None:
        while (megapixels := self._turns.next_megapixels()) is not None:
            if len(self._running) >= self._at_once:
                return
            # Whoever comes behind a large photo waits too: it would never fit else.
            if self._running and self._running_megapixels + megapixels > self._most:
                return
            task = self._turns.take()
            if task is not None:
                self._start(task)

    def _start(self, task: _Task) -> None:
        self._running.add(task)
        self.started += 1
        began = time.monotonic()
        waited_s = began - task.came_at
        task.context.run(telemetry.past_span, "queue", waited_s)
        work = asyncio.get_running_loop().run_in_executor(self._threads, task.context.run, self._work, task.order)

        def end(done: asyncio.Future[Answer]) -> None:
            self._running.discard(task)
            if error := done.exception():
                self._fail(task, error if isinstance(error, FeathercutError) else fault(error))
            else:
                rate = (time.monotonic() - began) / max(task.megapixels, 0.1)
                self._s_a_megapixel += _SHARE_OF_NEWEST * (rate - self._s_a_megapixel)
                if not task.answer.done():
                    answer = done.result()
                    task.answer.set_result(replace(answer, stages_s={"queue": waited_s, **answer.stages_s}))
            self._start_next()

        work.add_done_callback(end)

    def _work(self, order: Order) -> Answer:
        with at_work():
            return self._cut(order)

    @staticmethod
    def _fail(task: _Task, error: FeathercutError) -> None:
        if not task.answer.done():
            task.answer.set_exception(error)
