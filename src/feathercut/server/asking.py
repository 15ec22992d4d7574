"""Inference as HTTP workers see it: each order a connection, sent once more where the process behind it died."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from feathercut.server import metrics, telemetry, wire
from feathercut.server.listen import Inside
from feathercut.server.orders import Answer, BusyError, Caller, LateError, LostError, Order

_TRIES = 2
_PAUSE_S = 0.05
_RETRY_AFTER_S = 3.0


class Asking:
    """An `Inference` in another process. Where that is being started anew, its orders wait `patience_s`."""

    def __init__(self, inside: Inside, patience_s: float = 10.0) -> None:
        self._inside = inside
        self._patience_s = patience_s
        self.retries = 0

    async def cut(self, order: Order, caller: Caller) -> Answer:
        """The answer. Raises what the library raises, BusyError or LateError; cancelling it frees its place."""
        message = wire.order_message(order, caller)
        try:
            async with asyncio.timeout(caller.deadline_s):
                answer = wire.read_answer(await self._asked(message))
        except TimeoutError as error:
            raise LateError(f"No answer within {caller.deadline_s:g} seconds; send fewer or smaller photos") from error
        metrics.count(answer)  # here, where every contract's photos come by
        return answer

    async def state(self, within_s: float = 1.0) -> Mapping[str, Any] | None:
        """What inference tells of itself; None where it is not there, or too busy to say."""
        with contextlib.suppress(TimeoutError, OSError, wire.WireError):
            async with asyncio.timeout(within_s):
                return (await self._once(wire.Message({"kind": "state"}))).head
        return None

    async def _asked(self, message: wire.Message) -> wire.Message:
        """The reply. An order changes nothing, so that it may be sent again where its process died."""
        for again in range(_TRIES):
            self.retries += again
            try:
                with telemetry.span("inference", "client"):
                    return await self._once(replace(message, head={**message.head, "trace": telemetry.carried()}))
            except (OSError, wire.WireError):
                continue
        raise LostError("What cuts the photos out failed twice at this one, and was started anew", _RETRY_AFTER_S)

    async def _once(self, message: wire.Message) -> wire.Message:
        reader, writer = await self._connection()
        try:
            await wire.send(writer, message)
            return await wire.receive(reader)
        finally:
            writer.close()  # where we were cancelled, this says so to inference

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection, waited for while inference is being started. Raises BusyError."""
        loop = asyncio.get_running_loop()
        patient_until = loop.time() + self._patience_s
        while True:
            try:
                return await self._inside.connect()
            except OSError as error:
                if loop.time() >= patient_until:
                    raise BusyError("What cuts the photos out is being started anew", _RETRY_AFTER_S) from error
            await asyncio.sleep(_PAUSE_S)
