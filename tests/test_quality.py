"""Which networks a quality runs, and how often."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

import feathercut
from factories import flat, floats, half_engine, red_engine, soft_disc, tiny_record
from feathercut import loading
from feathercut.engines.stub import StubEngine
from feathercut.errors import NetworkError, OptionError
from feathercut.models import catalogue
from feathercut.models.spec import Record
from feathercut.options import Network
from feathercut.pictures import FloatArray, Image, Size
from feathercut.remover import Remover
from feathercut.settings import Settings

Quality = Literal["fast", "balanced", "best"]


class Runtime:
    """Stands for the runtime: every network that is loaded answers with the red of what it sees."""

    def __init__(self) -> None:
        self.engines: dict[str, _RedEngine] = {}

    def load(
        self,
        path: Path,
        device: str,
        size_hw: Size,
        *,
        is_compiled: bool = False,
        runs: int = 1,
        gives_back: bool = True,
        has_own_memory: bool = False,
    ) -> _RedEngine:
        record = catalogue.find(path.parent.name)
        engine = _RedEngine(_redness, str(record.input.name), str(record.output.name))
        self.engines[record.id] = engine
        return engine

    def runs(self) -> dict[str, int]:
        """How often each network ran."""
        return {name: len(engine.seen) for name, engine in self.engines.items()}


class _RedEngine(StubEngine):
    input_name, output_name = "input", "output"


def _redness(array: FloatArray) -> FloatArray:
    red = array[0, 0]
    return np.asarray((red - red.min()) / max(float(red.max() - red.min()), 1e-6), np.float32)


@pytest.fixture(name="runtime")
def stubbed_runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runtime:
    runtime = Runtime()

    def locate(record: Record, settings: Settings, **_: object) -> Path:
        folder = tmp_path / record.id
        folder.mkdir(exist_ok=True)
        (folder / "network.onnx").write_bytes(b"1234567890")
        return folder / "network.onnx"

    monkeypatch.setattr(loading, "locate", locate)
    monkeypatch.setattr(loading, "why_auto_is_not_int8", lambda *_: "no file is a network here")
    monkeypatch.setattr(loading, "compiled", lambda weights, *_: weights)
    monkeypatch.setattr(loading, "OnnxRuntimeEngine", runtime.load)
    return runtime


def _red_disc(left: int = 20) -> Image:
    """A red disc on grey, moved to the left, so that its mirror image is another."""
    disc = np.roll(soft_disc((120, 160)), -left, axis=1)
    return Image(floats(np.stack([0.2 + 0.8 * disc, 0.2 * (1 - disc), 0.2 * (1 - disc)], axis=2)))


@pytest.mark.parametrize(
    ("quality", "runs"),
    [
        ("fast", {"isnet-general": 1}),
        ("balanced", {"isnet-general": 1, "u2netp": 1}),
        ("best", {"isnet-general": 3, "u2netp": 2}),
    ],
)
def test_a_quality_is_so_many_runs_of_so_many_networks(
    quality: Quality, runs: dict[str, int], runtime: Runtime
) -> None:
    with Remover(quality=quality) as remover:
        result = remover.remove(_red_disc())
        assert remover.bytes == 10 * len(runs)
    assert runtime.runs() == runs
    assert result.model == "isnet-general"
    assert result.alpha[60, 60] > 0.99 and result.alpha[5, 150] < 0.05


def test_balanced_is_what_is_run_where_nothing_is_said(runtime: Runtime) -> None:
    with Remover() as remover:
        remover.remove(_red_disc())
    assert runtime.runs() == {"isnet-general": 1, "u2netp": 1}


def test_the_best_quality_shows_the_first_network_the_mirrored_photo_too(runtime: Runtime) -> None:
    with Remover(quality="best") as remover:
        remover.remove(_red_disc())
    straight, mirrored, _ = runtime.engines["isnet-general"].seen
    assert np.array_equal(mirrored, straight[..., ::-1])
    assert not np.array_equal(mirrored, straight)


def test_the_best_quality_shows_both_networks_the_subject_from_near(runtime: Runtime) -> None:
    with Remover(quality="best") as remover:
        remover.remove(_red_disc())
    for engine in runtime.engines.values():
        whole, near = (_redness(seen) > 0.5 for seen in (engine.seen[0], engine.seen[-1]))
        assert near.mean() > 1.3 * whole.mean()


def test_a_mirrored_answer_is_turned_back(runtime: Runtime) -> None:
    """A network that sees the same either way gives the same matte either way, but for finer edges from near."""
    results = []
    for quality in ("balanced", "best"):
        with Remover(quality=quality) as remover:
            results.append(remover.remove(_red_disc(), low_resolution="off").alpha)
    assert np.abs(results[0] - results[1]).max() < 0.06


def test_what_only_one_of_the_twins_sees_is_no_half_transparent_body() -> None:
    """A network that sees the subject in the left half of whatever it is shown."""

    def left_half(array: FloatArray) -> FloatArray:
        alpha = np.zeros(array.shape[2:], np.float32)
        alpha[:, : array.shape[3] // 2] = 1
        return alpha

    remover = Remover.from_engine(half_engine(), tiny_record(size=(64, 64)))
    remover._set([loading.Loaded(StubEngine(left_half), tiny_record(size=(64, 64)), is_mirrored=True)])
    alpha = remover.remove(flat((256, 256))).alpha
    assert alpha[:, 20:100].min() > 0.95 and alpha[:, 156:236].min() > 0.95


@pytest.mark.parametrize("quality", ["fast", "balanced", "best"])
def test_a_network_without_a_second_runs_alone(quality: Quality, runtime: Runtime) -> None:
    with Remover(model="u2netp", quality=quality) as remover:
        remover.remove(_red_disc())
    assert runtime.runs() == {"u2netp": 2 if quality == "best" else 1}


def test_a_size_is_the_first_networks_alone(runtime: Runtime) -> None:
    with Remover(network_size=512) as remover:
        remover.remove(_red_disc())
    assert runtime.engines["isnet-general"].seen[0].shape == (1, 3, 512, 512)
    assert runtime.engines["u2netp"].seen[0].shape == (1, 3, 320, 320)


def test_closing_closes_both(runtime: Runtime) -> None:
    remover = Remover()
    remover.close()
    assert all(engine.is_closed for engine in runtime.engines.values()) and len(runtime.engines) == 2
    with pytest.raises(NetworkError, match="This network was closed"):
        remover.remove(_red_disc())


def test_another_quality_is_another_load(runtime: Runtime) -> None:
    feathercut.unload()
    try:
        feathercut.remove(_red_disc(), quality="fast")
        fast = runtime.engines["isnet-general"]
        feathercut.remove(_red_disc(), quality="fast")
        assert len(fast.seen) == 2 and set(runtime.engines) == {"isnet-general"}
        feathercut.remove(_red_disc(), quality="balanced")
        assert runtime.runs() == {"isnet-general": 1, "u2netp": 1}
    finally:
        feathercut.unload()


def test_an_unknown_quality_is_refused() -> None:
    wrong: Any = Network
    with pytest.raises(OptionError, match=r"Option `quality` takes 'fast', 'balanced' or 'best', got: superb"):
        wrong(quality="superb")


# Engines of one's own


def test_a_second_engine_fills_what_the_first_leaves_grey() -> None:
    def grey_inside(array: FloatArray) -> FloatArray:
        """Sure of a rim, grey inside of it."""
        red = array[0, 0]
        rows, columns = (np.flatnonzero((red > 0.5).any(axis=axis)) for axis in (1, 0))
        alpha: FloatArray = (red > 0.5).astype(np.float32)
        alpha[rows[0] + 4 : rows[-1] - 3, columns[0] + 4 : columns[-1] - 3] = 0.4
        return alpha

    rgb = np.full((160, 160, 3), (0.1, 0.6, 0.1), np.float32)
    rgb[40:120, 40:120] = (0.9, 0.1, 0.1)
    first = StubEngine(grey_inside), tiny_record(size=(160, 160))
    second = red_engine(), tiny_record(size=(80, 80))
    alone = Remover.from_engine(*first).remove(Image(rgb)).alpha
    both = Remover.from_engine(*first, second=second).remove(Image(rgb)).alpha
    assert np.abs(alone[50:110, 50:110] - 0.4).max() < 0.01
    assert both[50:110, 50:110].min() > 0.95
    assert not both[:36].any() and not both[:, 124:].any()


def test_each_engine_sees_the_photo_at_its_own_size() -> None:
    first, second = red_engine(), red_engine()
    remover = Remover.from_engine(first, tiny_record(size=(32, 32)), second=(second, tiny_record(size=(16, 24))))
    predictions = remover.predict(_red_disc())
    assert [prediction.alpha.shape for prediction in predictions] == [(32, 32), (16, 24)]
    assert [engine.seen[0].shape for engine in (first, second)] == [(1, 3, 32, 32), (1, 3, 16, 24)]
    remover.close()
    assert first.is_closed and second.is_closed


def test_every_frame_is_seen_by_both() -> None:
    first, second = red_engine(), red_engine()
    remover = Remover.from_engine(first, tiny_record(), second=(second, tiny_record()))
    list(remover.batch([_red_disc(), _red_disc(3)]))
    assert len(first.seen) == len(second.seen) == 2
