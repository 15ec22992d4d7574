"""What the papers say of their networks: tables, shapes, sizes, and what each part is there for."""

from __future__ import annotations

import pytest
import torch

from feathercut.errors import UnknownModelError
from feathercut.models import catalogue
from feathercut.train.networks import residual_u
from feathercut.train.networks.build import ARCHITECTURES, NETWORKS, build
from feathercut.train.networks.counts import gmac, parameters, weights_bytes
from feathercut.train.networks.isnet import MaskEncoder

ANSWERS = {"unet-small": 1, "u2net": 7, "u2netp": 7, "isnet": 6, "student": 7}


@pytest.mark.parametrize("name", NETWORKS)
def test_every_answer_has_the_size_of_the_photos_whatever_their_sides(name: str) -> None:
    network = build(name).eval()
    with torch.no_grad():
        answers = network(torch.zeros(2, 3, 37, 64))
    assert [tuple(one.shape) for one in answers.logits] == [(2, 1, 37, 64)] * ANSWERS[name]
    assert len(answers.features) == (6 if name == "isnet" else 0)


def test_isnet_and_the_mask_encoder_make_maps_of_the_same_shapes() -> None:
    with torch.no_grad():
        maps = build("isnet").eval()(torch.zeros(1, 3, 64, 64)).features
        of_masks = MaskEncoder().eval()(torch.zeros(1, 1, 64, 64))
    shapes = [tuple(one.shape[1:]) for one in maps]
    assert shapes == [(64, 32, 32), (64, 16, 16), (128, 8, 8), (256, 4, 4), (512, 2, 2), (512, 1, 1)]
    assert [tuple(one.shape[1:]) for one in of_masks.features] == shapes
    assert [tuple(one.shape) for one in of_masks.logits] == [(1, 1, 64, 64)] * 6


@pytest.mark.parametrize(
    ("name", "numbers", "megabytes"),
    [
        ("unet-small", 1_965_569, 7.9),
        ("u2net", 44_009_869, 176.2),  # the paper: 176.3 MB, with the file around them
        ("u2netp", 1_131_181, 4.5),  # the paper: 4.7 MB
        ("isnet", 44_046_790, 176.3),  # the paper: 176.6 MB
    ],
)
def test_sizes_are_those_of_the_papers(name: str, numbers: int, megabytes: float) -> None:
    network = build(name)
    assert parameters(network) == numbers
    assert weights_bytes(network) / 1e6 == pytest.approx(megabytes, abs=0.05)


def test_the_mask_encoder_has_the_size_that_its_paper_gives() -> None:
    assert weights_bytes(MaskEncoder()) / 1e6 == pytest.approx(27.7, abs=0.2)


@pytest.mark.parametrize(
    ("name", "side", "giga"),
    [("unet-small", 320, 5.5), ("u2net", 320, 58.6), ("u2netp", 320, 19.8), ("isnet", 1024, 159.7)],
)
def test_a_photo_costs_what_its_convolutions_multiply(name: str, side: int, giga: float) -> None:
    assert gmac(build(name), (side, side)) == pytest.approx(giga, abs=0.05)


@pytest.mark.parametrize(
    ("name", "stages"), [("unet-small", 5), ("u2net", 6), ("u2netp", 6), ("isnet", 7), ("student", 6)]
)
def test_the_stages_of_the_way_down_begin_at_the_photo(name: str, stages: int) -> None:
    network = build(name)
    assert len(network.encoder) == stages
    first = next(part for part in network.encoder[0].modules() if isinstance(part, torch.nn.Conv2d))
    assert first.in_channels == 3
    decoded = {id(one) for one in network.parameters()} - {
        id(one) for part in network.encoder for one in part.parameters()
    }
    assert decoded, "the way up is not among them"


def test_every_architecture_has_a_record_and_a_network() -> None:
    assert set(ARCHITECTURES.values()) <= NETWORKS.keys()
    assert all(catalogue.find(record).id == record for record in ARCHITECTURES)


def test_the_student_fits_in_five_megabytes_of_half_floats_and_in_two_fifths_of_the_work() -> None:
    student, incumbent = build("student"), build("u2netp")
    assert weights_bytes(student) / 2 < 5_000_000
    assert gmac(student, (320, 320)) < 0.4 * gmac(incumbent, (320, 320))


def test_an_unknown_network_is_named_beside_those_that_there_are() -> None:
    with pytest.raises(UnknownModelError, match="`u3net`; there are unet-small, u2net, u2netp, isnet, student"):
        build("u3net")


@pytest.mark.parametrize("name", NETWORKS)
def test_deep_supervision_reaches_every_weight(name: str) -> None:
    torch.manual_seed(0)
    network = build(name)
    answers = network(
        torch.rand(3, 3, 96, 96)
    )  # of fewer or smaller photos the deepest norms would have next to nothing
    torch.autograd.backward(torch.stack([one.abs().mean() for one in answers.logits]).sum())
    # A bias before a batch normalisation changes nothing, so it learns nothing.
    idle = {f"{name}.bias" for name, part in network.named_modules() if name.endswith(".conv") and part}
    unreached = [
        name
        for name, one in network.named_parameters()
        if name not in idle and (one.grad is None or not one.grad.any())
    ]
    assert not unreached


@pytest.mark.parametrize("height", [4, 5, 6, 7, "4F"])
def test_a_residual_block_is_what_enters_plus_what_its_u_makes_of_it(height: residual_u.Height) -> None:
    block = residual_u.residual_u(height, 3, 4, 8).eval()
    maps = torch.rand(1, 3, 33, 20)
    with torch.no_grad():
        whole = block(maps)
        block.get_submodule("up")[-1].norm.weight.zero_()  # type: ignore[index]  # a list of blocks
        assert whole.shape == (1, 8, 33, 20)
        entered = block.get_submodule("enter")(maps)
        assert torch.equal(block(maps), entered)
        assert not torch.equal(whole, entered)


@pytest.mark.parametrize(("height", "pixels"), [(4, 60), (5, 120), (6, 240), (7, 480), ("4F", 47)])
def test_each_level_doubles_how_far_a_block_sees(height: residual_u.Height, pixels: int) -> None:
    """The width of what the middle of the output depends on; 47 is one more than twice 1+1+2+4+8+4+2+1."""
    block = residual_u.residual_u(height, 1, 2, 1).double().eval()
    setattr(block, "halve", torch.nn.AvgPool2d(2, ceil_mode=True))  # noqa: B010  # the largest hides the other three
    for part in block.modules():
        if isinstance(part, torch.nn.Conv2d):
            torch.nn.init.constant_(part.weight, 1.0)
    photo = torch.ones(1, 1, 1, 1025, dtype=torch.float64, requires_grad=True)
    torch.autograd.backward(block(photo)[0, 0, 0, 512])
    assert photo.grad is not None
    reached = photo.grad[0, 0, 0].nonzero()
    assert int(reached.max() - reached.min()) + 1 == pixels


def test_the_same_seed_builds_the_same_network() -> None:
    def first() -> torch.Tensor:
        torch.manual_seed(7)
        return next(build("u2netp").parameters())

    assert torch.equal(first(), first())
