"""A job's form, written to the disk as it comes in: no picture is held in memory whole, however many there are."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass, field
from typing import BinaryIO, cast

from starlette.requests import Request

from feathercut.errors import OptionError, TooLargeError
from feathercut.server.forms import FormReader, Part, kind_of_body
from feathercut.server.jobs.folder import Folder, PrivateFile
from feathercut.server.settings import ServerSettings

_CHUNK_BYTES = 1 << 20
_MOST_WORDS_BYTES = 1_000_000
_MOST_FIELDS = 64
FILES = ("matte", "background_picture", "recipe")


def picture_file(number: int) -> str:
    """The name of an uploaded picture's file."""
    return f"picture-{number}"


def result_file(number: int) -> str:
    """The name of a result's file."""
    return f"result-{number}"


@dataclass
class Upload:
    """What a form brought: its files on disk, and its words."""

    folder: Folder
    name: str
    most_picture_bytes: float
    words: list[Part] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)
    """Bytes of each picture, which are in files by their number from 1."""
    others: list[str] = field(default_factory=list)
    _words_bytes: int = 0

    def opens(self, field_name: str) -> BinaryIO:
        """Where a field's content goes: a file for what may be large."""
        if field_name == "picture":
            self.pictures.append(0)
            file = self.folder.create(self.name, picture_file(len(self.pictures)))
        elif field_name in FILES:
            if field_name in self.others:
                raise OptionError(f"Field `{field_name}` is there twice; send it once")
            self.others.append(field_name)
            file = self.folder.create(self.name, field_name)
        else:
            return _Words(self)
        return cast("BinaryIO", _Bounded(file, self.most_picture_bytes, field_name))

    def count_words(self, count: int) -> None:
        """Counts what is held in memory. Raises TooLargeError."""
        self._words_bytes += count
        if self._words_bytes > _MOST_WORDS_BYTES:
            raise TooLargeError("The form has more than a megabyte beside its pictures")

    def other(self, field_name: str) -> bytes | None:
        """The content of a file that is no picture to be cut out."""
        return self.folder.read(self.name, field_name) or None if field_name in self.others else None


class _Words(io.BytesIO):
    def __init__(self, upload: Upload) -> None:
        super().__init__()
        self._upload = upload

    def write(self, data: bytes | memoryview, /) -> int:  # type: ignore[override]
        self._upload.count_words(len(data))
        return super().write(data)


class _Bounded:
    """A file that may become no larger than a picture may."""

    def __init__(self, file: PrivateFile, most_bytes: float, field_name: str) -> None:
        self._file, self._most, self._field = file, most_bytes, field_name

    def write(self, data: memoryview) -> int:
        if self._file.bytes + len(data) > self._most:
            raise TooLargeError(
                f"Field `{self._field}`: the file has more than the {self._most / 1e6:g} MB of a picture"
            )
        return self._file.write(data)

    def close(self) -> None:
        self._file.close()


async def receive(request: Request, folder: Folder, name: str, settings: ServerSettings) -> Upload:
    """Writes a form's files to a job's folder.

    Raises FormError, TooLargeError, OptionError for a field that is there twice, StorageFullError, JobStoreError.
    """
    upload = Upload(folder, name, settings.most_megabytes * 1e6)
    if kind_of_body(request) != "multipart/form-data":
        raise OptionError("Field `picture`: the photo is missing; send its file in a form (multipart/form-data)")
    reader = FormReader(request.headers["content-type"], upload.opens, settings.job_pictures + _MOST_FIELDS)
    try:
        held = bytearray()
        async for chunk in request.stream():
            held += chunk
            if len(held) >= _CHUNK_BYTES:
                await asyncio.to_thread(reader.feed, bytes(held))
                held.clear()
        await asyncio.to_thread(reader.feed, bytes(held))
        parts = reader.finish()
    except BaseException:
        reader.close()
        raise
    upload.words = [part for part in parts if part.name != "picture" and part.name not in FILES]
    upload.pictures = [folder.size(name, picture_file(number + 1)) for number in range(len(upload.pictures))]
    return upload
