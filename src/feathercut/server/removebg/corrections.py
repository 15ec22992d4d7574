"""`POST /v1.0/improve`: photos that did not come out well, kept for training where whoever runs the server wants that.

A correction is two files of one random name in a folder for the day: the photo as it came, and `<id>.json` with what
the caller said of it; and a third, `<id>.alpha.png`, where the caller sent what is right (`alpha_file`). Nothing that a
caller writes becomes a part of a path.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from feathercut.errors import InputError, OutputError
from feathercut.formats.sniff import sniff
from feathercut.options import Decode
from feathercut.server.callers import secret_of
from feathercut.server.context import Context, Key
from feathercut.server.removebg.bodies import read_fields
from feathercut.server.removebg.cutouts import READ, picture_of
from feathercut.server.removebg.parameters import parse_source
from feathercut.server.removebg.refusals import Refusal
from feathercut.server.removebg.words import Words
from feathercut.steps.decode import Measured, measure

_MOST_MEGABYTES = 12
_MOST_A_DAY = 100
_MOST_LETTERS = 200
_DAY_S = 86_400
_NOT_KEPT = "This server keeps no pictures. Whoever runs it can start it with --store-corrections DIR."


def now() -> datetime:
    """The time, which tests set."""
    return datetime.now(UTC)


async def improve(context: Context, asked: HttpRequest, clock: Callable[[], datetime] = now) -> Response:
    """The name of a correction that was kept. Raises Refusal."""
    key = await context.gate.admit(secret_of(asked))
    folder = context.settings.store_corrections
    if folder is None:
        raise Refusal("improve_disabled", _NOT_KEPT, title="Corrections are not kept here", status=403)
    most = min(_MOST_MEGABYTES, context.settings.most_megabytes)
    fields, files = await read_fields(asked, most * 1e6)
    given = Words(fields)
    photo = await picture_of(context, parse_source(given, files), most)
    about = {
        "image_filename": given.text("image_filename")[:_MOST_LETTERS],
        "tag": given.text("tag")[:_MOST_LETTERS],
        "caller": _name_of(key, asked),
    }
    limits = Decode(**context.settings.limits())
    try:
        kind = sniff(photo)
        if kind not in READ:
            raise Refusal("invalid_file_type", f"Expected jpg/png/webp, received {kind}")
        measured = await asyncio.to_thread(measure, photo, limits)
    except InputError as error:
        raise Refusal("failed_to_read_image", str(error)) from error
    matte = files.get("alpha_file")
    if matte is not None:
        await asyncio.to_thread(_check_matte, matte, measured, limits, most)
    name = await asyncio.to_thread(_keep, folder, photo, kind, about, clock(), matte)
    return Response(json.dumps({"id": name}, separators=(",", ":")), 200, media_type="application/json")


def _check_matte(matte: bytes, photo: Measured, limits: Decode, most_megabytes: float) -> None:
    """Raises Refusal where a matte is no PNG of the photo's size."""
    if len(matte) > most_megabytes * 1e6:
        raise Refusal("file_too_large", f"alpha_file: {most_megabytes:g} MB are the most")
    try:
        if (kind := sniff(matte)) != "png":
            raise Refusal("invalid_alpha_file", f"alpha_file: Expected png, received {kind}")
        found = measure(matte, limits)
    except InputError as error:
        raise Refusal("invalid_alpha_file", f"alpha_file: {error}") from error
    # The photo may be turned by its EXIF data; the matte is of the photo as it is shown.
    if (found.width, found.height) not in ((photo.width, photo.height), (photo.height, photo.width)):
        raise Refusal(
            "invalid_alpha_file",
            f"alpha_file: It has {found.width}×{found.height} pixels and the photo {photo.width}×{photo.height}",
        )


def _name_of(key: Key, asked: HttpRequest) -> str:
    """A caller, told apart and not told: a hash of its key's name, or of its address where there are no keys."""
    host = asked.client.host if asked.client else ""
    told = f"{key.name} {host}" if key.credits_left is None and key.name == "anonymous" else key.name
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _keep(
    folder: Path, photo: bytes, kind: str, about: dict[str, str], at: datetime, matte: bytes | None = None
) -> str:
    """Writes a correction; gives its name. Raises Refusal over the limit of a day, OutputError where it cannot be."""
    day = folder / at.strftime("%Y-%m-%d")
    name = str(uuid.uuid4())
    try:
        day.mkdir(mode=0o700, parents=True, exist_ok=True)
        if sum(_is_by(path, about["caller"]) for path in day.glob("*.json")) >= _MOST_A_DAY:
            left = _DAY_S - (at.hour * 3600 + at.minute * 60 + at.second)
            raise Refusal("rate_limit_exceeded", status=429, headers={"Retry-After": str(left)})
        said = {"id": name, "at": at.isoformat(timespec="seconds"), "photo": f"{name}.{kind}", **about}
        beside = day / f"{name}.alpha.png"
        _write(day / f"{name}.{kind}", photo)
        try:
            if matte is not None:
                _write(beside, matte)
                said["alpha"] = beside.name
            # The last: whoever reads the folder meets no record without its photo.
            _write(day / f"{name}.json", json.dumps(said, ensure_ascii=False).encode())
        except OSError:
            for path in (day / f"{name}.{kind}", beside):
                path.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OutputError(f"The correction cannot be kept: {error.strerror or type(error).__name__}") from error
    return name


def _is_by(path: Path, caller: str) -> bool:
    try:
        return bool(json.loads(path.read_bytes())["caller"] == caller)
    except (OSError, ValueError, LookupError, TypeError):
        return False  # taken away meanwhile, or no record of ours


def _write(path: Path, data: bytes) -> None:
    """A file that only we may read, whole or not there."""
    part = path.with_name(f".{path.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
        part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise
