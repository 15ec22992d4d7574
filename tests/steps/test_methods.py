"""Cutouts without a network: each method on what it is for, and what it says where it is not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

import feathercut
from feathercut.errors import MethodError, OptionError
from feathercut.evaluate.synthetic.scenes import Scene
from feathercut.evaluate.synthetic.studios import in_studio
from feathercut.kernels.pieces import spread
from feathercut.kernels.windows import Marks
from feathercut.pictures import FloatArray, Image
from feathercut.result import Result
from feathercut.settings import Settings

PHOTOS = Path(__file__).parents[2] / "examples" / "photos"
SIZE = (384, 512)


def psnr(scene: Scene, alpha: FloatArray, rgb: FloatArray, where: Marks) -> float:
    """Of the cutout on white and on black beside the true one, in dB, at some pixels."""
    share, true_share = alpha[..., None], scene.alpha[..., None]
    errors = []
    for behind in (0.0, 1.0):
        ours = share * rgb + (1 - share) * behind
        errors.append(np.square(ours - true_share * scene.foreground - (1 - true_share) * behind)[where].mean())
    return float(-10 * np.log10(np.mean(np.array(errors))))


def cut(scene: Scene, **options: object) -> Result:
    return feathercut.remove(Image(scene.rgb), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 9])  # the last in green before green
def test_hair_before_a_screen_keeps_its_solid_parts_to_the_rounding(seed: int) -> None:
    scene = in_studio(seed, "hair", "screen", SIZE, noise=0)
    result = cut(scene, method="chroma")
    solid = ~spread(scene.alpha < 1, 2)
    rounding = psnr(scene, scene.alpha, scene.rgb, solid)
    assert rounding > 55
    assert psnr(scene, result.alpha, result.rgb, solid) > rounding - 1


@pytest.mark.weights
def test_hair_before_a_screen_is_far_better_than_by_a_network(
    isnet_path: Path, u2netp_path: Path, weights_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isnet_path.exists() and u2netp_path.exists()
    monkeypatch.setenv("FEATHERCUT_CACHE", str(weights_settings.cache))
    scene = in_studio(1, "hair", "screen", SIZE)
    edges = (scene.alpha > 0) & (scene.alpha < 1)
    keyed, network = cut(scene, method="chroma"), cut(scene)
    assert psnr(scene, keyed.alpha, keyed.rgb, edges) > psnr(scene, network.alpha, network.rgb, edges) + 6
    assert keyed.model == "chroma"


def test_the_screens_light_is_taken_off_edges_as_far_as_asked() -> None:
    scene = in_studio(0, "fur", "screen", SIZE)
    lit = Image(np.clip(scene.rgb + np.array([0, 0.06, 0], np.float32) * (scene.alpha[..., None] > 0), 0, 1))
    soft = (scene.alpha > 0.3) & (scene.alpha < 1)

    def green(despill: float) -> float:
        rgb = feathercut.remove(lit, method="chroma", screen="#1f9e38", despill=despill).rgb[soft]
        return float((rgb[:, 1] - rgb[:, [0, 2]].max(axis=1)).mean())

    assert green(100) < green(50) < green(0)


def test_a_subject_of_a_mixture_of_greens_needs_its_screen_named() -> None:
    scene = in_studio(0, "hair", "screen", SIZE)
    named = cut(scene, method="chroma", screen="#21ad3d")
    assert np.abs(named.alpha - cut(scene, method="chroma").alpha).mean() < 0.01


def test_a_photo_without_a_screen_is_refused_in_words() -> None:
    grey = Image(np.full((60, 80, 3), 0.5, np.float32))
    with pytest.raises(MethodError, match="no screen of one strong colour"):
        feathercut.remove(grey, method="chroma")
    with pytest.raises(MethodError, match="`grey` has no strong colour"):
        feathercut.remove(grey, method="chroma", screen="grey")


def test_a_screen_alone_gives_an_empty_cutout() -> None:
    screen = np.broadcast_to(np.array([0.1, 0.6, 0.2], np.float32), (60, 80, 3)).copy()
    result = feathercut.remove(Image(screen), method="chroma")
    assert not result.found


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (3, 2), (40, 1)])
def test_tiny_pictures_end_in_a_cutout_or_a_sentence(shape: tuple[int, int]) -> None:
    picture = np.random.default_rng(0).random((*shape, 3), np.float32)
    for method in ("chroma", "plain", "outline", "grabcut"):
        try:
            assert feathercut.remove(Image(picture), method=method, region="0 0 100% 100%").alpha.shape == shape
        except (MethodError, OptionError) as error:
            assert str(error).startswith("Option `")


def test_holes_before_a_plain_backdrop_are_open_and_its_shadow_goes() -> None:
    scene = in_studio(2, "holes", "backdrop")
    alpha = cut(scene, method="plain").alpha
    assert np.abs(alpha - scene.alpha).mean() < 0.02
    assert alpha[scene.alpha == 0].mean() < 0.01


def test_a_busy_photo_is_no_plain_backdrop() -> None:
    with pytest.raises(MethodError, match="no plain backdrop"):
        feathercut.remove(PHOTOS / "astronaut.jpg", method="plain")


def test_the_outline_of_a_disc_is_found_and_filled() -> None:
    y, x = np.mgrid[:200, :300]
    disc = np.hypot(y - 100, x - 150) < 60
    rgb = np.where(
        disc[..., None], np.array([0.8, 0.3, 0.2], np.float32), np.array([0.3, 0.4, 0.6], np.float32)
    ).astype(np.float32)
    alpha = feathercut.remove(Image(rgb), method="outline").alpha
    assert np.abs(alpha - disc).mean() < 0.01


def test_nothing_to_outline_is_said() -> None:
    with pytest.raises(MethodError, match="no outline in this photo closes"):
        feathercut.remove(Image(np.full((50, 60, 3), 0.4, np.float32)), method="outline")


def test_grabcut_finds_what_a_rectangle_and_strokes_say(tmp_path: Path) -> None:
    y, x = np.mgrid[:200, :300]
    disc, other = np.hypot(y - 100, x - 90) < 50, np.hypot(y - 100, x - 220) < 40
    random = np.random.default_rng(0)
    rgb = np.where((disc | other)[..., None], [0.8, 0.3, 0.2], [0.3, 0.5, 0.6]) + random.normal(0, 0.02, (200, 300, 3))
    photo = Image(np.clip(rgb, 0, 1).astype(np.float32))
    alpha = feathercut.remove(photo, method="grabcut", region="20px 30px 160px 170px").alpha
    assert np.abs(alpha - disc).mean() < 0.02
    strokes = np.full((200, 300), 128, np.uint8)
    strokes[95:105, 60:120] = 255
    strokes[5:15, :] = strokes[95:105, 200:240] = 0
    Pillow.fromarray(strokes).save(tmp_path / "strokes.png")
    stroked = feathercut.remove(photo, method="grabcut", region="0 0 100% 100%", trimap=tmp_path / "strokes.png").alpha
    assert stroked[100, 90] == 1
    assert stroked[100, 220] == 0


def test_grabcut_asks_for_a_place() -> None:
    with pytest.raises(OptionError, match="a rectangle as `region`, or strokes as `trimap`"):
        feathercut.remove(PHOTOS / "cup.jpg", method="grabcut")


def test_a_method_keeps_within_the_photos_own_alpha() -> None:
    scene = in_studio(0, "fur", "screen", SIZE)
    own = np.ones(SIZE, np.float32)
    own[:, :256] = 0
    result = feathercut.remove(Image(scene.rgb, own), method="chroma")
    assert not result.alpha[:, :256].any()
    assert result.alpha[:, 256:].any()


def test_no_network_is_asked_for_and_the_name_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEATHERCUT_CACHE", str(tmp_path))
    monkeypatch.setenv("FEATHERCUT_OFFLINE", "1")
    scene = in_studio(0, "fur", "screen", SIZE)
    assert cut(scene, method="plain").model == "plain"
