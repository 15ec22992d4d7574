"""Batches on their way to the network: numpy to PyTorch, and as the network was trained to see them."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator

import numpy as np
import torch
from torch import Tensor

from feathercut.models.spec import Input
from feathercut.pictures import FloatArray

_AHEAD = 2

Batch = tuple[FloatArray, FloatArray]
"""Photos B×3×S×S and alpha B×1×S×S, float32 in [0, 1]."""


def normalised(rgb: Tensor, rules: Input) -> Tensor:
    """Photos B×3×H×W in [0, 1] as `steps/predict.py` gives them to the network; each by its own maximum where so."""
    if rules.scale == "image-max":
        rgb = rgb / rgb.amax(dim=(1, 2, 3), keepdim=True).clamp(min=1e-6)
    mean = rgb.new_tensor(rules.mean).view(1, 3, 1, 1)
    std = rgb.new_tensor(rules.std).view(1, 3, 1, 1)
    return (rgb - mean) / std


def tensors(batch: Batch, device: torch.device) -> tuple[Tensor, Tensor]:
    """A batch on the device."""
    rgb, alpha = (torch.from_numpy(np.ascontiguousarray(one, np.float32)) for one in batch)
    return rgb.to(device), alpha.to(device)


def ahead(batches: Iterable[Batch]) -> Iterator[Batch]:
    """The same batches, of which the next two are made while one is used. What goes wrong is raised in its turn."""
    waiting: queue.Queue[Batch | BaseException | None] = queue.Queue(_AHEAD)
    is_over = threading.Event()

    def put(one: Batch | BaseException | None) -> bool:
        while not is_over.is_set():
            try:
                waiting.put(one, timeout=0.2)
            except queue.Full:
                continue
            return True
        return False

    def work() -> None:
        try:
            for batch in batches:
                if not put(batch):
                    return
            put(None)
        except BaseException as error:  # of whatever kind: it is raised where the batch is asked for
            put(error)

    worker = threading.Thread(target=work, daemon=True, name="batches")
    worker.start()
    try:
        while (one := waiting.get()) is not None:
            if isinstance(one, BaseException):
                raise one
            yield one
    finally:
        is_over.set()
        worker.join()
