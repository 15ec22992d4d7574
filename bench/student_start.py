"""Where the student begins: U²-Net-p thinned, beside U²-Net-p itself with the same channels in the same sizes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.processes import say
from bench.student_photos import FOLDER

if TYPE_CHECKING:
    from torch import Tensor

    from feathercut.train.networks.answers import Network

THINNED_ON = 32
SIZE = (320, 320)
START = FOLDER / "start.pt"


def begin(pairs_folder: Path) -> tuple[Network, Network, dict[str, list[int]]]:
    """The teacher, the student, both balanced and with idle norms, and which channels of each layer were kept."""
    import torch

    if not START.is_file():
        _thin(pairs_folder)
    kept: dict[str, Any] = torch.load(START, weights_only=True)
    return idle("u2netp", kept["teacher"]), idle("student", kept["student"]), kept["kept"]


def idle(name: str, weights: dict[str, Tensor]) -> Network:
    """A network of those convolutions, whatever norms were folded into them."""
    from feathercut.train.networks.build import build
    from feathercut.train.networks.norms import blocks, make_idle

    network: Network = build(name).eval()
    for block in blocks(network):
        make_idle(block)
    network.load_state_dict(weights, strict=False)
    return network


def _thin(pairs_folder: Path) -> None:
    import torch

    from feathercut.models.catalogue import find
    from feathercut.models.weights import locate
    from feathercut.settings import Settings
    from feathercut.train.begin import open_pairs
    from feathercut.train.feeding import normalised
    from feathercut.train.held_out import shown
    from feathercut.train.networks.balance import balance
    from feathercut.train.networks.build import build
    from feathercut.train.networks.constant import free_of_constants
    from feathercut.train.networks.export import export
    from feathercut.train.networks.narrow import narrow
    from feathercut.train.networks.published import load_published

    say("thinning U²-Net-p")
    record, pairs = find("u2netp"), open_pairs(pairs_folder)
    teacher, student = build("u2netp"), idle("student", {})
    load_published(teacher, locate(record, Settings.read()))
    chosen = [pairs[number * len(pairs) // THINNED_ON] for number in range(THINNED_ON)]
    photos = [normalised(torch.from_numpy(shown(one, SIZE[0], record.input).rgb), record.input) for one in chosen]
    balance(teacher, photos[::4])
    kept = narrow(teacher, student, photos)
    free_of_constants(student, photos[::4])
    export(student, FOLDER / "start.onnx", SIZE, record)
    part = START.with_suffix(".part")
    torch.save({"teacher": teacher.state_dict(), "student": student.state_dict(), "kept": kept}, part)
    part.replace(START)
