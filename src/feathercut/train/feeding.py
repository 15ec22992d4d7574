"""Batches on their way to the network: numpy to PyTorch, and as the network was trained to see them."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from feathercut.models.spec import Input
from feathercut.train.data import Batch


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
