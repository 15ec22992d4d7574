"""What each parameter does to the picture, by a real network over a real socket."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import imagecodecs
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow

from server.removebg.serving import Served

pytestmark = pytest.mark.weights


def pixels(data: bytes) -> NDArray[np.uint8]:
    array: NDArray[np.uint8] = imagecodecs.imread(data)
    return array


def cut(server: Served, photo: bytes, files: dict[str, bytes] | None = None, **fields: str) -> NDArray[np.uint8]:
    response = server.cut(photo, files, **fields)
    assert response.status_code == 200, response.text
    return pixels(response.content)


def enlarged(photo: bytes, side: int) -> bytes:
    file = io.BytesIO()
    Pillow.open(io.BytesIO(photo)).resize((side, side)).save(file, "JPEG", quality=90)
    return file.getvalue()


@pytest.fixture(scope="module")
def plain(server: Served, astronaut: bytes) -> NDArray[np.uint8]:
    """The astronaut at the size of a preview: 500×500, RGBA."""
    return cut(server, astronaut)


@pytest.fixture(scope="module")
def photo_now(astronaut: bytes) -> NDArray[np.uint8]:
    """The photo as the preview has it."""
    return np.asarray(Pillow.open(io.BytesIO(astronaut)).convert("RGB").resize((500, 500), Pillow.Resampling.LANCZOS))


def test_picture_is_straight_alpha_and_zero_under_zero(plain: Any, photo_now: Any) -> None:
    assert plain.shape == (500, 500, 4)
    alpha = plain[..., 3]
    assert (alpha == 0).mean() > 0.2 and (alpha == 255).mean() > 0.2
    assert not plain[alpha == 0].any()
    # Pillow rounds between its two passes, we do not.
    assert np.abs(plain[alpha == 255][:, :3].astype(int) - photo_now[alpha == 255]).mean() < 0.6


@pytest.mark.parametrize(
    ("size", "side"),
    [("preview", 500), ("regular", 500), ("medium", 1224), ("hd", 2000), ("full", 2100), ("auto", 2100)],
)
def test_size_gives_its_pixels_and_never_more_than_the_photo_has(
    server: Served, astronaut: bytes, size: str, side: int
) -> None:
    response = server.cut(enlarged(astronaut, 2100), size=size, format="webp")
    assert (response.headers["x-width"], response.headers["x-height"]) == (str(side), str(side))
    assert pixels(response.content).shape[:2] == (side, side)
    assert response.headers["x-credits-charged"] == ("0.25" if side == 500 else "1")


def test_png_ends_at_ten_megapixels_and_others_go_on(server: Served, astronaut: bytes) -> None:
    large = enlarged(astronaut, 3300)
    assert server.cut(large, size="full", format="png").headers["x-width"] == "3162"
    response = server.cut(large, size="full", format="jpg")
    assert (response.headers["x-width"], response.headers["x-max-width"]) == ("3300", "3300")


@pytest.mark.parametrize(
    ("given", "media_type", "mode"),
    [
        ("png", "image/png", "RGBA"),
        ("jpg", "image/jpeg", "RGB"),
        ("webp", "image/webp", "RGBA"),
        ("auto", "image/png", "RGBA"),
    ],
)
def test_format(server: Served, astronaut: bytes, plain: Any, given: str, media_type: str, mode: str) -> None:
    response = server.cut(astronaut, format=given)
    assert response.headers["content-type"] == media_type
    picture = Pillow.open(io.BytesIO(response.content))
    assert (picture.mode, picture.size) == (mode, (500, 500))
    if mode == "RGB":
        assert np.asarray(picture)[plain[..., 3] == 0].mean() > 250


def test_zip_holds_the_full_photo_and_the_very_alpha_of_the_png(
    server: Served, astronaut: bytes, plain: Any, photo_now: Any
) -> None:
    response = server.cut(astronaut, format="zip")
    assert response.headers["content-type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(response.content))
    assert [(one.filename, one.compress_type) for one in archive.infolist()] == [("color.jpg", 0), ("alpha.png", 0)]
    alpha, colour = pixels(archive.read("alpha.png")), pixels(archive.read("color.jpg"))
    assert np.array_equal(alpha, plain[..., 3])
    behind = alpha == 0
    assert np.abs(colour[behind].astype(int) - photo_now[behind]).mean() < 6
    soft = (alpha > 20) & (alpha < 235)
    assert np.abs(colour[soft].astype(int) - plain[soft][:, :3]).mean() < 6


def test_channels_alpha_is_the_matte_alone(server: Served, astronaut: bytes, plain: Any) -> None:
    matte = cut(server, astronaut, channels="alpha")
    assert matte.ndim == 2
    assert np.abs(matte.astype(int) - plain[..., 3]).max() <= 1


@pytest.mark.parametrize(("given", "media_type"), [("jpg", "image/jpeg"), ("webp", "image/webp")])
def test_matte_in_other_formats(server: Served, astronaut: bytes, plain: Any, given: str, media_type: str) -> None:
    response = server.cut(astronaut, channels="alpha", format=given, shadow_type="drop", bg_color="red")
    assert response.headers["content-type"] == media_type
    grey = np.asarray(Pillow.open(io.BytesIO(response.content)).convert("L")).astype(int)
    assert np.abs(grey - plain[..., 3]).mean() < 3


def test_roi_leaves_nothing_outside_in_px_of_the_photo_and_in_percent(server: Served, astronaut: bytes) -> None:
    for roi in ("256px 0px 512px 512px", "50% 0% 100% 100%"):
        alpha = cut(server, astronaut, roi=roi)[..., 3]
        assert not alpha[:, :250].any()
        assert (alpha[:, 250:] > 128).mean() > 0.1


def test_crop_and_its_margin(server: Served, astronaut: bytes) -> None:
    response = server.cut(astronaut, crop="true", roi="30% 10% 70% 70%")
    tight = pixels(response.content)
    assert tight[..., 3].any(axis=1).all() or (tight[[0, -1], :, 3].any() and tight[:, [0, -1], 3].any())
    assert max(tight.shape[:2]) <= 300
    by_px = cut(server, astronaut, crop="1", crop_margin="10px 20px", roi="30% 10% 70% 70%")
    assert by_px.shape[:2] == (tight.shape[0] + 20, tight.shape[1] + 40)
    assert not by_px[:10].any() and not by_px[:, :20].any()
    by_share = cut(server, astronaut, crop="yes", crop_margin="50%", roi="30% 10% 70% 70%")
    assert by_share.shape[0] == tight.shape[0] + 2 * round(tight.shape[0] / 2)


def box_of(alpha: Any) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(alpha.any(axis=1)), np.flatnonzero(alpha.any(axis=0))
    return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1


def test_scale_fills_its_share_in_the_middle(server: Served, astronaut: bytes) -> None:
    alpha = cut(server, astronaut, scale="50%")[..., 3]
    top, left, bottom, right = box_of(alpha)
    assert alpha.shape == (500, 500)
    assert max(bottom - top, right - left) == pytest.approx(250, abs=2)
    assert (top + bottom) / 2 == pytest.approx(250, abs=2)
    assert (left + right) / 2 == pytest.approx(250, abs=2)


@pytest.mark.parametrize(("position", "corner"), [("0% 0%", (0, 0)), ("100%", (500, 500)), ("0 100%", (500, 0))])
def test_position_moves_to_a_corner(server: Served, astronaut: bytes, position: str, corner: tuple[int, int]) -> None:
    top, left, bottom, right = box_of(cut(server, astronaut, scale="40%", position=position)[..., 3])
    assert (bottom if corner[0] else top) == pytest.approx(corner[0], abs=2)
    assert (right if corner[1] else left) == pytest.approx(corner[1], abs=2)


def test_background_colour_shows_behind(server: Served, astronaut: bytes, plain: Any) -> None:
    red = cut(server, astronaut, bg_color="ff0000", format="png")
    assert red.shape == (500, 500, 3)
    assert (red[plain[..., 3] == 0] == (255, 0, 0)).all()
    half = cut(server, astronaut, bg_color="#0000ff80")
    assert np.abs(half[plain[..., 3] == 0].astype(int) - (0, 0, 255, 128)).max() <= 1
    assert half[..., 3].min() >= 127


def test_background_picture_covers_centred(server: Served, astronaut: bytes, plain: Any) -> None:
    wide = np.zeros((10, 40, 3), np.uint8)
    wide[:, :15], wide[:, 15:25], wide[:, 25:] = (255, 0, 0), (0, 255, 0), (0, 0, 255)
    behind = bytes(imagecodecs.png_encode(wide))
    server.pictures.web["https://example.com/wide.png"] = behind
    ways: list[dict[str, Any]] = [
        {"files": {"bg_image_file": behind}},
        {"bg_image_url": "https://example.com/wide.png"},
    ]
    for way in ways:
        composed = cut(server, astronaut, format="png", **way)
        seen = composed[20, 20:60]
        assert plain[20, 20:60, 3].max() == 0
        assert np.abs(seen.astype(int) - (0, 255, 0)).mean() < 8


def test_drop_shadow_is_drawn_as_dark_as_it_is_asked_for(server: Served, astronaut: bytes, plain: Any) -> None:
    dark = cut(server, astronaut, shadow_type="drop", shadow_opacity="90")[..., 3].astype(int)
    light = cut(server, astronaut, shadow_type="drop", shadow_opacity="20")[..., 3].astype(int)
    assert (dark - plain[..., 3]).max() > 60
    assert dark.sum() > light.sum() > plain[..., 3].sum()


@pytest.mark.parametrize("fields", [{"add_shadow": "true"}, {"shadow_type": "car"}, {"shadow_type": "3D"}])
def test_shadows_of_every_kind_lie_below_the_subject(
    server: Served, astronaut: bytes, plain: Any, fields: dict[str, str]
) -> None:
    response = server.cut(astronaut, None, **fields)
    assert "x-unheeded" not in response.headers
    shaded = pixels(response.content)
    assert (shaded[..., 3] >= plain[..., 3]).all()
    assert (shaded[..., 3] > plain[..., 3]).any()
    assert np.array_equal(shaded[plain[..., 3] == 255], plain[plain[..., 3] == 255])
