"""rembg's HTTP contract: `GET|POST /api/remove`, for clients that were written for `rembg s`."""

from __future__ import annotations

from feathercut.server.rembg.routes import routes

__all__ = ["routes"]
