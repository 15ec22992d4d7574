"""Orders on threads: turns, deadlines, places that are freed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from feathercut.errors import DamagedPictureError, FeathercutError
from feathercut.options import Network, Options
from feathercut.server import wire
from feathercut.server.inference import give_back_when_idle
from feathercut.server.orders import Answer, BusyError, Caller, LateError, Order
from feathercut.server.schedule import Schedule


def order(name: str) -> Order:
    return Order(name.encode(), Network(), Options())


def answer(of: Order) -> Answer:
    return Answer(of.picture, "image/png", (1, 1), (1, 1), (0, 0, 1, 1), True, "tiny", {})


class Work:
    """What cuts, and waits to be let go on."""

    def __init__(self) -> None:
        self.began: list[str] = []
        self.most = self._now = 0
        self.go = threading.Event()

    def cut(self, of: Order) -> Answer:
        self.began.append(of.picture.decode())
        self._now += 1
        self.most = max(self.most, self._now)
        assert self.go.wait(60)
        self._now -= 1
        if of.picture == b"broken":
            raise DamagedPictureError("cut short")
        if of.picture == b"fault":
            raise ZeroDivisionError("of ours")
        return answer(of)


def schedule(work: Work, *, at_once: int = 1, most: float = 64, queue: float = 100) -> Schedule:
    def megapixels(of: Order) -> float:
        return float(of.picture.split()[-1]) if of.picture[-1:].isdigit() else 1.0

    return Schedule(work.cut, megapixels, at_once=at_once, megapixels_at_once=most, queue_megapixels=queue)


def run(test: Callable[[Work], Coroutine[Any, Any, None]]) -> None:
    async def timed() -> None:
        work = Work()
        try:
            async with asyncio.timeout(60):
                await test(work)
        finally:
            work.go.set()

    asyncio.run(timed())


async def ask(one: Schedule, name: str, caller: str = "one", deadline_s: float = 60) -> asyncio.Task[Answer]:
    task = asyncio.create_task(one.cut(order(name), Caller(caller, deadline_s)))
    before = one.state()["waiting"] + one.state()["running"]
    while one.state()["waiting"] + one.state()["running"] == before and not task.done():
        await asyncio.sleep(0.001)
    return task


def test_answers_go_to_who_asked() -> None:
    async def test(work: Work) -> None:
        one = schedule(work, at_once=3)
        tasks = [await ask(one, f"photo {number}") for number in range(3)]
        work.go.set()
        assert [(await task).body for task in tasks] == [b"photo 0", b"photo 1", b"photo 2"]

    run(test)


def test_errors_are_ours_whatever_was_raised() -> None:
    async def test(work: Work) -> None:
        work.go.set()
        one = schedule(work)
        with pytest.raises(DamagedPictureError):
            await one.cut(order("broken"), Caller("one", 60))
        with pytest.raises(FeathercutError, match="fault of Feathercut's own"):
            await one.cut(order("fault"), Caller("one", 60))
        assert one.state()["running"] == 0

    run(test)


def test_who_waits_and_gives_up_frees_the_place() -> None:
    async def test(work: Work) -> None:
        one = schedule(work)
        first, second, third = [await ask(one, name) for name in ("a", "b", "c")]
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        assert one.state()["waiting"] == 1
        work.go.set()
        await asyncio.gather(first, third)
        assert work.began == ["a", "c"]

    run(test)


def test_a_deadline_that_goes_by_is_told_and_frees_the_place() -> None:
    async def test(work: Work) -> None:
        one = schedule(work)
        first = await ask(one, "a")
        with pytest.raises(LateError):
            await one.cut(order("b"), Caller("one", 0.05))
        assert one.state()["waiting"] == 0
        work.go.set()
        assert (await first).body == b"a"

    run(test)


def test_large_photos_are_not_worked_on_beside_each_other() -> None:
    async def test(work: Work) -> None:
        one = schedule(work, at_once=4, most=50)
        tasks = [await ask(one, "large 40"), await ask(one, "large 41"), await ask(one, "small 5")]
        assert one.state()["running_megapixels"] == 40
        work.go.set()
        await asyncio.gather(*tasks)
        assert work.began == ["large 40", "large 41", "small 5"]

    run(test)


def test_what_is_full_says_when_to_come_again() -> None:
    async def test(work: Work) -> None:
        one = schedule(work, queue=10)
        tasks = [await ask(one, name) for name in ("a 5", "b 5", "c 5")]
        with pytest.raises(BusyError) as refused:
            await one.cut(order("d 5"), Caller("one", 60))
        assert refused.value.retry_after_s >= 1
        # Another caller has a place, which the first one's last photo loses.
        guest = asyncio.create_task(one.cut(order("e 5"), Caller("guest", 60)))
        with pytest.raises(BusyError):
            await tasks[2]
        work.go.set()
        assert (await guest).body == b"e 5"

    run(test)


def test_a_closed_schedule_answers_all_that_wait() -> None:
    async def test(work: Work) -> None:
        one = schedule(work)
        tasks = [await ask(one, name) for name in ("a", "b")]
        one.close()
        for task in tasks:
            with pytest.raises(BusyError):
                await task
        with pytest.raises(BusyError):
            await one.cut(order("c"), Caller("one", 60))

    run(test)


def test_an_order_says_the_same_on_the_other_side() -> None:
    given = Order(
        b"photo", Network(model="u2netp"), Options(crop=True, margin="5%"), b"behind", None, '{"é": 1}', 10**6, "layers"
    )
    assert wire.read_order(wire.order_message(given, Caller("one", 3))) == (given, Caller("one", 3))


def test_answers_and_errors_say_the_same_on_the_other_side() -> None:
    given = Answer(b"body", "image/png", (3, 4), (5, 6), (0, 1, 2, 3), False, "u2netp", {"cut": 0.5})
    assert wire.read_answer(wire.answer_message(given)) == given
    with pytest.raises(DamagedPictureError, match="cut short"):
        wire.read_answer(wire.error_message(DamagedPictureError("cut short")))
    with pytest.raises(BusyError) as busy:
        wire.read_answer(wire.error_message(BusyError("full", 7)))
    assert busy.value.retry_after_s == 7


def test_memory_is_given_back_after_work_that_was_over_between_two_looks() -> None:
    async def between(work: Work) -> None:
        work.go.set()
        orders, given_back = schedule(work), threading.Event()
        tidy = asyncio.create_task(give_back_when_idle(orders, given_back.set, every_s=0.05))
        for name in ("first", "second"):
            await orders.cut(order(name), Caller("a", 60))
            assert orders.state()["running"] == 0  # over before anybody looked
            assert await asyncio.to_thread(given_back.wait, 60)
            given_back.clear()
        await asyncio.sleep(0.2)
        assert not given_back.is_set()  # once is enough
        tidy.cancel()

    run(between)
