"""The training itself: photos are shown, weights learn, the held-out part says how well, the state is kept."""

from __future__ import annotations

import math
import time
from contextlib import AbstractContextManager, nullcontext
from copy import deepcopy
from dataclasses import asdict, dataclass
from itertools import islice

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from feathercut.errors import TrainingError
from feathercut.train import state as states
from feathercut.train.average import Average
from feathercut.train.computing import Computing, place
from feathercut.train.data import Batch, augmentation_of, batches
from feathercut.train.data.batches import count
from feathercut.train.feeding import normalised, tensors
from feathercut.train.freezing import freeze, keeps_means, set_learning, stages_to_freeze
from feathercut.train.held_out import HeldOut, shown
from feathercut.train.history import Epoch, Heard, Measured
from feathercut.train.job import Job
from feathercut.train.losses.total import Weights, alike, from_inside, total
from feathercut.train.networks.answers import Answers, Network
from feathercut.train.networks.build import build
from feathercut.train.networks.isnet import MaskEncoder
from feathercut.train.rates import share_of_rate
from feathercut.train.start import as_published, begin_as_published

_DECAY = 1e-4
_WARMED_UP = 0.1
_LAST_RATE = 0.02
_LARGEST_SLOPE = 5.0

State = dict[str, Tensor]


@dataclass(frozen=True)
class Outcome:
    """The best weights and the last ones, what each epoch brought, and which one was the best."""

    weights: State
    history: list[Epoch]
    best: int
    last: State


class Loop:
    """One process's part in a training; all of them hold the same weights after each step."""

    def __init__(
        self, job: Job, weights: Weights, computing: Computing, heard: Heard, masks: MaskEncoder | None = None
    ) -> None:
        self.job, self.weights, self.computing, self.heard = job, weights, computing, heard
        self._masks = masks
        options, device = job.options, computing.device
        torch.manual_seed(options.seed)
        self.network: Network = build(job.network)
        place(self.network, device)
        self._factors = begin_as_published(self.network, job, device) if job.start is not None else None
        freeze(self.network, stages_to_freeze(self.network, options.frozen, len(job.tuning)))
        self._keeps_means = keeps_means(options.batch_norm, is_tuning=job.is_tuning)
        self._teacher = deepcopy(self.network).eval().requires_grad_(False) if job.keeping else None
        self._average = Average(self.network, options.average)
        learning = [one for one in self.network.parameters() if one.requires_grad]
        if not learning:
            raise TrainingError("Nothing is left to learn: all stages are frozen. Give a smaller `--frozen`")
        # What decays weights would draw a tuned network towards nothing, and not towards what it was.
        decay = 0.0 if job.is_tuning else _DECAY
        self._optimiser = torch.optim.AdamW(learning, lr=options.rate, weight_decay=decay)
        self._scaler = torch.amp.GradScaler(device.type, enabled=computing.needs_scaler)
        self._shown_to = self._in_step_with_others()
        self._held_out = HeldOut(job.held_out, job.size, job.record.input)
        self._measures = deepcopy(self.network) if job.held_out and computing.is_first else None
        self._in_epoch = count(len(job.tuning), options.batch, computing.processes)
        self._plan = job.plan()
        self.epoch, self._batch, self._step = 0, 0, 0
        self._losses: list[float] = []
        self._history: list[Epoch] = []
        self._best, self._best_number = self._copy(), 0
        self._saved = time.monotonic()
        self._seconds = 0.0

    def _in_step_with_others(self) -> nn.Module:
        if self.computing.processes == 1:
            return self.network
        ids = [self.computing.device.index] if self.computing.device.type == "cuda" else None
        return DistributedDataParallel(self.network, device_ids=ids)

    @property
    def steps(self) -> int:
        """Steps in all, if it does not end early."""
        return self.job.options.epochs * math.ceil(self._in_epoch / self.job.options.accumulate)

    def resume(self) -> bool:
        """Goes on from the state in the job's folder; false where there is none. Raises OptionError."""
        found = states.load(self.job.folder, self._plan)
        if found is None:
            return False
        self.network.load_state_dict(found["network"])
        self._factors = found["factors"]
        self._average.restore(**found["average"])
        self._optimiser.load_state_dict(found["optimiser"])
        self._scaler.load_state_dict(found["scaler"])
        torch.set_rng_state(found["random"])
        self.epoch, self._batch, self._step = found["position"]
        self._losses, self._seconds = found["losses"], found["seconds"]
        self._history = [_epoch(row) for row in found["history"]]
        self._best, self._best_number = found["best"], found["best_number"]
        return True

    def save(self) -> None:
        """Writes the state down; only between steps."""
        if not self.computing.is_first:
            return
        states.save(
            self.job.folder,
            self._plan,
            {
                "network": self.network.state_dict(),
                "factors": self._factors,
                "average": self._average.state(),
                "optimiser": self._optimiser.state_dict(),
                "scaler": self._scaler.state_dict(),
                "random": torch.get_rng_state(),
                "position": [self.epoch, self._batch, self._step],
                "losses": self._losses,
                "seconds": self._seconds,
                "history": [asdict(one) for one in self._history],
                "best": self._best,
                "best_number": self._best_number,
            },
        )
        self._saved = time.monotonic()

    def run(self) -> Outcome:
        """Trains to the end. Raises TrainingError or OutputError."""
        if not self._history:
            self._close_epoch(None)
        while self.epoch < self.job.options.epochs and not self._is_over():
            began = time.monotonic()
            self._learn()
            self._seconds += time.monotonic() - began
            self.epoch, self._batch = self.epoch + 1, 0
            self._close_epoch(sum(self._losses) / max(1, len(self._losses)))
            self._losses, self._seconds = [], 0.0
            self.save()
        best, last = (as_published(one, self.job, self._factors) for one in (self._best, self._copy()))
        return Outcome(best, self._history, self._best_number, last)

    def _is_over(self) -> bool:
        """Whether the measure has not become better for long; the first process tells the others."""
        patience = self.job.options.patience
        is_over = bool(patience and self._held_out and self.epoch - self._best_number >= patience)
        if self.computing.processes > 1:
            said = torch.tensor([float(is_over)], device=self.computing.device)
            torch.distributed.broadcast(said, 0)
            is_over = bool(said.item())
        return is_over

    def _close_epoch(self, loss: float | None) -> None:
        measured = None
        if self._measures is not None:
            self._measures.load_state_dict(self._average.weights)
            measured = self._held_out.measure(self._measures, self.computing.device, self.heard.sampler())
        best = next((one.held_out for one in self._history if one.number == self._best_number), None)
        if measured is None or best is None or measured.mae < best.mae:
            self._best, self._best_number = self._copy(), self.epoch
        self._history.append(Epoch(self.epoch, loss, self._rate(), self._seconds, measured))
        if self.computing.is_first:
            self.heard.epoch(self._history, self._best_number)

    def _copy(self) -> State:
        return {name: value.detach().cpu().clone() for name, value in self._average.weights.items()}

    def _learn(self) -> None:
        """The rest of an epoch."""
        options = self.job.options
        set_learning(self.network, keeps_means=self._keeps_means)
        waiting = batches(
            self.job.tuning,
            self.job.size,
            options.batch,
            options.seed,
            self.epoch,
            augmentation_of(options.augmentation),
            start=self._batch,
            part=(self.computing.rank, self.computing.processes),
        )
        while group := list(islice(waiting, options.accumulate)):
            began = time.monotonic()
            self._losses.append(self._take_step(group))
            self._batch, self._step = self._batch + len(group), self._step + 1
            if self.computing.is_first:
                self.heard.step(self._step, self.steps)
            if began - self._saved >= options.save_every:
                self.save()

    def _take_step(self, group: list[Batch]) -> float:
        """One step from a group of batches; gives their mean loss."""
        for parameters in self._optimiser.param_groups:
            parameters["lr"] = self._rate()
        self._optimiser.zero_grad(set_to_none=True)
        mean = 0.0
        for number, batch in enumerate(group):
            with self._alone_until_last(number == len(group) - 1):
                loss = self._loss(batch) / len(group)
                torch.autograd.backward(self._scaler.scale(loss))
            mean += float(loss.detach())
        if not math.isfinite(mean):
            raise TrainingError(
                f"The loss is no number any more, in epoch {self.epoch + 1}. Give a smaller `--rate`, or "
                "`--precision fp32`; what was saved before is there"
            )
        self._scaler.unscale_(self._optimiser)
        nn.utils.clip_grad_norm_([one for one in self.network.parameters() if one.requires_grad], _LARGEST_SLOPE)
        self._scaler.step(self._optimiser)
        self._scaler.update()
        self._average.follow(self.network)
        return mean

    def _alone_until_last(self, is_last: bool) -> AbstractContextManager[object]:
        """Processes tell each other their slopes once a step."""
        if isinstance(self._shown_to, DistributedDataParallel) and not is_last:
            return self._shown_to.no_sync()
        return nullcontext()

    def _loss(self, batch: Batch) -> Tensor:
        device, rules = self.computing.device, self.job.record.input
        rgb, truth = tensors(batch, device)
        own = len(rgb)
        if self._teacher is not None:
            rgb = torch.cat([rgb, self._photos_to_keep(own).to(device)])
        seen = normalised(rgb, rules)
        with self.computing.in_precision():
            answers: Answers = self._shown_to(seen)
        loss = total(_part(answers, slice(0, own)), truth, self.weights)
        if self._masks is not None:
            with torch.no_grad():
                of_masks = self._masks(truth)
            loss = loss + from_inside(_part(answers, slice(0, own)), of_masks)
        if self._teacher is not None:
            with torch.no_grad(), self.computing.in_precision():
                before = self._teacher(seen[own:])
            loss = loss + self.job.keeping * alike(_part(answers, slice(own, None)), before)
        return loss

    def _photos_to_keep(self, count: int) -> Tensor:
        """Some of the photos that the answers to stay as they were, others at each step."""
        random = np.random.default_rng((self.job.options.seed, self._step, self.computing.rank))
        chosen = random.choice(len(self.job.keep), min(count, len(self.job.keep)), replace=False)
        pictures = [shown(self.job.keep[int(one)], self.job.size, self.job.record.input)[0] for one in chosen]
        return torch.from_numpy(np.concatenate(pictures))

    def _rate(self) -> float:
        """The rate of this step."""
        return self.job.options.rate * share_of_rate(self._step, self.steps, _WARMED_UP, _WARMED_UP, _LAST_RATE)


def _part(answers: Answers, photos: slice) -> Answers:
    return Answers(tuple(one[photos] for one in answers.logits), tuple(one[photos] for one in answers.features))


def _epoch(row: dict[str, object]) -> Epoch:
    found = dict(row)
    measured = found.pop("held_out")
    return Epoch(**found, held_out=None if measured is None else Measured(**measured))  # type: ignore[arg-type]
