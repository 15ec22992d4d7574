"""A caller's connection: one that says nothing, never ends its headers or takes no answer is ended."""

from __future__ import annotations

import asyncio
from typing import cast

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle


def connection_class(silence_s: float) -> type[asyncio.Protocol]:
    """The class of connections whose headers have to be there, and whose answer has to move, within `silence_s`."""

    class Connection(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._headers_end: asyncio.TimerHandle | None = None
            self._answer_moves: asyncio.TimerHandle | None = None
            self._await_headers()

        def connection_lost(self, exc: Exception | None) -> None:
            self._forget()
            if self._answer_moves is not None:
                self._answer_moves.cancel()
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            if self._is_between_requests() and self._headers_end is None:
                self._await_headers()  # of the next request on a kept connection
            super().data_received(data)
            if not self._is_between_requests():
                self._forget()

        def pause_writing(self) -> None:
            super().pause_writing()
            self._await_reader(self.transport.get_write_buffer_size())

        def resume_writing(self) -> None:
            super().resume_writing()
            if self._answer_moves is not None:
                self._answer_moves.cancel()

        def _is_between_requests(self) -> bool:
            cycle: RequestResponseCycle | None = self.cycle
            return cycle is None or cycle.response_complete

        def _await_headers(self) -> None:
            self._headers_end = self.loop.call_later(silence_s, self._end_silence)

        def _forget(self) -> None:
            if self._headers_end is not None:
                self._headers_end.cancel()
                self._headers_end = None

        def _end_silence(self) -> None:
            if self._is_between_requests() and not self.transport.is_closing():
                self.transport.close()

        def _await_reader(self, left: int) -> None:
            self._answer_moves = self.loop.call_later(silence_s, self._end_unread, left)

        def _end_unread(self, left: int) -> None:
            now = self.transport.get_write_buffer_size()
            if now >= left:
                self.transport.abort()  # closing would wait for what nobody reads
            else:
                self._await_reader(now)

    return cast("type[asyncio.Protocol]", Connection)
