"""How the student learns: what U²-Net-p says of every view, and towards the end more of what the mattes say.

One thread, on a processor that multiplies halves; the state is saved every few minutes and a killed run goes on.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.processes import say
from bench.student_photos import make
from bench.student_start import SIZE, begin
from bench.student_views import View, Views

if TYPE_CHECKING:
    from torch import Tensor, nn

    from feathercut.train.distil import Lesson

_HELD_OUT = 20
"""One pair in so many is never learned from."""
_VIEWS_HELD_OUT = 24
_AGREE = 0.7
"""The IoU of matte and teacher from which the matte is believed: clip art before a floor teaches another idea of a
subject than photos do."""
_EXACT = "stages.up.3"
"""In halves this stage of U²-Net-p moves a matte by 0.03 (see `free_of_constants`); all others by 0.005 together."""
_THINNED = ("stages.down.0", "stages.down.1.enter", "stages.up.3", "stages.up.4", "sides.0", "sides.1", "fuse")
"""Layers that write or read fewer channels than U²-Net-p's."""
_SAVED_EVERY_S, _MEASURED_EVERY_S = 120, 900
_BATCHES = ((192, 10), (224, 8), (320, 4))
"""Sizes of views, and how many of them are one step; what it costs is about the same."""
_SHOWN_SIDE = SIZE[0]
_MEASURED_ON = 64
"""Views on which what layers read is measured."""
_RISE, _FALLS_FROM, _LAST = 0.03, 0.6, 0.01
"""Shares of the steps: until when the rate rises, and from when it falls; and the last rate's share."""


@dataclass(frozen=True)
class Recipe:
    """What decides how it ends. `mattes`: how much the mattes count at the end, beside the teacher's answers.

    `others`: the share of the rate for layers that were not thinned and know what they need.
    """

    rate: float = 0.001
    others: float = 0.2
    maps: float = 0.5
    mattes: float = 0.4
    average: float = 0.99
    seed: int = 0


RECIPE = Recipe()
STEPS = 940


def train_on(recipe: Recipe, folder: Path, steps: int = STEPS) -> None:
    """Trains to the end, from where it was stopped; the rate stays until the end is near, so that the end may move."""
    import torch

    from feathercut.train.state import load, save

    torch.set_num_threads(1)
    school = School(recipe, steps)
    state = load(folder, asdict(recipe))
    if state is not None:
        school.restore(state)
    saved = measured = school.seconds
    if not school.rows:
        school.measure()
    while school.step < steps:
        school.learn()
        is_last = school.step == steps
        if is_last or school.seconds - measured > _MEASURED_EVERY_S:
            measured = school.seconds
            school.measure()
        if is_last or school.seconds - saved > _SAVED_EVERY_S:
            saved = school.seconds
            save(folder, asdict(recipe), school.state())


class School:
    """The two networks, the views, and how far they are. `seconds` is the processor's time that learning took."""

    def __init__(self, recipe: Recipe, steps: int) -> None:
        import torch

        from feathercut.models.catalogue import find
        from feathercut.train.average import Average
        from feathercut.train.computing import Computing, place
        from feathercut.train.distil import Distillation
        from feathercut.train.measured_steps import MeasuredSteps
        from feathercut.train.networks.balance import convolutions
        from feathercut.train.networks.norms import folded

        pairs = make()
        teacher, student, kept = begin(pairs)
        # Without norms, which are idle, a view takes a tenth less time.
        self.teacher, self.student = folded(teacher), folded(student).train()
        self.halves = Computing(torch.device("cpu"), "bf16")
        for network in (self.teacher, self.student):
            place(network, self.halves.device)
        _keep_exact(self.teacher.get_submodule(_EXACT))
        self.recipe, self.steps, self.rules = recipe, steps, find("u2netp").input
        names = sorted(path.stem for path in (pairs / "images").glob("*.jpg"))
        self.views = Views(pairs, [name for number, name in enumerate(names) if number % _HELD_OUT])
        self.held_out = Views(pairs, names[::_HELD_OUT])
        self.distillation = Distillation(self.teacher, self.student, kept)
        self.optimizer = MeasuredSteps(self.student, self._some())
        self.shares = {name: recipe.others for name in convolutions(self.student) if not name.startswith(_THINNED)}
        self.average = Average(self.student, recipe.average)
        self.step, self.seconds, self.rows = 0, 0.0, list[dict[str, float]]()

    def learn(self) -> None:
        """One step."""
        from feathercut.train.distil import answers_apart
        from feathercut.train.rates import share_of_rate

        began, recipe = time.process_time(), self.recipe
        done = self.step / self.steps
        random = np.random.default_rng([recipe.seed, self.step])
        size, count = _BATCHES[int(random.integers(len(_BATCHES)))]
        views = [self.views.view(random, size) for _ in range(count)]
        with self.halves.in_precision():
            lesson = self.distillation(self._tensors(views))
        wanted = _wanted(lesson, views, recipe.mattes * min(1.0, max(0.0, 2 * done - 1)))
        loss = answers_apart(lesson.said, wanted) + recipe.maps * (1 - 0.8 * done) * lesson.maps
        self.student.zero_grad()
        loss.backward()
        rate = recipe.rate * share_of_rate(self.step, self.steps, _RISE, _FALLS_FROM, _LAST)
        self.optimizer.step(rate, self.shares)
        self.average.follow(self.student)
        self.step += 1
        self.seconds += time.process_time() - began
        if self.step % 10 == 0:
            how_far = f"maps {lesson.maps.item():.4f}, {self.seconds:.0f} s"
            say(f"step {self.step} of {self.steps}: {loss.item():.4f}, {how_far}")

    def measure(self) -> None:
        """A row of what the average weights say of views and photos that were held out, in float32."""
        import torch

        from feathercut.train.distil import answers_apart
        from feathercut.train.held_out import iou

        learned = {name: value.clone() for name, value in self.student.state_dict().items()}
        self.student.load_state_dict(self.average.weights)
        random = np.random.default_rng(1)
        views = [self.held_out.view(random, _SHOWN_SIDE) for _ in range(_VIEWS_HELD_OUT)]
        photos = [self.held_out.whole(number, _SHOWN_SIDE) for number in range(self.held_out.photos)]
        found: dict[str, list[float]] = {
            "apart": [],
            "maps": [],
            "like_teacher": [],
            "photos": [],
            "teacher_photos": [],
        }
        with torch.no_grad():
            for view in (*views, *photos):
                lesson = self.distillation(self._tensors([view]))
                wanted = tuple(torch.sigmoid(one) for one in lesson.taught)
                said = torch.sigmoid(lesson.said[0])
                if len(found["apart"]) < len(views):
                    found["apart"].append(float(answers_apart(lesson.said, wanted)))
                    found["maps"].append(float(lesson.maps))
                    found["like_teacher"].append(iou(said, wanted[0]))
                else:
                    truth = torch.from_numpy(view.alpha[None])
                    found["photos"].append(iou(said, truth))
                    found["teacher_photos"].append(iou(wanted[0], truth))
        self.student.load_state_dict(learned)
        row = {name: sum(numbers) / len(numbers) for name, numbers in found.items()}
        self.rows.append({"step": self.step, "seconds": round(self.seconds), **row})
        say(", ".join(f"{name} {value:.4f}" for name, value in self.rows[-1].items()))

    def state(self) -> dict[str, Any]:
        """What `restore` takes."""
        return {
            "student": self.student.state_dict(),
            "optimizer": self.optimizer.state(),
            "average": self.average.state(),
            "position": [self.step, self.seconds],
            "rows": self.rows,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Goes on from a state."""
        self.student.load_state_dict(state["student"])
        self.optimizer.restore(**state["optimizer"])
        self.average.restore(**state["average"])
        (self.step, self.seconds), self.rows = state["position"], state["rows"]

    def _some(self) -> Iterator[Tensor]:
        """What layers are measured on, the same each time."""
        random = np.random.default_rng(2)
        for _ in range(_MEASURED_ON):
            yield self._tensors([self.views.view(random, _SHOWN_SIDE)])

    def _tensors(self, views: list[View]) -> Tensor:
        import torch

        from feathercut.train.feeding import normalised

        photos = normalised(torch.from_numpy(np.stack([view.rgb for view in views])), self.rules)
        return photos.contiguous(memory_format=torch.channels_last)


def _wanted(lesson: Lesson, views: list[View], share: float) -> tuple[Tensor, ...]:
    """What each answer should be: the teacher's, with so much of the matte where the two agree roughly."""
    import torch

    from feathercut.train.held_out import iou

    taught = [torch.sigmoid(one) for one in lesson.taught]
    for number, view in enumerate(views):
        truth = torch.from_numpy(view.alpha)
        if share and view.is_known and iou(taught[0][number], truth) >= _AGREE:
            for one in taught:
                one[number].lerp_(truth, share)
    return tuple(taught)


def _keep_exact(block: nn.Module) -> None:
    """Makes a part of a network compute in float32 whatever is around it."""
    import torch

    inexact = block.forward

    def forward(maps: Tensor) -> Tensor:
        with torch.autocast("cpu", enabled=False):
            made: Tensor = inexact(maps.float())
            return made

    setattr(block, "forward", forward)  # noqa: B010  # of this one block, not of its class
