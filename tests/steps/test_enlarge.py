"""Photos enlarged by a network that is made here: bicubic, twice as large."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from factories import red_engine, tiny_record
from feathercut import Remover
from feathercut.errors import NetworkError, OptionError, TooLargeError
from feathercut.kernels.resample import resize
from feathercut.loading import load
from feathercut.options import Network, RemoveOptions
from feathercut.pictures import FloatArray, Image
from feathercut.steps.enlarge import enlarge

RECORD = tiny_record(size=(32, 32))


def waves(size: tuple[int, int]) -> FloatArray:
    """A smooth picture, H×W×3."""
    y, x = np.mgrid[: size[0], : size[1]]
    planes = [0.5 + 0.4 * np.sin(x / 5 + channel) * np.cos(y / 7 - channel) for channel in range(3)]
    return np.stack(planes, axis=2).astype(np.float32)


class Answering:
    """An engine whose answer is a function of its input."""

    def __init__(self, answer: Callable[[FloatArray], FloatArray]) -> None:
        self._answer = answer

    def run(self, inputs: dict[str, FloatArray]) -> dict[str, FloatArray]:
        return {str(RECORD.output.name): self._answer(inputs[str(RECORD.input.name)])}

    def close(self) -> None:
        """Holds nothing."""


def doubled(array: FloatArray) -> FloatArray:
    """What a network that enlarges answers: 1×3×2h×2w."""
    planes = [resize(plane, (2 * plane.shape[0], 2 * plane.shape[1]), "bicubic") for plane in array[0]]
    return np.stack(planes)[None]


@pytest.mark.parametrize("size", [(1, 1), (5, 90), (32, 32), (50, 77)])
def test_tiles_join_without_a_seam(size: tuple[int, int]) -> None:
    photo = waves(size)
    found = enlarge(Image(photo), RECORD, Answering(doubled), 1e6)
    whole = resize(np.pad(photo, ((8, 8), (8, 8), (0, 0)), "edge"), (2 * size[0] + 32, 2 * size[1] + 32), "bicubic")
    assert found.size == (2 * size[0], 2 * size[1])
    assert np.abs(found.rgb - np.clip(whole[16:-16, 16:-16], 0, 1)).max() < 1e-4


def test_alpha_follows() -> None:
    alpha = np.zeros((20, 20), np.float32)
    alpha[:, 10:] = 1
    found = enlarge(Image(waves((20, 20)), alpha), RECORD, Answering(doubled), 1e6)
    assert found.alpha is not None and found.alpha.shape == (40, 40)
    assert found.alpha[20, 10] == 0 and found.alpha[20, 30] == 1


def test_more_pixels_than_are_allowed_are_refused() -> None:
    with pytest.raises(TooLargeError, match="80×80 pixels, 2 times as large each way"):
        enlarge(Image(waves((40, 40))), RECORD, Answering(doubled), 6000)


@pytest.mark.parametrize(
    "answer",
    [lambda array: array[:, 0], lambda array: array[..., ::2, ::2], lambda array: array * np.float32(np.nan)],
)
def test_what_is_no_larger_picture_is_said(answer: Callable[[FloatArray], FloatArray]) -> None:
    with pytest.raises(NetworkError, match="tiny"):
        enlarge(Image(waves((40, 40))), RECORD, Answering(answer), 1e6)


@pytest.fixture(name="twice")
def a_network_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The id of a record whose graph is one bicubic Resize, 1×3×32×32 to 1×3×64×64."""
    folder = tmp_path / "models"
    folder.mkdir()
    monkeypatch.setenv("FEATHERCUT_MODELS", str(folder))
    graph = helper.make_graph(
        [helper.make_node("Resize", ["small", "", "scales"], ["large"], mode="cubic")],
        "twice",
        [helper.make_tensor_value_info("small", TensorProto.FLOAT, [1, 3, "height", "width"])],
        [helper.make_tensor_value_info("large", TensorProto.FLOAT, [1, 3, "tall", "broad"])],
        [helper.make_tensor("scales", TensorProto.FLOAT, [4], [1, 1, 2, 2])],
    )
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), folder / "twice.onnx"
    )
    record = {
        "version": 1,
        "id": "twice",
        "title": "Twice as large",
        "task": "enlarge",
        "verified": True,
        "licence": {"weights": "MIT", "commercial": True, "source": "here"},
        "input": {"size": [32, 32], "mean": [0, 0, 0], "std": [1, 1, 1]},
        "output": {},
    }
    (folder / "twice.json").write_text(json.dumps(record), "utf-8")
    return "twice"


def enlarging(name: str) -> Remover:
    remover = Remover.from_engine(red_engine(), tiny_record(size=(64, 64)))
    remover._chosen = Network(enlarge_model=name)
    return remover


def two_things() -> Image:
    rgb = np.zeros((40, 60, 3), np.float32)
    rgb[4:36, 4:28, 0], rgb[10:30, 40:54, 0] = 1, 1
    return Image(rgb)


def test_the_result_is_as_much_larger_and_places_are_those_of_the_photo(twice: str) -> None:
    with enlarging(twice) as remover:
        both = remover.remove(two_things())
        assert both.picture.size == (80, 120)
        small = remover.remove(two_things(), subject="47px,20px", crop=True).picture.size
        assert abs(small[0] - 40) <= 6 and abs(small[1] - 28) <= 6
        right = remover.remove(two_things(), region="35px 0 60px 40px").alpha
        assert not right[:, :70].any() and right[40, 94] > 0.9
        assert [result.picture.size for result in remover.remove_each(two_things())] == [(80, 120), (80, 120)]


def test_networks_of_the_wrong_kind_are_refused_each_way(twice: str) -> None:
    with enlarging("u2netp") as remover, pytest.raises(OptionError, match="`enlarge_model`"):
        remover.remove(two_things())
    with pytest.raises(OptionError, match=r"`model`.*enlarge_model"):
        load(Network(model=twice))


def test_it_goes_with_a_network_alone() -> None:
    with pytest.raises(OptionError, match=r"`enlarge_model`.*`method`"):
        RemoveOptions(enlarge_model="twice", method="chroma")
