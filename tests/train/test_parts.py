"""The parts that a training is made of, each beside what it stands for."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from feathercut.kernels.resample import shrink
from feathercut.models.catalogue import find
from feathercut.pictures import Image
from feathercut.steps.predict import normalise, place
from feathercut.train.average import Average, blended
from feathercut.train.compare import Scores, overlap
from feathercut.train.feeding import normalised
from feathercut.train.freezing import keeps_means, stages_to_freeze
from feathercut.train.held_out import iou, shown
from feathercut.train.losses import masks, mattes
from feathercut.train.losses.total import MASKS, MATTES, Weights, alike, total
from feathercut.train.networks.answers import Answers
from feathercut.train.networks.build import build
from train.drawn import pair


@pytest.mark.parametrize("model", ["u2netp", "isnet-general"])
def test_a_network_is_shown_in_training_what_a_run_shows_it(model: str) -> None:
    rules = find(model).input
    one = pair(3, 80)
    rgb, alpha = shown(one, 64, rules)
    canvas, _ = place(Image(one.pixels), (64, 64), rules)
    ours = normalised(torch.from_numpy(rgb), rules).numpy()
    assert np.abs(ours - normalise(canvas, rules)).max() < 1e-5
    assert np.abs(alpha[0, 0] - shrink(one.alpha[0][..., None], (64, 64), "box")[..., 0]).max() < 1e-6


def test_each_photo_of_a_batch_is_divided_by_its_own_maximum() -> None:
    rules = find("u2netp").input
    both = torch.stack([torch.full((3, 4, 4), 0.5), torch.full((3, 4, 4), 0.25)])
    white = (1 - torch.tensor(rules.mean)) / torch.tensor(rules.std)
    assert normalised(both, rules)[:, :, 0, 0].numpy() == pytest.approx(white.repeat(2, 1).numpy(), abs=1e-6)


def test_the_average_is_that_of_its_definition() -> None:
    network = nn.Sequential(nn.Conv2d(1, 1, 1), nn.BatchNorm2d(1))
    weight = network[0].weight
    assert isinstance(weight, nn.Parameter)
    with torch.no_grad():
        weight.fill_(0.0)
    average, expected = Average(network, 0.9), 0.0
    for step in range(100):
        with torch.no_grad():
            weight.fill_(float(step % 7))
        network(torch.rand(2, 1, 3, 3))
        average.follow(network)
        decay = min(0.9, (1 + step) / (10 + step))
        expected = decay * expected + (1 - decay) * (step % 7)
    assert average.weights["0.weight"].item() == pytest.approx(expected, abs=1e-5)
    # What a norm measured is not averaged twice.
    assert average.weights["1.running_mean"].equal(network.state_dict()["1.running_mean"])
    assert average.weights["1.num_batches_tracked"].item() == 100


def test_an_average_of_nothing_is_the_weights() -> None:
    network = nn.Conv2d(1, 1, 1)
    average = Average(network, 0.0)
    with torch.no_grad():
        network.weight.fill_(5.0)
    average.follow(network)
    assert average.weights["weight"].item() == 5


def test_a_blend_lies_between_what_it_is_made_of() -> None:
    start = {"w": torch.tensor([0.0, 4.0]), "n": torch.tensor(1)}
    tuned = {"w": torch.tensor([1.0, 0.0]), "n": torch.tensor(9)}
    assert blended(start, tuned, 0.25)["w"].tolist() == [0.25, 3.0]
    assert blended(start, tuned, 0.25)["n"].item() == 9
    assert blended(start, tuned, 1)["w"].equal(tuned["w"])


def answers(seed: int, sides: int) -> Answers:
    torch.manual_seed(seed)
    return Answers(tuple(torch.randn(2, 1, 32, 32) * 3 for _ in range(1 + sides)))


@pytest.mark.parametrize("weights", [MASKS, MATTES, Weights(sides=0.25, gradient=2.0)])
def test_the_total_is_the_sum_of_its_parts(weights: Weights) -> None:
    said = answers(0, 2)
    torch.manual_seed(1)
    truth = torch.rand(2, 1, 32, 32)
    alpha = torch.sigmoid(said.logits[0])
    by_hand = (
        weights.cross_entropy * masks.cross_entropy(said.logits[0], truth)
        + weights.region * masks.region(alpha, truth)
        + weights.structure * masks.structure(alpha, truth)
        + weights.laplacian * mattes.laplacian(alpha, truth)
        + weights.gradient * mattes.gradient(alpha, truth)
        + weights.unknown * mattes.unknown(alpha, truth)
        + weights.sides * sum(masks.cross_entropy(side, truth) for side in said.logits[1:])
    )
    assert total(said, truth, weights).item() == pytest.approx(float(by_hand), rel=1e-6)


def test_half_precision_is_summed_in_float32() -> None:
    said, truth = answers(0, 1), torch.rand(2, 1, 32, 32)
    halves = Answers(tuple(one.bfloat16() for one in said.logits))
    loss = total(halves, truth, MASKS)
    assert loss.dtype == torch.float32
    assert loss.item() == pytest.approx(total(said, truth, MASKS).item(), rel=0.01)


def test_staying_alike_costs_least_where_nothing_changed() -> None:
    said = answers(0, 1)
    least = sum(masks.cross_entropy(one, torch.sigmoid(one)) for one in said.logits)
    assert alike(said, said).item() == pytest.approx(float(least))
    assert alike(answers(1, 1), said) > alike(said, said) + 0.5


def test_few_photos_freeze_half_of_the_stages_and_many_none() -> None:
    network = build("u2netp")
    assert stages_to_freeze(network, None, 30) == 3
    assert stages_to_freeze(network, None, 100) == 0
    assert stages_to_freeze(network, 5, 30) == 5


def test_tuning_keeps_the_published_means_unless_told_otherwise() -> None:
    assert keeps_means("auto", is_tuning=True)
    assert not keeps_means("auto", is_tuning=False)
    assert not keeps_means("live", is_tuning=True)
    assert keeps_means("frozen", is_tuning=False)


def test_overlap_counts_pixels_over_one_half() -> None:
    truth = np.zeros((4, 4), np.float32)
    truth[:2] = 1
    matte = np.zeros((4, 4), np.float32)
    matte[1:3] = 0.6
    assert overlap(matte, truth) == pytest.approx(4 / 12)
    assert iou(torch.from_numpy(matte), torch.from_numpy(truth)) == pytest.approx(4 / 12)
    assert overlap(truth * 0, truth * 0) == iou(torch.zeros(2, 2), torch.zeros(2, 2)) == 1


@pytest.mark.parametrize(
    ("mae", "iou_after", "is_better"),
    [
        (0.01, 0.9, False),
        (0.00996, 0.9, False),
        (0.0099, 0.9, True),
        (0.0101, 0.95, False),
        (0.009, 0.8979, False),
        (0.009, 0.8981, True),
    ],
)
def test_better_is_a_smaller_error_without_less_overlap(mae: float, iou_after: float, is_better: bool) -> None:
    assert Scores(5, mae, iou_after, 1).is_better_than(Scores(5, 0.01, 0.9, 1)) is is_better
