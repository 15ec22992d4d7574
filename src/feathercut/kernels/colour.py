"""Colours through ICC profiles, in float.

The intent is relative colorimetric with black point compensation: colours that sRGB has come out
exact and the way back undoes it, which perceptual tables (they bend every colour, as each vendor
likes) do not promise. What lies outside sRGB is clipped, so this is for the network and for
previews; results keep the photo's own encoding.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from feathercut.pictures import FloatArray

ColourSpace = Literal["rgb", "gray", "cmyk", "lab"]
Samples = NDArray[np.uint8] | NDArray[np.uint16] | FloatArray

_SPACES: dict[bytes, ColourSpace] = {b"RGB ": "rgb", b"GRAY": "gray", b"CMYK": "cmyk", b"Lab ": "lab"}
_CHANNELS: dict[ColourSpace, int] = {"rgb": 3, "gray": 1, "cmyk": 4, "lab": 3}
_PRIMARIES = {  # red, green and blue as (x, y), by their number in ITU-T H.273
    9: ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
    12: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
}
_D50 = np.array([0.9642, 1.0, 0.8249], np.float32)
# From XYZ under D50 to linear sRGB, by Bradford's adaptation to D65.
_XYZ_TO_SRGB = np.array(
    [[3.1338561, -1.6168667, -0.4906146], [-0.9787684, 1.9161415, 0.0334540], [0.0719453, -0.2289914, 1.4052427]],
    np.float32,
)
_ROWS = 256  # the transform takes a strip at a time, so that a large photo is not held three times
_SAME = 0.5 / 255  # a profile that moves no colour by half an 8-bit step is sRGB by another name


def colour_space(profile: bytes) -> ColourSpace | None:
    """The space of the colours that an ICC profile describes; None where it is broken or of another kind."""
    if len(profile) < 132 or profile[36:40] != b"acsp":
        return None
    space = _SPACES.get(profile[16:20])
    return space if space and _works(profile, space) else None


def to_srgb(rgb: FloatArray, profile: bytes | None) -> FloatArray:
    """`rgb` (H×W×3 in [0, 1], encoded as `profile` says) encoded as sRGB, clipped to [0, 1].

    The array itself comes back where `profile` is None or sRGB by another name. A large photo takes
    a quarter of a second a megapixel: reduce first where a small picture is all you need.

    >>> grey = np.full((1, 1, 3), 0.5, np.float32)
    >>> to_srgb(grey, None) is grey
    True
    """
    if profile is None or _is_srgb(profile):
        return rgb
    return _transform(rgb, profile, _srgb(), "rgb")


def from_srgb(rgb: FloatArray, profile: bytes | None) -> FloatArray:
    """`rgb` (H×W×3 in [0, 1], sRGB) encoded as `profile` says, clipped to [0, 1]; undoes `to_srgb`."""
    if profile is None or _is_srgb(profile):
        return rgb
    return _transform(rgb, _srgb(), profile, "rgb")


def device_to_srgb(samples: Samples, profile: bytes, space: ColourSpace) -> FloatArray:
    """sRGB, H×W×3 float32 in [0, 1], of grey (H×W), CMYK (H×W×4) or Lab (H×W×3) samples.

    Integers fill their range; CMYK 0 is no ink. Lab is encoded as in ICC profiles: 8-bit a* and b*
    are offset by 128.
    """
    return _transform(samples, profile, _srgb(), space)


def ink_to_srgb(cmyk: NDArray[np.uint16]) -> FloatArray:
    """sRGB of CMYK samples (H×W×4, 0 is no ink) that came without a profile: (1 − C)(1 − K) and so on."""
    paper = 1 - cmyk.astype(np.float32) / np.float32(np.iinfo(cmyk.dtype).max)
    return np.ascontiguousarray(paper[..., :3] * paper[..., 3:])


def lab_to_srgb(lab: NDArray[np.uint16]) -> FloatArray:
    """sRGB of CIE L*a*b* under D50, H×W×3: 65535 is L* 100, and a* = b* = 0 is at 128/255 of the range."""
    unit = lab.astype(np.float32) / np.float32(65535)
    lightness = (unit[..., 0] * 100 + 16) / 116
    f = np.stack(
        [lightness + (unit[..., 1] * 255 - 128) / 500, lightness, lightness - (unit[..., 2] * 255 - 128) / 200], axis=-1
    )
    xyz = np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29)) * _D50
    linear = np.clip(xyz @ _XYZ_TO_SRGB.T, 0, 1)
    encoded = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * np.maximum(linear, 0.0031308) ** (1 / 2.4) - 0.055)
    return np.asarray(np.clip(encoded, 0, 1), np.float32)


def profile_of_codes(codes: tuple[int, int, int] | None) -> bytes | None:
    """An ICC profile for the colour codes (primaries, transfer, matrix) of AVIF and HEIC; None for sRGB's.

    Told apart are Display P3 and BT.2020's primaries with sRGB's curve, which is what phones write.
    HDR's curves (PQ, HLG) have no profile here; such pictures are read as they are, too flat.
    """
    if codes is None or codes[0] not in _PRIMARIES or codes[1] not in (1, 6, 13, 14, 15):
        return None
    return _profile(codes[0])


@lru_cache(maxsize=4)
def _profile(primaries: int) -> bytes:
    import imagecodecs

    curve = np.linspace(0, 1, 4096)
    linear = np.where(curve <= 0.04045, curve / 12.92, ((curve + 0.055) / 1.055) ** 2.4)
    return bytes(
        imagecodecs.cms_profile(
            "rgb",
            whitepoint=(0.3127, 0.3290, 1),
            primaries=[part for x, y in _PRIMARIES[primaries] for part in (x, y, 1)],
            transferfunction=np.round(linear * 65535).astype(np.uint16),
        )
    )


def _transform(samples: Samples, source: bytes, target: bytes, space: ColourSpace) -> FloatArray:
    import imagecodecs

    result = np.empty((*samples.shape[:2], 3), np.float32)
    for top in range(0, len(samples), _ROWS):
        strip = np.ascontiguousarray(samples[top : top + _ROWS])
        converted = imagecodecs.cms_transform(
            strip,
            source,
            target,
            colorspace=space,
            outcolorspace="rgb",
            outdtype="float32",
            intent=imagecodecs.CMS.INTENT.RELATIVE_COLORIMETRIC,
            flags=imagecodecs.CMS.FLAGS.BLACKPOINTCOMPENSATION,
        )
        np.clip(np.nan_to_num(converted, copy=False), 0, 1, out=result[top : top + _ROWS])
    return result


@lru_cache(maxsize=1)
def _srgb() -> bytes:
    import imagecodecs

    return bytes(imagecodecs.cms_profile("srgb"))


@lru_cache(maxsize=16)
def _works(profile: bytes, space: ColourSpace) -> bool:
    """The colour engine takes the profile, both ways where it is RGB."""
    import imagecodecs

    channels = _CHANNELS[space]
    probe = np.zeros((1, 1) if channels == 1 else (1, 1, channels), np.uint8)
    try:
        _transform(probe, profile, _srgb(), space)
        if space == "rgb":
            _transform(np.zeros((1, 1, 3), np.float32), _srgb(), profile, "rgb")
    except (imagecodecs.CmsError, ValueError):
        return False
    return True


@lru_cache(maxsize=16)
def _is_srgb(profile: bytes) -> bool:
    steps = np.linspace(0, 1, 9, dtype=np.float32)
    probe = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(27, 27, 3)
    return bool(np.abs(_transform(probe, profile, _srgb(), "rgb") - probe).max() < _SAME)
