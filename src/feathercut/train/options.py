"""The options of training, each written once: the keyword, the flag, the row in the documents."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from feathercut.errors import OptionError
from feathercut.options import Section

STRIDE = 32
"""Networks halve their input five times."""


class Training(Section):
    """How a network is trained, from nothing."""

    size: int | None = Field(
        default=None,
        ge=64,
        le=2048,
        description="Side in pixels of what the network is shown, a multiple of 32; the network's own by default.",
    )
    epochs: int = Field(default=100, ge=1, description="How often all photos are shown at most.")
    batch: int = Field(default=8, ge=1, description="Photos that are shown at once.")
    accumulate: int = Field(
        default=1,
        ge=1,
        description="Batches that make one step together: as good as a larger batch, in the memory of a small one.",
    )
    rate: float = Field(default=1e-3, gt=0, le=1, description="How far a step goes (AdamW's learning rate).")
    loss: Literal["auto", "masks", "mattes"] = Field(
        default="auto",
        description="What is made smaller: `masks` looks at regions, `mattes` at soft edges; `auto` looks at the data.",
    )
    augmentation: Literal["none", "light", "full"] = Field(
        default="full", description="How much photos are varied each time that they are shown."
    )
    held_out: float = Field(
        default=0.1, ge=0, lt=1, description="The share of the photos that nothing is learned from, to measure with."
    )
    patience: int = Field(
        default=10, ge=0, description="Ends after so many epochs without a better measure; 0 never ends early."
    )
    average: float = Field(
        default=0.999,
        ge=0,
        lt=1,
        description="How slowly the weights that are kept follow those that learn; 0 is at once.",
    )
    frozen: int | None = Field(
        default=0,
        ge=0,
        le=12,
        description="Stages next to the photo that stay as they are.",
    )
    batch_norm: Literal["auto", "live", "frozen"] = Field(
        default="auto",
        description="Whether the normalisation's means follow the data; what begins from nothing has none to keep.",
    )
    device: Literal["auto", "cpu", "cuda"] = Field(default="auto", description="Where it runs; `auto` takes a GPU.")
    precision: Literal["auto", "fp32", "bf16", "fp16"] = Field(
        default="auto",
        description="What is computed in; `auto` takes bf16 on a GPU, fp16 on older ones, float32 on a processor, or "
        "bf16 from nothing where the processor is made for it.",
    )
    processes: int = Field(
        default=1, ge=1, le=64, description="How many work side by side, one a GPU; each shows `batch` photos at once."
    )
    seed: int = Field(default=0, ge=0, lt=2**31, description="What chance begins with: the same gives the same.")
    save_every: float = Field(
        default=60.0, ge=0, description="Seconds after which the state is saved; a killed run goes on from the last."
    )
    tensorboard: bool = Field(default=False, description="Also write the curves for TensorBoard, which must be there.")

    @field_validator("size")
    @classmethod
    def _of_stride(cls, size: int | None) -> int | None:
        if size is not None and size % STRIDE:
            raise OptionError(f"Option `size` takes a multiple of {STRIDE}, got: {size}")
        return size


class FromNothing(Training):
    """How a network that begins with random weights is trained."""

    mask_epochs: int = Field(
        default=20,
        ge=0,
        description="IS-Net alone: how often a small network first sees all mattes, to learn how masks look from "
        "inside, which IS-Net's own maps are then drawn towards; 0 leaves that out.",
    )


class Finetuning(Training):
    """How a published network is tuned to photos of one's own."""

    epochs: int = Field(default=30, ge=1, description=Training.model_fields["epochs"].description)
    batch: int = Field(default=4, ge=1, description=Training.model_fields["batch"].description)
    rate: float = Field(default=2e-5, gt=0, le=1, description=Training.model_fields["rate"].description)
    augmentation: Literal["none", "light", "full"] = Field(
        default="light", description=Training.model_fields["augmentation"].description
    )
    held_out: float = Field(default=0.2, ge=0, lt=1, description=Training.model_fields["held_out"].description)
    average: float = Field(default=0.99, ge=0, lt=1, description=Training.model_fields["average"].description)
    frozen: int | None = Field(
        default=None,
        ge=0,
        le=12,
        description="Stages next to the photo that stay as they are; half of them by default where photos are few.",
    )
    batch_norm: Literal["auto", "live", "frozen"] = Field(
        default="auto",
        description="Whether the normalisation's means follow the data; `auto` keeps those that were published.",
    )
    blend: float = Field(
        default=0.5,
        gt=0,
        le=1,
        description="The share of the tuned weights in the result, the rest are the published ones: under 1 more of "
        "what the network could do before is kept.",
    )
    keep: float = Field(
        default=0.0,
        ge=0,
        description="How much the answers to the photos of `--keep-photos` count that stay as they were.",
    )
