"""Image → Prediction: what a network makes of a photo."""

from __future__ import annotations

import numpy as np

from feathercut.engines import Engine
from feathercut.errors import NetworkError, OptionError
from feathercut.kernels.colour import to_srgb
from feathercut.kernels.resample import resize_bytes
from feathercut.models.spec import Input, Output, Record
from feathercut.pictures import FloatArray, Image, Prediction, Size
from feathercut.steps.seen import reduced, visible

Box = tuple[int, int, int, int]


def predict(
    image: Image,
    record: Record,
    engine: Engine,
    network_size: int | None = None,
    *,
    is_mirrored: bool = False,
    share: float = 1,
) -> Prediction:
    """The network's alpha for `image`, at the network's size.

    `network_size` is the side that the network sees, for records that allow a choice. `is_mirrored` asks
    of the mirrored photo and turns the answer back. `share` is how much of the canvas each way the photo takes that
    otherwise would fill it. Raises OptionError where the record does not allow the size, NetworkError where the
    answer is not a matte.
    """
    size = canvas_size(record, network_size)
    canvas, inside = place(image, size, record.input, share)
    normalised = normalise(canvas, record.input)
    if is_mirrored:
        mirrored = _answer(np.ascontiguousarray(normalised[..., ::-1]), record, engine, size)
        # Turned back with its whole canvas, it lies as the answer to the photo does.
        alpha = np.ascontiguousarray(mirrored[:, ::-1])
        return Prediction(alpha, inside, record.id, record.output.resample, is_twin=True)
    return Prediction(_answer(normalised, record, engine, size), inside, record.id, record.output.resample)


def nearness(image: Image, record: Record, engine: Engine) -> FloatArray:
    """How near each place of the photo is by a depth network, h×w in [0, 1], 1 the nearest of all.

    Raises NetworkError where the answer is no map of depths.
    """
    found = predict(image, record, engine).shown
    return found if record.output.near == "high" else 1 - found


def _answer(normalised: FloatArray, record: Record, engine: Engine, size: Size) -> FloatArray:
    """The matte that the network answers with, h×w."""
    outputs = engine.run({str(record.input.name): normalised})
    answer = outputs.get(str(record.output.name))
    if answer is None:
        raise NetworkError(f"`{record.id}` gave no output `{record.output.name}`, but {', '.join(outputs)}")
    alpha = activate(answer, record.output, record.id)
    if alpha.shape != size:
        got, said = (f"{height}×{width}" for height, width in (alpha.shape, size))
        raise NetworkError(f"`{record.id}` answered at {got} where {said} was asked")
    return alpha


def canvas_size(record: Record, network_size: int | None) -> Size:
    """(height, width) that the network sees. Raises OptionError where the record does not allow it."""
    if network_size is None or (network_size, network_size) == record.input.size:
        return record.input.size
    if network_size not in record.input.sizes:
        allowed = sorted({*record.input.sizes, record.input.size[0]})
        words = ", ".join(map(str, allowed))
        raise OptionError(f"Option `network_size`: `{record.id}` works at {words}, not at {network_size}")
    return network_size, network_size


def place(image: Image, size: Size, rules: Input, share: float = 1) -> tuple[FloatArray, Box]:
    """The photo on the network's canvas, sRGB in [0, 1], and the part of the canvas that shows it.

    Transparent parts show grey, never what is hidden there. Around a letterboxed photo it is black, as
    in the training of the networks that are fed so; with a `share`, its mirror images.
    """
    inner = size if rules.fit == "stretch" else _fitted(image.size, size)
    inner = inner if share == 1 else (max(1, round(inner[0] * share)), max(1, round(inner[1] * share)))
    if rules.rounding == "8-bit":
        small = resize_bytes(visible(image), inner, rules.resample)
    else:
        small = reduced(image, inner, rules.resample)
    small = np.clip(small, 0.0, 1.0)
    # After the reduction, which is the same for the eye and a tenth of the work.
    small = to_srgb(small, image.metadata.profile)
    top, left = (size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2
    inside = (top, left, top + inner[0], left + inner[1])
    if inner == size:
        return small, inside
    if share != 1:
        around = ((top, size[0] - inside[2]), (left, size[1] - inside[3]), (0, 0))
        return np.pad(small, around, "reflect"), inside
    canvas = np.zeros((*size, 3), np.float32)
    canvas[top : inside[2], left : inside[3]] = small
    return canvas, inside


def _fitted(photo: Size, canvas: Size) -> Size:
    """The largest size of the photo's shape within the canvas."""
    ratio = min(canvas[0] / photo[0], canvas[1] / photo[1])
    return max(1, round(photo[0] * ratio)), max(1, round(photo[1] * ratio))


def normalise(canvas: FloatArray, rules: Input) -> FloatArray:
    """The canvas (h×w×3 in [0, 1]) as the network was trained to see it: 1×3×h×w."""
    match rules.scale:
        case "255":
            scaled = canvas
        case "image-max":
            # U²-Net was trained on photos divided by their own maximum; a black photo stays black.
            scaled = canvas / max(float(canvas.max()), 1e-6)
    planes = np.empty((1, 3, *canvas.shape[:2]), np.float32)
    for channel, (mean, std) in enumerate(zip(rules.mean, rules.std, strict=True)):
        np.subtract(scaled[..., channel], np.float32(mean), out=planes[0, channel])
        if std != 1:
            planes[0, channel] /= np.float32(std)
    return planes


def activate(output: FloatArray, rules: Output, model: str) -> FloatArray:
    """The network's answer as alpha, h×w in [0, 1]. Raises NetworkError where it is no matte."""
    if output.ndim < 2 or output.size != output.shape[-1] * output.shape[-2]:
        shape = "×".join(map(str, output.shape))
        raise NetworkError(f"`{model}` answered with an array of {shape}, which is no matte")
    alpha: FloatArray = output.reshape(output.shape[-2:]).astype(np.float32)
    if not np.isfinite(alpha).all():
        raise NetworkError(f"`{model}` answered with numbers that are not finite; its file or its device is broken")
    if rules.activation == "sigmoid":
        alpha = (1 / (1 + np.exp(-np.clip(alpha, -60.0, 60.0)))).astype(np.float32)
    if rules.rescale == "min-max":
        low, high = float(alpha.min()), float(alpha.max())
        alpha = (alpha - low) / (high - low) if high > low else np.zeros_like(alpha)
    if rules.rounding == "8-bit":
        alpha = (np.floor(alpha * 255) / 255).astype(np.float32)
    return np.clip(alpha, 0.0, 1.0)
