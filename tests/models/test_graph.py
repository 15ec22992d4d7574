from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from feathercut.errors import RecordError, WeightsError
from feathercut.models import catalogue, graph
from feathercut.models.spec import Record
from feathercut.settings import Settings

Make = Callable[..., Record]
Array = NDArray[np.float32]


def _run(path: Path, picture: Array, outputs: list[str] | None = None) -> list[Array]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    options.log_severity_level = 3
    for name, side in zip(("height", "width"), picture.shape[2:], strict=True):
        options.add_free_dimension_override_by_name(name, side)
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    result: list[Array] = session.run(outputs, {session.get_inputs()[0].name: picture})
    return result


def _disc(side: int) -> Array:
    """A soft bright disc on a dark ramp, normalised roughly as networks take it."""
    y, x = np.mgrid[0:side, 0:side] / side - 0.5
    disc = np.clip((0.3 - np.hypot(x, y)) * 20, 0, 1)
    rgb = np.stack([0.2 + 0.7 * disc, 0.3 + 0.2 * x, 0.6 - 0.4 * disc])
    return (rgb - 0.5)[None].astype(np.float32)


def _small(tmp_path: Path, *, side: int = 64, target: int = 64, is_half: bool = False) -> Path:
    """Half the size and back to a frozen one, with a second output; in half precision with casts at the end."""
    kind = TensorProto.FLOAT16 if is_half else TensorProto.FLOAT
    weight = np.ones((1, 3, 1, 1), np.float16 if is_half else np.float32) / 3
    half = [
        helper.make_node("Resize", ["middle", "", "", "sizes"], ["large"], mode="linear"),
        helper.make_node("MaxPool", ["grey"], ["middle"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Shape", ["middle"], ["shape"]),
        helper.make_node("Slice", ["shape", "zero", "two"], ["front"]),
        helper.make_node("Concat", ["front", "frozen"], ["sizes"], axis=0),
        helper.make_node("Sigmoid", ["large"], ["matte_half" if is_half else "matte"]),
        helper.make_node("Conv", ["input_half" if is_half else "input", "weight"], ["grey"]),
    ]
    casts = [
        helper.make_node("Cast", ["input"], ["input_half"], to=TensorProto.FLOAT16),
        helper.make_node("Cast", ["matte_half"], ["matte"], to=TensorProto.FLOAT),
        helper.make_node("Cast", ["middle"], ["feature"], to=TensorProto.FLOAT),
    ]
    rest = casts if is_half else [helper.make_node("Identity", ["middle"], ["feature"])]
    made = helper.make_graph(
        [half[6], half[1], half[2], half[3], half[4], half[0], half[5], *rest],
        "small",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 3, side, side])],
        [
            helper.make_tensor_value_info("matte", TensorProto.FLOAT, [1, 1, target, target]),
            helper.make_tensor_value_info("feature", TensorProto.FLOAT, [1, 1, side // 2, side // 2]),
        ],
        [
            numpy_helper.from_array(weight, "weight"),
            numpy_helper.from_array(np.array([0]), "zero"),
            numpy_helper.from_array(np.array([2]), "two"),
            numpy_helper.from_array(np.array([target, target]), "frozen"),
        ],
    )
    assert kind in (TensorProto.FLOAT, TensorProto.FLOAT16)
    path = tmp_path / "small.onnx"
    onnx.save(helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), str(path))
    return path


def _record(make_record: Make, sizes: tuple[int, ...] = (32,), name: str = "matte") -> Record:
    record = make_record(files=[])
    one = record.input.model_copy(update={"name": "input", "size": (64, 64), "sizes": sizes})
    two = record.output.model_copy(update={"name": name})
    return record.model_copy(update={"input": one, "output": two})


@pytest.mark.parametrize("is_half", [False, True])
def test_a_frozen_network_runs_at_its_own_size_and_at_others(
    is_half: bool, tmp_path: Path, settings: Settings, make_record: Make
) -> None:
    source = _small(tmp_path, is_half=is_half)
    path = graph.prepare(source, _record(make_record), settings)
    expected = _run(source, _disc(64), ["matte"])[0]
    assert np.abs(_run(path, _disc(64))[0] - expected).max() < (1e-3 if is_half else 1e-6)
    assert _run(path, _disc(32))[0].shape == (1, 1, 32, 32)
    kinds = {node.op_type for node in onnx.load(str(path)).graph.node}
    assert kinds == {"Conv", "MaxPool", "Resize", "Sigmoid"}
    onnx.checker.check_model(str(path), full_check=True)


def test_features_come_by_name(tmp_path: Path, settings: Settings, make_record: Make) -> None:
    source = _small(tmp_path, is_half=True)
    path = graph.prepare(source, _record(make_record), settings, outputs=("matte", "feature"))
    matte, feature = _run(path, _disc(32))
    assert (matte.shape, feature.shape) == ((1, 1, 32, 32), (1, 1, 16, 16))
    assert path != graph.prepare(source, _record(make_record), settings)


def test_a_network_that_needs_nothing_is_run_as_it_is(tmp_path: Path, settings: Settings, make_record: Make) -> None:
    whole = onnx.load(str(_small(tmp_path)))
    del whole.graph.output[1]
    onnx.save(whole, str(tmp_path / "plain.onnx"))
    assert graph.prepare(tmp_path / "plain.onnx", _record(make_record, ()), settings) == tmp_path / "plain.onnx"
    assert graph.prepare(tmp_path / "plain.onnx", _record(make_record, ()), settings) == tmp_path / "plain.onnx"


def test_a_second_preparation_is_none(tmp_path: Path, settings: Settings, make_record: Make) -> None:
    source = _small(tmp_path)
    first = graph.prepare(source, _record(make_record), settings)
    before = first.stat().st_mtime_ns
    assert graph.prepare(source, _record(make_record), settings) == first
    assert first.stat().st_mtime_ns == before
    assert list(first.parent.iterdir()) == [first]


@pytest.mark.parametrize("sizes", [(32,), ()])
def test_several_photos_at_once_answer_as_each_alone(
    sizes: tuple[int, ...], tmp_path: Path, settings: Settings, make_record: Make
) -> None:
    record, source = _record(make_record, sizes), _small(tmp_path)
    one = graph.prepare(source, record, settings)
    many = graph.prepare(source, record, settings, form=graph.Form(is_batched=True))
    photos = np.concatenate([_disc(64), -_disc(64), _disc(64) / 2])
    each = [_run(one, photo[None])[0] for photo in photos]
    assert np.abs(_run(many, photos)[0] - np.concatenate(each)).max() < 1e-6
    onnx.checker.check_model(str(many), full_check=True)


@pytest.mark.parametrize("is_half", [False, True])
def test_half_precision_is_counted_in_and_float32_comes_back(
    is_half: bool, tmp_path: Path, settings: Settings, make_record: Make
) -> None:
    record, source = _record(make_record), _small(tmp_path, is_half=is_half)
    whole = graph.prepare(source, record, settings)
    half = graph.prepare(source, record, settings, form=graph.Form("fp16"))
    assert half != whole
    kinds = {tensor.name: tensor.data_type for tensor in onnx.load(str(half)).graph.initializer}
    assert kinds["weight"] == TensorProto.FLOAT16
    answer, expected = (_run(path, _disc(32))[0] for path in (half, whole))
    assert answer.dtype == np.float32 and np.abs(answer - expected).max() < 1 / 255


def test_other_weights_are_prepared_anew(tmp_path: Path, settings: Settings, make_record: Make) -> None:
    first = graph.prepare(_small(tmp_path), _record(make_record), settings)
    os.utime(_small(tmp_path, is_half=True), ns=(1, 1))
    assert graph.prepare(tmp_path / "small.onnx", _record(make_record), settings) != first


def test_a_network_frozen_beyond_help_says_what_to_change(
    tmp_path: Path, settings: Settings, make_record: Make
) -> None:
    source = _small(tmp_path, target=50)
    with pytest.raises(RecordError, match=r"frozen to the size.*`input\.sizes`"):
        graph.prepare(source, _record(make_record), settings)


def test_an_output_that_is_not_there_is_named(tmp_path: Path, settings: Settings, make_record: Make) -> None:
    with pytest.raises(RecordError, match="has no output `mask`"):
        graph.prepare(_small(tmp_path), _record(make_record, name="mask"), settings)


def test_what_is_no_network_is_refused_by_name(tmp_path: Path, settings: Settings, make_record: Make) -> None:
    (tmp_path / "text.onnx").write_bytes(b"this is no network")
    with pytest.raises(WeightsError, match=r"text\.onnx: cannot be read as an ONNX network"):
        graph.prepare(tmp_path / "text.onnx", _record(make_record), settings)


@pytest.mark.weights
def test_u2netp_prepared_answers_as_published(u2netp_path: Path, weights_settings: Settings) -> None:
    record = catalogue.find("u2netp")
    path = graph.prepare(u2netp_path, record, weights_settings)
    expected = _run(u2netp_path, _disc(320), [str(record.output.name)])[0]
    assert np.abs(_run(path, _disc(320))[0] - expected).max() < 1e-5
    for side in record.input.sizes[:1]:
        assert _run(path, _disc(side))[0].shape == (1, 1, side, side)


@pytest.mark.weights
def test_isnet_prepared_answers_as_published(isnet_path: Path, weights_settings: Settings) -> None:
    record = catalogue.find("isnet-general")
    path = graph.prepare(isnet_path, record, weights_settings)
    expected = _run(isnet_path, _disc(1024), [str(record.output.name)])[0]
    assert expected.max() > 0.5, "the picture has a subject"
    assert np.abs(_run(path, _disc(1024))[0] - expected).mean() < 1e-3


@pytest.mark.weights
def test_isnet_prepared_runs_at_every_size_of_its_record(isnet_path: Path, weights_settings: Settings) -> None:
    record = catalogue.find("isnet-general")
    path = graph.prepare(isnet_path, record, weights_settings)
    large = _run(path, _disc(1024))[0][0, 0]
    for side in record.input.sizes:
        small = _run(path, _disc(side))[0][0, 0]
        assert small.shape == (side, side)
        if side == 768:  # near its own size it must also see the same; far from it the network is weak
            step = np.arange(768) * 1024 // 768
            assert np.abs(small - large[np.ix_(step, step)]).mean() < 0.1


@pytest.mark.weights
def test_isnet_gives_its_feature_maps_when_asked(isnet_path: Path, weights_settings: Settings, tmp_path: Path) -> None:
    record = catalogue.find("isnet-general")
    path = graph.prepare(
        isnet_path, record, Settings(cache=tmp_path), outputs=(str(record.output.name), *record.features)
    )
    shapes = [array.shape for array in _run(path, _disc(320))]
    path.unlink()  # 176 MB that nobody needs again
    assert shapes == [
        (1, 1, 320, 320), (1, 64, 160, 160), (1, 64, 80, 80), (1, 128, 40, 40),
        (1, 256, 20, 20), (1, 512, 10, 10), (1, 512, 5, 5),
    ]  # fmt: skip
