"""Traces for OpenTelemetry, where they are asked for: a span a request and one for each of its stages.

A trace goes on from one process to the next, and from whoever asks: `traceparent` is taken over. Nothing of
OpenTelemetry is imported while traces are off. Spans hold times, routes, statuses, sizes and networks; never a
picture, a file's name, an address or a key, and no message of an error.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal

from feathercut import __version__
from feathercut.errors import OptionError

if TYPE_CHECKING:  # deferred: an extra, and half a second
    from opentelemetry.trace import Span, Tracer

Kind = Literal["internal", "client", "server"]
_NEEDED = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")
_LAST_SPANS_S = 3.0
"""Time to send what is left in when a process ends: one whose receiver is gone must end all the same."""

_tracer: Tracer | None = None


def check_telemetry(kind: Literal["off", "otlp"]) -> None:
    """Raises OptionError where traces are asked for and cannot be made here."""
    if kind == "otlp" and not all(map(_is_installed, _NEEDED)):
        raise OptionError(
            "`--telemetry otlp` needs OpenTelemetry, which is not installed here; "
            "`pip install 'feathercut[telemetry]'` adds it"
        )


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # nor is what it lies in
        return False


@contextmanager
def traced(kind: Literal["off", "otlp"], part: str) -> Iterator[None]:
    """This process's spans are sent while the block runs, to where the `OTEL_...` variables say.

    `part` names the process among the server's.
    """
    global _tracer  # the process's own, as its log is
    if kind == "off":
        yield
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    own: dict[str, str | int] = {"service.version": __version__, "process.pid": os.getpid(), "feathercut.process": part}
    if "OTEL_SERVICE_NAME" not in os.environ and "service.name=" not in os.environ.get("OTEL_RESOURCE_ATTRIBUTES", ""):
        own["service.name"] = "feathercut"
    provider = TracerProvider(resource=Resource.create({**own}), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    _tracer = provider.get_tracer("feathercut.server", __version__)
    try:
        yield
    finally:
        _tracer = None
        end = threading.Thread(target=provider.shutdown, daemon=True)
        end.start()
        end.join(_LAST_SPANS_S)


@contextmanager
def span(name: str, kind: Kind = "internal", parent: Mapping[str, str] | None = None) -> Iterator[Span | None]:
    """A span around a block, below the one around it or below `parent` of elsewhere; None while traces are off.

    What ends the block by an exception is told by its class alone: messages may quote what a caller sent.
    """
    if _tracer is None:
        yield None
        return
    from opentelemetry.trace import SpanKind, StatusCode
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    above = TraceContextTextMapPropagator().extract(parent) if parent else None
    with _tracer.start_as_current_span(
        name, above, SpanKind[kind.upper()], record_exception=False, set_status_on_exception=False
    ) as one:
        try:
            yield one
        except BaseException as error:
            one.set_attribute("error.type", type(error).__name__)
            one.set_status(StatusCode.ERROR)
            raise


def past_span(name: str, seconds: float) -> None:
    """A span of what has just ended and took so long."""
    if _tracer is None:
        return
    import time

    now = time.time_ns()
    _tracer.start_span(name, start_time=now - int(seconds * 1e9)).end(now)


def carried() -> dict[str, str]:
    """The present span for another process, to be its `parent`; nothing while traces are off."""
    carrier: dict[str, str] = {}
    if _tracer is not None:
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        TraceContextTextMapPropagator().inject(carrier)
    return carrier


def describe_request(one: Span | None, method: str, route: str, status: int, known: Mapping[str, object]) -> None:
    """What a request was, once it is answered; `known` is what the log tells of it."""
    if one is None:
        return
    from opentelemetry.trace import StatusCode

    one.update_name(f"{method} {route}")
    one.set_attributes({"http.request.method": method, "http.route": route, "http.response.status_code": status})
    for name in ("request_id", "model", "megapixels"):
        if isinstance(value := known.get(name), str | float):
            one.set_attribute(f"feathercut.{name}", value)
    if status >= 500:
        one.set_status(StatusCode.ERROR)


def trace_id_of(one: Span | None) -> dict[str, str]:
    """The trace's id for the log, so that one leads to the other; nothing while traces are off."""
    return {} if one is None else {"trace_id": f"{one.get_span_context().trace_id:032x}"}
