"""The options of the steps, one class a step, in the order of the steps."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from feathercut.errors import OptionError
from feathercut.options.section import Section
from feathercut.options.written import (
    Background,
    Margin,
    Position,
    Region,
    Scale,
    Screen,
    Size,
    Subject,
    Trimap,
    written,
)

Format = Literal["png", "webp", "avif", "jpeg", "tiff", "gif", "psd", "ora"]

LAYERED = frozenset[Format]({"psd", "ora"})
"""Formats that hold the subject, its shadow and its background as layers."""
Shadow = Literal["none", "keep", "drop", "contact", "cast"]


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


class Method(Section):
    """What tells the subject from the background."""

    method: Literal["network", "chroma", "plain", "outline", "grabcut"] = Field(
        default="network",
        description="What finds the subject: the `network`; `chroma` for a green or blue screen; `plain` for a "
        "backdrop of one colour; `outline` for the shape that the strongest edges enclose; `grabcut` for a `region` or "
        "strokes (`trimap`), which needs the extra `grabcut`. No network is loaded for the latter four.",
    )
    screen: Screen = written(
        default="auto", description="Colour of the screen for `chroma`; `auto` looks for it at the photo's border."
    )
    despill: float = Field(
        default=100,
        ge=0,
        le=100,
        description="How much of the screen's light `chroma` takes off the subject's edges, in %.",
    )


class Refine(Section):
    """How predictions become a matte at the photo's size."""

    edges: Literal["photo", "network"] = Field(
        default="photo",
        description="What soft edges follow: the `photo`, at its own size, or the `network`'s drawing as it is.",
    )
    low_resolution: Literal["auto", "off"] = Field(
        default="auto",
        description="Photos with fewer pixels than 400 × 400: `auto` shows them to the second network once more, "
        "smaller, where the two see different subjects, and with `edges` `photo` solves for their edges from the "
        "photo's colours, as networks draw them too wide there; `off` treats them as larger photos.",
    )
    trimap: Trimap = written(
        default=None,
        description="Path of a grey picture of the photo's size: black is background, white is subject, and alpha is "
        "solved for between them from the photo's colours alone; no network runs.",
    )
    transparency: Literal["auto", "off", "strong"] = Field(
        default="auto",
        description="Glass and smoke let a new background through: `auto` where several signs say that a part is "
        "transparent, `strong` wherever its colours allow it, for photos of glass before a calm backdrop; `off` never.",
    )


class Select(Section):
    """What counts as the subject."""

    region: Region = written(
        default=None,
        description="Rectangle of the photo to look at: left, top, right and bottom, in px or in % of the photo, as in "
        "`0 0 50% 100%`; all outside of it is background.",
    )
    subject: Subject = written(
        default="all",
        description="Which of several subjects: `all`, the `largest`, the `central` one, the `nearest` by "
        "`depth_model`, numbers by size as in `1,3`, the one at a place as in `40%,60%` or `120px,80px`, or those in "
        "a rectangle as in `0,0,50%,100%`.",
    )
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

    background: Background = written(
        default="transparent",
        description="Behind the subject: `transparent`, a colour, `gradient:FROM,TO[,ANGLE]`, `blur` or "
        "`blur:RADIUS` of the photo, or the path of a picture.",
    )
    shadow: Shadow = Field(
        default="none",
        description="Shadow below the subject: `keep` takes the photo's own along, without what it falls on; others "
        "are drawn from the matte: `drop` moves and blurs it, `contact` is dark where the subject stands, `cast` lays "
        "it on the ground. A crop leaves room for it.",
    )
    shadow_angle: float | None = Field(
        default=None,
        ge=-360,
        le=360,
        description="Where a `drop` or `cast` shadow falls, in degrees: 0 is to the right, 90 straight down (of `cast` "
        "towards the viewer), 270 up; by default 90, of `cast` 325.",
    )
    shadow_distance: float | None = Field(
        default=None,
        ge=0,
        le=10_000,
        description="How far it falls, in px of the photo, of `cast` the subject's highest point; by default 20, of "
        "`cast` 0.6 of the subject's height.",
    )
    shadow_softness: float | None = Field(
        default=None,
        ge=0,
        le=10_000,
        description="Its blur, a radius in px of the photo; by default 20, of `cast` at its end 3 % and of `contact` "
        "2.5 % of the subject's longer side, of `keep` 0: as it is.",
    )
    shadow_opacity: float | None = Field(
        default=None,
        ge=0,
        le=100,
        description="How dark the shadow is, in %; by default 40, of `contact` 60, of `keep` 100: as it is.",
    )
    reflection: float = Field(
        default=0,
        ge=0,
        le=100,
        description="Mirrors the subject below itself, as on a glossy table: how much of it is seen at the ground, in "
        "%; it fades within half of the subject's height. A crop leaves room for it.",
    )
    keep_reflection: bool = Field(
        default=False,
        description="Takes the reflection that the photo has along, in its own colours, where a glossy ground mirrors "
        "the subject; without what mirrors it.",
    )
    crop: bool = Field(default=False, description="Cut off the empty space around the subject.")
    margin: Margin = written(
        default="0",
        description="Space around a cropped subject, in px or in % of the subject: one, two or four lengths.",
    )
    size: Size = written(
        default=None, description="Size of the result, `WIDTHxHEIGHT` in pixels; what is cut out is fitted into it."
    )
    scale: Scale = written(default=None, description="How much of the canvas the subject fills, `10%` to `100%`.")
    position: Position = written(
        default=None,
        description="Where the subject stands: `original`, `center`, or `X% Y%` of the free space; "
        "`center` where `scale` is given.",
    )

    @model_validator(mode="after")
    def _margin_needs_crop(self) -> Compose:
        if self.margin != "0" and not self.crop:
            raise OptionError("Option `margin`: it is the space around a cropped subject; ask for `crop` too")
        if self.keep_reflection and self.reflection:
            raise OptionError(
                "Options `reflection` and `keep_reflection`: one draws it, one keeps the photo's; choose one"
            )
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
