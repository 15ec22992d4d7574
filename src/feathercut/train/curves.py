"""The curves for TensorBoard, where someone has it."""

from __future__ import annotations

import importlib
from pathlib import Path

from feathercut.errors import OptionError
from feathercut.train.history import Epoch


class Curves:
    """Writes what each epoch brought into `tensorboard` in a folder. Raises OptionError without TensorBoard."""

    def __init__(self, folder: Path) -> None:
        try:
            # It has no types here, and takes a while to load: asked for by name.
            module = importlib.import_module("torch.utils.tensorboard")
        except ImportError as error:
            raise OptionError(
                "Option `tensorboard`: TensorBoard is not installed here; run `pip install tensorboard`, or leave it "
                "out: the report has the curves too"
            ) from error
        self._writer = module.SummaryWriter(str(folder / "tensorboard"))

    def add(self, epoch: Epoch) -> None:
        """One epoch's numbers."""
        if epoch.loss is not None:
            self._writer.add_scalar("loss", epoch.loss, epoch.number)
        if epoch.held_out is not None:
            self._writer.add_scalar("held out/mae", epoch.held_out.mae, epoch.number)
            self._writer.add_scalar("held out/iou", epoch.held_out.iou, epoch.number)
        self._writer.add_scalar("rate", epoch.rate, epoch.number)
        self._writer.flush()
