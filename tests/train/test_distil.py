"""A student that learns from its teacher."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from feathercut.train.distil import Distillation, answers_apart, stages
from feathercut.train.measured_steps import MeasuredSteps
from feathercut.train.networks.answers import Network
from feathercut.train.networks.balance import convolutions
from feathercut.train.networks.narrow import narrow
from feathercut.train.networks.nested_u import Plan, Stage
from feathercut.train.networks.norms import blocks, folded, make_idle
from feathercut.train.networks.u2net import U2Net


def views(seed: int, count: int = 2) -> Tensor:
    """Something smooth, as photos are."""
    coarse = torch.rand(count, 3, 4, 4, generator=torch.Generator().manual_seed(seed)) * 4 - 2
    return torch.nn.functional.interpolate(coarse, size=(32, 32), mode="bicubic")


def small(first: int = 8, last: int = 8) -> Network:
    """A U²-Net of eight channels, or fewer in its first and last stage."""
    flat: Stage = ("4F", 8, 4, 8)
    joined: Stage = ("4F", 16, 4, 8)
    torch.manual_seed(0)
    network = U2Net(
        Plan(
            down=(("4F", 3, 4, first), ("4F", first, 4, 8), flat, flat, flat, flat),
            up=(joined, joined, joined, joined, ("4F", 8 + first, 4, last)),
        )
    ).eval()
    for block in blocks(network):
        make_idle(block)
    for conv in convolutions(network).values():  # PyTorch begins with weights under which answers vanish
        torch.nn.init.kaiming_normal_(conv.weight)
    return network


def apart(teacher: Network, student: Network, seen: Tensor) -> float:
    with torch.no_grad():
        wanted = [torch.sigmoid(one) for one in teacher(seen).logits]
        return float(answers_apart(student(seen).logits, wanted))


def test_a_student_that_is_its_teacher_has_nothing_to_learn() -> None:
    teacher = small()
    kept = {name: list(range(conv.out_channels)) for name, conv in convolutions(teacher).items()}
    lesson = Distillation(teacher, small(), kept)(views(1))
    assert len(stages(teacher)) == 11 and float(lesson.maps.detach()) == 0
    wanted = [torch.sigmoid(one) for one in lesson.taught]
    assert float(answers_apart(lesson.said, wanted).detach()) == pytest.approx(0, abs=1e-5)


def test_a_thinned_student_is_compared_with_the_channels_that_it_kept() -> None:
    teacher, student = small(), small(first=5, last=3)
    kept = narrow(teacher, student, [views(seed, 1) for seed in range(6)])
    assert [len(kept[f"{name}.enter.conv"]) for name in stages(student)] == [5, *[8] * 9, 3]
    others = {name: [7 - place for place in places] if len(places) < 8 else places for name, places in kept.items()}
    near, far = (float(Distillation(teacher, student, one)(views(9)).maps.detach()) for one in (kept, others))
    assert near < 0.8 * far


def test_a_student_learns_to_answer_as_its_teacher_does_on_views_that_it_has_not_seen() -> None:
    teacher, thin = small(), small(first=5, last=3)
    kept = narrow(teacher, thin, [views(seed, 1) for seed in range(4)])
    student, teacher = folded(thin).train(), folded(teacher)
    before = apart(teacher, student, views(99))
    distillation, steps = Distillation(teacher, student, kept), MeasuredSteps(student, [views(50, 32)])
    for step in range(40):
        lesson = distillation(views(100 + step))
        wanted = [torch.sigmoid(one) for one in lesson.taught]
        student.zero_grad()
        (answers_apart(lesson.said, wanted) + 0.5 * lesson.maps).backward()  # type: ignore[no-untyped-call]
        steps.step(0.006 * (1 - step / 40), {})
    assert apart(teacher, student, views(99)) < 0.7 * before


def test_how_far_answers_are_apart_is_the_divergence_of_what_is_wanted() -> None:
    said, wanted = torch.randn(2, 1, 4, 4), torch.rand(2, 1, 4, 4)
    own = torch.sigmoid(said)
    slow = wanted * (wanted / own).log() + (1 - wanted) * ((1 - wanted) / (1 - own)).log()
    assert float(answers_apart([said, said], [wanted, wanted])) == pytest.approx(2 * float(slow.mean()), rel=1e-4)
