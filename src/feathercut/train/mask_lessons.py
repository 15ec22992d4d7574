"""IS-Net's intermediate supervision, its first half: a network learns how masks look from inside (section 4.2)."""

from __future__ import annotations

import math
import time

import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from feathercut.errors import TrainingError
from feathercut.train import state as states
from feathercut.train.computing import Computing, place
from feathercut.train.data import augmentation_of, batches
from feathercut.train.feeding import tensors
from feathercut.train.history import Heard
from feathercut.train.job import Job
from feathercut.train.losses import masks
from feathercut.train.networks.answers import Answers
from feathercut.train.networks.isnet import MaskEncoder

_SEED = 1
"""Beside the seed of the training: two networks with the same random numbers would be a chance too many."""


def mask_encoder(job: Job, computing: Computing, heard: Heard) -> MaskEncoder:
    """A network that gives true masks back through many channels; taught here, or where an earlier run left off.

    It is kept in the job's folder as the state is: killed at any moment, it goes on. It is in evaluation and learns no
    more. Raises TrainingError, OptionError or OutputError.
    """
    lessons = _Lessons(job, computing, heard)
    lessons.learn()
    return lessons.encoder.eval().requires_grad_(False)


class _Lessons:
    def __init__(self, job: Job, computing: Computing, heard: Heard) -> None:
        self._job, self._computing, self._heard = job, computing, heard
        torch.manual_seed(job.options.seed + _SEED)
        self.encoder = MaskEncoder()
        place(self.encoder, computing.device)
        self._optimiser = torch.optim.AdamW(self.encoder.parameters(), lr=job.options.rate, weight_decay=0.0)
        self._epoch, self._batch = 0, 0
        self._losses: list[float] = []
        self._plan = job.plan()
        self._saved = time.monotonic()
        if (found := states.load(job.folder, self._plan, states.MASKS)) is not None:
            self.encoder.load_state_dict(found["network"])
            self._optimiser.load_state_dict(found["optimiser"])
            self._epoch, self._batch = found["position"]
            self._losses = found["losses"]

    def learn(self) -> None:
        """All epochs that are left."""
        shown_to: nn.Module = self.encoder
        if self._computing.processes > 1 and self._epoch < self._job.mask_epochs:
            ids = [self._computing.device.index] if self._computing.device.type == "cuda" else None
            shown_to = DistributedDataParallel(self.encoder, device_ids=ids)
        while self._epoch < self._job.mask_epochs:
            self.encoder.train()
            self._learn_epoch(shown_to)
            self._epoch, self._batch = self._epoch + 1, 0
            if self._computing.is_first:
                mean = sum(self._losses) / max(1, len(self._losses))
                self._heard.masks(self._epoch, self._job.mask_epochs, mean)
            self._losses = []
            self._save()

    def _learn_epoch(self, shown_to: nn.Module) -> None:
        options = self._job.options
        waiting = batches(
            self._job.tuning,
            self._job.size,
            options.batch,
            options.seed + _SEED,
            self._epoch,
            augmentation_of(options.augmentation),
            start=self._batch,
            part=(self._computing.rank, self._computing.processes),
        )
        for batch in waiting:
            began = time.monotonic()
            self._losses.append(self._take_step(shown_to, tensors(batch, self._computing.device)[1]))
            self._batch += 1
            if began - self._saved >= options.save_every:
                self._save()

    def _take_step(self, shown_to: nn.Module, truth: Tensor) -> float:
        self._optimiser.zero_grad(set_to_none=True)
        # Cheap beside IS-Net: in float32, whatever that computes in.
        answers: Answers = shown_to(truth)
        loss = torch.stack([masks.cross_entropy(one, truth) for one in answers.logits]).sum()
        torch.autograd.backward(loss)
        self._optimiser.step()
        mean = float(loss.detach())
        if not math.isfinite(mean):
            raise TrainingError(
                "The loss of the network that encodes masks is no number any more. Give a smaller `--rate`"
            )
        return mean

    def _save(self) -> None:
        if self._computing.is_first:
            found = {
                "network": self.encoder.state_dict(),
                "optimiser": self._optimiser.state_dict(),
                "position": [self._epoch, self._batch],
                "losses": self._losses,
            }
            states.save(self._job.folder, self._plan, found, states.MASKS)
        self._saved = time.monotonic()
