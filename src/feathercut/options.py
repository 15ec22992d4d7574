"""Every option, written once: a field, its default, its sentence.

The field is the keyword in Python, the `--flag` on the command line and the row in the docs. One
class a step; `Options` has them all, so a step takes the whole and sees only its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from feathercut import values
from feathercut.errors import OptionError

Device = Literal["cpu", "cuda", "tensorrt", "tensorrt-rtx", "rocm", "directml", "coreml", "openvino", "webgpu"]
Format = Literal["png", "webp", "avif", "jpeg", "tiff", "gif"]


def _written_as(parse: Callable[[str], object]) -> AfterValidator:
    """Refuses a string that `parse` cannot read; the string itself is kept."""

    def check(text: str | None) -> str | None:
        if text is not None:
            parse(text)
        return text

    return AfterValidator(check)


class Section(BaseModel):
    """A frozen group of options; a wrong value raises OptionError with the option's name."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=False)

    def __init__(self, /, **fields: object) -> None:
        # Not a validator: pydantic would wrap what a validator raises into an error of its own.
        try:
            super().__init__(**fields)
        except ValidationError as error:
            raise OptionError(_sentence(error, list(type(self).model_fields))) from error


def _sentence(error: ValidationError, known: Sequence[str]) -> str:
    """The first complaint as `name`: what is wrong. Unknown names come first, with the nearest of `known`."""
    complaints = error.errors()
    first = min(complaints, key=lambda complaint: complaint["type"] != "extra_forbidden")
    name = str(first["loc"][0]) if first["loc"] else "options"
    if first["type"] == "extra_forbidden":
        near = get_close_matches(name, known, n=1)
        return f"There is no option `{name}`" + (f"; did you mean `{near[0]}`?" if near else "")
    said = first.get("ctx", {}).get("error")
    if isinstance(said, OptionError):
        return str(said)
    if said is not None:
        return f"Option `{name}`: {said}"
    message = first["msg"].removeprefix("Input ")
    return f"Option `{name}` {message}, got `{first['input']}`"


class Network(Section):
    """Which network, where it runs, and under which licence."""

    model: str = Field(default="isnet-general", description="Network to use; `feathercut models list` shows them.")
    device: Device = Field(default="cpu", description="Where the network runs; fails where that device is not there.")
    licence: Literal["any", "commercial"] = Field(
        default="any", description="`commercial` refuses weights whose licence forbids commercial use."
    )
    accept_licence: str | None = Field(
        default=None, description="Name of a restricted licence that you have read and accept."
    )
    network_size: int | None = Field(
        default=None,
        ge=64,
        le=4096,
        description="Side in pixels of what the network sees, where it allows a choice; its own size by default.",
    )


class Decode(Section):
    """What is read."""

    max_megabytes: float = Field(default=256, gt=0, description="Refuse files larger than this.")
    max_megapixels: float = Field(
        default=150, gt=0, description="Refuse pictures with more pixels than this, all frames together."
    )
    max_frames: int = Field(default=500, ge=1, description="Refuse animations with more frames than this.")
    order: Literal["rgb", "bgr"] = Field(
        default="rgb", description="Order of the colours in an array (OpenCV's are `bgr`); files know their own."
    )


class Refine(Section):
    """How a prediction becomes a matte at the photo's size."""


class Select(Section):
    """What counts as the subject."""

    presence: float = Field(
        default=0.4, ge=0, le=1, description="A matte that nowhere reaches this has no subject and comes back empty."
    )


class Foreground(Section):
    """Which colours the subject gets at soft pixels."""

    foreground: Literal["estimated", "photo"] = Field(
        default="estimated",
        description="Colours at soft pixels: `estimated` bleeds the old background out, `photo` keeps the photo's.",
    )


class Compose(Section):
    """What is behind and around the subject."""

    background: Annotated[str, _written_as(values.parse_background)] = Field(
        default="transparent",
        description="Behind the subject: `transparent`, a colour, `blur` or `blur:RADIUS` of the photo, "
        "or the path of a picture.",
    )
    crop: bool = Field(default=False, description="Cut off the empty space around the subject.")
    margin: Annotated[str, _written_as(values.parse_margin)] = Field(
        default="0",
        description="Space around a cropped subject, in px or in % of the subject: one, two or four lengths.",
    )
    size: Annotated[str | None, _written_as(values.parse_size)] = Field(
        default=None, description="Size of the result, `WIDTHxHEIGHT` in pixels; what is cut out is fitted into it."
    )
    scale: Annotated[str | None, _written_as(values.parse_scale)] = Field(
        default=None, description="How much of the canvas the subject fills, `10%` to `100%`."
    )
    position: Annotated[str | None, _written_as(values.parse_position)] = Field(
        default=None,
        description="Where the subject stands: `original`, `center`, or `X% Y%` of the free space; "
        "`center` where `scale` is given.",
    )

    @model_validator(mode="after")
    def _margin_needs_crop(self) -> Compose:
        if self.margin != "0" and not self.crop:
            raise OptionError("Option `margin`: it is the space around a cropped subject; ask for `crop` too")
        return self


class Encode(Section):
    """What is written."""

    format: Format | None = Field(
        default=None, description="Format of the result; by default the output name's ending, else PNG."
    )
    depth: Literal[8, 16] | None = Field(
        default=None, description="Bits a channel: 16 for PNG and TIFF only; 8 by default."
    )
    only_matte: bool = Field(default=False, description="Write the alpha matte as a grey picture, not the cutout.")
    quality: int = Field(default=90, ge=1, le=100, description="Quality of JPEG, WebP and AVIF; 100 is lossless WebP.")
    keep_exif: bool = Field(default=False, description="Keep the photo's EXIF data, except where it was taken.")
    keep_gps: bool = Field(default=False, description="Keep the place in the EXIF data too; needs `keep_exif`.")

    @model_validator(mode="after")
    def _gps_needs_exif(self) -> Encode:
        if self.keep_gps and not self.keep_exif:
            raise OptionError("Option `keep_gps`: the place is part of the EXIF data; ask for `keep_exif` too")
        return self


class Options(Decode, Refine, Select, Foreground, Compose, Encode):
    """Everything about one photo's way through the steps."""


class RemoveOptions(Network, Options):
    """Everything that `remove` takes: the network and the way through the steps."""
