"""What `remove` gives back: the finished picture, and what it was made from."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from feathercut import files
from feathercut.errors import OptionError
from feathercut.kernels.quantise import quantise
from feathercut.kernels.subjects import find_subjects
from feathercut.options import Format, Options
from feathercut.pictures import Animation, Cutout, FloatArray, Image, Subject
from feathercut.report import Report
from feathercut.steps.compose import on_colour
from feathercut.steps.encode import FORMATS, encode, format_of
from feathercut.values import parse_colour

if TYPE_CHECKING:
    import PIL.Image

PathLike = str | os.PathLike[str]


@dataclass(frozen=True, eq=False)
class Result:
    """A photo with its background removed.

    `animation` holds the finished pictures, one a frame; `cutout` is the first frame's subject before
    it was cropped, placed and put on a background. `found` is false where there was no subject: the
    matte is then empty. `model` is the id of the network that looked, `trimap` where a trimap spoke
    and none did.
    """

    animation: Animation
    cutout: Cutout
    found: bool
    model: str
    options: Options

    @property
    def report(self) -> Report:
        """How far the matte can be trusted, and what is the matter; of an animation, the first frame's."""
        return self.cutout.report or Report(1.0, (), "fine")

    @property
    def frames(self) -> tuple[Image, ...]:
        """The finished pictures: one of a still, all of an animation."""
        return tuple(self.animation.frames)

    @property
    def picture(self) -> Image:
        """The finished picture; of an animation the first."""
        return self.animation.frames[0]

    @property
    def rgb(self) -> FloatArray:
        """The picture's colours, H×W×3 float32 in [0, 1], zero where alpha is zero."""
        return self.picture.rgb

    @property
    def alpha(self) -> FloatArray:
        """The picture's alpha, H×W float32 in [0, 1], straight; ones where it is opaque."""
        alpha = self.picture.alpha
        return np.ones(self.picture.size, np.float32) if alpha is None else alpha

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """The subjects that were found, the largest first, those that `subject` left out among them (`kept`).

        Of an animation those of its first frame. They are looked for when they are asked for.
        """
        found = self.cutout.found_subjects
        return find_subjects(self.cutout.alpha, self.cutout.rgb).each if found is None else found

    def over(self, colour: str) -> Result:
        """The same on a colour: a name, `#rrggbb`, `rgb(r, g, b)`. Raises OptionError."""
        if not isinstance(colour, str):
            raise OptionError(f"A colour is text, as in `white`, `#ff8000` or `rgb(255, 128, 0)`, got: {colour!r}")
        try:
            parsed = parse_colour(colour)
        except ValueError as error:
            raise OptionError(str(error)) from error
        frames = tuple(on_colour(frame, parsed) for frame in self.frames)
        return replace(self, animation=replace(self.animation, frames=frames))

    def to_pil(self) -> PIL.Image.Image:
        """The picture as a Pillow image, RGBA or RGB, 8 bits, with its ICC profile in `info`."""
        from PIL import Image as Pillow

        picture = self.picture
        image = Pillow.fromarray(quantise(picture.rgb, picture.alpha, 8))
        if picture.metadata.profile:
            image.info["icc_profile"] = picture.metadata.profile
        if picture.metadata.dpi:
            image.info["dpi"] = picture.metadata.dpi
        return image

    def to_bytes(self, format: Format | None = None) -> bytes:  # noqa: A002
        """The picture as a file's bytes: in `format`, else in the format that was asked for, else PNG."""
        return self._encoded(self.options, format or self.options.format or "png")

    def save(self, path: PathLike, *, overwrite: bool = True, only_matte: bool | None = None) -> Path:
        """Writes the picture and gives back the path; the ending decides the format unless `format` did.

        `only_matte` writes the alpha matte alone. The file is written beside its place and then
        renamed. Raises OutputError, OptionError where the ending is unknown or the format cannot
        hold the picture (JPEG has no transparency).
        """
        target = Path(path)
        chosen = self.options.format or format_of(target.name)
        options = self.options
        if only_matte is not None:
            options = options.model_copy(update={"only_matte": only_matte})
        files.write(target, self._encoded(options, chosen), overwrite=overwrite)
        return target

    def _encoded(self, options: Options, chosen: Format) -> bytes:
        if chosen not in FORMATS:
            raise OptionError(f"Option `format`: `{chosen}` is none of {', '.join(FORMATS)}")
        if options.only_matte and self.picture.alpha is None:
            raise OptionError(
                "Option `only_matte`: this result is on an opaque background and has no matte any more; "
                "ask for `only_matte` when you remove the background, or for no `background`"
            )
        return encode(self.animation, options.model_copy(update={"format": chosen}), chosen)
