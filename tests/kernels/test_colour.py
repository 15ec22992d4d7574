from __future__ import annotations

import imagecodecs
import numpy as np
import pytest
from numpy.typing import NDArray

from feathercut.kernels import colour
from formats.samples import ink_profile

D65 = (0.3127, 0.3290)
PRIMARIES = {
    "srgb": ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06)),
    "display-p3": ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
    "adobe-rgb": ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06)),
}


def to_xyz(name: str) -> NDArray[np.float64]:
    """The matrix from linear RGB to XYZ: the primaries' columns, scaled so that their sum is white."""
    columns = np.array([(x / y, 1, (1 - x - y) / y) for x, y in PRIMARIES[name]]).T
    white = np.array([D65[0] / D65[1], 1, (1 - D65[0] - D65[1]) / D65[1]])
    return np.asarray(columns * np.linalg.solve(columns, white))


def srgb_curve(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    """Encoded sRGB of linear values."""
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * np.maximum(linear, 1e-9) ** (1 / 2.4) - 0.055)


def profile_of(name: str, gamma: float) -> bytes:
    flat = [part for x, y in PRIMARIES[name] for part in (x, y, 1)]
    return bytes(imagecodecs.cms_profile("rgb", whitepoint=(*D65, 1), primaries=flat, gamma=gamma))


@pytest.fixture(name="rgb")
def some_colours() -> NDArray[np.float32]:
    # 300 rows: more than one strip.
    return np.random.default_rng(7).random((300, 5, 3)).astype(np.float32)


@pytest.mark.parametrize(("name", "gamma"), [("display-p3", 2.2), ("adobe-rgb", 563 / 256), ("srgb", 1.8)])
def test_matches_matrices_written_out(name: str, gamma: float, rgb: NDArray[np.float32]) -> None:
    linear = rgb.astype(np.float64) ** gamma @ to_xyz(name).T @ np.linalg.inv(to_xyz("srgb")).T
    expected = srgb_curve(np.clip(linear, 0, 1))
    got = colour.to_srgb(rgb, profile_of(name, gamma))
    assert got.dtype == np.float32 and got.min() >= 0 and got.max() <= 1
    # Near black the curve is steep, so that the profile's 16-bit primaries show; elsewhere they do not.
    bright = expected > 0.1
    assert np.abs(got - expected)[bright].max() < 1e-3
    assert np.abs(got - expected).max() < 6e-3


def test_pure_display_p3_red_in_numbers() -> None:
    """CSS Color 4: color(display-p3 0.5 0.5 0.5) is the same grey; (0.6, 0.4, 0.3) is sRGB 0.6285 0.3931 0.2772."""
    profile = colour.profile_of_codes((12, 13, 1))
    assert profile is not None
    got = colour.to_srgb(np.array([[[0.5, 0.5, 0.5], [0.6, 0.4, 0.3]]], np.float32), profile)
    linear = np.array([((v + 0.055) / 1.055) ** 2.4 for v in (0.6, 0.4, 0.3)])
    expected = srgb_curve(np.linalg.inv(to_xyz("srgb")) @ to_xyz("display-p3") @ linear)
    assert np.abs(got[0, 0] - 0.5).max() < 1e-3
    assert np.abs(got[0, 1] - expected).max() < 1e-3


def test_back_undoes_there(rgb: NDArray[np.float32]) -> None:
    profile = profile_of("adobe-rgb", 2.2)
    there = colour.from_srgb(rgb, profile)
    assert np.abs(there - rgb).max() > 0.05
    assert np.abs(colour.to_srgb(there, profile) - rgb).max() < 2e-3


def test_no_profile_and_srgb_by_another_name_change_nothing(rgb: NDArray[np.float32]) -> None:
    for profile in (None, bytes(imagecodecs.cms_profile("srgb"))):
        assert colour.to_srgb(rgb, profile) is rgb and colour.from_srgb(rgb, profile) is rgb


def test_space_of_profiles() -> None:
    assert colour.colour_space(profile_of("adobe-rgb", 2.2)) == "rgb"
    assert colour.colour_space(bytes(imagecodecs.cms_profile("gray", gamma=2.2))) == "gray"
    assert colour.colour_space(ink_profile()) == "cmyk"
    for broken in (b"", b"text" * 60, profile_of("srgb", 2.2)[:-200]):
        assert colour.colour_space(broken) is None


def test_inks_go_through_their_profile() -> None:
    """The profile's table says: more ink, less light; its full black is L* 20, no formula's 0."""
    inks = np.zeros((1, 3, 4), np.uint16)
    inks[0, 1, 3] = 65535
    inks[0, 2, 3] = 32768
    got = colour.device_to_srgb(inks, ink_profile(), "cmyk")
    grey = [float(np.cbrt(1)), (20 + 16) / 116, (60 + 16) / 116]
    expected = srgb_curve(np.array([f**3 for f in grey]))
    # Black point compensation maps the profile's darkest to black, so compare the unmoved ends and the order.
    assert np.abs(got[0, 0] - 1).max() < 0.01
    assert got[0, 1].max() <= expected[1] + 0.01
    assert got[0, 1].max() < got[0, 2].min() < got[0, 0].min()
    assert np.ptp(got[0, 2]) < 0.01


def test_inks_without_a_profile_by_the_documented_formula() -> None:
    inks = np.array([[[0, 0, 0, 0], [65535, 0, 0, 0], [0, 0, 0, 65535], [32768, 0, 65535, 32768]]], np.uint16)
    half = 1 - 32768 / 65535
    expected = [[1, 1, 1], [0, 1, 1], [0, 0, 0], [half * half, half, 0]]
    assert np.abs(colour.ink_to_srgb(inks)[0] - expected).max() < 1e-6


def test_lab_in_numbers() -> None:
    """CSS Color 4: lab(54.29 80.80 69.89) is red, lab(50 0 0) is grey 0.4663."""
    lab = np.array([[[54.29 / 100, (80.80 + 128) / 255, (69.89 + 128) / 255], [0.5, 128 / 255, 128 / 255]]])
    got = colour.lab_to_srgb((lab * 65535).round().astype(np.uint16))
    assert np.abs(got[0, 0] - [1, 0, 0]).max() < 0.005
    assert np.abs(got[0, 1] - 0.4663).max() < 0.001
