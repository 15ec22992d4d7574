"""A server over a real socket, in a thread, with a real network behind it and a small web beside it."""

from __future__ import annotations

import asyncio
import io
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import numpy as np
import uvicorn
from fastapi import FastAPI
from PIL import Image

from feathercut.server.context import Context
from feathercut.server.cutting import InProcess
from feathercut.server.keys import open_gate
from feathercut.server.rembg import routes
from feathercut.server.remote import RemoteFetcher
from feathercut.server.settings import ServerSettings

from .web import Detour, Web


@dataclass
class Running:
    """A server that answers, a client for it, and the web that it fetches pictures from."""

    client: httpx.Client
    web: Web
    inference: InProcess
    port: int
    said: list[str] = field(default_factory=list)

    def post(self, picture: bytes | None, query: Mapping[str, Any] | None = None, /, **form: str) -> httpx.Response:
        """`POST /api/remove` as `curl -F` sends it."""
        files = {} if picture is None else {"file": ("photo.png", picture, "image/png")}
        return self.client.post("/api/remove", files=files, data=form, params=query)

    def get(self, url: str | None, **query: str) -> httpx.Response:
        """`GET /api/remove?url=`."""
        return self.client.get("/api/remove", params={**({} if url is None else {"url": url}), **query})


@contextmanager
def running(settings: ServerSettings, web: Web | None = None) -> Iterator[Running]:
    """A server by these settings, until the block ends."""
    web = web or Web()
    inference = InProcess(settings)
    app = FastAPI()
    gate = open_gate(settings)
    fetcher = RemoteFetcher(settings, resolve=web.resolve, network=Detour(web))
    app.include_router(routes(Context(inference, settings, gate, fetcher)))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="off"))

    async def serve() -> None:
        beside = await asyncio.start_server(web.serve, "127.0.0.1", 0)
        web.port = beside.sockets[0].getsockname()[1]
        try:
            await server.serve()
        finally:
            beside.close()
            await gate.aclose()
            await fetcher.aclose()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            yield Running(client, web, inference, port)
    finally:
        server.should_exit = True
        thread.join(30)
        inference.close()


def disc_png(size: tuple[int, int] = (120, 160)) -> bytes:
    """A red disc on pale green, as a PNG file."""
    height, width = size
    y, x = np.mgrid[:height, :width]
    inside = np.hypot(x - width / 2, y - height / 2) < height / 3
    return png(np.where(inside[..., None], [200, 30, 40], [215, 235, 215]).astype(np.uint8))


def png(pixels: np.ndarray[Any, Any]) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def opened(response: httpx.Response) -> Image.Image:
    """The picture in an answer, once it was looked at that it is one."""
    assert (response.status_code, response.headers["content-type"]) == (200, "image/png"), response.text[:500]
    return Image.open(io.BytesIO(response.content))
