"""An HTTP worker process: it reads requests, checks them, and has inference do the work."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feathercut.server import telemetry
from feathercut.server.listen import Inside, Listener
from feathercut.server.process import Control
from feathercut.server.settings import ServerSettings

if TYPE_CHECKING:  # deferred: the supervisor loads no web server
    import uvicorn

_FIGURES = "PROMETHEUS_MULTIPROC_DIR"
_LAST_BYTES_S = 5
_PAUSE_S = 0.05


def main(
    settings: ServerSettings,
    page: Mapping[str, Path],
    listener: Listener,
    inside: Inside,
    figures: Path,
    jobs: Path,
    control: Control,
) -> None:
    """The process, from its beginning to its end.

    `figures` is the folder where workers' metrics meet, and `jobs` that of jobs.
    """
    os.environ[_FIGURES] = str(figures)  # read when the metrics' module is loaded
    with telemetry.traced(settings.telemetry, "http"):
        asyncio.run(_serve(settings, page, listener, inside, jobs, control))


def forget_process(process: int, figures: Path) -> None:
    """Takes what a dead worker held at its end out of the metrics; what it counted stays."""
    for path in figures.glob(f"gauge_live*_{process}.db"):
        path.unlink(missing_ok=True)


async def _serve(
    settings: ServerSettings,
    page: Mapping[str, Path],
    listener: Listener,
    inside: Inside,
    jobs: Path,
    control: Control,
) -> None:
    from feathercut.server.app import create_app, life_of
    from feathercut.server.asking import Asking
    from feathercut.server.context import Context
    from feathercut.server.jobs.desk import Desk
    from feathercut.server.jobs.runner import Runner
    from feathercut.server.keys import open_gate
    from feathercut.server.logs import configure_logs
    from feathercut.server.remote import RemoteFetcher

    configure_logs(settings.log)
    desk = Desk(settings, jobs) if settings.jobs_megabytes else None
    context = Context(Asking(inside), settings, open_gate(settings), RemoteFetcher(settings), desk)
    runner = None if desk is None else Runner(desk, context.inference, context.gate)
    app = create_app(context, page)
    server = _server(app, settings)

    async def stop() -> None:
        await control.hear()
        life = life_of(app)
        life.is_stopping = True
        if runner is not None:
            runner.stop()
        # Connections are still accepted, to be told to come again: a refused one looks like a broken server.
        while life.requests > 0 or (runner is not None and runner.is_at_work):
            await asyncio.sleep(_PAUSE_S)
        server.should_exit = True

    async def tell() -> None:
        while not server.started:
            await asyncio.sleep(_PAUSE_S)
        control.tell("ready")

    others = [asyncio.create_task(stop()), asyncio.create_task(tell())]
    others += [asyncio.create_task(runner.run())] if runner is not None else []
    await server.serve(sockets=[listener])
    for one in others:
        one.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    if desk is not None:
        await desk.aclose()


def _server(app: Any, settings: ServerSettings) -> uvicorn.Server:
    import uvicorn

    from feathercut.server.connection import connection_class

    class Server(uvicorn.Server):
        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield  # they are the supervisor's

    config = uvicorn.Config(
        app,
        http=connection_class(settings.silence_s),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # the application believes those of trusted proxies
        timeout_graceful_shutdown=_LAST_BYTES_S,
    )
    return Server(config)
