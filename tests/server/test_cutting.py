"""Orders carried out: bytes in, bytes out, with limits."""

import asyncio
import base64
import hashlib
import io
import json
import threading
import zipfile
from typing import Any

import imagecodecs
import numpy as np
import pytest

from factories import display_p3, red_remover
from feathercut.errors import InputError, OptionError, RecipeError, RegionError, SubjectError, TooLargeError
from feathercut.formats.content import Still
from feathercut.formats.png_writer import write
from feathercut.options import Network, Options
from feathercut.remover import Remover
from feathercut.server.cutting import InProcess, cut, needs_network
from feathercut.server.orders import Answer, Caller, LateError, Order
from feathercut.server.settings import ServerSettings
from feathercut.sources import load
from feathercut.steps.decode import decode

CALLER = Caller("tests", 60)
NETWORK = Network(model="u2netp")


def png(array: Any) -> bytes:
    return bytes(imagecodecs.png_encode(np.asarray(array)))


def red_on_green(size: tuple[int, int] = (40, 80), box: tuple[int, int, int, int] = (10, 20, 30, 50)) -> Any:
    rgb = np.zeros((*size, 3), np.uint8)
    rgb[..., 1] = 200
    rgb[box[0] : box[2], box[1] : box[3]] = (255, 0, 0)
    return rgb


def order(picture: bytes | None = None, **more: Any) -> Order:
    fields = {name: more.pop(name) for name in list(more) if name in Order.__dataclass_fields__}
    return Order(picture or png(red_on_green()), NETWORK, Options(edges="network", **more), **fields)


def answer(picture: bytes | None = None, **more: Any) -> Answer:
    return cut(order(picture, **more), red_remover((64, 64)))


def pixels(body: bytes) -> Any:
    return imagecodecs.imread(body)


def test_answer_says_size_box_model_and_stages() -> None:
    given = answer()
    assert (given.media_type, given.size, given.photo_size) == ("image/png", (40, 80), (40, 80))
    top, left, height, width = given.foreground
    assert abs(top - 10) <= 2 and abs(left - 20) <= 2 and abs(height - 20) <= 4 and abs(width - 30) <= 4
    assert given.found and given.model == "tiny"
    assert list(given.stages_s) == ["decode", "network", "cut", "encode"]
    assert given.stages_s["network"] <= given.stages_s["cut"]


def test_box_is_told_in_the_cropped_and_scaled_picture() -> None:
    cropped = answer(crop=True, margin="5px")
    height, width = cropped.size
    assert cropped.foreground == (5, 5, height - 10, width - 10)
    scaled = answer(size="200x200", scale="50%")
    assert abs(scaled.foreground[3] - 100) <= 1
    assert abs(scaled.foreground[1] - 50) <= 1


def test_nothing_found_has_an_empty_box() -> None:
    given = answer(png(np.zeros((20, 20, 3), np.uint8)))
    assert not given.found
    assert given.foreground == (0, 0, 0, 0)


def test_photo_is_reduced_before_anything_looks() -> None:
    given = answer(png(red_on_green((400, 800), (100, 200, 300, 500))), most_pixels=3200)
    assert (given.size, given.photo_size) == ((40, 80), (400, 800))
    assert pixels(given.body)[20, 35].tolist() == [255, 0, 0, 255]


def test_region_in_px_is_that_of_the_photo_as_it_came() -> None:
    photo = png(red_on_green((400, 800), (100, 200, 300, 500)))
    given = answer(photo, most_pixels=3200, region="350px 0 800px 400px")
    alpha = pixels(given.body)[..., 3]
    assert not alpha[:, :35].any()
    assert alpha[20, 40] == 255
    with pytest.raises(RegionError, match="800×400"):
        answer(photo, most_pixels=3200, region="0 0 900px 400px")


def two_squares() -> Any:
    """A large red square on the left and a small one on the right, 400×800."""
    rgb = red_on_green((400, 800), (100, 100, 300, 350))
    rgb[150:250, 600:700] = (255, 0, 0)
    return rgb


@pytest.mark.parametrize("subject", ["2", "650px,200px", "70%,0,100%,100%"])
def test_one_of_two_subjects_is_kept_also_on_a_photo_that_was_reduced(subject: str) -> None:
    alpha = pixels(answer(png(two_squares()), most_pixels=3200, subject=subject).body)[..., 3]
    assert not alpha[:, :50].any()
    assert alpha[20, 65] == 255


def test_a_subject_that_is_not_there_is_said() -> None:
    with pytest.raises(SubjectError, match="there are 2 subjects; 3 is none of them"):
        answer(png(two_squares()), subject="3")


def test_layers_are_the_full_photo_and_the_pictures_own_alpha_stored() -> None:
    picture = pixels(answer().body)
    given = answer(gives="layers")
    archive = zipfile.ZipFile(io.BytesIO(given.body))
    assert given.media_type == "application/zip"
    assert [(one.filename, one.compress_type) for one in archive.infolist()] == [
        ("color.jpg", zipfile.ZIP_STORED),
        ("alpha.png", zipfile.ZIP_STORED),
    ]
    alpha, colour = pixels(archive.read("alpha.png")), pixels(archive.read("color.jpg"))
    assert alpha.ndim == 2
    assert np.array_equal(alpha, picture[..., 3])
    assert np.abs(colour[2:6, 2:6].astype(int) - (0, 200, 0)).max() <= 6  # the background is still there
    assert np.abs(colour[18:22, 30:40].astype(int) - (255, 0, 0)).max() <= 6


@pytest.mark.parametrize(("subject", "names"), [("all", ["1.jpg", "2.jpg"]), ("2", ["2.jpg"])])
def test_each_subject_is_a_picture_of_its_number_in_a_zip(subject: str, names: list[str]) -> None:
    given = answer(
        png(two_squares()), gives="each", subject=subject, most_pixels=3200, crop=True, format="jpeg", background="blue"
    )
    archive = zipfile.ZipFile(io.BytesIO(given.body))
    assert given.media_type == "application/zip"
    assert archive.namelist() == names
    sizes = [pixels(archive.read(name)).shape[:2] for name in names]
    assert max(sizes[-1]) < 18 and (len(sizes) == 1 or min(sizes[0]) > 18)
    assert given.size == sizes[0]
    assert list(given.stages_s) == ["decode", "network", "cut", "encode"]


def test_each_of_no_subjects_is_an_empty_zip() -> None:
    given = answer(png(np.zeros((20, 20, 3), np.uint8)), gives="each")
    assert not given.found
    assert zipfile.ZipFile(io.BytesIO(given.body)).namelist() == []


def test_layers_are_cropped_together() -> None:
    given = answer(gives="layers", crop=True, margin="4px")
    archive = zipfile.ZipFile(io.BytesIO(given.body))
    alpha, colour = pixels(archive.read("alpha.png")), pixels(archive.read("color.jpg"))
    assert alpha.shape == colour.shape[:2] == given.size
    assert alpha[given.size[0] // 2, given.size[1] // 2] == 255


def test_background_picture_is_composed_and_measured_first() -> None:
    blue = np.zeros((10, 10, 3), np.uint8)
    blue[..., 2] = 255
    given = answer(background_picture=png(blue))
    assert pixels(given.body)[2, 2].tolist() == [0, 0, 255]
    with pytest.raises(TooLargeError, match=r"background.*megapixels"):
        answer(background_picture=png(np.zeros((100, 100, 3), np.uint8)), max_megapixels=0.005)


@pytest.mark.parametrize("option", ["background", "trimap"])
def test_no_path_of_the_server_is_read(option: str) -> None:
    with pytest.raises(OptionError, match="reads no files of its own"):
        answer(None, **{option: "./hidden.png"})


def test_a_method_without_a_network_needs_none() -> None:
    wanted = order(method="chroma")
    assert not needs_network(wanted)
    given = cut(wanted, None)
    assert given.model == "chroma"
    assert given.foreground == (10, 20, 20, 30)


def test_matte_is_used_as_it_is_and_no_network_looks() -> None:
    matte = np.zeros((40, 80), np.uint8)
    matte[5:15, 5:15] = 77
    wanted = order(matte=png(matte))
    assert not needs_network(wanted)
    given = cut(wanted, None)
    assert np.array_equal(pixels(given.body)[..., 3], matte)
    assert (given.model, given.found) == ("matte", True)
    with pytest.raises(InputError, match="another shape"):
        cut(order(matte=png(matte[:20])), None)
    with pytest.raises(OptionError, match="region"):
        cut(order(matte=png(matte), region="0 0 50% 50%"), None)


def test_matte_goes_with_a_reduced_photo() -> None:
    matte = np.zeros((401, 799), np.uint8)
    matte[:, 400:] = 255
    given = cut(order(png(red_on_green((401, 799))), matte=png(matte), most_pixels=3200), None)
    alpha = pixels(given.body)[..., 3]
    assert alpha.shape == given.size
    assert alpha[:, :38].max() == 0
    assert alpha[:, 42:].min() == 255


def recipe(photo: bytes, **more: Any) -> str:
    size = load(photo, Options()).frames[0].size
    about = {"name": "photo.png", "size": size, "sha256": hashlib.sha256(photo).hexdigest()}
    return json.dumps({"feathercut": "recipe", "version": 1, "photo": about, **more})


def test_recipe_is_replayed() -> None:
    photo = png(red_on_green())
    acts = [{"kind": "rectangle", "mode": "erase", "box": [0, 0, 40, 40]}]
    given = cut(order(photo, recipe=recipe(photo, acts=acts)), None)
    alpha = pixels(given.body)[..., 3]
    assert alpha[:, :40].max() == 0
    assert alpha[:, 40:].min() == 255
    with pytest.raises(RecipeError, match="another photo"):
        cut(order(recipe=recipe(png(red_on_green((20, 20))))), None)


def test_recipe_brings_no_path_and_no_bomb() -> None:
    photo = png(red_on_green())
    with pytest.raises(OptionError, match="reads no files of its own"):
        cut(order(photo, recipe=recipe(photo, background={"kind": "colour", "colour": "/etc/hostname.png"})), None)
    large = base64.b64encode(png(np.zeros((100, 100, 3), np.uint8))).decode()
    picture = {"kind": "picture", "name": "behind.png", "bytes": large}
    with pytest.raises(TooLargeError, match="megapixels"):
        cut(order(photo, recipe=recipe(photo, background=picture), max_megapixels=0.005), None)


def test_profile_and_resolution_come_along() -> None:
    profile = display_p3()  # which says when it was made
    photo = write(Still(red_on_green(), profile, (300.0, 300.0), None, 90))
    metadata = decode(answer(photo).body).frames[0].metadata
    assert metadata.profile == profile
    assert metadata.dpi == pytest.approx((300, 300), abs=0.1)


def test_in_process_answers_many_at_once_with_one_network() -> None:
    made = []

    def make(network: Network) -> Remover:
        made.append(network)
        return red_remover((64, 64))

    inference = InProcess(ServerSettings(), make=make)

    async def many() -> list[Answer]:
        return await asyncio.gather(*(inference.cut(order(), CALLER) for _ in range(6)))

    answers = asyncio.run(many())
    inference.close()
    assert len({one.body for one in answers}) == 1
    assert made == [NETWORK]


def test_late_answer_is_told() -> None:
    go = threading.Event()

    def make(network: Network) -> Remover:
        assert go.wait(60)
        return red_remover((64, 64))

    async def late() -> None:
        try:
            with pytest.raises(LateError, match=r"0\.01 s"):
                await inference.cut(order(), Caller("tests", 0.01))
        finally:
            go.set()

    inference = InProcess(ServerSettings(), make=make)
    asyncio.run(late())
    inference.close()


def test_jpeg_over_a_background_picture_with_holes_shows_white() -> None:
    holes = np.zeros((10, 10, 4), np.uint8)
    given = answer(background_picture=png(holes), format="jpeg")
    assert given.media_type == "image/jpeg"
    assert pixels(given.body)[2, 2].min() >= 250
