"""The web application: every contract's routes behind the same bounds, the page, health and figures."""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from feathercut import __version__
from feathercut.errors import FeathercutError
from feathercut.server import health, own, page_routes, reference
from feathercut.server.context import Context
from feathercut.server.guard import Guard, Life
from feathercut.server.limits import Held, Limits
from feathercut.server.logs import note_fault
from feathercut.server.problems import FAULT, problem, problem_of, request_id_of
from feathercut.server.statuses import status_of

if TYPE_CHECKING:  # older ones have none
    from fastapi.telemetry import TelemetryConfig

_CONTRACTS = ("removebg", "rembg")
_EXPOSED = ("*",)
# What goes out is said in one place: newer FastAPIs would send traces, logs and addresses of their own.
_NO_OTHER_TELEMETRY: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
_DESCRIPTION = (
    "Removes the background from photos. Errors of `/v1` are `application/problem+json` with a word for programs "
    "in `code`; every answer names its request in `X-Request-Id`."
)


def create_app(context: Context, page: Mapping[str, Path] | None = None) -> FastAPI:
    """The application for one process, ready to be served; `page` are the browser page's files by their path."""
    app = FastAPI(
        title="Feathercut",
        version=__version__,
        description=_DESCRIPTION,
        docs_url=None,  # these would load scripts from elsewhere
        redoc_url=None,
        openapi_url="/openapi.json",
        lifespan=_lifespan,
        redirect_slashes=False,
        telemetry=_NO_OTHER_TELEMETRY,
    )
    app.state.life, app.state.closing = Life(), []
    for routes in (*filter(None, map(_contract, _CONTRACTS)), own.routes, health.routes):
        app.include_router(routes(context))
    app.include_router(reference.routes())
    app.include_router(page_routes.routes(page or {}))
    app.add_exception_handler(FeathercutError, _refuse)
    app.add_exception_handler(HTTPException, _refuse_as_http)
    app.add_exception_handler(RequestValidationError, _refuse_values)
    # The last is the outermost: whoever is refused by a bound may read why in a browser, too.
    app.add_middleware(Limits, settings=context.settings, held=Held())
    if context.settings.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(context.settings.origins),
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["*"],
            expose_headers=list(_EXPOSED),
        )
    app.add_middleware(Guard, life=app.state.life)
    if context.settings.trusted_proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(context.settings.trusted_proxies))
    return app


def life_of(app: FastAPI) -> Life:
    """Whether the application is stopping, and how much it is at."""
    life: Life = app.state.life
    return life


def _contract(name: str) -> Callable[[Context], APIRouter] | None:
    try:
        module = importlib.import_module(f"feathercut.server.{name}")
        return cast("Callable[[Context], APIRouter]", module.routes)
    except ModuleNotFoundError as error:
        if error.name != f"feathercut.server.{name}":
            raise
        return None


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with AsyncExitStack() as stack:
        for enter in app.state.closing:
            await stack.enter_async_context(enter())
        yield


async def _refuse(request: Request, error: Exception) -> Response:
    # Only ours are sent here.
    assert isinstance(error, FeathercutError)
    if status_of(error)[0] == 500:
        note_fault("fault", error, request_id=request_id_of(request))
    return problem_of(request, error)


async def _refuse_as_http(request: Request, error: Exception) -> Response:
    # Only Starlette's are sent here.
    assert isinstance(error, HTTPException)
    code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "refused")
    detail = error.detail if error.status_code < 500 else FAULT
    headers = dict(error.headers or {})
    return problem(error.status_code, code, detail, request_id_of(request), headers)


async def _refuse_values(request: Request, error: Exception) -> Response:
    # Only FastAPI's are sent here.
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:]) or "request"
    return problem(400, "wrong_option", f"`{where}`: {first['msg']}", request_id_of(request))
