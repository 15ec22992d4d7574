"""What is counted, for Prometheus: HTTP workers' figures summed, inference's as it tells them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from feathercut import __version__
from feathercut.server.orders import Answer

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)

_REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "feathercut_requests", "Requests by method, route and status.", ["method", "route", "status"], registry=_REGISTRY
)
REQUESTS_RUNNING = Gauge(
    "feathercut_requests_running", "Requests that are being answered.", registry=_REGISTRY, multiprocess_mode="livesum"
)
REQUEST_SECONDS = Histogram(
    "feathercut_request_seconds", "Seconds of a request.", ["route"], buckets=_SECONDS, registry=_REGISTRY
)
STAGE_SECONDS = Histogram(
    "feathercut_stage_seconds", "Seconds of a photo's stages.", ["stage"], buckets=_SECONDS, registry=_REGISTRY
)
PHOTOS = Counter("feathercut_photos", "Photos cut out, by network.", ["model"], registry=_REGISTRY)
MEGAPIXELS = Counter("feathercut_megapixels", "Megapixels of photos cut out.", registry=_REGISTRY)
JOBS = Counter(
    "feathercut_jobs", "Jobs that were accepted, removed by callers, expired.", ["event"], registry=_REGISTRY
)
JOB_PICTURES = Counter("feathercut_job_pictures", "Pictures of jobs that ended.", ["state"], registry=_REGISTRY)
UPLOAD_BYTES = Gauge(
    "feathercut_upload_bytes",
    "Bytes of uploads that are held.",
    registry=_REGISTRY,
    multiprocess_mode="livesum",
)
WORKER_MEMORY_BYTES = Gauge(
    "feathercut_http_memory_bytes",
    "Memory of the HTTP workers.",
    registry=_REGISTRY,
    multiprocess_mode="livesum",
)

# By the names in which inference tells of itself.
_OF_INFERENCE = {
    "process": ("feathercut_inference_process", "Id of the inference process; another one was started anew."),
    "waiting": ("feathercut_queue_photos", "Photos that wait."),
    "waiting_megapixels": ("feathercut_queue_megapixels", "Megapixels that wait."),
    "running": ("feathercut_running_photos", "Photos that are worked on."),
    "running_megapixels": ("feathercut_running_megapixels", "Megapixels that are worked on."),
    "memory_bytes": ("feathercut_inference_memory_bytes", "Memory of the inference process."),
    "waiting_limit_megapixels": ("feathercut_queue_limit_megapixels", "Megapixels that may wait."),
    "memory_peak_bytes": ("feathercut_inference_memory_peak_bytes", "The most of it so far."),
    "networks": ("feathercut_networks", "Networks that are loaded."),
    "networks_bytes": ("feathercut_networks_bytes", "Bytes of the networks that are loaded."),
    "networks_limit_bytes": ("feathercut_networks_limit_bytes", "Bytes over which the least used network is freed."),
}
_COUNTED_BY_INFERENCE = {
    "network_loads": ("feathercut_network_loads", "Networks that were loaded, since inference began."),
    "network_evictions": ("feathercut_network_evictions", "Networks that were freed for others, since it began."),
}

# By the names in which the desk tells of jobs.
_OF_JOBS = {
    "waiting": ("feathercut_jobs_waiting_pictures", "Pictures of jobs that wait."),
    "running": ("feathercut_jobs_running_pictures", "Pictures of jobs that are at inference."),
    "bytes": ("feathercut_jobs_bytes", "Bytes on disk of all jobs, what is being uploaded included."),
}


def count(answer: Answer) -> None:
    """Counts a photo that was cut out."""
    for stage, seconds in answer.stages_s.items():
        STAGE_SECONDS.labels(stage).observe(seconds)
    PHOTOS.labels(answer.model).inc()
    MEGAPIXELS.inc(answer.photo_size[0] * answer.photo_size[1] / 1e6)


class _Told(Collector):
    def __init__(self, state: Mapping[str, Any] | None, jobs: Mapping[str, float]) -> None:
        self._state, self._jobs = state, jobs

    def collect(self) -> Iterable[Metric]:
        """The figures of inference, whether it is there, and those of jobs."""
        yield GaugeMetricFamily("feathercut_inference_up", "Whether inference answers.", float(self._state is not None))
        for names, values in ((_OF_INFERENCE, self._state or {}), (_OF_JOBS, self._jobs)):
            for key, (name, sentence) in names.items():
                if key in values:
                    yield GaugeMetricFamily(name, sentence, float(values[key]))
        for key, (name, sentence) in _COUNTED_BY_INFERENCE.items():
            if self._state is not None and key in self._state:
                yield CounterMetricFamily(name, sentence, float(self._state[key]))
        yield InfoMetricFamily("feathercut_build", "The version that runs.", {"version": __version__})


def exposition(state: Mapping[str, Any] | None, jobs: Mapping[str, float]) -> bytes:
    """All figures as Prometheus reads them."""
    told = _exposed(_Told(state, jobs))
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(_REGISTRY) + told
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry) + told


def _exposed(collector: Collector) -> bytes:
    registry = CollectorRegistry()
    registry.register(collector)
    return generate_latest(registry)
