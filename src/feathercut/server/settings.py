"""Every setting of the server, once: a field, its flag, its `FEATHERCUT_*` variable, its sentence."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from feathercut.options import Device, Network, Section


def _networks(given: tuple[str, ...]) -> tuple[str, ...]:
    """The same, each an address or a network. Raises ValueError, which says of one what is wrong with it."""
    for one in given:
        ip_network(one)
    return given


class ServerSettings(Section):
    """What `feathercut serve` runs by; the flag of `queue_megapixels` is `--queue-megapixels`, and so on."""

    host: str = Field(default="127.0.0.1", description="Address to listen at; loopback only by default.")
    port: int = Field(default=7000, ge=0, le=65535, description="Port to listen at; 0 takes one that is free.")
    workers: int = Field(default=1, ge=1, le=64, description="HTTP worker processes.")
    models: tuple[str, ...] = Field(
        default=("isnet-general", "u2netp"), description="Networks that callers may ask for; the first is the default."
    )
    api_keys: Literal["off", "required"] = Field(
        default="off", description="`required` lets in only keys made by `feathercut keys create`."
    )
    database: str | None = Field(
        default=None, description="Where keys and usage are kept: a path of SQLite or a `postgresql://` address."
    )
    page: Literal["small", "full", "off"] = Field(
        default="small",
        description="The browser page at `/`: with the small network, with all of its networks (their first "
        "preparation takes minutes), or none.",
    )
    device: Device = Field(default="cpu", description="Where the networks run; callers cannot choose it.")
    accept_licence: str | None = Field(
        default=None, description="Name of a restricted licence that you have read and accept for all callers."
    )
    photos_at_once: int | None = Field(
        default=None, ge=1, le=64, description="Photos that are worked on at the same time; by default as cores allow."
    )
    batch_photos: int | None = Field(
        default=None,
        ge=1,
        le=64,
        description="Photos that one run of a network takes, of those that come at the same time; by default 8 on "
        "`cuda`, and 1 on all other devices.",
    )
    batch_wait_ms: float = Field(
        default=3, ge=0, le=1000, description="Milliseconds that the first photo of a run waits for others."
    )
    megapixels_at_once: float = Field(
        default=64, gt=0, description="Megapixels that are worked on at the same time; one larger photo has them alone."
    )
    most_megabytes: float = Field(default=22, gt=0, description="Refuse uploads larger than this.")
    most_megapixels: float = Field(default=50, gt=0, description="Refuse pictures with more pixels than this.")
    most_frames: int = Field(default=100, ge=1, description="Refuse animations with more frames than this.")
    deadline_s: float = Field(default=120, gt=0, description="Seconds that a request may take in all.")
    queue_megapixels: float = Field(default=200, gt=0, description="Megapixels that may wait; more is sent away.")
    uploads_megabytes: float = Field(
        default=256, gt=0, description="Megabytes of uploads that one HTTP worker holds; more is sent away."
    )
    body_s: float = Field(default=60, gt=0, description="Seconds in which an upload has to be there.")
    silence_s: float = Field(default=15, gt=0, description="Seconds of silence after which a caller is given up.")
    stop_s: float = Field(
        default=25, gt=0, description="Seconds that accepted work has to finish in when the server is stopped."
    )
    log: Literal["json", "off"] = Field(default="json", description="One line of JSON a request on stderr, or none.")
    telemetry: Literal["off", "otlp"] = Field(
        default="off",
        description="`otlp` sends traces of requests to where `OTEL_EXPORTER_OTLP_ENDPOINT` says, over HTTP.",
    )
    trusted_proxies: Annotated[tuple[str, ...], AfterValidator(_networks)] = Field(
        default=(),
        description="Addresses or networks of the proxies in front, whose `X-Forwarded-For` says who asks; of nobody "
        "else it is believed.",
    )
    megapixels_a_minute: int = Field(default=500, ge=1, description="Rate limit of a key.")
    store_corrections: Path | None = Field(
        default=None, description="Folder for what `/improve` is sent; without one it answers 403."
    )
    origins: tuple[str, ...] = Field(default=(), description="Web origins that may call from a browser (CORS).")
    jobs_folder: Path | None = Field(
        default=None,
        description="Private folder for uploads and results of jobs; by default one of the user's data, a port each.",
    )
    jobs_megabytes: float = Field(
        default=4000, ge=0, description="Megabytes that all jobs may have on disk; more is sent away. 0 offers no jobs."
    )
    jobs_a_caller: int = Field(default=100, ge=1, description="Jobs that one caller may have here at a time.")
    job_megabytes: float = Field(default=250, gt=0, description="Refuse jobs whose upload is larger than this.")
    job_pictures: int = Field(default=100, ge=1, le=1000, description="Refuse jobs with more pictures than this.")
    job_deadline_s: float = Field(
        default=1800, gt=0, description="Seconds that a picture of a job may take in all, waiting included."
    )
    job_lifetime_s: float = Field(
        default=86400, gt=0, description="Seconds after which a job is removed, counted from its upload and its end."
    )

    def network(self, model: str, **chosen: Any) -> Network:
        """A network where the server runs it; `chosen` are options of the network that callers may say."""
        return Network(**{"model": model, "device": self.device, "accept_licence": self.accept_licence, **chosen})

    def limits(self) -> dict[str, Any]:
        """What may be decoded, by the names of the library's options."""
        return {
            "max_megabytes": self.most_megabytes,
            "max_megapixels": self.most_megapixels,
            "max_frames": self.most_frames,
        }
