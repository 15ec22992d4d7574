"""The golden cases of whole steps: colours, what a network is given, the words of options, and a photo's whole way."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as PillowImage
from PIL import ImageColor

import golden_scene
from feathercut import values
from feathercut.kernels.colour import device_to_srgb, from_srgb, to_srgb
from feathercut.models.spec import Input
from feathercut.options import Compose, Options
from feathercut.pictures import Cutout, FloatArray, Image, Metadata
from feathercut.pipeline import cut_out
from feathercut.steps.compose import compose
from feathercut.steps.predict import place
from golden_profiles import grey_profile, profiles
from golden_tables import table_profiles

Case = dict[str, Any]
_POINTS = 600
"""Pixels of the scene that are written down, half of them soft ones."""


def cases() -> dict[str, list[Case]]:
    return {
        "colour": _colour(),
        "colour_tables": _colour_tables(),
        "place": _place(),
        "values": _values(),
        "compose": _compose(),
        "pipeline": _pipeline(),
    }


def _fifteenths(*shape: int) -> FloatArray:
    """Numbers that any language can make, and that 8 and 16 bits hold exactly."""
    count = int(np.prod(shape))
    steps = np.floor((np.arange(1, count + 1) * 0.6180339887498949) % 1.0 * 16)
    result: FloatArray = (steps / 15).astype(np.float32).reshape(shape)
    return result


def _text(profile: bytes | None) -> str | None:
    return None if profile is None else base64.b64encode(profile).decode()


def _colour() -> list[Case]:
    rgb, grey = _fifteenths(8, 9, 3), grey_profile()
    return [
        *(
            {"name": name, "profile": _text(profile), "expected": _short(to_srgb(rgb, profile)),
             "back": _short(from_srgb(rgb, profile))}
            for name, profile in profiles().items()
        ),
        {"name": "grey", "profile": _text(grey), "expected": _short(device_to_srgb(rgb[..., 0].copy(), grey, "gray"))},
    ]  # fmt: skip


def _colour_tables() -> list[Case]:
    rgb = _fifteenths(8, 9, 3)
    return [
        {"name": name, "profile": _text(profile), "expected": _short(to_srgb(rgb, profile)),
         "back": _short(from_srgb(rgb, profile))}
        for name, profile in table_profiles().items()
    ]  # fmt: skip


def _place() -> list[Case]:
    rgb, alpha = _fifteenths(43, 61, 3), _fifteenths(43, 61)
    plain: dict[str, Any] = {"mean": (0, 0, 0), "std": (1, 1, 1)}
    rules: tuple[dict[str, Any], ...] = (
        {"size": (16, 16)},
        {"size": (16, 20), "fit": "letterbox", "resample": "box"},
        {"size": (16, 20), "fit": "letterbox", "resample": "lanczos", "rounding": "8-bit"},
        {"size": (24, 20), "resample": "bicubic"},
    )
    made = []
    for photo in (Image(rgb), Image(rgb, alpha, Metadata(profile=profiles()["gamma"]))):
        for rule in rules:
            canvas, inside = place(photo, rule["size"], Input(**plain, **rule))
            made.append(
                {"rgb": "fifteenths 43×61×3", "alpha": None if photo.alpha is None else "fifteenths 43×61",
                 "profile": _text(photo.metadata.profile), "input": Input(**plain, **rule).model_dump(mode="json"),
                 "inside": inside, "expected": _short(canvas)}
            )  # fmt: skip
    canvas, inside = place(Image(rgb), (16, 20), Input(**plain, size=(16, 20)), 5 / 8)
    afar = {**made[0], "input": Input(**plain, size=(16, 20)).model_dump(mode="json"), "share": 5 / 8}
    return [*made, {**afar, "inside": inside, "expected": _short(canvas)}]


def _values() -> list[Case]:
    grammars: dict[str, tuple[Callable[[str], Any], tuple[str, ...]]] = {
        "colour": (
            values.parse_colour,
            (*sorted(ImageColor.colormap), "transparent", "f80", "#ff8", "#ff880080", " #ABC ", "rgb(255, 128, 0)",
             "rgba(10% 20% 30% / 50%)", "rgb(1,2)", "rgb(300,0,0)", "rgb(a,0,0)", "no colour"),
        ),
        "margin": (values.parse_margin, ("20", "20px", "5%", "5% 10%", "1px,2px 3% 4", "1 2 3", "-5", "")),
        "size": (values.parse_size, ("1920x1080", "800", "10 × 20", "0x5", "70000", "wide")),
        "scale": (values.parse_scale, ("80%", "10", "100%", "9%", "half")),
        "position": (values.parse_position, ("original", "Center", "50% 100%", "0,25", "120%", "1 2 3", "left")),
        "background": (values.parse_background,
                       ("white", "blur", "blur:12.5", "a/b.png", "beach.jpg", "blur:", "nothing")),
    }  # fmt: skip
    return [
        {"grammar": name, "text": text, "expected": _parsed(parse, text)}
        for name, (parse, texts) in grammars.items()
        for text in texts
    ]


def _parsed(parse: Callable[[str], Any], text: str) -> Any:
    """What a text means, or why it means nothing."""
    try:
        value = parse(text)
    except ValueError as error:
        return {"error": str(error)}
    match value:
        case values.Colour():
            return [*value.rgb, value.alpha]
        case values.Blur():
            return {"blur": value.radius_px}
        case values.PictureFile():
            return {"picture": value.path}
        case (values.Length(), *_):
            return [[length.value, length.unit] for length in value]
    return value


def _compose() -> list[Case]:
    y, x = np.mgrid[:26, :34].astype(np.float32)
    away = np.maximum(np.abs(y - 13), np.abs(x - 15))
    alpha = (np.clip(9 - away, 0, 3) * 5 / 15).astype(np.float32)
    rgb = _fifteenths(26, 34, 3)
    opaque, own = Image(rgb), Image(rgb, _fifteenths(26, 34))
    coloured = Image(rgb, metadata=Metadata(profile=profiles()["gamma"]))
    chosen: tuple[tuple[Image, dict[str, Any]], ...] = (
        (opaque, {}),
        (opaque, {"crop": True, "margin": "10% 3px"}),
        (opaque, {"size": "30x16", "scale": "80%", "position": "0% 100%"}),
        (opaque, {"background": "#336699"}),
        (opaque, {"background": "#33669980", "size": "17x13"}),
        (coloured, {"background": "tomato"}),
        (opaque, {"background": "blur:3"}),
        (own, {"background": "blur", "crop": True}),
        (opaque, {"background": "blur:2", "size": "30x14"}),
        (opaque, {"background": "picture"}),
        (coloured, {"background": "picture", "crop": True, "margin": "5"}),
    )
    made = []
    for photo, options in chosen:
        cutout = Cutout(np.where(alpha[..., None] > 0, rgb, np.float32(0)), alpha, metadata=photo.metadata)
        result = _composed(cutout, photo, options)
        made.append(
            {"is_own": photo.alpha is not None, "profile": _text(photo.metadata.profile), "options": options,
             "expected": {"rgb": _short(result.rgb), "alpha": None if result.alpha is None else _short(result.alpha)}}
        )  # fmt: skip
    return made


def _composed(cutout: Cutout, photo: Image, options: dict[str, Any]) -> Image:
    """The finished picture; the background `picture` is one of fifteenths, 12×31."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture.png"
        PillowImage.fromarray(np.round(_fifteenths(12, 31, 3) * 255).astype(np.uint8)).save(path)
        said = str(path) if options.get("background") == "picture" else options.get("background", "transparent")
        return compose(cutout, photo, Compose(**{**options, "background": said}))


def _pipeline() -> list[Case]:
    chosen: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
        ({}, {}),
        ({}, {"edges": "network", "specks": 0, "edge_shift": -2.5, "edge_softness": 1.5, "edge_contrast": 30}),
        ({"is_shown_through": True}, {"edge_shift": 6, "edge_softness": 9, "decontaminate": 60}),
        ({"profile": profiles()["gamma"]}, {"edge_contrast": -40, "decontaminate": 0}),
        ({}, {"edge_shift": -37.3, "edge_softness": 31}),
    )
    made = []
    for how, options in chosen:
        photo = golden_scene.photo(**how)
        cutout = cut_out(photo, lambda *_: golden_scene.predictions(), Options(**options))
        places = _places(cutout.alpha)
        rgb = cutout.rgb.reshape(-1, 3)[places]
        made.append(
            {"shown_through": photo.alpha is not None, "profile": _text(photo.metadata.profile), "options": options,
             "places": places.tolist(), "mean": float(cutout.alpha.mean(dtype=np.float64)),
             "expected": {"alpha": _short(cutout.alpha.ravel()[places]), "rgb": _short(rgb)}}
        )  # fmt: skip
    return made


def _places(alpha: FloatArray) -> Any:
    """Pixels to look at: some of the soft ones, and some of all."""
    soft = np.flatnonzero((alpha > 0.01) & (alpha < 0.99))
    some = soft[:: max(1, len(soft) // (_POINTS // 2))]
    return np.unique(np.concatenate([some, np.arange(997, alpha.size, 2 * alpha.size // _POINTS)]))


def _short(array: FloatArray) -> Any:
    """Rounded far below what is compared, for the file's sake."""
    return np.round(array.astype(np.float64), 6)
