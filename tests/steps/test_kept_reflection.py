"""The photo's own reflection on its way to the picture."""

from __future__ import annotations

import numpy as np
import pytest

from feathercut.errors import OptionError
from feathercut.evaluate.synthetic.reflections import ReflectionScene, render
from feathercut.options import Compose, Options
from feathercut.pictures import Image, Prediction
from feathercut.pipeline import cut_out, finish


@pytest.fixture(name="scene", scope="module")
def a_scene() -> ReflectionScene:
    return render(200, "plain")


def finished(scene: ReflectionScene, **options: object) -> Image:
    chosen = Options.model_validate({"edges": "network", "decontaminate": 0, **options})
    photo = Image(scene.rgb)
    drawn = Prediction(scene.alpha, (0, 0, *scene.alpha.shape), "true", "bilinear")
    return finish(cut_out(photo, lambda *_: (drawn,), chosen), photo, chosen)


def test_it_stands_on_the_new_background(scene: ReflectionScene) -> None:
    seen = (scene.share > 0.05) & (scene.alpha < 0.01)
    without = finished(scene, background="white").rgb[seen]
    kept = finished(scene, background="white", keep_reflection=True).rgb[seen]
    wanted = (1 + scene.share[..., None] * (scene.mirrored - 1))[seen]
    assert np.abs(kept - wanted).mean() < 0.3 * np.abs(without - wanted).mean()


def test_a_crop_leaves_room_for_it_and_layers_have_it_apart(scene: ReflectionScene) -> None:
    alone = finished(scene, crop=True)
    whole = finished(scene, crop=True, keep_reflection=True, format="psd")
    assert whole.size[1] == alone.size[1] and whole.size[0] > alone.size[0] + 30
    assert whole.layers is not None and whole.layers.mirrored is not None
    colours, shown = whole.layers.mirrored
    assert colours.shape[:2] == shown.shape == whole.size
    assert shown[-20].max() > 0.03 and whole.layers.alpha[-20].max() == 0


def test_it_is_no_shadow_as_well(scene: ReflectionScene) -> None:
    chosen = Options(edges="network", decontaminate=0, shadow="keep", keep_reflection=True)
    drawn = Prediction(scene.alpha, (0, 0, *scene.alpha.shape), "true", "bilinear")
    cutout = cut_out(Image(scene.rgb), lambda *_: (drawn,), chosen)
    assert cutout.shadow is not None and cutout.mirrored is not None
    assert cutout.shadow[cutout.mirrored[1] > 0.1].mean() < 0.03


def test_one_is_drawn_or_kept() -> None:
    with pytest.raises(OptionError, match="`reflection` and `keep_reflection`"):
        Compose(reflection=40, keep_reflection=True)
