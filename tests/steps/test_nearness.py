"""The subject that stands in front, told by a depth network that is made here."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from factories import red_engine, tiny_record
from feathercut import Remover
from feathercut.engines.stub import StubEngine
from feathercut.errors import LicenceError, OptionError, WeightsError
from feathercut.loading import load
from feathercut.options import Network, Select
from feathercut.pictures import FloatArray, Image, Matte
from feathercut.steps.choose import choose
from feathercut.steps.predict import nearness


def two_discs(blue: tuple[float, float] = (0.2, 0.9)) -> Image:
    """A large red thing on the left and a small one on the right; `blue` says how near each is."""
    rgb = np.zeros((80, 160, 3), np.float32)
    rgb[20:60, 10:60], rgb[30:50, 110:140] = (1, 0, blue[0]), (1, 0, blue[1])
    return Image(rgb)


def blueness(array: FloatArray) -> FloatArray:
    """What a depth network answers: 1×h×w, of any range."""
    return np.asarray(array[:, 2] * 37 + 5, np.float32)


def test_nearness_is_0_to_1_and_1_the_nearest_whichever_end_that_is() -> None:
    record = tiny_record(size=(32, 64)).model_copy()
    output = record.output.model_copy(update={"rescale": "min-max"})
    near = nearness(two_discs(), record.model_copy(update={"output": output}), StubEngine(blueness))
    assert (near.min(), near.max()) == (0, 1)
    assert near[16, 50] > 0.95 > near[16, 12] > 0.1
    far = output.model_copy(update={"near": "low"})
    turned = nearness(two_discs(), record.model_copy(update={"output": far}), StubEngine(blueness))
    assert np.allclose(turned, 1 - near)


@pytest.mark.parametrize(("blue", "number"), [((0.2, 0.9), 2), ((0.9, 0.2), 1)])
def test_the_nearest_is_kept_and_the_others_go(blue: tuple[float, float], number: int) -> None:
    photo = two_discs(blue)
    matte = Matte(np.ascontiguousarray(photo.rgb[..., 0]))
    chosen, found = choose(photo, matte, Select(subject="nearest"), lambda image: image.rgb[::2, ::2, 2])
    assert found is not None
    assert [one.number for one in found if one.kept] == [number]
    assert chosen.alpha[40, 125 if number == 2 else 30] == 1
    assert chosen.alpha[40, 30 if number == 2 else 125] == 0


def test_one_subject_is_the_nearest_without_a_look_at_depth() -> None:
    photo = two_discs()
    matte = Matte(np.ascontiguousarray(photo.rgb[..., 0] * (np.arange(160) < 80)))

    def never(_: Image) -> FloatArray:
        raise AssertionError("nothing to compare")

    assert choose(photo, matte, Select(subject="nearest"), never)[0].alpha.sum() == matte.alpha.sum()


def test_where_nothing_tells_depth_that_is_said() -> None:
    photo = two_discs()
    with pytest.raises(OptionError, match=r"`subject`.*depth network"):
        choose(photo, Matte(np.ascontiguousarray(photo.rgb[..., 0])), Select(subject="nearest"))


@pytest.fixture(name="own_depth")
def a_depth_network_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a record of a depth network and its graph: the photo's blue, as 1×h×w."""
    folder = tmp_path / "models"
    folder.mkdir()
    monkeypatch.setenv("FEATHERCUT_MODELS", str(folder))
    blue = helper.make_tensor("blue", TensorProto.INT64, [1], [2])
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["photo", "blue"], ["plane"], axis=1),
            helper.make_node("Squeeze", ["plane", "one"], ["depth"]),
        ],
        "depth",
        [helper.make_tensor_value_info("photo", TensorProto.FLOAT, [1, 3, 64, 64])],
        [helper.make_tensor_value_info("depth", TensorProto.FLOAT, [1, 64, 64])],
        [blue, helper.make_tensor("one", TensorProto.INT64, [1], [1])],
    )
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), folder / "my-depth.onnx"
    )
    record = {
        "version": 1,
        "id": "my-depth",
        "title": "How blue it is",
        "task": "depth",
        "verified": True,
        "licence": {"weights": "MIT", "commercial": True, "source": "here"},
        "input": {"size": [64, 64], "mean": [0, 0, 0], "std": [1, 1, 1]},
        "output": {"rescale": "min-max"},
    }
    (folder / "my-depth.json").write_text(json.dumps(record), "utf-8")
    return folder


def with_depth(name: str) -> Remover:
    remover = Remover.from_engine(red_engine(), tiny_record(size=(80, 160)))
    remover._chosen = Network(depth_model=name)
    return remover


@pytest.mark.usefixtures("own_depth")
def test_a_depth_network_of_ones_own_finds_the_nearest() -> None:
    with with_depth("my-depth") as remover:
        result = remover.remove(two_discs(), subject="nearest")
        assert result.alpha[40, 125] > 0.9 and result.alpha[40, 30] == 0
        assert remover.remove(two_discs((0.9, 0.1)), subject="nearest").alpha[40, 30] > 0.9


def test_weights_that_are_not_there_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEATHERCUT_OFFLINE", "1")
    with with_depth("midas-small") as remover, pytest.raises(WeightsError, match="midas-small"):
        remover.remove(two_discs(), subject="nearest")


@pytest.mark.usefixtures("own_depth")
def test_networks_of_the_wrong_kind_are_refused_each_way() -> None:
    with with_depth("u2netp") as remover, pytest.raises(OptionError, match="`depth_model`"):
        remover.remove(two_discs(), subject="nearest")
    with pytest.raises(OptionError, match=r"`model`.*depth_model"):
        load(Network(model="my-depth"))
    with pytest.raises(LicenceError):
        load(Network(model="rmbg-1.4"))
