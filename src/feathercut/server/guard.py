"""Around every request: its id, its line in the log, its figures, the headers of every answer, the last word."""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from feathercut.server import metrics, telemetry
from feathercut.server.limits import HungUpError
from feathercut.server.logs import note, note_fault
from feathercut.server.problems import FAULT, problem

if TYPE_CHECKING:  # deferred: an extra
    from opentelemetry.trace import Span

_HUNG_UP = 499
"""As nginx writes it down; nobody is told."""

_STOPPING_S = 5
_ID = re.compile(r"[\w.-]{8,64}")
_ALWAYS = {"/healthz", "/readyz", "/metrics"}
_TRACE = ("traceparent", "tracestate")
_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@dataclass
class Life:
    """Whether this process is stopping, and how many requests it is at."""

    is_stopping: bool = False
    requests: int = 0

    def count(self, more: int) -> None:
        """Begins or ends a request."""
        self.requests += more
        metrics.REQUESTS_RUNNING.set(self.requests)


class Guard:
    """The application with what every request gets, as ASGI middleware."""

    def __init__(self, app: ASGIApp, life: Life) -> None:
        self._app, self._life = app, life

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = _Request(scope, send, is_last=self._life.is_stopping)
        if self._life.is_stopping and scope["path"] not in _ALWAYS:
            await request.say(503, "busy", "The server is stopping; come again in a while", scope, receive)
            return
        if scope["path"] in _ALWAYS:
            await self._answer(request, scope, receive, None)
            return
        with telemetry.span("request", "server", request.trace) as span:
            await self._answer(request, scope, receive, span)

    async def _answer(self, request: _Request, scope: Scope, receive: Receive, span: Span | None) -> None:
        self._life.count(1)
        try:
            await self._app(scope, receive, request.send)
        except HungUpError:
            request.status = _HUNG_UP
        except Exception as error:
            note_fault("fault", error, request_id=request.id, path=scope["path"])
            if request.status:
                raise  # too late for an answer: the connection is closed
            await request.say(500, "fault", FAULT, scope, receive)
        finally:
            self._life.count(-1)
            request.write_down(scope, span)


class _Request:
    def __init__(self, scope: Scope, send: Send, *, is_last: bool) -> None:
        headers = dict(scope["headers"])
        given = headers.get(b"x-request-id", b"").decode("latin-1")
        # One that a proxy in front gave is kept, so that both logs have it; nothing else is let into ours.
        self.id = given if _ID.fullmatch(given) else secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = self.id
        self.trace = {name: headers[name.encode()].decode("latin-1") for name in _TRACE if name.encode() in headers}
        """The span of whoever asks, where it has one."""
        self._send, self._is_last = send, is_last
        self._began = time.monotonic()
        self.status = 0
        self._bytes = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-Id"] = self.id
            for name, value in _SAFE.items():
                headers.setdefault(name, value)
            if self._is_last and "connection" not in headers:
                headers["Connection"] = "close"
        else:
            self._bytes += len(message.get("body", b""))
        await self._send(message)

    async def say(self, status: int, code: str, detail: str, scope: Scope, receive: Receive) -> None:
        headers = {"Retry-After": str(_STOPPING_S)} if status == 503 else None
        await problem(status, code, detail, self.id, headers)(scope, receive, self.send)

    def write_down(self, scope: Scope, span: Span | None) -> None:
        took_s = time.monotonic() - self._began
        # The route's pattern, not its address: addresses are without end, and may name people.
        route = getattr(scope.get("route"), "path", "other")
        metrics.REQUESTS.labels(scope["method"] if route != "other" else "other", route, str(self.status)).inc()
        metrics.REQUEST_SECONDS.labels(route).observe(took_s)
        noted = scope["state"].get("noted", {})
        telemetry.describe_request(span, scope["method"], route, self.status, {"request_id": self.id, **noted})
        if scope["path"] not in _ALWAYS:
            note(
                "request",
                request_id=self.id,
                method=scope["method"],
                route=route,
                status=self.status,
                seconds=round(took_s, 4),
                bytes_out=self._bytes,
                **noted,
                **telemetry.trace_id_of(span),
            )
