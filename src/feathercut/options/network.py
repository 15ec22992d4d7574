"""The options of the network: which, where and how it runs."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from feathercut.options.section import Section

Device = Literal["cpu", "cuda", "tensorrt", "tensorrt-rtx", "rocm", "directml", "coreml", "openvino", "webgpu"]
GraphPrecision = Literal["fp32", "fp16"]
"""What weights are published in, and what a network computes in on a GPU; what goes in and comes out is float32."""
Precision = Literal["auto", "int8", "fp16", "fp32"]


class Network(Section):
    """Which network, where it runs, and under which licence."""

    model: str = Field(default="isnet-general", description="Network to use; `feathercut models list` shows them.")
    device: Device = Field(default="cpu", description="Where the network runs; fails where that device is not there.")
    precision: Precision = Field(
        default="auto",
        description="What the network computes in: `auto` takes `int8` where it was measured to be as good and the "
        "processor is made for it, else `fp32`; a precision that was asked for fails where it is not there.",
    )
    licence: Literal["any", "commercial"] = Field(
        default="any", description="`commercial` refuses weights whose licence forbids commercial use."
    )
    accept_licence: str | None = Field(
        default=None, description="Name of a restricted licence that you have read and accept."
    )
    quality: Literal["fast", "balanced", "best"] = Field(
        default="balanced",
        description="`fast` runs the network alone; `balanced` has a small second one fill the bodies that it leaves "
        "grey, in 1.2 times the time; `best` also shows the first the mirrored photo and both the subject from near, "
        "in 3.4 times the time, 2.3 where the subject fills the photo.",
    )
    depth_model: str = Field(
        default="depth-anything-v2-small",
        description="Network that says how near things are, loaded only where `subject` is `nearest`.",
    )
    enlarge_model: str | None = Field(
        default=None,
        description="Network that enlarges the photo before all else, so that the result is as much larger; none by "
        "default. Lengths in px of `region` and `subject` are those of the photo as it came.",
    )
    network_size: int | None = Field(
        default=None,
        ge=64,
        le=4096,
        description="Side in pixels of what the network sees, where it allows a choice; its own size by default.",
    )
    batch_size: int = Field(
        default=1,
        ge=1,
        le=64,
        description="Photos of a folder that are one run of the network, for a GPU that one photo does not fill; a "
        "processor is filled by one, and loses its `int8`.",
    )
