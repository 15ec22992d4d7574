"""Traces as a real receiver of OTLP over HTTP gets them."""

from __future__ import annotations

import gzip
import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from feathercut.settings import Settings
from server.running import CAT, Running, environment, serving, until

service = pytest.importorskip(
    "opentelemetry.proto.collector.trace.v1.trace_service_pb2", reason="the extra `telemetry` is not installed"
)

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@dataclass
class Span:
    """A span as it came, and the process that sent it."""

    name: str
    trace: str
    id: str
    parent: str
    seconds: float
    is_error: bool
    known: dict[str, object]
    process: dict[str, object]


@dataclass
class Receiver:
    """What was sent to `/v1/traces`, decoded."""

    address: str
    bodies: list[bytes] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    """The paths that anything else was sent to."""

    def spans(self) -> list[Span]:
        found = []
        for body in list(self.bodies):
            request = service.ExportTraceServiceRequest.FromString(body)
            for resource in request.resource_spans:
                process = attributes(resource.resource.attributes)
                for scope in resource.scope_spans:
                    found += [span_of(one, process) for one in scope.spans]
        return found

    def named(self, *names: str) -> list[Span]:
        """One span of each name, waited for."""
        until(lambda: set(names) <= {one.name for one in self.spans()})
        return [next(one for one in self.spans() if one.name == name) for name in names]


def attributes(given: object) -> dict[str, object]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in given}  # type: ignore[attr-defined]


def span_of(one: object, process: dict[str, object]) -> Span:
    return Span(
        name=one.name,  # type: ignore[attr-defined]
        trace=one.trace_id.hex(),  # type: ignore[attr-defined]
        id=one.span_id.hex(),  # type: ignore[attr-defined]
        parent=one.parent_span_id.hex(),  # type: ignore[attr-defined]
        seconds=(one.end_time_unix_nano - one.start_time_unix_nano) / 1e9,  # type: ignore[attr-defined]
        is_error=one.status.code == 2,  # type: ignore[attr-defined]
        known=attributes(one.attributes),  # type: ignore[attr-defined]
        process=process,
    )


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.path == "/v1/traces":
                found.bodies.append(gzip.decompress(body) if self.headers.get("content-encoding") == "gzip" else body)
            else:
                found.elsewhere.append(self.path)
            self.send_response(200)
            self.send_header("content-type", "application/x-protobuf")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found = Receiver(f"http://127.0.0.1:{server.server_address[1]}")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield found
        server.shutdown()


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, weights_settings: Settings, u2netp_path: Path, receiver: Receiver
) -> Iterator[Running]:
    variables = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.address,
        "OTEL_BSP_SCHEDULE_DELAY": "100",
        "FASTAPI_OTEL_AUTO_CONFIGURE": "true",  # what is sent is our word, not a dependency's
    }
    folder = tmp_path_factory.mktemp("telemetry")
    with serving(folder, weights_settings, "--telemetry", "otlp", waits=True, **variables) as running:
        yield running


@pytest.mark.weights
def test_a_request_is_one_trace_over_both_processes_below_the_span_of_whoever_asks(
    server: Running, receiver: Receiver
) -> None:
    answer = httpx.post(
        server.address + "v1/cutouts",
        files={"picture": ("private-name.jpg", CAT.read_bytes())},
        headers={"traceparent": f"00-{TRACE}-{PARENT}-01", "X-Api-Key": "a-secret-key"},
        timeout=60,
    )
    assert answer.status_code == 200
    names = ("POST /v1/cutouts", "inference", "order", "queue", "decode", "cut", "network", "encode")
    request, inference, order, queue, decode, cut, network, encode = receiver.named(*names)
    assert {one.trace for one in (request, inference, order, queue, decode, cut, network, encode)} == {TRACE}
    assert (request.parent, inference.parent, order.parent) == (PARENT, request.id, inference.id)
    assert {one.parent for one in (queue, decode, cut, encode)} == {order.id}
    assert network.parent == cut.id
    assert 0 < network.seconds <= cut.seconds <= order.seconds <= request.seconds
    assert request.known["http.route"] == "/v1/cutouts"
    assert request.known["http.response.status_code"] == 200
    assert request.known["feathercut.model"] == "u2netp"
    assert request.known["feathercut.request_id"] == answer.headers["x-request-id"]
    assert request.process["service.name"] == "feathercut"
    assert (request.process["feathercut.process"], order.process["feathercut.process"]) == ("http", "inference")
    assert request.process["process.pid"] != order.process["process.pid"]
    assert server.logged(answer)["trace_id"] == TRACE
    sent = b"".join(receiver.bodies)
    assert b"private-name" not in sent
    assert b"a-secret-key" not in sent
    assert b"127.0.0.1" not in sent
    assert not receiver.elsewhere
    assert len([one for one in receiver.spans() if one.trace == TRACE]) == len(names)


@pytest.mark.weights
def test_what_fails_is_told_by_its_class_and_not_by_its_words(server: Running, receiver: Receiver) -> None:
    damaged = server.cut(CAT.read_bytes()[:2000])
    assert damaged.status_code == 422

    def failed() -> list[Span]:
        return [
            one for one in receiver.spans() if one.is_error and one.known.get("error.type") == "DamagedPictureError"
        ]

    until(lambda: {one.name for one in failed()} >= {"order", "decode"})
    assert b"cut short" not in b"".join(receiver.bodies)

    def refused() -> list[Span]:
        return [one for one in receiver.spans() if one.known.get("http.response.status_code") == 422]

    until(lambda: len(refused()) == 1)
    assert not refused()[0].is_error  # the caller's fault, not the server's


@pytest.mark.weights
def test_probes_make_no_traces(server: Running, receiver: Receiver) -> None:
    server.get("healthz")
    server.get("metrics")
    assert server.get("v1/models").status_code == 200
    receiver.named("GET /v1/models")
    assert not [one.name for one in receiver.spans() if "healthz" in one.name or "metrics" in one.name]


@pytest.mark.weights
def test_a_receiver_that_is_gone_costs_no_request_and_does_not_hold_up_the_end(
    tmp_path: Path, weights_settings: Settings, u2netp_path: Path
) -> None:
    nowhere = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_BSP_SCHEDULE_DELAY": "100"}
    with serving(tmp_path, weights_settings, "--telemetry", "otlp", waits=True, **nowhere) as server:
        assert server.cut().status_code == 200
        server.process.terminate()
        assert server.ends() == 0


def test_without_the_packages_the_server_says_in_a_line_what_adds_them(
    tmp_path: Path, weights_settings: Settings
) -> None:
    code = (
        "import sys; sys.modules['opentelemetry.sdk'] = None;"  # as if it were not installed
        "sys.argv = 'feathercut serve --telemetry otlp --models u2netp'.split();"
        "from feathercut.cli.main import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(weights_settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "pip install 'feathercut[telemetry]'" in line


def test_traces_that_are_off_import_nothing(weights_settings: Settings) -> None:
    code = (
        "import sys; from feathercut.server import inference, telemetry;"
        "exec(\"with telemetry.traced('off', 'inference'), telemetry.span('one'):\\n    telemetry.carried()\");"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
