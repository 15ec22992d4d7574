from __future__ import annotations

from typing import Any

import pydantic
import pytest

from feathercut.errors import OptionError
from feathercut.options import Compose, Decode, Encode, Network, Options, RemoveOptions, Section, Select


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"backgrond": "white"}, "There is no option `backgrond`; did you mean `background`?"),
        ({"networksize": 512}, "There is no option `networksize`; did you mean `network_size`?"),
        ({"xyzzy": 1}, "There is no option `xyzzy`"),
        ({"presence": 3, "croop": True}, "There is no option `croop`; did you mean `crop`?"),
        ({"presence": 3}, "Option `presence` should be less than or equal to 1, got `3`"),
        ({"presence": float("nan")}, "Option `presence` should be"),
        ({"depth": 12}, "Option `depth` should be 8 or 16, got `12`"),
        ({"order": "grb"}, "Option `order` should be 'rgb' or 'bgr', got `grb`"),
        ({"device": "gpu"}, "Option `device` should be 'cpu', 'cuda'"),
        ({"quality": 0}, "Option `quality` should be greater than or equal to 1, got `0`"),
        ({"max_frames": "x"}, "Option `max_frames` should be a valid integer"),
        ({"size": 3}, "Option `size` should be a valid string, got `3`"),
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


def test_one_class_has_the_options_of_all_steps() -> None:
    together = {name for section in (Decode, Select, Compose, Encode) for name in section.model_fields}
    assert together < set(Options.model_fields) < set(RemoveOptions.model_fields)
    assert not set(Network.model_fields) & set(Options.model_fields)
