"""The way through WebGPU, on Chromium's software adapter: a small network, as U²-Net-p takes minutes there."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper
from playwright.sync_api import Page, Playwright

from feathercut.app.weights import MANIFEST_VERSION
from feathercut.models.catalogue import find
from feathercut.settings import Settings

from .browser import launch, visit
from .conftest import serving

SOFTWARE = ("--enable-unsafe-webgpu", "--enable-features=Vulkan", "--use-webgpu-adapter=swiftshader")
SIDE, WIDTH = 64, 4


def small_network() -> bytes:
    """Down and up again as U²-Net does: convolutions (one dilated), pooling, enlarging, joining, a sigmoid."""
    random = np.random.default_rng(0)
    nodes, weights = [], []

    def layer(given: str, made: str, channels: tuple[int, int], dilation: int = 1) -> str:
        kernel = random.normal(0, 0.3, (*channels[::-1], 3, 3)).astype("f4")
        weights.append(numpy_helper.from_array(kernel, f"{made}_w"))
        weights.append(numpy_helper.from_array(random.normal(0, 0.1, channels[1]).astype("f4"), f"{made}_b"))
        around = {"dilations": [dilation] * 2, "pads": [dilation] * 4}
        drawn = f"{made}_drawn"
        nodes.append(helper.make_node("Conv", [given, f"{made}_w", f"{made}_b"], [drawn], **around))
        nodes.append(helper.make_node("Relu", [drawn], [made]))
        return drawn

    layer("input", "first", (3, WIDTH))
    nodes.append(helper.make_node("MaxPool", ["first"], ["half"], kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1))
    layer("half", "deep", (WIDTH, WIDTH), dilation=2)
    weights.append(numpy_helper.from_array(np.array([1, WIDTH, SIDE, SIDE], np.int64), "whole"))
    how = {"mode": "linear", "coordinate_transformation_mode": "pytorch_half_pixel"}
    nodes.append(helper.make_node("Resize", ["deep", "", "", "whole"], ["wide"], **how))
    nodes.append(helper.make_node("Concat", ["first", "wide"], ["both"], axis=1))
    drawn = layer("both", "last", (2 * WIDTH, 1))
    nodes[-1] = helper.make_node("Sigmoid", [drawn], ["matte"])
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 3, SIDE, SIDE])],
        [helper.make_tensor_value_info("matte", TensorProto.FLOAT, [1, 1, SIDE, SIDE])],
        weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=9)
    content: bytes = model.SerializeToString()
    return content


def weights_of(network: bytes, folder: Path) -> dict[str, Path]:
    """A page's folder of weights with this network alone."""
    record = find("u2netp", Settings.read().models)
    row: dict[str, Any] = {
        "id": "small",
        "title": "Small",
        "precision": "fp32",
        "provider": "webgpu",
        "file": "small.onnx",
        "bytes": len(network),
        "sha256": hashlib.sha256(network).hexdigest(),
        "licence": "Apache-2.0",
        "depths": [],
        "input": {**record.input.model_dump(mode="json"), "size": [SIDE, SIDE]},
        "output": record.output.model_dump(mode="json"),
    }
    (folder / "small.onnx").write_bytes(network)
    (folder / "manifest.json").write_text(json.dumps({"version": MANIFEST_VERSION, "networks": [row]}), "utf-8")
    np.random.default_rng(1).normal(0, 1, (1, 3, SIDE, SIDE)).astype("f4").tofile(folder / "given.bin")
    names = {"weights/small.onnx": "small.onnx", "weights/manifest.json": "manifest.json", "given.bin": "given.bin"}
    return {address: folder / name for address, name in names.items()}


@pytest.fixture(scope="module")
def with_software_gpu(
    playwright: Playwright, checks_files: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Page]:
    """The machinery of the page in a Chromium that has a GPU in software."""
    files = {**checks_files, **weights_of(small_network(), tmp_path_factory.mktemp("small"))}
    with serving(files) as address:
        browser = launch(playwright, *SOFTWARE)
        with visit(browser, address) as (page, _):
            page.wait_for_function("window.checks")
            if not page.evaluate("navigator.gpu?.requestAdapter().then((adapter) => adapter !== null)"):
                pytest.skip("this Chromium offers no WebGPU adapter in software")
            yield page
        browser.close()


def test_webgpu_answers_as_webassembly(with_software_gpu: Page) -> None:
    answers = {}
    for provider in ("wasm", "webgpu"):
        ran = with_software_gpu.evaluate("(by) => checks.run('small', 'fp32', by, 'given.bin', 1)", provider)
        answers[provider] = np.frombuffer(base64.b64decode(ran["answer"]), np.float32)
    assert answers["wasm"].shape == (SIDE * SIDE,) and answers["wasm"].std() > 0.01
    assert np.abs(answers["webgpu"] - answers["wasm"]).max() < 1e-4


def test_a_gpu_in_software_is_not_taken_for_one(with_software_gpu: Page) -> None:
    assert with_software_gpu.evaluate("checks.gpu()") is None


def test_a_gpu_that_is_lost_is_started_again(with_software_gpu: Page) -> None:
    ask = "() => checks.run('small', 'fp32', 'webgpu', 'given.bin', 1)"
    before = with_software_gpu.evaluate(ask)["answer"]
    browser = with_software_gpu.context.browser
    assert browser is not None
    session = browser.new_browser_cdp_session()
    session.send("Browser.crashGpuProcess")
    session.detach()
    with_software_gpu.wait_for_timeout(1000)
    assert with_software_gpu.evaluate(ask)["answer"] == before
