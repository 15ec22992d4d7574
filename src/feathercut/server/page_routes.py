"""The browser page at `/`: a fixed list of files, and no other file of the disk is ever looked at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, PlainTextResponse, Response

from feathercut.app.page import ISOLATED, SAFE, is_named_by_content, kind_of
from feathercut.app.serve import PACKED, Shelf

_METHODS = ["GET", "HEAD"]


def routes(files: Mapping[str, Path]) -> APIRouter:
    """A route a file of the page; a sentence at `/` where there is none."""
    router = APIRouter(include_in_schema=False)
    shelf = Shelf(files)
    for name in files:
        router.add_api_route(f"/{name}", _answer(shelf, name), methods=_METHODS)
    if "index.html" in files:
        router.add_api_route("/", _answer(shelf, "index.html"), methods=_METHODS)
    else:
        router.add_api_route("/", _no_page, methods=_METHODS)
    return router


async def _no_page() -> Response:
    return PlainTextResponse("Feathercut's server, without its page. What it answers is told at /docs\n")


def _answer(shelf: Shelf, name: str) -> Callable[[Request], Awaitable[Response]]:
    """What sends one file: packed where that helps and the browser unpacks, in part where a part is asked for."""
    path, kept = shelf.files[name], "public, max-age=31536000, immutable" if is_named_by_content(name) else "no-cache"
    said = {**ISOLATED, **SAFE, "Cache-Control": kept}

    async def answer(request: Request) -> Response:
        status = await run_in_threadpool(path.stat)
        tag = f'"{status.st_size:x}-{status.st_mtime_ns:x}"'
        headers = {**said, "ETag": tag}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        accepts = request.headers.get("accept-encoding", "")
        if path.suffix in PACKED and "gzip" in accepts and "range" not in request.headers:
            body = await run_in_threadpool(shelf.packed, name)
            packed = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
            return Response(body, headers={**headers, **packed}, media_type=kind_of(name))
        return FileResponse(path, headers=headers, media_type=kind_of(name))

    return answer
