"""A network of the user's own in the page that `feathercut app --model` serves: the cutout is the one that it makes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from playwright.sync_api import Browser

from feathercut.app import page as built
from feathercut.app.weights import prepare_weights
from feathercut.settings import Settings
from incumbent.tiny_network import tiny_network

from .browser import visit
from .conftest import serving
from .person import Person

pytestmark = [pytest.mark.weights, pytest.mark.timeout(600)]


@pytest.fixture(name="own_page", scope="module")
def page_with_a_network_of_ones_own(
    tmp_path_factory: pytest.TempPathFactory, weights_settings: Settings
) -> Iterator[str]:
    """A page whose last cutout a network draws that calls bright what is the subject, as `finetune` installs one."""
    folder = tmp_path_factory.mktemp("models")
    data = tiny_network()
    (folder / "my-products.onnx").write_bytes(data)
    record = {
        "version": 1,
        "id": "my-products",
        "title": "my-products: trained on 30 photos of your own",
        "task": "subject",
        "verified": False,
        "licence": {"weights": "your own", "commercial": True, "source": "trained on this machine"},
        "input": {"name": "input", "size": [320, 320], "mean": [0, 0, 0], "std": [1, 1, 1]},
        "output": {"name": "output"},
        "files": [{"precision": "fp32", "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), "sources": []}],
    }
    (folder / "my-products.json").write_text(json.dumps(record), "utf-8")
    weights = prepare_weights(replace(weights_settings, models=folder), final="my-products")
    with serving({**built.files(), **weights}) as address:
        yield address


def test_the_last_cutout_is_that_of_the_network_of_ones_own(chromium: Browser, own_page: str, tmp_path: Path) -> None:
    # A bright half beside a dark one: to the published networks no subject at all.
    photo = np.full((360, 480, 3), 12, np.uint8)
    photo[:, 240:] = 246
    Pillow.fromarray(photo).save(tmp_path / "halves.png")
    with visit(chromium, own_page) as (page, _):
        person = Person(page)
        person.chooses_quality("Finest")
        person.drops(tmp_path / "halves.png")
        person.waits_for_final()
        alpha = np.asarray(Pillow.open(person.downloads("PNG", tmp_path)).getchannel("A"), np.float32) / 255
    truth = (photo[..., 0] > 128).astype(np.float32)
    assert alpha.shape == truth.shape
    assert float(np.abs(alpha - truth).mean()) < 0.03
