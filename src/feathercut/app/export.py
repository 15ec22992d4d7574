"""The page as a folder of files for any host."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from feathercut.app import page
from feathercut.errors import OptionError, OutputError, OutputExistsError, PageError

_WEIGHTS = re.compile(r'(<meta\s+name="feathercut-weights"\s+content=")[^"]*"')
_CONNECT = "connect-src 'self'"


def export(
    folder: Path, files: Mapping[str, Path], weights_address: str | None = None, *, overwrites: bool = False
) -> int:
    """Writes the page's `files` into `folder`, the weights beside it, and gives the bytes written.

    With `weights_address` (https, below which a copy of `weights/` lies) the page fetches the weights there, and its
    content security policy names that origin and no other. `_headers` says for hosts that read it what makes the
    page isolated; on others its service worker does. Raises OptionError for an address that is none,
    OutputExistsError where the folder is not empty, OutputError where it cannot be written.
    """
    address = None if weights_address is None else _checked(weights_address)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())) and not overwrites:
        raise OutputExistsError(f"{folder} is there already and not empty; name another, or pass `--overwrite`")
    try:
        return _write(folder, files, address)
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror or error}") from error


def _write(folder: Path, files: Mapping[str, Path], address: str | None) -> int:
    written = 0
    for name, path in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if name == "index.html" and address is not None:
            target.write_text(_elsewhere(path.read_text("utf-8"), address), "utf-8")
        else:
            shutil.copyfile(path, target)
        written += target.stat().st_size
    said = "".join(f"  {key}: {value}\n" for key, value in {**page.ISOLATED, **page.SAFE}.items())
    rules = f"/*\n{said}/assets/*\n  Cache-Control: public, max-age=31536000, immutable\n"
    (folder / "_headers").write_text(rules, "utf-8")
    return written


def _checked(address: str) -> str:
    """The address with a slash at its end."""
    parts = urlsplit(address)
    is_local = parts.hostname in ("localhost", "127.0.0.1")
    if (parts.scheme != "https" and not (parts.scheme == "http" and is_local)) or not parts.hostname or parts.query:
        raise OptionError(f"`--weights-address` takes an address that begins with https://, not: {address}")
    if set(address) & set("'\"<>; ,"):
        raise OptionError(f"`--weights-address` has a sign that no address has: {address}")
    return address.rstrip("/") + "/"


def _elsewhere(text: str, address: str) -> str:
    """The page's first file with its weights at `address`."""
    parts = urlsplit(address)
    if not _WEIGHTS.search(text) or _CONNECT not in text:
        raise PageError("The built page does not say where its weights lie; build it anew with `make page`")
    text = _WEIGHTS.sub(lambda found: f'{found[1]}{html.escape(address)}"', text, count=1)
    return text.replace(_CONNECT, f"{_CONNECT} {parts.scheme}://{parts.netloc}", 1)
