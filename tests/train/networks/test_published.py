"""The published weights in our networks: every layer has its place, and the outputs are the file's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import numpy_helper

from feathercut.errors import WeightsError
from feathercut.models import catalogue, graph
from feathercut.models.spec import Record
from feathercut.pictures import FloatArray, Image
from feathercut.settings import Settings
from feathercut.steps.decode import decode
from feathercut.steps.predict import normalise, place
from feathercut.train.networks.answers import Network
from feathercut.train.networks.build import build
from feathercut.train.networks.export import export
from feathercut.train.networks.published import layers, load_published

PHOTOS = Path(__file__).parents[3] / "examples" / "photos"
U2NETP, ISNET = catalogue.find("u2netp"), catalogue.find("isnet-general")


@pytest.fixture(name="u2netp", scope="module")
def our_u2netp(u2netp_path: Path) -> Network:
    network = build("u2netp")
    load_published(network, u2netp_path)
    return network.eval()


@pytest.fixture(name="isnet", scope="module")
def our_isnet(isnet_path: Path) -> Network:
    network = build("isnet")
    load_published(network, isnet_path)
    return network.eval()


def ten_photos() -> list[Image]:
    """The three example photos, their mirrored and upside-down selves, and the middle of one."""
    found = []
    for path in sorted(PHOTOS.glob("*.jpg")):
        rgb = decode(path.read_bytes()).frames[0].rgb
        found += [rgb, rgb[:, ::-1], rgb[::-1]]
    height, width = found[0].shape[:2]
    found.append(found[0][height // 4 : -height // 4, width // 4 : -width // 4])
    return [Image(np.ascontiguousarray(rgb)) for rgb in found]


def as_the_network_sees(image: Image, record: Record, side: int) -> FloatArray:
    return normalise(place(image, (side, side), record.input)[0], record.input)


def session(path: Path, side: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    for name in ("height", "width"):
        options.add_free_dimension_override_by_name(name, side)
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def mattes(network: Network, photo: FloatArray) -> list[FloatArray]:
    with torch.no_grad():
        return [torch.sigmoid(one).numpy() for one in network(torch.from_numpy(photo)).logits]


@pytest.mark.weights
@pytest.mark.parametrize(
    ("record", "side"), [(U2NETP, 320), (ISNET, 320)], ids=["u2netp", "isnet-general, at its smallest size"]
)
def test_outputs_are_those_of_the_published_file_on_ten_photos(
    record: Record, side: int, request: pytest.FixtureRequest, weights_settings: Settings
) -> None:
    network: Network = request.getfixturevalue("u2netp" if record is U2NETP else "isnet")
    source: Path = request.getfixturevalue("u2netp_path" if record is U2NETP else "isnet_path")
    wanted = tuple(dict.fromkeys([str(record.output.name), *record.depths]))
    published = session(graph.prepare(source, record, weights_settings, outputs=wanted), side)
    pictures = ten_photos()
    assert len(pictures) == 10
    for image in pictures:
        photo = as_the_network_sees(image, record, side)
        theirs = published.run(list(wanted), {str(record.input.name): photo})
        ours = mattes(network, photo)
        assert len(ours) == len(theirs)
        assert max(float(np.abs(a - b).max()) for a, b in zip(ours, theirs, strict=True)) < 1e-4
        assert theirs[0].max() > 0.5, "the photo shows something"


@pytest.mark.weights
def test_our_export_is_the_published_file(u2netp: Network, u2netp_path: Path, tmp_path: Path) -> None:
    export(u2netp, tmp_path / "own.onnx", (320, 320), U2NETP)
    own, published = (onnx.load(str(path)).graph for path in (tmp_path / "own.onnx", u2netp_path))
    assert [value.name for value in own.output] == [value.name for value in published.output]
    for one, other in zip(layers(own), layers(published), strict=True):
        for name, twin in ((one.weight, other.weight), (one.bias, other.bias)):
            assert np.array_equal(_values(own, name), _values(published, twin)), name
    photo = as_the_network_sees(ten_photos()[0], U2NETP, 320)
    answers = [
        session(path, 320).run(None, {str(U2NETP.input.name): photo}) for path in (tmp_path / "own.onnx", u2netp_path)
    ]
    assert max(float(np.abs(a - b).max()) for a, b in zip(*answers, strict=True)) < 1e-5


@pytest.mark.weights
def test_half_floats_are_taken_as_they_are(isnet: Network, isnet_path: Path) -> None:
    published = onnx.load(str(isnet_path)).graph
    name = layers(published)[-1].weight
    held = isnet.state_dict()["sides.5.weight"]
    assert torch.equal(held, torch.from_numpy(np.float32(_values(published, name))))


@pytest.mark.weights
def test_the_file_of_another_network_is_refused(u2netp_path: Path) -> None:
    with pytest.raises(
        WeightsError,
        match=r"its convolution 2 of 119 is not U2Net's `stages\.down\.0\.down\.0\.conv`: weights 16×64×3×3",
    ):
        load_published(build("u2net"), u2netp_path)
    with pytest.raises(WeightsError, match="has 119 convolutions, where UNet has 19"):
        load_published(build("unet-small"), u2netp_path)


@pytest.mark.weights
def test_two_layers_of_one_shape_that_changed_places_are_found(u2netp_path: Path, tmp_path: Path) -> None:
    """Outputs could hardly show it; what feeds them does."""
    model = onnx.load(str(u2netp_path))
    sides = [node for node in model.graph.node if node.op_type == "Conv" and node.input[1].startswith("side")]
    sides[1].input[0], sides[2].input[0] = sides[2].input[0], sides[1].input[0]
    onnx.save(model, str(tmp_path / "swapped.onnx"))
    network = build("u2netp")
    before = next(network.parameters()).clone()
    with pytest.raises(WeightsError, match=r"`sides\.1`: it takes what other layers give"):
        load_published(network, tmp_path / "swapped.onnx")
    assert torch.equal(next(network.parameters()), before), "nothing was loaded"


@pytest.mark.weights
def test_a_weight_that_is_used_twice_is_found(u2netp_path: Path, tmp_path: Path) -> None:
    model = onnx.load(str(u2netp_path))
    for node in model.graph.node:
        node.input[:] = [{"side2.weight": "side3.weight"}.get(name, name) for name in node.input]
    onnx.save(model, str(tmp_path / "twice.onnx"))
    with pytest.raises(WeightsError, match=r"`side2\.weight` is not the weight or bias of exactly one convolution"):
        load_published(build("u2netp"), tmp_path / "twice.onnx")


def test_a_file_that_is_no_network_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.onnx").write_bytes(b"no network")
    with pytest.raises(WeightsError, match=r"x\.onnx: cannot be read as an ONNX network"):
        load_published(build("unet-small"), tmp_path / "x.onnx")


def _values(graph: onnx.GraphProto, name: str) -> FloatArray:
    [tensor] = [one for one in graph.initializer if one.name == name]
    array: FloatArray = numpy_helper.to_array(tensor)
    return array
