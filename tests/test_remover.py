from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

import feathercut
from factories import flat, half_engine, half_white, red_engine, red_remover, soft_disc, tiny_record
from feathercut import loading
from feathercut import remover as module
from feathercut.engines.stub import StubEngine
from feathercut.errors import InputError, LicenceError, NetworkError, OptionError
from feathercut.loading import Loaded, check_terms
from feathercut.models.spec import Record
from feathercut.options import Network, Options
from feathercut.pictures import Image
from feathercut.remover import Remover
from feathercut.settings import Settings
from feathercut.system import multiplies_bytes


def red_at(x: int, size: int = 32) -> Image:
    """A red disc on grey, moved to the right by `x`."""
    disc = np.roll(soft_disc((size, size)), x, axis=1)
    return Image(np.stack([disc, disc * 0, 0.2 * (1 - disc)], axis=2).astype(np.float32))


def moving_gif(durations: tuple[int, ...]) -> bytes:
    frames = [Pillow.fromarray((red_at(x).rgb * 255).astype(np.uint8)) for x in range(len(durations))]
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:], duration=list(durations), loop=3)
    return buffer.getvalue()


def test_a_half_answer_is_a_half_matte() -> None:
    with Remover.from_engine(half_engine(), tiny_record()) as remover:
        result = remover.remove(half_white())
    assert np.allclose(result.alpha, 0.5, atol=1e-6) and result.found and result.model == "tiny"


def test_a_photo_and_an_array_and_a_file_give_the_same(tmp_path: Path) -> None:
    pixels = (red_at(3).rgb * 255).round().astype(np.uint8)
    path = tmp_path / "red.png"
    Pillow.fromarray(pixels).save(path)
    remover = red_remover((32, 32))
    first, *others = (remover.remove(source) for source in (pixels, path, str(path), path.read_bytes()))
    assert first.alpha.max() > 0.9
    for other in others:
        assert np.abs(other.alpha - first.alpha).max() < 1e-6


def test_options_go_by_keyword_and_wrong_ones_are_named() -> None:
    remover = red_remover((32, 32))
    assert remover.remove(red_at(0), crop=True).picture.size < (32, 32)
    wrong: Any = remover.remove
    with pytest.raises(OptionError, match="There is no option `backgrond`; did you mean `background`"):
        wrong(red_at(0), backgrond="white")
    with pytest.raises(OptionError, match="Option `model` belongs to `Remover"):
        wrong(red_at(0), model="u2netp")


def test_the_network_sees_the_size_that_was_asked_for() -> None:
    engine = half_engine()
    Remover.from_engine(engine, tiny_record(sizes=(16,)), 16).remove(half_white())
    assert engine.seen[0].shape == (1, 3, 16, 16)


def test_eight_threads_get_what_one_would() -> None:
    remover = red_remover((32, 32))
    photos = [red_at(x) for x in range(8)] * 3
    serial = [remover.remove(photo) for photo in photos]
    with ThreadPoolExecutor(8) as pool:
        parallel = list(pool.map(lambda photo: remover.remove(photo), photos))
    for one, other in zip(serial, parallel, strict=True):
        assert np.array_equal(one.alpha, other.alpha) and np.array_equal(one.rgb, other.rgb)
    assert not np.array_equal(serial[0].alpha, serial[7].alpha)


def test_a_batch_is_lazy_and_in_order() -> None:
    asked: list[int] = []

    def photos() -> Iterator[Image]:
        for x in range(5):
            asked.append(x)
            yield red_at(x)

    remover = red_remover((32, 32))
    results = remover.batch(photos())
    assert asked == []
    first = next(results)
    assert asked == [0, 1, 2]
    assert np.array_equal(first.alpha, remover.remove(red_at(0)).alpha)
    for x, result in enumerate(results, start=1):
        assert asked[-1] == min(x + 2, 4)
        assert np.array_equal(result.alpha, remover.remove(red_at(x)).alpha)
    assert asked == [0, 1, 2, 3, 4]


def test_a_batch_checks_its_options_before_the_first_photo() -> None:
    wrong: Any = red_remover().batch
    with pytest.raises(OptionError, match="Option `presence`"):
        wrong([], presence=7)


@pytest.mark.parametrize(
    "one", ["cat.jpg", Path("cat.jpg"), b"bytes", io.BytesIO(), Pillow.new("L", (1, 1)), red_at(0)]
)
def test_one_photo_is_no_batch(one: object) -> None:
    wrong: Any = red_remover().batch
    with pytest.raises(OptionError, match=r"A batch takes a list of photos, not one \w+; write `\[photo\]`"):
        wrong(one)


def test_a_photo_that_fails_in_a_batch_is_raised_where_it_stands() -> None:
    results = red_remover().batch([half_white(), b"no picture", half_white()])
    next(results)
    with pytest.raises(InputError):
        next(results)


def test_a_closed_remover_says_so() -> None:
    remover = red_remover()
    with remover as same:
        assert same is remover
        remover.remove(half_white())
    remover.close()
    with pytest.raises(NetworkError, match="This network was closed; make a new Remover"):
        remover.remove(half_white())


def test_a_remover_closes_where_its_block_fails() -> None:
    engine = half_engine()

    def fail() -> None:
        with Remover.from_engine(engine, tiny_record()) as remover:
            remover.remove(b"no picture")

    with pytest.raises(InputError):
        fail()
    assert engine.is_closed


def test_an_animation_keeps_its_frames_their_times_and_its_loops() -> None:
    result = red_remover((32, 32)).remove(moving_gif((40, 80, 120)))
    assert list(result.animation.durations_ms) == [40, 80, 120]
    assert [frame.alpha is not None for frame in result.frames] == [True] * 3
    again = Pillow.open(io.BytesIO(result.to_bytes("png")))
    assert getattr(again, "n_frames", 1) == 3
    times = []
    for place in range(3):
        again.seek(place)
        times.append(again.info["duration"])
    assert times == [40, 80, 120]


def test_an_animation_is_found_where_any_frame_has_a_subject() -> None:
    answers = iter([0.0, 1.0, 0.0])
    engine = StubEngine(lambda array: np.full(array.shape[2:], next(answers), np.float32))
    result = Remover.from_engine(engine, tiny_record()).remove(moving_gif((40, 40, 40)))
    assert result.found and result.cutout.is_empty
    assert [bool(frame.alpha.any()) for frame in result.frames if frame.alpha is not None] == [False, True, False]


def test_a_photos_own_alpha_stays() -> None:
    alpha = np.ones((32, 32), np.float32)
    alpha[:16] = 0
    photo = Image(red_at(0).rgb, alpha)
    result = red_remover((32, 32)).remove(photo)
    assert not result.alpha[:16].any() and result.alpha[17:].max() > 0.9


# The networks that `remove` keeps


class Loads:
    """Stands for the loading of networks, and counts it."""

    def __init__(self, size: int = 100) -> None:
        self.asked: list[Network] = []
        self.size = size
        self._lock = threading.Lock()

    def __call__(
        self, network: Network, progress: object = None, runs: int = 1, *, fetches: bool = True
    ) -> list[Loaded]:
        with self._lock:
            self.asked.append(network)
        return [Loaded(red_engine(), tiny_record(), bytes=self.size)]


def _check_terms(network: Network, settings: Settings) -> Record:
    """As the real one, and networks of one letter are there too."""
    return tiny_record() if len(network.model) == 1 else check_terms(network, settings)


@pytest.fixture(name="loads")
def counted_loads(monkeypatch: pytest.MonkeyPatch) -> Iterator[Loads]:
    loads = Loads()
    monkeypatch.setattr(module, "load_networks", loads)
    monkeypatch.setattr(loading, "check_terms", _check_terms)
    monkeypatch.setattr(loading, "recipe", lambda network, _: [network])
    feathercut.unload()
    yield loads
    feathercut.unload()


def test_remove_loads_a_network_once(loads: Loads) -> None:
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: feathercut.remove(red_at(0), crop=True), range(8)))
    feathercut.remove(red_at(0), background="white")
    assert loads.asked == [Network()] and all(result.found for result in results)


def test_another_network_or_size_is_another_load(loads: Loads) -> None:
    choices: tuple[dict[str, Any], ...] = (
        {},
        {"model": "u2netp"},
        {"network_size": None},
        {"model": "u2netp"},
        {"device": "cuda"},
    )
    for options in choices:
        feathercut.remove(red_at(0), **options)
    assert [network.model for network in loads.asked] == ["isnet-general", "u2netp", "isnet-general"]
    assert loads.asked[2].device == "cuda"


def test_the_cache_is_bounded_by_bytes(loads: Loads, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEATHERCUT_CACHE_BYTES", "250")  # two of 100
    for model in ("a", "b", "a", "c", "a", "b"):
        feathercut.remove(red_at(0), model=model)
    assert [network.model for network in loads.asked] == ["a", "b", "c", "b"]


def test_one_network_under_several_licences_is_one_load(loads: Loads) -> None:
    feathercut.remove(red_at(0))
    feathercut.remove(red_at(0), licence="commercial")
    feathercut.remove(red_at(0), accept_licence="anything")
    assert len(loads.asked) == 1


def test_the_licence_is_checked_each_time(loads: Loads) -> None:
    feathercut.remove(red_at(0), model="rmbg-1.4", accept_licence="rmbg-1.4")
    assert loads.asked[0].accept_licence == "rmbg-1.4"
    with pytest.raises(LicenceError, match="restricted licence"):
        feathercut.remove(red_at(0), model="rmbg-1.4")
    with pytest.raises(LicenceError, match="commercially"):
        feathercut.remove(red_at(0), model="rmbg-1.4", accept_licence="rmbg-1.4", licence="commercial")


@pytest.mark.weights
def test_the_bytes_of_a_network_are_those_that_run(
    isnet_path: Path, weights_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEATHERCUT_CACHE", str(weights_settings.cache))
    with feathercut.Remover(precision="fp32", quality="fast") as remover:
        assert remover.bytes > 170e6, "float32, whatever the published file holds"
    with feathercut.Remover(quality="fast") as remover:
        assert remover.bytes < 50e6 or not multiplies_bytes(), "in bytes, where the processor multiplies them"


def test_unloading_forgets_them(loads: Loads) -> None:
    feathercut.remove(red_at(0))
    feathercut.unload()
    feathercut.remove(red_at(0))
    assert len(loads.asked) == 2


def test_a_remover_of_ones_own_is_not_shared(loads: Loads) -> None:
    with feathercut.Remover() as one:
        one.remove(red_at(0))
    assert feathercut.remove(red_at(0)).found
    assert feathercut.Remover(model="u2netp").bytes == 100
    assert len(loads.asked) == 3


def test_options_as_one_value_do_the_same() -> None:
    remover = red_remover((32, 32))
    options = Options(crop=True, background="white")
    assert np.array_equal(remover.apply(red_at(2), options).rgb, remover.remove(red_at(2), **options.model_dump()).rgb)


def test_one_pixel_is_a_photo() -> None:
    assert red_remover().remove(flat((1, 1), (1, 0, 0))).alpha.tolist() == [[1.0]]
