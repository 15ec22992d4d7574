"""How the student learns: what U²-Net-p says of every view, and towards the end more of what the mattes say.

One thread, on a processor that multiplies halves; the state is saved every few minutes and a killed run goes on.
"""

from __future__ import annotations

import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.processes import say
from bench.student_photos import make
from bench.student_start import begin
from bench.student_views import View, Views

if TYPE_CHECKING:
    from torch import Tensor, nn

    from feathercut.train.distil import Lesson

_HELD_OUT = 20
"""One pair in so many is never learned from."""
_VIEWS_HELD_OUT = 20
_CENTRED_ON = 16
_AGREE = 0.7
"""The IoU of matte and teacher from which the matte is believed: clip art before a floor teaches another idea of a
subject than photos do."""
_EXACT = "stages.up.3"
"""In halves this stage of U²-Net-p moves a matte by 0.03 (see `free_of_constants`); all others by 0.005 together."""
_SAVED_EVERY_S, _MEASURED_EVERY_S = 120, 600


@dataclass(frozen=True)
class Recipe:
    """What decides how it ends. `mattes`: how much the mattes count at the end, beside the teacher's answers."""

    rate: float = 3e-5
    steps: int = 1350
    batch: int = 2
    size: int = 288
    maps: float = 0.5
    mattes: float = 0.6
    average: float = 0.995
    seed: int = 0


RECIPE = Recipe()


def train_on(recipe: Recipe, folder: Path) -> None:
    """Trains to the end, from where it was stopped."""
    import torch

    from feathercut.train.state import load, save

    torch.set_num_threads(1)
    school = School(recipe)
    state = load(folder, asdict(recipe))
    if state is not None:
        school.restore(state)
    saved = measured = school.seconds
    if not school.rows:
        school.measure()
    while school.step < recipe.steps:
        school.learn()
        is_last = school.step == recipe.steps
        if is_last or school.seconds - measured > _MEASURED_EVERY_S:
            measured = school.seconds
            school.measure()
        if is_last or school.seconds - saved > _SAVED_EVERY_S:
            saved = school.seconds
            save(folder, asdict(recipe), school.state())


class School:
    """The two networks, the views, and how far they are. `seconds` is the processor's time that learning took."""

    def __init__(self, recipe: Recipe) -> None:
        import torch

        from feathercut.models.catalogue import find
        from feathercut.train.average import Average
        from feathercut.train.centred import Centred
        from feathercut.train.computing import Computing, place
        from feathercut.train.distil import Distillation
        from feathercut.train.networks.norms import folded

        pairs = make()
        teacher, student, kept = begin(pairs)
        # Without norms, which are idle, a view takes a tenth less time.
        self.teacher, self.student = folded(teacher), folded(student).train()
        self.halves = Computing(torch.device("cpu"), "bf16")
        for network in (self.teacher, self.student):
            place(network, self.halves.device)
        _keep_exact(self.teacher.get_submodule(_EXACT))
        self.recipe, self.rules = recipe, find("u2netp").input
        self.distillation = Distillation(self.teacher, self.student, kept)
        self.optimizer = torch.optim.AdamW(self.student.parameters(), recipe.rate, betas=(0.9, 0.99), weight_decay=1e-4)
        self.average = Average(self.student, recipe.average)
        names = sorted(path.stem for path in (pairs / "images").glob("*.jpg"))
        others = [name for number, name in enumerate(names) if number % _HELD_OUT]
        self.views = Views(pairs, others, recipe.size)
        self.held_out = Views(pairs, names[::_HELD_OUT], recipe.size)
        random = np.random.default_rng(2)
        self.centred = Centred(self.student, [self._tensors([self.views.view(random)]) for _ in range(_CENTRED_ON)])
        self.step, self.seconds, self.rows = 0, 0.0, list[dict[str, float]]()

    def learn(self) -> None:
        """One step."""
        from feathercut.train.distil import answers_apart

        began, recipe = time.process_time(), self.recipe
        done = self.step / recipe.steps
        random = np.random.default_rng([recipe.seed, self.step])
        views = [self.views.view(random) for _ in range(recipe.batch)]
        for group in self.optimizer.param_groups:
            group["lr"] = recipe.rate * _warmth(self.step, recipe.steps)
        with self.halves.in_precision():
            lesson = self.distillation(self._tensors(views))
        wanted = _wanted(lesson, views, recipe.mattes * max(0.0, 2 * done - 1))
        loss = answers_apart(lesson.said, wanted) + recipe.maps * (1 - 0.8 * done) * lesson.maps
        self.optimizer.zero_grad()
        loss.backward()
        self.centred.step(self.optimizer)
        self.average.follow(self.student)
        self.step += 1
        self.seconds += time.process_time() - began
        if self.step % 20 == 0:
            how_far = f"maps {lesson.maps.item():.4f}, {self.seconds:.0f} s"
            say(f"step {self.step} of {recipe.steps}: {loss.item():.4f}, {how_far}")

    def measure(self) -> None:
        """A row of what the average weights say of views and photos that were held out, in float32."""
        import torch

        from feathercut.train.distil import answers_apart
        from feathercut.train.held_out import iou

        learned = {name: value.clone() for name, value in self.student.state_dict().items()}
        self.student.load_state_dict(self.average.weights)
        random = np.random.default_rng(1)
        views = [self.held_out.view(random) for _ in range(_VIEWS_HELD_OUT)]
        photos = [self.held_out.whole(number) for number in range(self.held_out.photos)]
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
            "optimizer": self.optimizer.state_dict(),
            "average": self.average.state(),
            "position": [self.step, self.seconds],
            "rows": self.rows,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Goes on from a state."""
        self.student.load_state_dict(state["student"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.average.restore(**state["average"])
        (self.step, self.seconds), self.rows = state["position"], state["rows"]

    def _tensors(self, views: list[View]) -> Tensor:
        import torch

        from feathercut.train.feeding import normalised

        photos = normalised(torch.from_numpy(np.stack([view.rgb for view in views])), self.rules)
        return photos.contiguous(memory_format=torch.channels_last)


def _warmth(step: int, steps: int) -> float:
    """The share of the rate: up in a twentieth of the steps, then down along half a cosine."""
    rise = max(1, steps // 20)
    if step < rise:
        return (step + 1) / rise
    return 0.01 + 0.99 * (1 + math.cos(math.pi * (step - rise) / (steps - rise))) / 2


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
