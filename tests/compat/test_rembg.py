"""rembg's Python shape over the real u2netp."""

from __future__ import annotations

import importlib
import inspect
import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageFilter

from feathercut.compat.rembg import bg, new_session, remove
from feathercut.compat.rembg.names import NOT_HERE, RECORDS, SESSION_NAMES
from feathercut.compat.rembg.sessions import sessions, sessions_class, sessions_names
from feathercut.compat.rembg.sessions.base import BaseSession
from feathercut.errors import LicenceError, NotAPictureError, OptionError, UnknownModelError
from feathercut.models import catalogue

pytestmark = pytest.mark.weights


@pytest.fixture
def session(shared_weights: Path) -> BaseSession:
    return new_session("u2netp")


def png(image: Image.Image, **how: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", **how)
    return buffer.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_what_goes_in_comes_out_as_the_same_kind(disc: Image.Image, session: BaseSession) -> None:
    as_bytes = remove(png(disc), session=session)
    as_pillow = remove(disc, session=session)
    as_array = remove(np.asarray(disc), session=session)
    assert as_bytes[:8] == b"\x89PNG\r\n\x1a\n"
    assert isinstance(as_pillow, Image.Image)
    assert (as_array.dtype, as_array.shape) == (np.uint8, (120, 160, 4))
    for other in (np.asarray(opened(as_bytes)), np.asarray(as_pillow)):
        np.testing.assert_array_equal(other, as_array)
    assert as_array[60, 80].tolist() == [200, 30, 40, 255]
    assert as_array[5, 5].tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("turn", [png, lambda image: image, np.asarray])
def test_bytes_come_back_for_every_kind_where_they_are_asked_for(
    disc: Image.Image, session: BaseSession, turn: Callable[[Image.Image], Any]
) -> None:
    """Row 3: rembg raises TypeError or UnidentifiedImageError, though it documents this."""
    data = remove(turn(disc), session=session, force_return_bytes=True)
    assert opened(data).size == (160, 120)
    assert opened(data).mode == "RGBA"


def test_soft_pixels_keep_straight_colours(disc: Image.Image, session: BaseSession) -> None:
    """Row 1: rembg stores them premultiplied, which is a dark fringe everywhere."""
    result = remove(disc, session=session, putalpha=True, low_resolution="off")
    pixels = np.asarray(result).astype(int)
    soft = (pixels[..., 3] > 30) & (pixels[..., 3] < 225)
    assert soft.sum() > 20
    assert np.abs(pixels[soft][:, :3] - np.asarray(disc).astype(int)[soft]).max() <= 1
    cleaned = np.asarray(remove(disc, session=session, low_resolution="off")).astype(int)
    assert cleaned[soft][:, 1].mean() < pixels[soft][:, 1].mean() - 20  # without the background's green


def test_mask_alone_is_grey(disc: Image.Image, session: BaseSession) -> None:
    mask = remove(disc, session=session, only_mask=True)
    assert (mask.mode, mask.size) == ("L", (160, 120))
    assert remove(np.asarray(disc), session=session, only_mask=True).shape == (120, 160)
    assert opened(remove(png(disc), session=session, only_mask=True)).mode == "L"
    alpha = np.asarray(remove(disc, session=session))[..., 3].astype(int)
    assert np.abs(np.asarray(mask).astype(int) - alpha).max() <= 1
    assert np.abs(np.asarray(session.predict(disc)[0]).astype(int) - alpha).max() <= 1


@pytest.mark.parametrize("colour", [(10, 20, 30, 255), (10, 20, 30), [10, 20, 30, 255]])
def test_background_of_a_colour(disc: Image.Image, session: BaseSession, colour: Any) -> None:
    result = remove(disc, session=session, bgcolor=colour)
    assert (result.mode, result.getpixel((2, 2)), result.getpixel((80, 60))) == (
        "RGBA",
        (10, 20, 30, 255),
        (200, 30, 40, 255),
    )


def test_background_that_does_not_show_and_one_that_half_does(disc: Image.Image, session: BaseSession) -> None:
    assert remove(disc, session=session, bgcolor=(9, 9, 9, 0)).getpixel((2, 2)) == (0, 0, 0, 0)
    half = remove(disc, session=session, bgcolor=(0, 0, 255, 128)).getpixel((2, 2))
    assert half == (0, 0, 255, 128)
    with pytest.raises(OptionError, match="`bgcolor` takes red, green, blue and alpha from 0 to 255, got: 1,2"):
        remove(disc, session=session, bgcolor=(1, 2))


def test_both_orders_of_parameters_mean_the_same(disc: Image.Image, session: BaseSession) -> None:
    white = (255, 255, 255, 255)
    newer = remove(disc, False, 240, 10, 10, session, False, False, False, False, None, white, True)
    older = remove(disc, False, 240, 10, 10, session, False, False, white, True)
    by_name = remove(disc, session=session, bgcolor=white, force_return_bytes=True)
    assert newer == older == by_name
    assert remove(disc, False, 240, 10, 10, session, False, False, None, True) == remove(
        disc, session=session, force_return_bytes=True
    )


def test_parameters_have_rembgs_names_places_and_defaults() -> None:
    parameters = inspect.signature(remove).parameters
    assert [(name, one.default) for name, one in parameters.items() if one.default is not one.empty] == [
        ("alpha_matting", False), ("alpha_matting_foreground_threshold", 240),
        ("alpha_matting_background_threshold", 10), ("alpha_matting_erode_size", 10), ("session", None),
        ("only_mask", False), ("post_process_mask", False), ("decontaminate", False), ("vitmatte", False),
        ("vitmatte_model", None), ("bgcolor", None), ("force_return_bytes", False),
    ]  # fmt: skip
    assert [str(one.kind.name) for one in parameters.values()][-2:] == ["VAR_POSITIONAL", "VAR_KEYWORD"]


def test_everything_that_people_pass_is_taken(disc: Image.Image, session: BaseSession) -> None:
    plain = remove(disc, session=session)
    for more in (
        {"alpha_matting": True, "alpha_matting_foreground_threshold": 270, "alpha_matting_erode_size": 11},
        {"vitmatte": True, "vitmatte_model": "base-composition-1k"},
        {"decontaminate": True},
        {"model": "u2net", "whatever": object(), "sam_prompt": []},
    ):
        np.testing.assert_array_equal(np.asarray(remove(disc, session=session, **more)), np.asarray(plain))


def test_options_of_ours_go_through_by_name(disc: Image.Image, session: BaseSession) -> None:
    shrunk = np.asarray(remove(disc, session=session, edge_shift=-6))[..., 3].astype(float).sum()
    assert shrunk < 0.85 * np.asarray(remove(disc, session=session))[..., 3].astype(float).sum()
    swapped = remove(np.asarray(disc)[..., ::-1], session=session, order="bgr")
    np.testing.assert_array_equal(swapped, remove(np.asarray(disc), session=session))
    with pytest.raises(OptionError, match="Option `specks`"):
        remove(disc, session=session, specks=101)


def test_post_processing_drops_crumbs_and_keeps_soft_edges(session: BaseSession, disc: Image.Image) -> None:
    class Crumbs(BaseSession):
        def predict(self, img: Image.Image, *args: Any, **kwargs: Any) -> list[Image.Image]:
            mask = np.asarray(session.predict(img)[0].filter(ImageFilter.GaussianBlur(2))).copy()
            mask[100:108, 10:18] = 255  # 1 % of the disc
            return [Image.fromarray(mask)]

    kept = np.asarray(remove(disc, session=Crumbs("crumbs")))
    dropped = np.asarray(remove(disc, session=Crumbs("crumbs"), post_process_mask=True, low_resolution="off"))
    assert kept[104, 14, 3] > 200
    assert dropped[104, 14, 3] == 0
    assert ((dropped[..., 3] > 30) & (dropped[..., 3] < 225)).sum() > 20  # row 12: rembg leaves 0 and 255 only


def test_session_of_ones_own_is_asked_and_several_masks_are_stacked(disc: Image.Image) -> None:
    class Halves(BaseSession):
        def predict(self, img: Image.Image, *args: Any, **kwargs: Any) -> list[Image.Image]:
            assert img.mode == "RGB"
            left = np.zeros((120, 160), np.uint8)
            left[:, :80] = 255
            return [Image.fromarray(left), Image.fromarray(255 - left)]

    result = np.asarray(remove(disc, session=Halves("halves"), edges="network"))
    assert result.shape == (240, 160, 4)
    assert (result[60, 10, 3], result[60, 150, 3], result[180, 10, 3], result[180, 150, 3]) == (255, 0, 0, 255)


def test_base_class_without_a_network_says_what_to_do(disc: Image.Image) -> None:
    with pytest.raises(NotImplementedError, match="override `predict`"):
        remove(disc, session=BaseSession("mine"))


def test_sessions_of_one_network_share_it(shared_weights: Path) -> None:
    """Row 14 in Python: twenty sessions are one network in memory."""
    made: list[Any] = [new_session("u2netp", whatever=number) for number in range(20)]
    assert len({id(one.remover) for one in made}) == 1


def test_names_are_rembgs_and_each_is_ours_or_says_why_not(shared_weights: Path) -> None:
    assert len(SESSION_NAMES) == 22
    assert {*RECORDS, *NOT_HERE} == set(SESSION_NAMES)
    assert {*RECORDS.values()} <= {*catalogue.records()}
    assert sessions_names == list(SESSION_NAMES) == [one.name() for one in sessions_class] == list(sessions)
    module = importlib.import_module("feathercut.compat.rembg.sessions.u2netp")
    assert module.U2netpSession is sessions["u2netp"]
    for name, reason in NOT_HERE.items():
        with pytest.raises(UnknownModelError, match=f"`{name}` is not run by Feathercut: {reason[:20]}"):
            new_session(name)
    with pytest.raises(ValueError, match="No session class found for model 'xx-u2net-yy'"):
        new_session("xx-u2net-yy")


def test_restricted_licence_is_still_asked_for(shared_weights: Path) -> None:
    with pytest.raises(LicenceError, match=r'accept_licence="rmbg-2\.0"'):
        new_session("bria-rmbg")
    with pytest.raises(LicenceError, match="may not be used commercially"):
        new_session("bria-rmbg", licence="commercial", accept_licence="rmbg-2.0")


def test_device_of_the_list_that_is_there_is_taken(shared_weights: Path) -> None:
    both = new_session("u2netp", providers=["CUDAExecutionProvider", "CPUExecutionProvider"])
    assert both.network.device in ("cuda", "cpu")
    assert new_session("u2netp", providers=["CPUExecutionProvider"]).network.device == "cpu"


def test_wrong_input_is_told(session: BaseSession) -> None:
    with pytest.raises(ValueError, match="Input type <class 'str'> is not supported"):
        remove("photo.jpg", session=session)
    with pytest.raises(NotAPictureError):
        remove(b"no picture", session=session)


def test_animation_comes_back_with_all_of_its_frames(disc: Image.Image, session: BaseSession) -> None:
    """Row 8: rembg gives the first frame, without a word."""
    buffer = io.BytesIO()
    disc.save(buffer, "GIF", save_all=True, append_images=[disc.rotate(90)], duration=100)
    moving = opened(remove(buffer.getvalue(), session=session))
    assert (moving.format, getattr(moving, "n_frames", 1)) == ("PNG", 2)
    assert remove(opened(buffer.getvalue()), session=session).size == (160, 120)  # a Pillow image shows one


def test_what_is_transparent_already_stays_so(disc: Image.Image, session: BaseSession) -> None:
    """Row 4: rembg makes it opaque, with the colours that were hidden."""
    half = disc.convert("RGBA")
    half.paste((1, 2, 3, 0), (80, 0, 160, 120))
    alpha = np.asarray(remove(half, session=session))[..., 3]
    assert alpha[:, 80:].max() == 0
    assert alpha[60, 60] == 255


def test_weights_that_rembg_downloaded_are_used_in_place(
    u2netp_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEATHERCUT_OFFLINE", "1")
    monkeypatch.setenv("FEATHERCUT_CACHE", str(tmp_path / "cache"))
    for variable, place in (("U2NET_HOME", "u2netp.onnx"), ("REMBG_HOME", "models/u2netp/u2netp.onnx")):
        target = tmp_path / variable / place
        target.parent.mkdir(parents=True)
        target.write_bytes(u2netp_path.read_bytes())
        monkeypatch.delenv("U2NET_HOME", raising=False)
        monkeypatch.setenv(variable, str(tmp_path / variable))
        assert sessions["u2netp"].download_models() == str(target)
        assert BaseSession.u2net_home() == str(tmp_path / variable)
    assert not list((tmp_path / "cache").glob("weights/*"))


def test_threads_are_as_many_as_the_environment_says(shared_weights: Path, disc: Image.Image) -> None:
    code = (
        "import sys; from feathercut.compat.rembg import new_session\n"
        "from feathercut.engines import onnxruntime as e; import onnxruntime as o\n"
        "seen = []; made = o.InferenceSession\n"
        "def note(*a, **k): seen.append(k.get('sess_options', a[1] if len(a) > 1 else None)); return made(*a, **k)\n"
        "o.InferenceSession = note\n"
        "new_session('u2netp'); print(seen[0].intra_op_num_threads)"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "OMP_NUM_THREADS": "1"}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert said.stdout.strip() == "1"


def test_importing_it_loads_no_runtime_and_no_numpy() -> None:
    heavy = ("numpy", "onnxruntime", "PIL", "numba", "pydantic")
    code = f"import sys, feathercut.compat.rembg; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_names_that_people_import_from_bg_are_there() -> None:
    assert {"remove", "new_session", "sessions_names", "download_models"} <= set(dir(bg))
