"""How far pairs are varied, once: each field is how likely or how strong one change is."""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import Field

from feathercut.errors import OptionError
from feathercut.options.section import Section

Strength = Literal["none", "light", "full"]


class Augmentation(Section):
    """What happens to a pair before it is learned from; nothing of it by default."""

    flip: float = Field(default=0, ge=0, le=1, description="How likely a pair is mirrored.")
    close_up: float = Field(
        default=0, ge=0, le=1, description="How likely a pair is cropped to a part of its subject, from 35 to 90 %."
    )
    new_background: float = Field(
        default=0,
        ge=0,
        le=1,
        description="How likely a subject is put before another background, in its own colours. Never where the truth "
        "is a mask, whose edge holds the old background.",
    )
    place: float = Field(
        default=0, ge=0, le=1, description="How likely a subject before another background has another size and place."
    )
    several: float = Field(
        default=0, ge=0, le=1, description="How likely a subject of another pair joins one before another background."
    )
    similar: float = Field(
        default=0, ge=0, le=1, description="How likely another background takes on the subject's own colours."
    )
    exposure: float = Field(
        default=0, ge=0, le=1, description="How likely light, contrast, saturation and white balance change."
    )
    blur: float = Field(default=0, ge=0, le=1, description="How likely a pair is a little out of focus.")
    noise: float = Field(default=0, ge=0, le=1, description="How likely a photo gets a sensor's noise.")
    jpeg: float = Field(default=0, ge=0, le=1, description="How likely a photo was saved as JPEG, of quality 25 to 95.")

    @classmethod
    def none(cls) -> Augmentation:
        """Nothing is changed."""
        return cls()

    @classmethod
    def light(cls) -> Augmentation:
        """For photos that all look alike, as those to come do."""
        return cls(flip=0.5, close_up=0.2, new_background=0.25, place=0.5, exposure=0.3, jpeg=0.2)

    @classmethod
    def full(cls) -> Augmentation:
        """For photos of any kind."""
        return cls(
            flip=0.5, close_up=0.3, new_background=0.5, place=0.6, several=0.15, similar=0.2, exposure=0.5, blur=0.15,
            noise=0.3, jpeg=0.4,
        )  # fmt: skip

    @property
    def changes_nothing(self) -> bool:
        """Whether every pair stays as it is."""
        return not any(self.model_dump().values())


def augmentation_of(strength: str) -> Augmentation:
    """The augmentation of a word: `none`, `light` or `full`. Raises OptionError."""
    match strength:
        case "none":
            return Augmentation.none()
        case "light":
            return Augmentation.light()
        case "full":
            return Augmentation.full()
    raise OptionError(f"Option `augmentation` takes {', '.join(get_args(Strength))}, got: {strength}")
