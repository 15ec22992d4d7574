"""Recipes: read, refused, replayed; here and in TypeScript to within one level."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import imagecodecs
import numpy as np
import pytest

import feathercut
import scenes_of_glass
from factories import floats, red_remover
from feathercut.cli.main import run
from feathercut.errors import OptionError, RecipeError
from feathercut.evaluate.synthetic.scenes import render
from feathercut.options import Options
from feathercut.recipe import read_recipe
from feathercut.replaying import replay

ROOT = Path(__file__).parents[1]
ERASE_LEFT = {"kind": "rectangle", "mode": "erase", "box": [0, 0, 8, 12]}


def photo_file(folder: Path, rgb: Any = None) -> Path:
    """A PNG of a few colours, or of `rgb`."""
    path = folder / "photo.png"
    picture = np.full((12, 16, 3), (200, 40, 40), np.uint8) if rgb is None else rgb
    path.write_bytes(imagecodecs.png_encode(picture))
    return path


def words(photo: Path, size: tuple[int, int] = (12, 16), **more: Any) -> dict[str, Any]:
    """A recipe for that photo."""
    digest = hashlib.sha256(photo.read_bytes()).hexdigest()
    about = {"name": photo.name, "size": list(size), "sha256": digest}
    return {"feathercut": "recipe", "version": 1, "photo": about, **more}


def saved(photo: Path, size: tuple[int, int] = (12, 16), **more: Any) -> Path:
    path = photo.parent / "photo.feathercut.json"
    path.write_text(json.dumps(words(photo, size, **more)), "utf-8")
    return path


def kept(alpha: Any) -> dict[str, Any]:
    """A network's answer as a recipe keeps it."""
    levels = np.round(np.asarray(alpha) * 65535).astype(np.uint16)
    height, width = levels.shape
    text = base64.b64encode(imagecodecs.png_encode(levels)).decode()
    return {
        "model": "tiny",
        "size": [height, width],
        "inside": [0, 0, height, width],
        "resample": "bilinear",
        "png": text,
    }


def test_glass_is_clear_where_the_recipe_says_so_and_solid_where_somebody_drew(tmp_path: Path) -> None:
    size = (180, 240)
    scene = scenes_of_glass.before(scenes_of_glass.wall(size), *scenes_of_glass.tumbler(size))
    photo = photo_file(tmp_path, np.round(scene * 255).astype(np.uint8))
    told: dict[str, Any] = {"predictions": [kept(scenes_of_glass.outline(size))], "edges": "network"}
    solid = feathercut.replay(photo, saved(photo, size, **told))
    assert solid.alpha[90, 120] == 1  # as recipes were made before there was a choice
    drawn = {"kind": "rectangle", "mode": "restore", "box": [100, 80, 140, 100]}
    clear = feathercut.replay(photo, saved(photo, size, **told, transparency="auto", acts=[drawn]))
    assert clear.alpha[60, 120] < 0.25
    assert clear.alpha[90, 120] == 1


def test_without_predictions_all_is_the_subject_until_erased(tmp_path: Path) -> None:
    photo = photo_file(tmp_path)
    result = feathercut.replay(photo, saved(photo, acts=[ERASE_LEFT]))
    assert result.model == "recipe"
    assert (result.alpha[:, :8] == 0).all()
    assert (result.alpha[:, 8:] == 1).all()
    assert result.rgb[0, 12].tolist() == pytest.approx([200 / 255, 40 / 255, 40 / 255])


def test_kept_predictions_make_the_matte_without_a_network(tmp_path: Path) -> None:
    photo = photo_file(tmp_path)
    result = feathercut.replay(photo, saved(photo, predictions=[kept([[1.0, 0.0]])], edges="network"))
    assert result.model == "tiny"
    assert (result.alpha[:, :4] == 1).all()
    assert (result.alpha[:, 12:] == 0).all()


def test_edges_of_a_small_photo_are_solved_for_where_the_recipe_says_so(tmp_path: Path) -> None:
    """Recipes from before the page did it mean what they meant."""
    scene = np.full((60, 80, 3), (40, 90, 200), np.uint8)
    scene[:, 20:60] = 220, 120, 40
    photo = photo_file(tmp_path, scene)
    soft = np.clip((24 - np.abs(np.arange(80, dtype=np.float32) - 39.5)) / 8, 0, 1)[None].repeat(60, 0)
    told: dict[str, Any] = {"predictions": [kept(soft)], "transparency": "off"}
    older = feathercut.replay(photo, saved(photo, (60, 80), **told))
    solved = feathercut.replay(photo, saved(photo, (60, 80), **told, low_resolution="auto"))
    assert np.abs(older.alpha[30] - soft[30]).max() < 0.01
    assert np.abs(solved.alpha[30] - (np.abs(np.arange(80) - 39.5) < 20)).max() < 0.05


def test_a_recipe_may_name_a_method_without_a_network(tmp_path: Path) -> None:
    y, x = np.mgrid[:60, :80]
    inside = (np.hypot(y - 30, x - 40) < 15)[..., None]
    photo = photo_file(tmp_path, np.where(inside, (200, 90, 80), (30, 170, 50)).astype(np.uint8))
    keyed = feathercut.replay(photo, saved(photo, (60, 80), method="chroma", despill=50))
    assert np.abs(keyed.alpha - inside[..., 0]).mean() < 0.01
    plain = feathercut.replay(photo, saved(photo, (60, 80), method="plain", transparency="off"))
    assert np.abs(plain.alpha - inside[..., 0]).mean() < 0.02
    with pytest.raises(RecipeError, match="`screen` cannot be used"):
        read_recipe(json.dumps({**words(photo), "screen": "grene"}))


def test_a_reflection_in_the_recipe_is_below_the_subject(tmp_path: Path) -> None:
    photo = photo_file(tmp_path)
    lower = {"kind": "rectangle", "mode": "erase", "box": [0, 6, 16, 12]}
    result = feathercut.replay(photo, saved(photo, acts=[lower], reflection=50))
    assert result.alpha[6].tolist() == pytest.approx([0.5 * (1 - 0.5 / 3) ** 2] * 16)


def test_the_subject_that_a_recipe_names_is_kept(tmp_path: Path) -> None:
    photo = photo_file(tmp_path)
    alpha = np.zeros((12, 16), np.float32)
    alpha[2:10, 1:6], alpha[4:8, 12:15] = 1, 1
    recipe = saved(photo, predictions=[kept(alpha)], edges="network", subject="2")
    result = feathercut.replay(photo, recipe)
    assert not result.alpha[:, :8].any()
    assert (result.alpha[5:7, 13] == 1).all()
    assert [one.kept for one in result.subjects] == [False, True]


def test_acts_sliders_shadow_and_background_come_in_their_order(tmp_path: Path) -> None:
    photo = photo_file(tmp_path)
    shadow = {"kind": "drop", "angle_deg": 180, "distance_px": 4, "softness_px": 0, "opacity": 0.5}
    result = feathercut.replay(photo, saved(photo, acts=[ERASE_LEFT], edge_shift=-2, shadow=shadow))
    assert result.alpha[5].tolist() == pytest.approx([0] * 6 + [0.5] * 4 + [1] * 6)
    on_white = {"kind": "gradient", "from": "white", "to": "rgb(255, 255, 255)"}
    result = feathercut.replay(photo, saved(photo, acts=[ERASE_LEFT], shadow=shadow, background=on_white))
    assert result.picture.alpha is None
    assert result.rgb[5, 2].tolist() == [1, 1, 1]
    assert result.rgb[5, 6].tolist() == [0.5, 0.5, 0.5]


def test_a_picture_in_the_recipe_is_behind_the_subject(tmp_path: Path) -> None:
    photo = photo_file(tmp_path)
    green = base64.b64encode(imagecodecs.png_encode(np.full((2, 2, 3), (0, 255, 0), np.uint8))).decode()
    behind = {"kind": "picture", "name": "green.png", "bytes": green}
    result = feathercut.replay(photo, saved(photo, acts=[ERASE_LEFT], background=behind))
    assert result.rgb[5, 2].tolist() == [0, 1, 0]


def test_the_photos_own_alpha_stays_the_ceiling(tmp_path: Path) -> None:
    grey = np.full((12, 16, 4), (200, 40, 40, 102), np.uint8)
    photo = photo_file(tmp_path, grey)
    brush = {"kind": "stroke", "mode": "restore", "diameter_px": 8, "points": [[12, 6, 1]]}
    result = feathercut.replay(photo, saved(photo, acts=[ERASE_LEFT, {**brush, "is_smart": True}, brush]))
    assert result.alpha.max() == pytest.approx(0.4)


def test_another_photo_is_refused_unless_asked_for(tmp_path: Path) -> None:
    photo = photo_file(tmp_path)
    recipe = saved(photo, acts=[ERASE_LEFT])
    photo_file(tmp_path, np.zeros((12, 16, 3), np.uint8))
    with pytest.raises(RecipeError, match="is for another photo: photo"):
        replay(photo, recipe)
    assert replay(photo, recipe, any_photo=True).alpha[0, 12] == 1
    photo_file(tmp_path, np.zeros((12, 20, 3), np.uint8))
    with pytest.raises(RecipeError, match="drawn on 16×12 pixels, and this photo has 20×12"):
        replay(photo, recipe, any_photo=True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": 2}, "has version 2, and version 1 is what is read here; upgrade"),
        ({"feathercut": "matte"}, "lacks"),
        ({"acts": [{"kind": "scribble"}]}, "`acts.0` cannot be used"),
        ({"acts": [{**ERASE_LEFT, "mode": "ersae"}]}, "`acts.0.rectangle.mode` cannot be used"),
        ({"acts": [{**ERASE_LEFT, "colour": 1}]}, "`acts.0.rectangle.colour` cannot be used: there is no such word"),
        ({"edge_shift": "far"}, "`edge_shift` cannot be used"),
        ({"photo": {"name": "a", "size": [1, 1]}}, "`photo.sha256` cannot be used: it is missing"),
    ],
)
def test_a_wrong_word_is_named_with_what_to_do(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        read_recipe(json.dumps({**words(photo_file(tmp_path)), **change}))


def test_a_word_that_an_option_does_not_take_is_named(tmp_path: Path) -> None:
    photo = photo_file(tmp_path)
    with pytest.raises(RecipeError, match="Option `size`"):
        replay(photo, saved(photo, canvas={"size": "huge"}))
    with pytest.raises(RecipeError, match="prediction of tiny cannot be used"):
        replay(photo, saved(photo, predictions=[{**kept([[1.0]]), "png": "bm90IGEgcG5n"}]))


def test_a_network_looks_where_it_is_asked_to(tmp_path: Path) -> None:
    rgb = np.zeros((12, 16, 3), np.uint8)
    rgb[:, 8:, 0] = 255
    photo = photo_file(tmp_path, rgb)
    with red_remover() as remover:
        look = Mock(wraps=remover.predict)
        result = replay(photo, saved(photo, acts=[]), options=Options(low_resolution="off"), predictor=look)
    assert look.call_args.args[1].low_resolution == "off", "what the options have no use for is not asked for"
    assert result.alpha[6, 2] < 0.1
    assert result.alpha[6, 14] > 0.9


def test_the_command_writes_the_picture_and_says_what_it_did(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = photo_file(tmp_path)
    recipe = saved(photo, acts=[ERASE_LEFT])
    target = tmp_path / "out.png"
    arguments = ["edit", str(photo), "--recipe", str(recipe), "-o", str(target)]
    assert run([*arguments, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["status"], report["width"], report["height"]) == ("done", 16, 12)
    picture = imagecodecs.png_decode(target.read_bytes())
    assert picture[3, 12].tolist() == [200, 40, 40, 255]
    assert picture[3, 3].tolist() == [0, 0, 0, 0]
    assert run(arguments) == 3  # it is there already
    photo_file(tmp_path, np.zeros((12, 16, 3), np.uint8))
    assert run([*arguments, "--overwrite"]) == 3
    assert "or `--any-photo`" in capsys.readouterr().err
    assert run([*arguments[:-1], str(photo), "--overwrite"]) == 2


def test_a_wrong_gradient_is_refused() -> None:
    assert Options(background="gradient:white,rgb(0, 0, 255),45").background
    for text in ("gradient:white", "gradient:white,blue,up", "gradient:white,blue,1,2"):
        with pytest.raises(OptionError, match="is no gradient"):
            Options(background=text)


def rendered(folder: Path) -> tuple[Path, dict[str, Any]]:
    """A rendered head, and a recipe that uses every act and most words."""
    scene = render(4242, "hair", (384, 512))
    photo = photo_file(folder, np.round(scene.rgb * 255).astype(np.uint8))
    rough = floats(np.round(scene.alpha[::6, ::6] * 65535) / 65535)
    curve = [[150.5, 120.0, 1.0], [170.0, 150.0, 0.5], [190.0, 190.0, 0.8]]
    acts = [
        {"kind": "lasso", "mode": "erase", "points": [[120, 60], [210, 70], [200, 230], [110, 220]]},
        {"kind": "stroke", "mode": "restore", "is_smart": True, "diameter_px": 70, "hardness": 0.8, "opacity": 1,
         "points": curve},
        {"kind": "stroke", "mode": "erase", "is_smart": False, "diameter_px": 30, "hardness": 0.3, "opacity": 0.7,
         "points": curve[1:]},
        {"kind": "rectangle", "mode": "restore", "box": [300.25, 200.5, 330.5, 260.75]},
        {"kind": "stroke", "mode": "erase", "is_smart": True, "diameter_px": 40, "hardness": 1, "opacity": 1,
         "points": [[320, 120, 1], [340, 180, 1]]},
    ]  # fmt: skip
    more = {
        "predictions": [kept(rough)], "presence": 0.4, "specks": 0.05, "edges": "photo", "subject": "all", "acts": acts,
        "edge_shift": 0.5, "edge_softness": 0.7, "edge_contrast": 10, "decontaminate": 100,
        "background": {"kind": "gradient", "from": "#ffeedd", "to": "rgb(20, 60, 120)", "angle_deg": 70},
        "shadow": {"kind": "drop", "angle_deg": 60, "distance_px": 15, "softness_px": 9, "opacity": 0.5},
        "canvas": {"crop": True, "margin": "8% 5%", "size": None, "scale": None, "position": None},
    }  # fmt: skip
    return photo, words(photo, (384, 512), **more)


@pytest.mark.skipif(not (ROOT / "web" / "node_modules").is_dir(), reason="needs `npm ci` in web/")
@pytest.mark.parametrize("is_bare", [False, True], ids=["composed", "transparent"])
def test_typescript_replays_it_to_within_one_level(tmp_path: Path, is_bare: bool) -> None:
    photo, recipe = rendered(tmp_path)
    if is_bare:
        recipe = {**recipe, "background": {"kind": "transparent"}, "canvas": {"crop": False, "margin": "0"}}
    path = tmp_path / "recipe.json"
    path.write_text(json.dumps(recipe), "utf-8")
    imagecodecs.png_decode(photo.read_bytes()).tofile(tmp_path / "photo.raw")
    prediction = imagecodecs.png_decode(base64.b64decode(recipe["predictions"][0]["png"]))
    (prediction.astype(np.float32) / np.float32(65535)).tofile(tmp_path / "prediction.raw")
    node = shutil.which("node")
    assert node is not None
    done = subprocess.run(
        [node, "node_modules/vitest/vitest.mjs", "run", "tests/replayed.test.ts"],
        cwd=ROOT / "web", env={**os.environ, "FEATHERCUT_REPLAY": str(tmp_path)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    ours = replay(photo, path).to_pil()
    expected = np.asarray(ours.convert("RGBA"), np.int16)
    answer = np.fromfile(tmp_path / "answer.raw", np.uint8).reshape(expected.shape).astype(np.int16)
    off = np.abs(answer - expected)
    assert off[..., 3].max() <= 1
    # Where alpha is next to nothing a colour is a quotient of next to nothing: what counts is what shows.
    shown = off[..., :3] * np.maximum(answer, expected)[..., 3:] / 255
    assert shown.max() <= 1
