"""An exported network is the network: in ONNX Runtime it answers what PyTorch does, under the names of its record."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from feathercut.errors import OutputError, RecordError
from feathercut.models import catalogue, graph
from feathercut.models.graph import Form
from feathercut.pictures import FloatArray
from feathercut.settings import Settings
from feathercut.train.networks.build import build
from feathercut.train.networks.export import export, names


def run(path: Path, photo: FloatArray) -> list[FloatArray]:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    found: list[FloatArray] = session.run(None, {session.get_inputs()[0].name: photo})
    return found


@pytest.mark.parametrize("name", ["unet-small", "u2netp", "isnet", "student"])
def test_the_file_answers_what_the_network_answers(name: str, tmp_path: Path) -> None:
    torch.manual_seed(1)
    network = build(name)
    photo = torch.randn(2, 3, 72, 56)
    with torch.no_grad():
        network(photo)  # the norms have statistics of their own now
        said = network.eval()(photo[:1])
    export(network, tmp_path / "x.onnx", (72, 56))
    onnx.checker.check_model(str(tmp_path / "x.onnx"), full_check=True)
    found = run(tmp_path / "x.onnx", photo[:1].numpy())
    expected = [*(torch.sigmoid(one) for one in said.logits), *said.features]
    assert len(found) == len(expected)
    for got, wanted in zip(found, expected, strict=True):
        assert np.allclose(got, wanted.numpy(), atol=1e-5)


def test_a_file_is_called_as_its_record_says() -> None:
    isnet = names(build("isnet"), catalogue.find("isnet-general"))
    assert (isnet.photos, isnet.logits) == ("input", ("output", "1890", "1891", "1892", "1893", "1894"))
    assert isnet.features[0] == "input.1252"
    assert names(build("u2netp"), catalogue.find("u2netp")).logits == tuple(map(str, range(1959, 1966)))
    plain = names(build("unet-small"))
    assert (plain.photos, plain.logits, plain.features) == ("input", ("output",), ())


def test_a_record_without_names_gets_plain_ones() -> None:
    assert names(build("u2net"), catalogue.find("u2net")).logits == ("output", *(f"depth{n}" for n in range(1, 7)))


def test_the_record_of_another_network_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"`isnet-general`: .* 6 mattes, and UNet gives 1"):
        export(build("unet-small"), tmp_path / "x.onnx", (64, 64), catalogue.find("isnet-general"))
    assert not list(tmp_path.iterdir())


def test_a_record_with_a_sigmoid_of_its_own_gets_logits(tmp_path: Path) -> None:
    record = catalogue.find("u2net")
    record = record.model_copy(update={"output": record.output.model_copy(update={"activation": "sigmoid"})})
    network = build("unet-small").eval()
    photo = torch.randn(1, 3, 32, 32)
    export(network, tmp_path / "x.onnx", (32, 32), record)
    with torch.no_grad():
        assert np.allclose(run(tmp_path / "x.onnx", photo.numpy())[0], network(photo).logits[0].numpy(), atol=1e-5)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="nowhere"):
        export(build("unet-small"), tmp_path / "nowhere" / "x.onnx", (32, 32))


def test_exporting_leaves_the_network_in_training(tmp_path: Path) -> None:
    network = build("u2netp")
    before = {name: value.clone() for name, value in network.state_dict().items()}
    export(network, tmp_path / "x.onnx", (32, 32))
    assert network.training
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())


def test_layers_keep_their_names(tmp_path: Path) -> None:
    export(build("u2netp"), tmp_path / "x.onnx", (32, 32))
    tensors = {tensor.name for tensor in onnx.load(str(tmp_path / "x.onnx")).graph.initializer}
    assert "stages.down.0.enter.conv.weight" in tensors
    assert not any("norm" in name for name in tensors)


@pytest.mark.parametrize(
    "form", [Form(), Form(precision="fp16"), Form(is_batched=True)], ids=["plain", "fp16", "batched"]
)
def test_an_export_takes_every_form_that_a_published_file_takes(form: Form, tmp_path: Path) -> None:
    """Another side, half floats, several photos at once: what `feathercut remove` and the page ask of a file."""
    record = catalogue.find("u2netp")
    record = record.model_copy(update={"input": record.input.model_copy(update={"size": (96, 96), "sizes": (64,)})})
    network = build("u2netp").eval()
    export(network, tmp_path / "x.onnx", (96, 96), record)
    prepared = graph.prepare(tmp_path / "x.onnx", record, Settings(cache=tmp_path / "cache"), form=form)
    options = onnxruntime.SessionOptions()
    for name in ("height", "width"):
        options.add_free_dimension_override_by_name(name, 64)
    session = onnxruntime.InferenceSession(str(prepared), options, providers=["CPUExecutionProvider"])
    photos = torch.randn(2 if form.is_batched else 1, 3, 64, 64)
    [matte] = session.run(None, {str(record.input.name): photos.numpy()})
    with torch.no_grad():
        assert np.allclose(matte, torch.sigmoid(network(photos).logits[0]).numpy(), atol=1e-3)
