"""Work on many things by several threads at once, with results in order and a bound on what is held."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Generic, Self, TypeVar

Item = TypeVar("Item")
Done = TypeVar("Done")

# A thread that waits without an end cannot be woken by Ctrl-C on Windows.
_PAUSE_S = 0.1


class StoppedError(BaseException):
    """Raised in a thread that works when nobody wants its result any more: no fault, and nothing to handle."""


# Ctrl-C raises in the main thread after any call, the one that takes a lock included: a `Condition` entered by `with`
# may so keep its lock for ever, and with it every thread that works. `with` and a plain lock is one step. So the thread
# that wants results enters plain locks only, and never waits for a `Condition`.


class Room:
    """What many hold together, bounded; given in order, so that one that waits for much is not passed for ever."""

    def __init__(self, most: float) -> None:
        self.is_closed = False
        self._most = most
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._to_come: set[int] = set()
        self._held: dict[int, float] = {}

    def expect(self, number: int) -> None:
        """Keeps a place in the order."""
        with self._lock:
            self._to_come.add(number)

    def enter(self, number: int, amount: float) -> None:
        """Waits for room; only the first call of each number counts. Raises StoppedError."""
        with self._lock:
            while number in self._to_come and not self.is_closed and not self._fits(number, amount):
                self._changed.wait()
            if self.is_closed:
                raise StoppedError
            if number in self._to_come:
                self._to_come.discard(number)
                self._held[number] = amount
                self._changed.notify_all()

    def leave(self, number: int) -> None:
        """Gives back what a number holds, and its place where it never entered."""
        with self._lock:
            self._to_come.discard(number)
            self._held.pop(number, None)
            self._changed.notify_all()

    def close(self) -> None:
        """Nobody gets in any more."""
        with self._lock:
            self.is_closed = True
            self._changed.notify_all()

    def _fits(self, number: int, amount: float) -> bool:
        is_first = number == min(self._to_come)
        return is_first and (not self._held or sum(self._held.values()) + amount <= self._most)


class Turn:
    """What one piece of work asks of those beside it: room for what it is about to hold."""

    def __init__(self, room: Room, number: int) -> None:
        self._room = room
        self._number = number

    def take_room(self, amount: float) -> None:
        """Waits until there is room for this much; what is larger than all the room has it alone.

        The first call counts. Raises StoppedError.
        """
        self._room.enter(self._number, amount)

    def go_on(self) -> None:
        """Raises StoppedError where the results are not wanted any more."""
        if self._room.is_closed:
            raise StoppedError

    def leave(self) -> None:
        """Gives the room back."""
        self._room.leave(self._number)


class _Slot(Generic[Item, Done]):
    """One item, and what became of it once `is_over`; who waits for that takes `ended`."""

    def __init__(self, item: Item, turn: Turn) -> None:
        self.item = item
        self.turn = turn
        self.result: Done | None = None
        self.error: BaseException | None = None
        self.is_over = False
        self.ended = threading.Lock()
        self.ended.acquire()


class _Queue(Generic[Item, Done]):
    """Slots that wait for a thread, which takes one or hears that the room is closed."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self._slots: deque[_Slot[Item, Done]] = deque()
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)

    def put(self, slot: _Slot[Item, Done]) -> None:
        with self._lock:
            self._slots.append(slot)
            self._changed.notify()

    def take(self) -> _Slot[Item, Done] | None:
        """Waits for a slot; None once the room is closed."""
        with self._lock:
            while not self._slots and not self.room.is_closed:
                self._changed.wait()
            return None if self.room.is_closed else self._slots.popleft()

    def clear(self) -> None:
        """Forgets what waits, and wakes who waits for it."""
        with self._lock:
            self._slots.clear()
            self._changed.notify_all()


class InOrder(Iterator[Done], Generic[Item, Done]):
    """What `work` makes of each item, in the order of the items.

    `items` are asked for in the thread that asks for results, `ahead` more than were handed out; `workers` threads
    work on them, or that very thread where it is 0. What they say that they hold (`Turn.take_room`) is at most `most`
    together, given in the order of the items, or one thing alone; with `keeps_room` until a result is handed out. What
    `work` raises is raised when its turn comes, and ends the rest. `stop`, which leaving the context calls, ends the
    threads; they are no obstacle to the end of the process.
    """

    def __init__(
        self,
        work: Callable[[Item, Turn], Done],
        items: Iterable[Item],
        *,
        workers: int,
        ahead: int,
        most: float,
        keeps_room: bool = False,
    ) -> None:
        self._work = work
        self._keeps_room = keeps_room
        self._items = iter(items)
        self._ahead = ahead
        self._slots: deque[_Slot[Item, Done]] = deque()
        self._room = Room(most)
        self._queue: _Queue[Item, Done] = _Queue(self._room)
        self._count = 0
        arguments = (work, self._queue, keeps_room)
        # They hold nothing of this object, so that it can be dropped while they wait.
        self._threads = [
            threading.Thread(target=_work_off, args=arguments, name=f"feathercut-{number}", daemon=True)
            for number in range(workers)
        ]
        self._has_begun = False

    def __next__(self) -> Done:
        self._begin()
        self._fill()
        if not self._slots:
            self.stop()
            raise StopIteration
        slot = self._slots[0]
        if not self._threads:
            self._queue.clear()
            _do(slot, self._work, self._keeps_room)
        while not slot.is_over:
            slot.ended.acquire(timeout=_PAUSE_S)
        self._slots.popleft()
        slot.turn.leave()
        if slot.error is not None:
            self.stop()
            raise slot.error
        result, slot.result = slot.result, None
        return result  # type: ignore[return-value]  # it is over, and not by an error

    def stop(self) -> list[Done]:
        """Ends the threads, and gives what was finished and not handed out yet, in order."""
        self._room.close()
        self._queue.clear()
        for thread in self._threads if self._has_begun else ():
            while thread.is_alive():
                thread.join(_PAUSE_S)
        over = [slot for slot in self._slots if slot.is_over and slot.error is None]
        self._slots.clear()
        self._items = iter(())
        return [slot.result for slot in over]  # type: ignore[misc]  # as above

    def _begin(self) -> None:
        if not self._has_begun:
            self._has_begun = True
            for thread in self._threads:
                thread.start()

    def _fill(self) -> None:
        while len(self._slots) <= self._ahead and not self._room.is_closed:
            try:
                item = next(self._items)
            except StopIteration:
                return
            slot: _Slot[Item, Done] = _Slot(item, Turn(self._room, self._count))
            self._room.expect(self._count)
            self._count += 1
            self._slots.append(slot)
            self._queue.put(slot)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _work_off(work: Callable[[Item, Turn], Done], queue: _Queue[Item, Done], keeps_room: bool) -> None:
    """Does what is in the queue until the room is closed."""
    while (slot := queue.take()) is not None:
        _do(slot, work, keeps_room)
        del slot  # what it made is held by whoever waits for it alone


def _do(slot: _Slot[Item, Done], work: Callable[[Item, Turn], Done], keeps_room: bool) -> None:
    try:
        slot.result = work(slot.item, slot.turn)
    except BaseException as error:  # raised where the result is waited for
        slot.error = error
    if slot.error is not None or not keeps_room:
        slot.turn.leave()
    slot.is_over = True
    slot.ended.release()
