"""The sizes of the contract: how many pixels each gives, and what it costs."""

from __future__ import annotations

from typing import Literal

Tier = Literal["preview", "medium", "hd", "full", "50mp", "auto"]
FileFormat = Literal["png", "jpg", "webp", "zip"]

TIERS: dict[str, Tier] = {
    "preview": "preview",
    "small": "preview",
    "regular": "preview",
    "medium": "medium",
    "hd": "hd",
    "full": "full",
    "4k": "full",
    "50mp": "50mp",
    "auto": "auto",
}
"""What each word of the parameter `size` stands for."""

FULL_PIXELS = 25_000_000
_PIXELS: dict[Tier, int] = {
    "preview": 250_000,
    "medium": 1_500_000,
    "hd": 4_000_000,
    "full": FULL_PIXELS,
    "50mp": 50_000_000,
    "auto": FULL_PIXELS,
}
_PNG_PIXELS = 10_000_000
_PREVIEW_CREDITS, _CREDITS = 0.25, 1.0


def affordable(tier: Tier, credits_left: float | None) -> Tier:
    """`auto` as the best that a caller can pay for; every other size as it is."""
    if tier == "auto" and credits_left is not None and credits_left < _CREDITS:
        return "preview"
    return tier


def most_pixels(tier: Tier, file_format: FileFormat) -> int:
    """The pixels that a result has at the most."""
    return min(_PIXELS[tier], _PNG_PIXELS) if file_format == "png" else _PIXELS[tier]


def credits_of(tier: Tier) -> float:
    """What a result costs."""
    return _PREVIEW_CREDITS if tier == "preview" else _CREDITS
