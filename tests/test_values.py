from __future__ import annotations

from collections.abc import Callable

import pytest

from feathercut import values
from feathercut.values import Blur, Colour, Length, PictureFile


def as_bytes(colour: Colour) -> tuple[float, ...]:
    return tuple(round(part * 255, 6) for part in (*colour.rgb, colour.alpha))


@pytest.mark.parametrize(
    ("text", "rgba"),
    [
        ("white", (255, 255, 255, 255)),
        ("  RebeccaPurple ", (102, 51, 153, 255)),
        ("transparent", (0, 0, 0, 0)),
        ("#f80", (255, 136, 0, 255)),
        ("f80", (255, 136, 0, 255)),
        ("#f808", (255, 136, 0, 136)),
        ("#Ff8001", (255, 128, 1, 255)),
        ("ff800140", (255, 128, 1, 64)),
        ("rgb(255, 128, 0)", (255, 128, 0, 255)),
        ("rgb(255 128 0 / 50%)", (255, 128, 0, 127.5)),
        ("RGB(100%,50%,0%)", (255, 127.5, 0, 255)),
        ("rgba(1, 2, 3, 0.2)", (1, 2, 3, 51)),
        ("rgba(1.5, 2, 3, 20%)", (1.5, 2, 3, 51)),
    ],
)
def test_colours_in_every_grammar(text: str, rgba: tuple[float, ...]) -> None:
    assert as_bytes(values.parse_colour(text)) == rgba


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "`` is no colour"),
        ("whyte", "`whyte` is no colour; write a name, `#rrggbb`, `#rrggbbaa` or `rgb(r, g, b)`"),
        ("#12345", "is no colour"),
        ("#ggg", "is no colour"),
        ("rgb(1, 2)", "needs three or four numbers"),
        ("rgb(1, 2, 3, 4, 5)", "needs three or four numbers"),
        ("rgb()", "needs three or four numbers"),
        ("rgb(1,,2,3)", "has a part that is no number"),
        ("rgb(1, x, 3)", "has a part that is no number: x"),
        ("rgb(-1, 2, 3)", "has a part that is no number: -1"),
        ("rgb(256, 0, 0)", "has a number that is too large"),
        ("rgb(101%, 0, 0)", "has a number that is too large"),
        ("rgba(0, 0, 0, 128)", "alpha at 1"),
    ],
)
def test_wrong_colours_are_named(text: str, words: str) -> None:
    with pytest.raises(ValueError) as caught:
        values.parse_colour(text)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("text", "background"),
    [
        ("transparent", Colour(0, 0, 0, 0)),
        ("red", Colour(1, 0, 0)),
        ("blur", Blur(None)),
        ("Blur:12.5", Blur(12.5)),
        ("beach.jpg", PictureFile("beach.jpg")),
        ("./red", PictureFile("./red")),
        ("C:\\pictures\\blue", PictureFile("C:\\pictures\\blue")),
        ("Mein Strand.JPEG", PictureFile("Mein Strand.JPEG")),
    ],
)
def test_backgrounds_are_told_by_their_looks(text: str, background: object) -> None:
    assert values.parse_background(text) == background


@pytest.mark.parametrize("text", ["beach", "blur:", "blur:-3", "blur:1.5x", "0.25", "rgb(300, 0, 0)"])
def test_a_word_that_is_no_background_is_no_file_either(text: str) -> None:
    with pytest.raises(ValueError, match="or `blur`, `gradient:FROM,TO`, or the path of a picture"):
        values.parse_background(text)


def px(*lengths: float) -> tuple[Length, ...]:
    return tuple(Length(value, "px") for value in lengths)


@pytest.mark.parametrize(
    ("text", "margin"),
    [
        ("0", px(0, 0, 0, 0)),
        ("20px", px(20, 20, 20, 20)),
        ("10, 20", px(10, 20, 10, 20)),
        ("1px 2px 3px 4px", px(1, 2, 3, 4)),
        ("5% 10", (Length(5, "%"), Length(10, "px"), Length(5, "%"), Length(10, "px"))),
    ],
)
def test_margins_go_round_from_the_top(text: str, margin: tuple[Length, ...]) -> None:
    assert values.parse_margin(text) == margin


def test_a_per_cent_is_of_the_whole_and_a_pixel_is_not() -> None:
    assert Length(5, "%").of(300) == 15
    assert Length(5, "px").of(300) == 5


@pytest.mark.parametrize("text", ["", "a", "-1", "1 2 3", "1 2 3 4 5", "5 %", "5em"])
def test_wrong_margins_are_named(text: str) -> None:
    with pytest.raises(ValueError, match="is no margin; write one, two or four lengths"):
        values.parse_margin(text)


@pytest.mark.parametrize(
    ("text", "size_hw"), [("1920x1080", (1080, 1920)), ("100", (100, 100)), ("2 × 3", (3, 2)), ("65535X1", (1, 65535))]
)
def test_sizes_are_written_width_first_and_read_height_first(text: str, size_hw: tuple[int, int]) -> None:
    assert values.parse_size(text) == size_hw


@pytest.mark.parametrize(
    ("parse", "text", "words"),
    [
        (values.parse_size, "10x", "is no size"),
        (values.parse_size, "-1x5", "is no size"),
        (values.parse_size, "1.5x2", "is no size"),
        (values.parse_size, "0x5", "out of range"),
        (values.parse_size, "65536", "out of range"),
        (values.parse_scale, "9%", "is no scale; write `10%` to `100%`"),
        (values.parse_scale, "101", "is no scale"),
        (values.parse_scale, "0.5", "is no scale"),
        (values.parse_position, "middle", "is no position; write `original`, `center`, or `X% Y%`"),
        (values.parse_position, "101%", "is no position"),
        (values.parse_position, "1 2 3", "is no position"),
        (values.parse_position, "", "is no position"),
    ],
)
def test_wrong_sizes_scales_and_positions_are_named(parse: Callable[[str], object], text: str, words: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse(text)
    assert words in str(caught.value) and f"`{text}`" in str(caught.value)


def test_scales_are_per_cent_with_or_without_the_sign() -> None:
    assert [values.parse_scale(text) for text in ("10%", "62.5", "100%")] == [0.1, 0.625, 1.0]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("original", "original"),
        ("Center", (0.5, 0.5)),
        ("centre", (0.5, 0.5)),
        ("25%", (0.25, 0.25)),
        ("0% 100%", (0.0, 1.0)),
        ("12.5, 50", (0.125, 0.5)),
    ],
)
def test_positions_are_x_before_y(text: str, place: object) -> None:
    assert values.parse_position(text) == place
