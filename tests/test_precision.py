"""Which precision a network runs in, and that its int8 form is kept, tried and as good as float on photos."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from feathercut import loading, system
from feathercut.errors import NetworkError, OptionError, RecordError
from feathercut.models import compiled, quantisation, trial
from feathercut.models.catalogue import find
from feathercut.models.precision import why_auto_is_not_int8, why_not_int8
from feathercut.models.quantisation import Quantisation, read_quantisation
from feathercut.models.spec import Gate, Record
from feathercut.options import Network, Options
from feathercut.remover import Remover
from feathercut.settings import Settings
from feathercut.sources import load

PHOTOS = Path(__file__).parents[1] / "examples" / "photos"
RECORD = find("u2netp").model_copy(update={"int8": {"ecssd": Gate(photos=100, mae=0, iou=0)}})
"""As if its gates held, whatever was measured last."""
SIZE = RECORD.input.size


@pytest.fixture(name="with_vnni")
def processor_with_vnni(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "multiplies_bytes", lambda: True)


@pytest.fixture(name="without_vnni")
def processor_without_vnni(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "multiplies_bytes", lambda: False)


def _folders(settings: Settings) -> set[str]:
    return {path.name for path in (settings.cache / "compiled").iterdir()}


@pytest.mark.usefixtures("with_vnni")
@pytest.mark.parametrize(
    ("asked", "record", "message"),
    [
        ({"precision": "int8"}, RECORD.model_copy(update={"int8": {}}), "was not measured for this network"),
        ({"precision": "int8"}, RECORD.model_copy(update={"id": "other"}), "was not measured for this network"),
        ({"precision": "int8", "device": "cuda"}, RECORD, "device `cuda` does not compute in it"),
        ({"precision": "fp16"}, RECORD, "cannot run in fp16 here: device `cpu` does not compute in it"),
    ],
)  # fmt: skip
def test_a_precision_that_is_not_there_is_refused(asked: dict[str, Any], record: Record, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        loading.check_precision(Network(**asked), record, SIZE)


@pytest.mark.usefixtures("with_vnni")
def test_another_size_than_the_measured_one_is_refused() -> None:
    with pytest.raises(OptionError, match="measured at 320 only"):
        loading.check_precision(Network(precision="int8"), RECORD, (512, 512))


@pytest.mark.usefixtures("with_vnni")
def test_auto_takes_float_where_int8_was_measured_to_be_worse() -> None:
    worse = RECORD.model_copy(update={"int8": {"ecssd": Gate(photos=100, mae=0.003, iou=0)}})
    assert why_not_int8("cpu", worse, SIZE) is None
    assert "worse than float on ecssd" in str(why_auto_is_not_int8("cpu", worse, SIZE))


@pytest.mark.usefixtures("without_vnni")
def test_int8_is_refused_where_bytes_would_be_cut_off() -> None:
    with pytest.raises(OptionError, match=r"`u2netp` cannot run in int8 here: this processor .* VNNI"):
        loading.check_precision(Network(precision="int8"), RECORD, SIZE)


@pytest.mark.parametrize(
    ("text", "has_it"),
    [
        ("flags\t\t: fpu avx2 avx512f avx512_vnni\nflags\t\t: fpu", True),
        ("flags\t\t: fpu avx2 avx_vnni", True),
        ("flags\t\t: fpu avx2 avx512f", False),
        ("Features\t: fp asimd asimddp", False),
    ],
)
def test_what_a_processor_says_of_itself_decides(text: str, has_it: bool, tmp_path: Path) -> None:
    (tmp_path / "cpuinfo").write_text(text, "utf-8")
    assert system.multiplies_bytes(tmp_path / "cpuinfo") is has_it
    assert not system.multiplies_bytes(tmp_path / "missing")


@pytest.mark.parametrize(
    ("gate", "holds"),
    [
        (Gate(photos=20, mae=0.002, iou=-0.006), True),
        (Gate(photos=20, mae=0.0021, iou=0), False),
        (Gate(photos=20, mae=0, iou=-0.0061), False),
        (Gate(photos=19, mae=0.002, iou=-0.015), True),
        (Gate(photos=14, mae=0, iou=0, sad=1.031), False),
    ],
)
def test_a_gate_holds_up_to_its_limits(gate: Gate, holds: bool) -> None:
    assert gate.holds is holds


def test_damaged_data_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quantisation, "_FOLDER", tmp_path)
    (tmp_path / "u2netp.json").write_text('{"version": 1, "layers": [', "utf-8")
    with pytest.raises(RecordError, match=r"u2netp\.json.*`fp32`"):
        read_quantisation("u2netp")
    with pytest.raises(RecordError, match="has no int8 form"):
        read_quantisation("other")


@pytest.mark.weights
@pytest.mark.usefixtures("with_vnni")
class TestWithWeights:
    """With the published U²-Net-p, in a cache of the test's own."""

    @pytest.fixture
    def settings(self, tmp_path: Path) -> Settings:
        return Settings(cache=tmp_path / "cache")

    def test_int8_is_built_once_beside_float_and_again_where_it_was_damaged(
        self, u2netp_path: Path, settings: Settings
    ) -> None:
        whole = compiled.compiled(u2netp_path, RECORD, SIZE, settings)
        small = compiled.compiled(u2netp_path, RECORD, SIZE, settings, precision="int8")
        assert _folders(settings) == {whole.parent.name, small.parent.name}
        written = small.stat().st_mtime_ns
        compiled.compiled(u2netp_path, RECORD, SIZE, settings, precision="int8")
        assert small.stat().st_mtime_ns == written
        (small.parent / "weights.bin").write_bytes(b"cut short")
        compiled.compiled(u2netp_path, RECORD, SIZE, settings, precision="int8")
        assert small.stat().st_mtime_ns > written and (small.parent / "weights.bin").stat().st_size > 1e6

    def test_auto_takes_float_where_the_weights_are_others_and_does_not_try_again(
        self, u2netp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        layers = read_quantisation("u2netp").layers
        heavier = layers[5].model_copy(update={"norm": 2 * layers[5].norm})
        other = Quantisation(version=1, id="u2netp", photos="", layers=(*layers[:5], heavier, *layers[6:]))
        monkeypatch.setattr(compiled, "read_quantisation", lambda *_: other)
        loaded = loading.load_engine(Network(model="u2netp"), RECORD, SIZE, u2netp_path, settings)
        loaded.engine.close()
        assert loaded.precision == "fp32"
        assert "measured on other weights" in str(compiled.refused(u2netp_path, RECORD, SIZE, settings))

        def build(*_: object) -> None:
            raise AssertionError("it was tried again")

        monkeypatch.setattr(compiled, "_make_int8", build)
        loading.load_engine(Network(model="u2netp"), RECORD, SIZE, u2netp_path, settings).engine.close()

    def test_a_network_that_answers_otherwise_is_not_kept(
        self, u2netp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(trial, "MOST_APART", 1e-6)
        with pytest.raises(NetworkError, match="answers otherwise than its float form"):
            compiled.compiled(u2netp_path, RECORD, SIZE, settings, precision="int8")
        (folder,) = (settings.cache / "compiled").iterdir()
        assert [path.name for path in folder.iterdir()] == ["refused.json"]
        assert json.loads((folder / "refused.json").read_text("utf-8"))["version"] == 1


@pytest.mark.weights
@pytest.mark.timeout(300)
@pytest.mark.skipif(not system.multiplies_bytes(), reason="this processor is not known to multiply bytes without loss")
@pytest.mark.parametrize("model", ["u2netp", "isnet-general"])
@pytest.mark.parametrize("photo", ["cat.jpg", "cup.jpg"])
def test_int8_answers_as_float_does(
    model: str, photo: str, weights_settings: Settings, isnet_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEATHERCUT_CACHE", str(weights_settings.cache))
    image = load(PHOTOS / photo, Options()).frames[0]
    answers = {}
    for precision in ("fp32", "int8"):
        with Remover.open(Network(model=model, quality="fast", precision=precision)) as remover:
            answers[precision] = remover.predict(image)[0].alpha
    difference = np.abs(answers["int8"] - answers["fp32"])
    assert 0 < difference.mean() < 0.02, "int8 is another network, and all but the same"
    assert ((answers["int8"] > 0.5) != (answers["fp32"] > 0.5)).mean() < 0.02
    # Bodies are judged by answers of one in a thousand (`kernels/fuse.py`): there must be levels for them.
    faint = answers["int8"][answers["int8"] < 0.01]
    assert len(np.unique(faint)) > 100
