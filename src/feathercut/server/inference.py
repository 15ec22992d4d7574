"""The inference process: it holds every network once, and answers the HTTP workers' orders."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Coroutine
from typing import Any

from feathercut import system
from feathercut.errors import FeathercutError
from feathercut.options import Network
from feathercut.server import telemetry, wire
from feathercut.server.cutting import cut, needs_network
from feathercut.server.listen import Inside
from feathercut.server.networks import Networks, batches_of
from feathercut.server.orders import Answer, Order
from feathercut.server.process import Control
from feathercut.server.schedule import Schedule
from feathercut.server.settings import ServerSettings
from feathercut.settings import Settings
from feathercut.steps.decode import measure

_MOST_AT_ONCE = 4
_IDLE_S = 1.0


def at_once(settings: ServerSettings) -> int:
    """How many photos are worked on at a time: enough to fill a batch, where there are cores that prepare them."""
    batches = batches_of(settings)
    most = max(_MOST_AT_ONCE, batches.most if batches else 0)
    return settings.photos_at_once or max(2, min(most, system.usable_cores()))


class InferenceServer:
    """Orders in, answers out; a connection is one order, and who closes it wants no answer any more."""

    def __init__(self, settings: ServerSettings, inside: Inside) -> None:
        self._settings, self._inside = settings, inside
        self._networks = Networks(Settings.read(), at_once(settings), batches_of(settings))
        self._is_warm = False
        self.schedule = Schedule(
            self._cut,
            self._measure,
            at_once=at_once(settings),
            megapixels_at_once=settings.megapixels_at_once,
            queue_megapixels=settings.queue_megapixels,
        )

    async def run(self, control: Control) -> None:
        """Serves until it is told to stop."""
        server = await self._inside.serve(self._talk)
        tidy = give_back_when_idle(self.schedule, system.give_memory_back, _IDLE_S)
        others = [asyncio.create_task(asyncio.to_thread(self._warm)), asyncio.create_task(tidy)]
        control.tell("ready")
        async with server:
            while await control.hear() == "drop":
                self.schedule.close()
        for one in others:
            one.cancel()

    def _warm(self) -> None:
        """Loads the default network; the others come with the first photo that asks for them."""
        first = Network(
            model=self._settings.models[0],
            device=self._settings.device,
            accept_licence=self._settings.accept_licence,
        )
        try:
            self._networks.load(first)
        finally:
            self._is_warm = True  # or what is wrong with it is told

    def _cut(self, order: Order) -> Answer:
        return cut(order, self._networks.get(order.network) if needs_network(order) else None)

    def _measure(self, order: Order) -> float:
        return measure(order.picture, order.options).pixels / 1e6

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(wire.WireError):
            message = await wire.receive(reader)
            if message.head["kind"] == "state":
                await wire.send(writer, wire.Message({"kind": "state", **self.state()}))
                return
            answer = await _unless_closed(reader, self._answer(message))
            if answer is not None:
                await wire.send(writer, answer)

    async def _answer(self, message: wire.Message) -> wire.Message:
        try:
            with telemetry.span("order", "server", message.head.get("trace")):
                order, caller = wire.read_order(message)
                return wire.answer_message(await self.schedule.cut(order, caller))
        except FeathercutError as error:
            return wire.error_message(error)

    def state(self) -> dict[str, Any]:
        """What `/readyz` and `/metrics` tell of this process."""
        return {
            **self.schedule.state(),
            "process": os.getpid(),
            "is_warm": self._is_warm,
            "failures": self._networks.failures(),
            **self._networks.state(),
            "waiting_limit_megapixels": self._settings.queue_megapixels,
            "memory_bytes": system.resident_bytes(),
            "memory_peak_bytes": system.peak_bytes(),
        }


async def give_back_when_idle(schedule: Schedule, give_back: Callable[[], None], every_s: float) -> None:
    """Gives memory back, in a thread, once after all work; work that begins and ends between two looks counts too."""
    given_back_after = 0
    while True:
        await asyncio.sleep(every_s)
        if schedule.started != given_back_after and not schedule.state()["running"]:
            given_back_after = schedule.started
            await asyncio.to_thread(give_back)


async def _unless_closed(reader: asyncio.StreamReader, work: Coroutine[Any, Any, wire.Message]) -> wire.Message | None:
    """What work gives; it is cancelled, and None given, where the other side goes first."""
    task = asyncio.create_task(work)
    gone = asyncio.create_task(reader.read(1))
    try:
        await asyncio.wait((task, gone), return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        for one in (task, gone):
            one.cancel()
        await asyncio.gather(task, gone, return_exceptions=True)


def main(settings: ServerSettings, inside: Inside, control: Control) -> None:
    """The process, from its beginning to its end."""
    with telemetry.traced(settings.telemetry, "inference"):
        asyncio.run(InferenceServer(settings, inside).run(control))
