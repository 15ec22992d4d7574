"""The page and Python give the same cutout: the same networks, the same steps, the same recipe."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bench.browser.relay import relayed
from PIL import Image as Pillow
from playwright.sync_api import Browser, Page

from feathercut.errors import OptionError
from feathercut.options import Network, Refine
from feathercut.pictures import FloatArray, Image, Prediction
from feathercut.remover import Remover
from feathercut.settings import Settings
from feathercut.steps.decode import decode
from feathercut.steps.predict import activate, normalise, place

from .browser import visit
from .comparing import premultiplied, replayed
from .conftest import serving
from .person import Person

pytestmark = [pytest.mark.weights, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[2]
PHOTOS = ROOT / "examples" / "photos"
BENCH = ROOT.parent / "shared" / "bench" / "photos" / "images"
TEN = sorted(BENCH.glob("*.jpg"), key=lambda path: path.stat().st_size)[:10]

FEW = 3
"""IS-Net takes 7 to 12 s a photo at full precision in WASM: three photos show what ten would."""

MOST = 1.0
"""How far mattes may lie apart, as a mean over a photo, of 255."""

IMGLY_BYTES = 99.6e6
"""What `@imgly/background-removal` 1.4.5 fetches before anything shows, measured in the same browser."""


@pytest.fixture(autouse=True)
def shared_cache(own_home: Path, weights_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEATHERCUT_CACHE", str(weights_settings.cache))


@pytest.fixture(scope="session")
def ten() -> list[Path]:
    if len(TEN) < 10:
        pytest.skip("needs ../shared/bench/photos")
    return TEN


@pytest.fixture(scope="package")
def checks(
    chromium: Browser,
    page_weights: dict[str, Path],
    checks_files: dict[str, Path],
    ten: list[Path],
    tmp_path_factory: pytest.TempPathFactory,
    weights_settings: Settings,
) -> Iterator[Page]:
    """The machinery of the page without the page, with the ten photos and what networks are given of them."""
    files = dict(checks_files)
    files |= {f"photos/{photo.name}": photo for photo in ten}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FEATHERCUT_CACHE", str(weights_settings.cache))
        given = tmp_path_factory.mktemp("given")
        for model, photos in (("u2netp", ten), ("isnet-general", ten[:FEW])):
            files |= {f"given/{path.name}": path for path in write_given(model, photos, given)}
    with serving({**files, **page_weights}) as address, visit(chromium, address) as (page, _):
        page.wait_for_function("window.checks")
        yield page


def write_given(model: str, photos: list[Path], folder: Path) -> Iterator[Path]:
    """What a network is given of each photo, as float32 numbers in files."""
    from feathercut.models.catalogue import find

    rules = find(model, Settings.read().models).input
    for photo in photos:
        canvas, _ = place(decode(photo.read_bytes()).frames[0], rules.size, rules)
        path = folder / f"{model}-{photo.stem}.bin"
        path.write_bytes(normalise(canvas, rules).tobytes())
        yield path


def numbers(text: str) -> FloatArray:
    return np.frombuffer(base64.b64decode(text), np.float32)


def apart(one: FloatArray, other: FloatArray) -> float:
    """The mean difference of two mattes, of 255."""
    return float(np.abs(one.reshape(other.shape) - other).mean() * 255)


def tell(what: str, found: dict[str, float], record_property: Any) -> None:
    """Puts figures where a run's report shows them (`pytest -s`, or the XML)."""
    record_property(what, found)
    line = ", ".join(f"{name} {value:.3f}" for name, value in found.items())
    print(f"\n{what}: largest {max(found.values()):.3f} of 255 ({line})")


def python(model: str, precision: str, quality: str = "fast") -> Remover:
    """Python's own, at one precision; a processor that cannot is a reason to skip."""
    try:
        return Remover.open(Network(model=model, precision=precision, quality=quality))  # type: ignore[arg-type]
    except OptionError as error:
        pytest.skip(str(error))


# IS-Net at int8: below, where it runs anyway.
@pytest.mark.parametrize(
    ("model", "precision", "count"), [("u2netp", "int8", 10), ("u2netp", "fp32", 10), ("isnet-general", "fp32", FEW)]
)
def test_networks_answer_as_in_python(
    checks: Page, ten: list[Path], record_property: Any, model: str, precision: str, count: int
) -> None:
    found = {}
    with python(model, precision) as remover:
        for photo in ten[:count]:
            [prediction] = remover.predict(decode(photo.read_bytes()).frames[0])
            asked = [model, precision, f"given/{model}-{photo.stem}.bin"]
            ran = checks.evaluate(
                "([model, precision, given]) => checks.run(model, precision, 'wasm', given, 1)", asked
            )
            answer = numbers(ran["answer"]).reshape(ran["dims"])
            found[photo.stem] = apart(activate(answer, remover.record.output, model), prediction.alpha)
    tell(f"{model} {precision}", found, record_property)
    assert max(found.values()) <= MOST


def test_the_final_matte_is_pythons(
    checks: Page, ten: list[Path], record_property: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the file's bytes to the matte: reading, both networks at int8, filling, edges; and what is said of it."""
    found, confidence, network, same = {}, {}, {}, 0
    with python("isnet-general", "int8", "balanced") as remover:
        answered: list[Prediction] = []
        predict = remover.predict

        def noted(image: Image, options: Refine | None = None) -> tuple[Prediction, ...]:
            answered[:] = predict(image, options)
            return tuple(answered)

        monkeypatch.setattr(remover, "predict", noted)
        for photo in ten:
            cuts = checks.evaluate("(photo) => checks.cut(photo, 'full')", f"photos/{photo.name}")
            assert cuts[-1]["isFinal"]
            assert cuts[-1]["models"] == ["isnet-general int8 wasm", "u2netp int8 wasm"]
            result = remover.remove(photo)
            found[photo.stem] = apart(numbers(cuts[-1]["alpha"]), result.cutout.alpha)
            assert answered[0].model == "isnet-general"
            network[photo.stem] = apart(numbers(cuts[-1]["answers"]["isnet-general"]), answered[0].alpha)
            said = cuts[-1]["report"]
            confidence[photo.stem] = abs(said["confidence"] - result.report.confidence)
            same += [one["kind"] for one in said["findings"]] == [one.kind for one in result.report.findings]
    tell("final matte", found, record_property)
    tell("isnet-general int8", network, record_property)
    assert max(network.values()) <= MOST
    tell("confidence", confidence, record_property)
    print(f"the same findings for {same} of {len(ten)}")
    assert max(confidence.values()) <= 0.05
    assert same >= 8  # int8 is rounded anew by each processor, which moves what lies right on a bound
    assert max(found.values()) <= MOST


# Of a JPEG and both networks: `test_first_visit.py`.
def test_a_recipe_replays_in_python(chromium: Browser, app: str, tmp_path: Path, record_property: Any) -> None:
    photo = tmp_path / "portrait.png"
    with Pillow.open(PHOTOS / "astronaut.jpg") as opened:
        opened.save(photo)
    with visit(chromium, app) as (page, heard):
        person = Person(page)
        person.chooses_quality("Stay small")
        person.drops(photo)
        person.waits_for_first()
        person.keys("1")  # actual pixels
        person.keys("e")
        person.strokes([(200, 300), (260, 320)], (512, 512))
        person.opens("Edge")
        person.types("Edge shift, value", "-2")
        theirs = premultiplied(person.downloads("PNG", tmp_path))
        page.keyboard.press("Escape")
        recipe = person.saves_recipe(tmp_path)
        assert heard.complaints == []
    ours = premultiplied(replayed(photo, recipe))
    assert theirs[0][310, 230] == 0 and theirs[0][200, 230] == 255  # erased here, kept there
    apart_by = [float(np.abs(one - other).max()) for one, other in zip(theirs, ours, strict=True)]
    tell("recipe of a PNG", {"alpha": apart_by[0], "premultiplied colour": apart_by[1]}, record_property)
    assert max(apart_by) <= 1


# `Finest` was chosen by who wants the large network too, which is fetched while the first looks.
@pytest.mark.parametrize("quality", ["Ask first", "Stay small"])
def test_little_is_fetched_before_the_first_cutout(
    chromium: Browser, app: str, record_property: Any, quality: str
) -> None:
    with relayed(app) as relay, visit(chromium, relay.address) as (page, _):
        person = Person(page)
        person.chooses_quality(quality)
        person.drops(PHOTOS / "astronaut.jpg")
        person.waits_for_first()
        received = relay.received
    record_property("bytes", received)
    print(f"\n{quality}: {received / 1e6:.1f} MB until the first cutout, imgly {IMGLY_BYTES / 1e6} MB")
    assert 1e6 < received < 0.25 * IMGLY_BYTES
