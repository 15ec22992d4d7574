"""Where it is computed and in what: the device, the precision, and what each of several processes is."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import torch
from torch import nn

from feathercut import system
from feathercut.errors import DeviceError, OptionError
from feathercut.train.options import Finetuning, Training


@dataclass(frozen=True)
class Computing:
    """One process of a training: `rank` 0 measures, saves and speaks."""

    device: torch.device
    precision: str = "fp32"
    rank: int = 0
    processes: int = 1

    @property
    def is_first(self) -> bool:
        """Whether this is the process that speaks for all."""
        return self.rank == 0

    @property
    def needs_scaler(self) -> bool:
        """Whether slopes would vanish in what is computed in, and must be enlarged on their way."""
        return self.precision == "fp16"

    def in_precision(self) -> AbstractContextManager[object]:
        """Within it, operators that bear it compute in the precision; weights stay in float32."""
        if self.precision == "fp32":
            return nullcontext()
        kind = torch.bfloat16 if self.precision == "bf16" else torch.float16
        return torch.autocast(self.device.type, dtype=kind)


def computing(options: Training, rank: int = 0) -> Computing:
    """What the options ask for, on this machine. Raises DeviceError or OptionError where that is not to be had."""
    has_gpu = torch.cuda.is_available()
    kind = ("cuda" if has_gpu else "cpu") if options.device == "auto" else options.device
    if kind == "cuda" and not has_gpu:
        raise DeviceError("Device `cuda` is not there: PyTorch sees no GPU, or is a build without CUDA")
    if kind == "cuda" and options.processes > torch.cuda.device_count():
        raise OptionError(
            f"Option `processes`: one a GPU, and PyTorch sees {torch.cuda.device_count()}, not {options.processes}"
        )
    return Computing(_device(kind, rank), _precision(options, kind), rank, options.processes)


def _device(kind: str, rank: int) -> torch.device:
    return torch.device(kind, rank) if kind == "cuda" else torch.device(kind)


def _precision(options: Training, kind: str) -> str:
    if options.precision == "auto":
        if kind == "cpu":
            # Some published weights stand for numbers that bf16 cannot hold apart: tuning them stays in float32.
            is_tuning = isinstance(options, Finetuning)
            return "bf16" if system.multiplies_halves() and not is_tuning else "fp32"
        return "bf16" if torch.cuda.is_bf16_supported() else "fp16"
    if options.precision == "fp16" and kind == "cpu":
        raise OptionError("Option `precision`: a processor does not compute in fp16; `bf16` or `fp32` it does")
    return options.precision


def place(network: nn.Module, device: torch.device) -> None:
    """Takes a network to a device, its maps in the order in which convolutions multiply there.

    That is with all channels of a pixel side by side, on a processor as on a GPU: maps that lie so need not be put in
    that order and back around each convolution. Shapes say B×C×H×W as ever.
    """
    network.to(device)
    for weights in network.parameters():
        if weights.dim() == 4:
            weights.data = weights.data.contiguous(memory_format=torch.channels_last)


def settle(computing: Computing) -> None:
    """Makes PyTorch do the same each time, as far as a device can."""
    if computing.device.type == "cuda":
        torch.cuda.set_device(computing.device)
        torch.backends.cudnn.benchmark = False
        torch.backends.cudnn.deterministic = True
    elif computing.processes > 1:
        torch.set_num_threads(max(1, torch.get_num_threads() // computing.processes))
