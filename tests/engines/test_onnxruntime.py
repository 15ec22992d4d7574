from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper

from factories import half_white, tiny_record
from feathercut import system
from feathercut.engines import Engine
from feathercut.engines.onnxruntime import OnnxRuntimeEngine
from feathercut.engines.stub import StubEngine
from feathercut.errors import DeviceError, NetworkError
from feathercut.pictures import FloatArray
from feathercut.remover import Remover


def red_network(path: Path, *, kind: int = TensorProto.FLOAT, sides: tuple[int | str, int | str] = (8, 8)) -> Path:
    """A network whose matte is the red of its input, with a second output: the mean of the colours."""
    nodes = [
        helper.make_node("Split", ["input"], ["red", "green", "blue"], axis=1, num_outputs=3),
        helper.make_node("Identity", ["red"], ["output"]),
        helper.make_node("ReduceMean", ["input", "axes"], ["mean"], keepdims=1),
    ]
    shape = [1, 3, *sides]
    graph = helper.make_graph(
        nodes,
        "red",
        [helper.make_tensor_value_info("input", kind, shape)],
        [helper.make_tensor_value_info(name, kind, [1, 1, *sides]) for name in ("output", "mean")],
        [helper.make_tensor("axes", TensorProto.INT64, [1], [1])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.save(model, str(path))
    return path


def numbers(side: int = 8) -> FloatArray:
    return np.random.default_rng(1).random((1, 3, side, side)).astype(np.float32)


def test_the_first_output_comes_back_by_its_name(tmp_path: Path) -> None:
    engine: Engine = OnnxRuntimeEngine(red_network(tmp_path / "red.onnx"), "cpu", (8, 8))
    array = numbers()
    outputs = engine.run({"input": array})
    assert list(outputs) == ["output"] and outputs["output"].dtype == np.float32
    assert np.array_equal(outputs["output"], array[:, :1])


def test_the_engine_and_the_stub_answer_alike(tmp_path: Path) -> None:
    real = OnnxRuntimeEngine(red_network(tmp_path / "red.onnx"), "cpu", (8, 8))
    stub = StubEngine(lambda array: np.ascontiguousarray(array[0, 0]))
    assert np.array_equal(real.run({"input": numbers()})["output"], stub.run({"input": numbers()})["output"])
    results = [Remover.from_engine(engine, tiny_record()).remove(half_white()) for engine in (real, stub)]
    assert np.array_equal(results[0].alpha, results[1].alpha) and results[0].alpha.max() == 1


def test_outputs_that_were_asked_for_come_in_that_order(tmp_path: Path) -> None:
    engine = OnnxRuntimeEngine(red_network(tmp_path / "red.onnx"), "cpu", (8, 8), ("mean", "output"))
    outputs = engine.run({"input": numbers()})
    assert list(outputs) == ["mean", "output"]
    assert np.allclose(outputs["mean"], numbers().mean(axis=1, keepdims=True), atol=1e-6)


def test_half_precision_answers_come_as_float32(tmp_path: Path) -> None:
    engine = OnnxRuntimeEngine(red_network(tmp_path / "red.onnx", kind=TensorProto.FLOAT16), "cpu", (8, 8))
    halves = numbers().astype(np.float16)
    output = engine.run({"input": halves})["output"]  # type: ignore[dict-item]
    assert output.dtype == np.float32 and np.array_equal(output, halves[:, :1].astype(np.float32))


def test_free_sides_are_fixed_by_the_size(tmp_path: Path) -> None:
    path = red_network(tmp_path / "red.onnx", sides=("height", "width"))
    engine = OnnxRuntimeEngine(path, "cpu", (16, 16))
    assert engine.run({"input": numbers(16)})["output"].shape == (1, 1, 16, 16)


def test_names_of_the_graph_are_known(tmp_path: Path) -> None:
    engine = OnnxRuntimeEngine(red_network(tmp_path / "red.onnx"), "cpu", (8, 8))
    assert (engine.input_name, engine.output_name) == ("input", "output")


def test_threads_run_one_network_at_once(tmp_path: Path) -> None:
    engine = OnnxRuntimeEngine(red_network(tmp_path / "red.onnx"), "cpu", (8, 8))
    wrong: list[int] = []

    def run(number: int) -> None:
        for _ in range(50):
            array = np.full((1, 3, 8, 8), number, np.float32)
            if (engine.run({"input": array})["output"] != number).any():
                wrong.append(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize("kind", ["real", "stub"])
def test_a_closed_engine_says_so_and_closes_twice(kind: str, tmp_path: Path) -> None:
    engine: Engine = StubEngine(lambda array: array[0, 0])
    if kind == "real":
        engine = OnnxRuntimeEngine(red_network(tmp_path / "red.onnx"), "cpu", (8, 8))
    engine.run({"input": numbers()})
    engine.close()
    engine.close()
    with pytest.raises(NetworkError, match="This network was closed; make a new Remover"):
        engine.run({"input": numbers()})


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    whole = red_network(tmp_path / "whole.onnx").read_bytes()
    for name, data in (("empty", b""), ("noise", bytes(range(256)) * 9), ("cut", whole[: len(whole) // 2])):
        path = tmp_path / f"{name}.onnx"
        path.write_bytes(data)
        with pytest.raises(NetworkError) as caught:
            OnnxRuntimeEngine(path, "cpu", (8, 8))
        assert str(caught.value).startswith(f"{path} is no network that ONNX Runtime can load: ")
        assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match=r"gone\.onnx is no network that ONNX Runtime can load"):
        OnnxRuntimeEngine(tmp_path / "gone.onnx", "cpu", (8, 8))


def test_a_run_that_fails_is_our_error_in_one_line(tmp_path: Path) -> None:
    engine = OnnxRuntimeEngine(red_network(tmp_path / "red.onnx"), "cpu", (8, 8))
    for inputs in ({"input": numbers(4)}, {"other": numbers()}, {"input": numbers().astype(np.float64)}):
        with pytest.raises(NetworkError) as caught:
            engine.run(inputs)  # type: ignore[arg-type]
        assert str(caught.value).startswith("The network failed while it ran: ") and "\n" not in str(caught.value)


@pytest.mark.skipif("CUDAExecutionProvider" in onnxruntime.get_available_providers(), reason="this runtime has CUDA")
def test_a_device_that_is_not_there_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(DeviceError) as caught:
        OnnxRuntimeEngine(red_network(tmp_path / "red.onnx"), "cuda", (8, 8))
    message = str(caught.value)
    assert message.startswith("Device `cuda` is not there: the installed ONNX Runtime ")
    assert "has no CUDAExecutionProvider" in message and "`pip install 'onnxruntime-gpu[cuda,cudnn]'`" in message
    assert message.count("Device `cuda`") == 1


def test_an_arena_that_another_library_registered_is_left_alone(tmp_path: Path) -> None:
    path = red_network(tmp_path / "red.onnx")
    code = f"""
import numpy, onnxruntime
place = onnxruntime.OrtMemoryInfo(
    "Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT
)
onnxruntime.create_and_register_allocator(place, onnxruntime.OrtArenaCfg({{"max_mem": 0}}))
from pathlib import Path
from feathercut.engines.onnxruntime import OnnxRuntimeEngine
engines = [OnnxRuntimeEngine(Path({str(path)!r}), "cpu", (8, 8)) for _ in range(2)]
engines[0].close()
print(engines[1].run({{"input": numpy.ones((1, 3, 8, 8), numpy.float32)}})["output"].min())
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout.strip(), ended.stderr) == (0, "1.0", "")


@pytest.mark.parametrize(("runs", "threads"), [(1, 0), (2, 7), (8, 1), (64, 1)])
def test_runs_beside_each_other_share_the_processors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runs: int, threads: int
) -> None:
    monkeypatch.setattr(system, "usable_cores", lambda: 8)
    engine = OnnxRuntimeEngine(red_network(tmp_path / "red.onnx"), "cpu", (8, 8), runs=runs)
    options = engine._session.get_session_options()
    assert options.intra_op_num_threads == threads
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0", "which would take a processor"


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="only Linux says what a process holds this way")
@pytest.mark.parametrize("has_own_memory", [False, True])
def test_the_memory_a_network_ran_in_is_given_back_after_one_photo_and_kept_between_many(
    tmp_path: Path, has_own_memory: bool
) -> None:
    side = 2048
    path = red_network(tmp_path / "red.onnx", sides=(side, side))
    record = tiny_record()
    record = record.model_copy(update={"input": record.input.model_copy(update={"size": (side, side)})})
    # In a process of its own: what others freed before would serve a layer, and nothing would be seen.
    code = f"""
import numpy
from pathlib import Path
from feathercut import Image, Remover
from feathercut.engines.onnxruntime import OnnxRuntimeEngine
from feathercut.models.spec import Record
engine = OnnxRuntimeEngine(Path({str(path)!r}), "cpu", ({side}, {side}), has_own_memory={has_own_memory})
photo = Image(numpy.zeros((8, 8, 3), numpy.float32))
with Remover.from_engine(engine, Record.model_validate_json({record.model_dump_json(by_alias=True)!r})) as remover:
    for _ in range(4):
        remover.predict(photo)
        lines = Path("/proc/self/status").read_text("utf-8").splitlines()
        print(next(int(line.split()[1]) / 1000 for line in lines if line.startswith("RssAnon")))
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    held = list(map(float, ended.stdout.split()))
    layer_mb = side * side * 4 / 1e6
    assert held[1] - held[0] > layer_mb / 2, "from the second photo on it stays"
    assert held[3] - held[1] < layer_mb / 2, "and does not grow"
