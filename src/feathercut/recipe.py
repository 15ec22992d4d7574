"""A recipe: what was done to a photo, as data. Photo plus recipe give the picture again.

The browser's editor writes one (`photo.feathercut.json`), and so does anything else that can write JSON;
`docs/recipes.md` says what each word means. Coordinates are in px of the upright photo, pixel centres at .5; sizes are
diameters. What a recipe does not say has its default.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from feathercut.errors import OptionError, RecipeError
from feathercut.options import Compose, Options
from feathercut.options.steps import Shadow as ShadowKind
from feathercut.pictures import Resample
from feathercut.pictures import Size as Pixels
from feathercut.selection import parse_subject
from feathercut.values import parse_colour

VERSION = 1

Mode = Literal["restore", "erase"]
Share = Annotated[float, Field(ge=0, le=1)]
Place = Annotated[float, Field(ge=-1e6, le=1e6)]
Length = Annotated[float, Field(ge=0, le=1e5)]


def _names_subjects(text: str) -> str:
    parse_subject(text)
    return text


def _names_a_colour(text: str) -> str:
    if text != "auto":
        parse_colour(text)
    return text


class _Part(BaseModel):
    """A part of a recipe: frozen, and with no words but its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)


class Stroke(_Part):
    """A brush drawn through points (x, y, pressure); inside a smart one the photo's own edges decide."""

    kind: Literal["stroke"]
    mode: Mode
    is_smart: bool = False
    diameter_px: float = Field(gt=0, le=1e5)
    hardness: Share = 1
    opacity: Share = 1
    points: tuple[tuple[Place, Place, Share], ...]


class Lasso(_Part):
    """A closed outline, filled."""

    kind: Literal["lasso"]
    mode: Mode
    points: tuple[tuple[Place, Place], ...]


class Rectangle(_Part):
    """Left, top, right and bottom, parts of a pixel allowed."""

    kind: Literal["rectangle"]
    mode: Mode
    box: tuple[Place, Place, Place, Place]


Act = Annotated[Stroke | Lasso | Rectangle, Field(discriminator="kind")]


class KeptPrediction(_Part):
    """A network's answer: a grey 16-bit PNG in base64."""

    model: str
    size: Pixels
    inside: tuple[int, int, int, int]
    resample: Resample = "bilinear"
    png: str


class Transparent(_Part):
    """Nothing behind the subject."""

    kind: Literal["transparent"] = "transparent"


class OneColour(_Part):
    """A colour, as the option `background` writes it."""

    kind: Literal["colour"]
    colour: str


class Gradient(_Part):
    """From one colour to another; angle 0 runs to the right, 90 down."""

    kind: Literal["gradient"]
    start: str = Field(alias="from")
    end: str = Field(alias="to")
    angle_deg: float = Field(default=90, ge=-360, le=360)


class Blur(_Part):
    """The photo itself, blurred."""

    kind: Literal["blur"]
    radius_px: Length


class Picture(_Part):
    """A picture that covers the canvas: its file's bytes in base64."""

    kind: Literal["picture"]
    name: str
    data: str = Field(alias="bytes")


Background = Annotated[Transparent | OneColour | Gradient | Blur | Picture, Field(discriminator="kind")]


class Shadow(_Part):
    """The photo's own shadow or one drawn from the matte; lengths are in px of the photo."""

    kind: ShadowKind = "none"
    angle_deg: float = Field(default=90, ge=-360, le=360)
    distance_px: Annotated[float, Field(ge=0, le=10_000)] = 20
    softness_px: Annotated[float, Field(ge=0, le=10_000)] = 20
    opacity: Share = 0.4


class Canvas(_Part):
    """The options of the same names."""

    crop: bool = False
    margin: str = "0"
    size: str | None = None
    scale: str | None = None
    position: str | None = None


class Photo(_Part):
    """The photo that the recipe is for: its file's name and hash, and its size (height, width) when upright."""

    name: str
    size: Pixels
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class Recipe(_Part):
    """Everything that was done to a photo. Empty `predictions` say that all of it is the subject until erased."""

    feathercut: Literal["recipe"]
    version: Literal[1]
    photo: Photo
    predictions: tuple[KeptPrediction, ...] = ()
    presence: float = Field(default=0.4, ge=0, le=1)
    specks: float = Field(default=0.05, ge=0, le=100)
    edges: Literal["photo", "network"] = "photo"
    method: Literal["network", "chroma", "plain"] = "network"
    screen: Annotated[str, AfterValidator(_names_a_colour)] = "auto"
    despill: float = Field(default=100, ge=0, le=100)
    low_resolution: Literal["auto", "off"] = "off"
    subject: Annotated[str, AfterValidator(_names_subjects)] = "all"
    transparency: Literal["auto", "off", "strong"] = "off"
    acts: tuple[Act, ...] = ()
    edge_shift: float = Field(default=0, ge=-100, le=100)
    edge_softness: float = Field(default=0, ge=0, le=100)
    edge_contrast: float = Field(default=0, ge=-100, le=100)
    decontaminate: float = Field(default=100, ge=0, le=100)
    background: Background = Transparent()
    shadow: Shadow = Shadow()
    reflection: float = Field(default=0, ge=0, le=100)
    canvas: Canvas = Canvas()

    def options(self, options: Options) -> Options:
        """`options` with what the recipe says. Raises RecipeError for a word that its option does not take."""
        named = {
            name: getattr(self, name)
            for name in (
                "presence",
                "specks",
                "edges",
                "method",
                "screen",
                "despill",
                "low_resolution",
                "subject",
                "transparency",
                "edge_shift",
                "edge_softness",
                "edge_contrast",
                "decontaminate",
            )
        }
        canvas: dict[str, Any] = self.canvas.model_dump()
        if not canvas["crop"]:
            canvas["margin"] = "0"  # kept for when the crop is asked for again
        shadow: dict[str, Any] = {
            "reflection": self.reflection,
            "shadow": self.shadow.kind,
            "shadow_angle": self.shadow.angle_deg,
            "shadow_distance": self.shadow.distance_px,
            "shadow_softness": self.shadow.softness_px,
            "shadow_opacity": self.shadow.opacity * 100,
        }
        try:
            composed = Compose(background=self._behind(), **canvas, **shadow)
        except OptionError as error:
            raise RecipeError(f"The recipe cannot be used: {error}") from error
        return options.model_copy(update={**named, **composed.model_dump()})

    def _behind(self) -> str:
        """The background as its option writes it."""
        match self.background:
            case OneColour(colour=colour):
                return colour
            case Gradient(start=start, end=end, angle_deg=angle):
                return f"gradient:{start},{end},{angle:.9g}"
            case Blur(radius_px=radius):
                return f"blur:{radius:.9f}"
            case Picture(data=data):
                return f"data:;base64,{data}"
        return "transparent"


def read_recipe(text: str | bytes) -> Recipe:
    """The recipe in a file's text. Raises RecipeError, which says what is wrong where and what to do."""
    try:
        words = json.loads(text)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise RecipeError(f"This is no recipe: it is no JSON ({error}); give the file that the editor saved") from error
    if not isinstance(words, dict) or words.get("feathercut") != "recipe":
        raise RecipeError('This is no recipe: it lacks `"feathercut": "recipe"`; give the file that the editor saved')
    version = words.get("version")
    if version != VERSION or isinstance(version, bool):
        raise RecipeError(
            f"This recipe has version {version!r}, and version {VERSION} is what is read here; upgrade Feathercut"
        )
    try:
        return Recipe.model_validate(words, strict=False)
    except ValidationError as error:
        raise RecipeError(_sentence(error)) from error


def _sentence(error: ValidationError) -> str:
    """The first complaint, and where it is."""
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    got: Any = first.get("input")
    shown = f", got: {str(got)[:60]!r}" if first["type"] not in ("missing", "extra_forbidden") else ""
    said = {"missing": "it is missing", "extra_forbidden": "there is no such word"}.get(first["type"], first["msg"])
    return f"The recipe's `{where}` cannot be used: {said}{shown}; docs/recipes.md says what it takes"
