"""What is known of a network that makes an int8 form of it: `quantised/<id>.json`, measured once on photos.

`python scripts/quantise.py` writes these files; `models/quantise.py` builds the network from them.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from feathercut.errors import RecordError
from feathercut.models.complaint import complaint

_FOLDER = Path(__file__).parent / "quantised"

QUANTISATION_VERSION = 3
"""Raise it when the same data must give another network."""


class Layer(BaseModel):
    """One convolution, in the order of `folded.ordered`.

    `shape` and `norm`, the root mean square of its weights, say which one it is: of other weights nothing
    here would be true. Its output is kept as `form` says: `unsigned` in 0 to 255 of `steps`, one an output
    channel, after its ReLU; `signed` in -128 to 127 of them; `windows` as one number from `low` to `high`,
    spread over several bytes; `float` as it is. `means` is what each channel that it reads is on average, in an older
    file not known: weights of eight bits are not quite what they were, and its bias makes up for what that comes to.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    shape: tuple[int, int, int, int]
    norm: float
    form: Literal["unsigned", "signed", "windows", "float"]
    steps: tuple[float, ...] = ()
    low: float = 0.0
    high: float = 0.0
    means: tuple[float, ...] = ()


class Quantisation(BaseModel):
    """The layers of one network; `photos` says on which photos they were measured.

    `input` `bytes` reads the photo as bytes, `float` as it is, by a first convolution in float.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1]
    id: str
    photos: str
    input: Literal["bytes", "float"] = "bytes"
    layers: tuple[Layer, ...]

    @cached_property
    def digest(self) -> str:
        """A hash of everything that decides the built network."""
        return hashlib.sha256(f"{QUANTISATION_VERSION} {self.model_dump_json()}".encode()).hexdigest()


def path_of(model_id: str, own: Path | None = None) -> Path:
    """Where the data of a network lie: beside this file, else in `quantised` in the user's `own` folder of networks."""
    ours = _FOLDER / f"{model_id}.json"
    return ours if own is None or ours.is_file() else own / _FOLDER.name / ours.name


def read_quantisation(model_id: str, own: Path | None = None) -> Quantisation:
    """The data of a network. Raises RecordError where there are none or where they are damaged."""
    path = path_of(model_id, own)
    try:
        return Quantisation.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise RecordError(f"`{model_id}` has no int8 form: {path} is not there. Use `precision` `fp32`") from error
    except (OSError, ValidationError) as error:
        said = complaint(error) if isinstance(error, ValidationError) else str(error)
        raise RecordError(f"{path}: {said}. Install Feathercut again, or use `precision` `fp32`") from error
