"""The limits on bytes, pixels and frames, asked before anything is decoded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from feathercut.errors import DamagedPictureError, TooLargeError
from feathercut.options import Decode


@dataclass(frozen=True)
class Limits:
    """What may be read, from the options of `decode`.

    `take_room` hears how many pixels a picture has before they are unpacked, and may wait until they fit
    beside others; of an animation, whose frames are unpacked one by one, the pixels of all.
    """

    options: Decode
    take_room: Callable[[int], None] | None = None

    def check_bytes(self, length: int) -> None:
        """Raises TooLargeError for a file over `max_megabytes`."""
        if length > self.options.max_megabytes * 1e6:
            raise TooLargeError(
                f"The file has {length / 1e6:.1f} megabytes, more than the "
                f"{self.options.max_megabytes:g} that are read; raise `max_megabytes` to read it"
            )

    def check_picture(self, width: int, height: int, frames: int = 1) -> None:
        """Raises TooLargeError over `max_frames` or `max_megapixels`, all frames together."""
        if width < 1 or height < 1 or frames < 1:
            raise DamagedPictureError(f"The picture is damaged: it says it has {frames} × {width}×{height} pixels")
        if frames > self.options.max_frames:
            raise TooLargeError(
                f"The animation has {frames} frames, more than the {self.options.max_frames} that are read; "
                f"raise `max_frames` to read it"
            )
        if width * height * frames > self.options.max_megapixels * 1e6:
            what = f"picture has {width}×{height} pixels" if frames == 1 else f"animation has {frames} frames of "
            what += "" if frames == 1 else f"{width}×{height} pixels"
            raise TooLargeError(
                f"The {what} ({width * height * frames / 1e6:.1f} megapixels), more than the "
                f"{self.options.max_megapixels:g} megapixels that are read; raise `max_megapixels` to read it"
            )
        if self.take_room is not None:
            self.take_room(width * height * frames)

    def check_unpacked(self, pixels: float) -> None:
        """Raises TooLargeError where a decoder would unpack more than `max_megapixels`, whatever size the file says."""
        if pixels > self.options.max_megapixels * 1e6:
            raise TooLargeError(
                f"The picture unpacks to as much as {pixels / 1e6:.1f} megapixels, more than the "
                f"{self.options.max_megapixels:g} megapixels that are read; save it anew"
            )
