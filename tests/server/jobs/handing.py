"""Jobs as their callers hand them in and look at them, over a real socket."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from PIL import Image

from server.running import CAT, WAIT_S, Running, until

Document = dict[str, Any]


def submitted(
    server: Running, *photos: Path | bytes, headers: Mapping[str, str] | None = None, **fields: str
) -> httpx.Response:
    bodies = [photo.read_bytes() if isinstance(photo, Path) else photo for photo in photos or (CAT,)]
    files = [("picture", ("photo", body)) for body in bodies]
    return httpx.post(f"{server.address}v1/jobs", files=files, data=fields, headers=headers, timeout=WAIT_S)


def accepted(
    server: Running, *photos: Path | bytes, headers: Mapping[str, str] | None = None, **fields: str
) -> Document:
    answer = submitted(server, *photos, headers=headers, **fields)
    assert answer.status_code == 202, answer.text
    document: Document = answer.json()
    assert answer.headers["location"] == f"/v1/jobs/{document['id']}"
    return document


def look(server: Running, job: Document, path: str = "", **headers: str) -> httpx.Response:
    return server.get(f"v1/jobs/{job['id']}{path}", **headers)


def ended(server: Running, job: Document, **headers: str) -> Document:
    until(lambda: told(server, job, **headers)["state"] in ("done", "failed"))
    return told(server, job, **headers)


def told(server: Running, job: Document, **headers: str) -> Document:
    """The job's document, asked for until a process is there to answer."""
    while True:
        try:
            answer = look(server, job, **headers)
        except httpx.TransportError:
            continue
        assert answer.status_code == 200, answer.text
        document: Document = answer.json()
        return document


def running(server: Running, job: Document) -> bool:
    return any(one["state"] == "running" for one in told(server, job)["pictures"])


def pixels(body: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(body)) as image:
        return np.asarray(image.convert("RGBA"), np.float32)


def kept(folder: Path) -> list[Path]:
    """The files and folders of jobs."""
    return sorted(path for path in folder.rglob("*") if "job-" in str(path.relative_to(folder)))
