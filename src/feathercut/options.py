"""Every option, written once: a field, its default, its sentence.

The field is the keyword in Python, the `--flag` on the command line and the row in the docs. One
class a step; `Options` has them all, so a step takes the whole and sees only its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from inspect import Parameter, Signature
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated, Any, Generic, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from feathercut import values
from feathercut.errors import OptionError

Device = Literal["cpu", "cuda", "tensorrt", "tensorrt-rtx", "rocm", "directml", "coreml", "openvino", "webgpu"]
GraphPrecision = Literal["fp32", "fp16"]
"""What weights are published in, and what a network computes in on a GPU; what goes in and comes out is float32."""
Precision = Literal["auto", "int8", "fp16", "fp32"]
Format = Literal["png", "webp", "avif", "jpeg", "tiff", "gif"]


if TYPE_CHECKING:
    Given = TypeVar("Given")
    Kept = TypeVar("Kept")

    class _Written(Generic[Given, Kept]):
        """A field that takes more than it keeps: what a type checker sees of the fields below."""

        def __get__(self, section: object, kind: object = None) -> Kept: ...
        def __set__(self, section: object, value: Given) -> None: ...

    Background = _Written[str | PurePath | tuple[int, int, int] | tuple[int, int, int, int], str]
    Margin = _Written[str | float, str]
    Size = _Written[str | int | tuple[int, int] | None, str | None]
    Scale = _Written[str | float | None, str | None]
    Position = _Written[str | None, str | None]
    Trimap = _Written[str | PurePath | None, str | None]
else:

    def _written(kind: object, write: Callable[[object], object], parse: Callable[[str], object]) -> object:
        """A string that `parse` can read, made by `write` of what else people pass; the string is kept."""

        def check(text: str | None) -> str | None:
            if text is not None:
                parse(text)
            return text

        return Annotated[kind, BeforeValidator(write), AfterValidator(check)]

    Background = _written(str, values.write_background, values.parse_background)
    Margin = _written(str, values.write_margin, values.parse_margin)
    Size = _written(str | None, values.write_size, values.parse_size)
    Scale = _written(str | None, values.write_scale, values.parse_scale)
    Position = _written(str | None, values.write_position, values.parse_position)
    Trimap = _written(str | None, values.write_path, values.parse_path)

_field: Any = Field
"""Of a `_Written`: the default is what is kept, and a type checker would want the field's own type."""


class Section(BaseModel):
    """A frozen group of options; a wrong value raises OptionError with the option's name."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    @classmethod
    def __pydantic_init_subclass__(cls, **_: object) -> None:
        # Pydantic would know it once the class is built, which waits for the first value.
        cls.__signature__ = Signature(
            [
                Parameter(name, Parameter.KEYWORD_ONLY, default=field.default, annotation=field.annotation)
                for name, field in cls.model_fields.items()
            ]
        )

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
        if name in Network.model_fields:
            return f"Option `{name}` belongs to `Remover(...)`, which loads the network; give it there"
        near = get_close_matches(name, known, n=1)
        return f"There is no option `{name}`" + (f"; did you mean `{near[0]}`?" if near else "")
    said = first.get("ctx", {}).get("error")
    if isinstance(said, OptionError):
        return str(said)
    if said is not None:
        return f"Option `{name}`: {said}"
    return f"Option `{name}` takes {_wanted(first)}, got: {first['input']}"


def _wanted(complaint: ErrorDetails) -> str:
    """What an option takes, in words, from what pydantic says of a value that it does not take."""
    kind, context = complaint["type"], complaint.get("ctx", {})
    match kind:
        case "greater_than_equal":
            return f"{context['ge']:g} or more"
        case "greater_than":
            return f"more than {context['gt']:g}"
        case "less_than_equal":
            return f"{context['le']:g} or less"
        case "literal_error":
            return str(context["expected"])
    words = {"int": "a whole number", "float": "a number", "bool": "True or False", "string": "text"}
    return words.get(kind.partition("_")[0], complaint["msg"])


class Network(Section):
    """Which network, where it runs, and under which licence."""

    model: str = Field(default="isnet-general", description="Network to use; `feathercut models list` shows them.")
    device: Device = Field(default="cpu", description="Where the network runs; fails where that device is not there.")
    precision: Precision = Field(
        default="auto",
        description="What the network computes in: `auto` takes `int8` where it was measured to be as good and the "
        "processor is made for it, else `fp32`; a precision that was asked for fails where it is not there.",
    )
    licence: Literal["any", "commercial"] = Field(
        default="any", description="`commercial` refuses weights whose licence forbids commercial use."
    )
    accept_licence: str | None = Field(
        default=None, description="Name of a restricted licence that you have read and accept."
    )
    quality: Literal["fast", "balanced", "best"] = Field(
        default="balanced",
        description="`fast` runs the network alone; `balanced` has a small second one fill the bodies that it leaves "
        "grey, in 1.2 times the time; `best` also shows the first the mirrored photo and the second the subject from "
        "near, in 2.5 times the time.",
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
    """How predictions become a matte at the photo's size."""

    edges: Literal["photo", "network"] = Field(
        default="photo",
        description="What soft edges follow: the `photo`, at its own size, or the `network`'s drawing as it is.",
    )
    trimap: Trimap = _field(
        default=None,
        description="Path of a grey picture of the photo's size: black is background, white is subject, and alpha is "
        "solved for between them from the photo's colours alone; no network runs.",
    )


class Select(Section):
    """What counts as the subject."""

    presence: float = Field(
        default=0.4, ge=0, le=1, description="A matte that nowhere reaches this has no subject and comes back empty."
    )
    specks: float = Field(
        default=0.05,
        ge=0,
        le=100,
        description="Drops lone pieces of the matte smaller than this, in % of the largest; 0 keeps every one.",
    )


class Edit(Section):
    """The edge, by hand: moved, then blurred, then hardened."""

    edge_shift: float = Field(
        default=0,
        ge=-100,
        le=100,
        description="Moves the edge by this many px of the photo: outwards where it is positive, so that the subject "
        "grows; inwards where it is negative.",
    )
    edge_softness: float = Field(
        default=0, ge=0, le=100, description="Blurs the edge by this radius, in px of the photo."
    )
    edge_contrast: float = Field(
        default=0,
        ge=-100,
        le=100,
        description="Hardens the edge, in %: 100 leaves no soft pixel and cuts at a half; less than 0 softens it.",
    )


class Foreground(Section):
    """Which colours the subject gets at soft pixels."""

    decontaminate: float = Field(
        default=100,
        ge=0,
        le=100,
        description="How much of the old background is bled out of soft pixels: 0 keeps the photo's colours, "
        "100 leaves the subject's own.",
    )


class Compose(Section):
    """What is behind and around the subject."""

    background: Background = _field(
        default="transparent",
        description="Behind the subject: `transparent`, a colour, `gradient:FROM,TO[,ANGLE]`, `blur` or "
        "`blur:RADIUS` of the photo, or the path of a picture.",
    )
    shadow: Literal["none", "drop"] = Field(
        default="none", description="Shadow behind the subject: `drop` is drawn from the matte, moved and blurred."
    )
    shadow_angle: float = Field(
        default=90,
        ge=-360,
        le=360,
        description="Where the shadow falls, in degrees: 0 is to the right, 90 straight down.",
    )
    shadow_distance: float = Field(default=20, ge=0, le=10_000, description="How far it falls, in px of the photo.")
    shadow_softness: float = Field(default=20, ge=0, le=10_000, description="Its blur, a radius in px of the photo.")
    shadow_opacity: float = Field(default=40, ge=0, le=100, description="How dark the shadow is, in %.")
    crop: bool = Field(default=False, description="Cut off the empty space around the subject.")
    margin: Margin = _field(
        default="0",
        description="Space around a cropped subject, in px or in % of the subject: one, two or four lengths.",
    )
    size: Size = _field(
        default=None, description="Size of the result, `WIDTHxHEIGHT` in pixels; what is cut out is fitted into it."
    )
    scale: Scale = _field(default=None, description="How much of the canvas the subject fills, `10%` to `100%`.")
    position: Position = _field(
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
    file_quality: int = Field(
        default=90, ge=1, le=100, description="Quality of JPEG, WebP and AVIF; 100 is lossless WebP."
    )
    keep_exif: bool = Field(default=False, description="Keep the photo's EXIF data, except where it was taken.")
    keep_gps: bool = Field(default=False, description="Keep the place in the EXIF data too; needs `keep_exif`.")

    @model_validator(mode="after")
    def _gps_needs_exif(self) -> Encode:
        if self.keep_gps and not self.keep_exif:
            raise OptionError("Option `keep_gps`: the place is part of the EXIF data; ask for `keep_exif` too")
        return self


class Options(Decode, Refine, Select, Edit, Foreground, Compose, Encode):
    """Everything about one photo's way through the steps."""


class RemoveOptions(Network, Options):
    """Everything that `remove` takes: the network and the way through the steps."""
