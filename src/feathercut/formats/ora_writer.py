"""OpenRaster: a ZIP of PNG layers and an XML that stacks them (freedesktop.org, "OpenRaster 0.0.3")."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np

from feathercut.formats import png_writer
from feathercut.formats.content import Layer, Layered, Still
from feathercut.kernels.quantise import Integers

_TYPE = "image/openraster"
_THUMBNAIL_PX = 256
_WHEN = (1980, 1, 1, 0, 0, 0)
"""The same picture makes the same bytes, whenever it is written."""


def write(layered: Layered) -> bytes:
    """The picture and its layers as OpenRaster. The format has no masks: a mask is its layer's alpha."""
    merged = layered.merged
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:  # PNG files are packed already
        # The first: a reader tells the format by these bytes.
        archive.writestr(zipfile.ZipInfo("mimetype", _WHEN), _TYPE)
        archive.writestr(zipfile.ZipInfo("stack.xml", _WHEN), _stack(layered))
        for place, layer in enumerate(layered.layers):
            still = replace(merged, samples=_samples(layer, merged.samples.shape[:2]), exif=None)
            archive.writestr(zipfile.ZipInfo(f"data/layer{place}.png", _WHEN), png_writer.write(still))
        archive.writestr(zipfile.ZipInfo("mergedimage.png", _WHEN), png_writer.write(merged))
        archive.writestr(zipfile.ZipInfo("Thumbnails/thumbnail.png", _WHEN), png_writer.write(_thumbnail(merged)))
    return file.getvalue()


def _stack(layered: Layered) -> bytes:
    """The layers, from the highest to the lowest."""
    height, width = layered.merged.samples.shape[:2]
    image = ElementTree.Element("image", version="0.0.3", w=str(width), h=str(height))
    if layered.merged.dpi:
        image.set("xres", str(round(layered.merged.dpi[0])))
        image.set("yres", str(round(layered.merged.dpi[1])))
    stack = ElementTree.SubElement(image, "stack")
    for place, layer in reversed(list(enumerate(layered.layers))):
        looks = {"x": "0", "y": "0", "opacity": "1.0", "visibility": "visible", "composite-op": "svg:src-over"}
        ElementTree.SubElement(stack, "layer", {"name": layer.name, "src": f"data/layer{place}.png", **looks})
    return bytes(ElementTree.tostring(image, encoding="UTF-8", xml_declaration=True))


def _samples(layer: Layer, size: tuple[int, ...]) -> Integers:
    rgb = np.zeros((*size, 3), np.uint8) if layer.rgb is None else layer.rgb
    alpha = layer.alpha if layer.mask is None else layer.mask
    if alpha is None:
        return rgb
    shown = np.where(alpha[..., None] > 0, rgb, rgb.dtype.type(0))  # what is hidden for good packs better as nothing
    samples: Integers = np.concatenate([shown, alpha[..., None]], axis=2)
    return samples


def _thumbnail(merged: Still) -> Still:
    """The picture at 256 pixels at most, each the mean of those below it, weighed by their alpha."""
    from PIL import Image

    picture = Image.fromarray(merged.samples)
    scale = min(1.0, _THUMBNAIL_PX / max(picture.size))
    size = (max(1, int(picture.width * scale)), max(1, int(picture.height * scale)))
    mode = picture.mode
    weighed = picture.convert("RGBa") if mode == "RGBA" else picture
    small = weighed.resize(size, Image.Resampling.BOX).convert(mode)
    return replace(merged, samples=np.asarray(small), exif=None)
