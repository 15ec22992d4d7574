from __future__ import annotations

from pathlib import Path
from typing import Any

import pydantic
import pytest

from feathercut import values
from feathercut.errors import OptionError
from feathercut.options import Compose, Decode, Encode, Network, Options, RemoveOptions, Section, Select


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"backgrond": "white"}, "There is no option `backgrond`; did you mean `background`?"),
        ({"networksize": 512}, "There is no option `networksize`; did you mean `network_size`?"),
        ({"xyzzy": 1}, "There is no option `xyzzy`"),
        ({"presence": 3, "croop": True}, "There is no option `croop`; did you mean `crop`?"),
        ({"presence": 3}, "Option `presence` takes 1 or less, got: 3"),
        ({"presence": float("nan")}, "Option `presence` takes"),
        ({"depth": 12}, "Option `depth` takes 8 or 16, got: 12"),
        ({"order": "grb"}, "Option `order` takes 'rgb' or 'bgr', got: grb"),
        ({"device": "gpu"}, "Option `device` takes 'cpu', 'cuda'"),
        ({"file_quality": 0}, "Option `file_quality` takes 1 or more, got: 0"),
        ({"max_frames": "x"}, "Option `max_frames` takes a whole number, got: x"),
        ({"network_size": 3}, "Option `network_size` takes 64 or more, got: 3"),
        ({"max_megabytes": 0}, "Option `max_megabytes` takes more than 0, got: 0"),
        ({"model": 3}, "Option `model` takes text, got: 3"),
        ({"crop": "perhaps"}, "Option `crop` takes True or False, got: perhaps"),
        ({"size": 0}, "Option `size`: `0` is out of range"),
        (
            {"size": 0.5},
            "Option `size`: it takes a whole number, (width, height), or text such as `1920x1080`, got: 0.5",
        ),
        ({"size": (1, 2, 3)}, "Option `size`: it takes a whole number"),
        ({"scale": 80}, "Option `scale`: it takes a number from 0.1 to 1, or text such as `80%`, got: 80"),
        ({"scale": True}, "Option `scale`: it takes a number"),
        ({"margin": (1, 2), "crop": True}, "Option `margin`: it takes a number of pixels, or text such as `20px`"),
        ({"margin": -5, "crop": True}, "Option `margin`: `-5px` is no margin"),
        ({"position": 50}, "Option `position`: it takes text such as `original`"),
        ({"background": (0, 0, 256)}, "Option `background`: the numbers of a colour are 0 to 255, got: (0, 0, 256)"),
        ({"background": (0.5, 0.5, 0.5)}, "Option `background`: it takes text such as `white`"),
        ({"background": None}, "Option `background` takes text, got: None"),
        ({"size": "big"}, "Option `size`: `big` is no size; write `WIDTHxHEIGHT` in pixels, as in `2000x2000`"),
        ({"scale": "5%"}, "Option `scale`: `5%` is no scale"),
        ({"position": "left"}, "Option `position`: `left` is no position"),
        ({"background": "nope"}, "Option `background`: `nope` is no colour"),
        ({"margin": "a", "crop": True}, "Option `margin`: `a` is no margin"),
        ({"margin": "5%"}, "Option `margin`: it is the space around a cropped subject; ask for `crop` too"),
        ({"keep_gps": True}, "Option `keep_gps`: the place is part of the EXIF data; ask for `keep_exif` too"),
    ],
)
def test_a_wrong_value_is_our_error_and_names_the_option(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError) as caught:
        RemoveOptions(**wrong)
    assert str(caught.value).startswith(message)
    assert isinstance(caught.value.__cause__, pydantic.ValidationError)


@pytest.mark.parametrize("section", [Network, Decode, Select, Compose, Encode, Options, RemoveOptions])
def test_every_section_refuses_what_it_does_not_know(section: type[Section]) -> None:
    with pytest.raises(OptionError, match="There is no option `colour_of_the_sky`"):
        section(colour_of_the_sky="blue")


def test_options_are_frozen_and_can_be_keys() -> None:
    assert len({Network(), Network(), Network(model="u2netp")}) == 2
    with pytest.raises(pydantic.ValidationError):
        Network().model = "u2netp"


def test_every_option_has_a_sentence_and_a_working_default() -> None:
    fields = RemoveOptions.model_fields
    RemoveOptions(**{name: field.default for name, field in fields.items()})
    for name, field in fields.items():
        assert field.description and field.description.endswith("."), name


def test_what_is_written_is_kept_as_it_was_written() -> None:
    options = Compose(background=" Rebeccapurple ", crop=True, margin="5%, 10")
    assert (options.background, options.margin) == (" Rebeccapurple ", "5%, 10")


def test_numbers_pairs_and_paths_are_written_as_options_are() -> None:
    options = Compose(background=(255, 128, 0), crop=True, margin=20, size=(640, 480), scale=0.55)
    assert (options.background, options.margin, options.size, options.scale) == (
        "rgb(255, 128, 0)", "20px", "640x480", "55%",
    )  # fmt: skip
    assert Compose(background=(255, 128, 0, 128), size=100, scale=1) == Compose(
        background="#ff800080", size="100", scale="100%"
    )
    assert Compose(crop=True, margin=2.5).margin == "2.5px"
    assert Compose(margin=0) == Compose(), "no margin needs no crop"


def test_a_path_is_a_picture_whatever_its_name() -> None:
    for path in (Path("beach.jpg"), Path("white"), Path("blur"), Path("folder") / "red"):
        parsed = values.parse_background(Compose(background=path).background)
        assert isinstance(parsed, values.PictureFile) and Path(parsed.path) == path


def test_an_option_of_the_network_is_sent_to_the_remover() -> None:
    wrong: Any = Options
    with pytest.raises(OptionError, match=r"Option `model` belongs to `Remover\(\.\.\.\)`"):
        wrong(model="u2netp")


def test_one_class_has_the_options_of_all_steps() -> None:
    together = {name for section in (Decode, Select, Compose, Encode) for name in section.model_fields}
    assert together < set(Options.model_fields) < set(RemoveOptions.model_fields)
    assert not set(Network.model_fields) & set(Options.model_fields)
