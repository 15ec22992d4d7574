"""The built page: its files, and what every host must say with them."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

from feathercut.errors import PageError

FOLDER = Path(__file__).parent / "page"
"""Made by `make page` from `web/`; wheels and source distributions bring it along."""

# A page that is isolated from others may share memory between threads, which WASM needs to use more than one.
ISOLATED = MappingProxyType(
    {"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp"}
)
SAFE = MappingProxyType(
    {
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
)

KINDS = MappingProxyType(
    {
        ".css": "text/css; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".ico": "image/x-icon",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".mjs": "text/javascript; charset=utf-8",
        ".png": "image/png",
        ".svg": "image/svg+xml",
        ".txt": "text/plain; charset=utf-8",
        ".wasm": "application/wasm",
        ".webmanifest": "application/manifest+json",
    }
)
"""What files are, by their ending: the system's own table may be wrong, and a browser then refuses a script."""


def files(folder: Path = FOLDER) -> dict[str, Path]:
    """The page's files by their path below the page's address, `index.html` among them.

    Raises PageError where the page was not built.
    """
    if not (folder / "index.html").is_file():
        raise PageError(
            "This copy of Feathercut has no page: it was installed from sources without Node. "
            "Install a released wheel, or run `make page` in the sources where Node 20.19 or newer is"
        )
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path for path in found}


def kind_of(name: str) -> str:
    """The media type of a file."""
    return KINDS.get(Path(name).suffix, "application/octet-stream")


def is_named_by_content(name: str) -> bool:
    """Whether the file's name holds a hash of it, so that it may be kept for good."""
    return name.startswith("assets/")
