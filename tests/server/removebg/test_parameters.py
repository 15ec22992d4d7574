"""Raw fields in, a typed request or the contract's error out: without a server, without a network."""

import base64

import pytest

from feathercut.server.removebg.parameters import Request, parse
from feathercut.server.removebg.refusals import Refusal

FILE = {"image_file": b"photo"}


def parsed(files: dict[str, bytes] | None = None, **fields: str) -> Request:
    return parse(fields, FILE | (files or {}))


def refused(files: dict[str, bytes] | None = None, **fields: str) -> str:
    with pytest.raises(Refusal) as caught:
        parsed(files, **fields)
    assert caught.value.status == 400
    return caught.value.code


def test_defaults_are_the_contracts() -> None:
    request = parsed()
    assert (request.size, request.kind, request.kind_level, request.file_format) == ("preview", "auto", "1", "png")
    options = request.options
    assert (options.region, options.crop, options.margin, options.scale, options.position) == (
        None,
        False,
        "0",
        None,
        None,
    )
    assert (options.background, options.shadow, options.only_matte) == ("transparent", "none", False)
    assert request.unheeded == ()


@pytest.mark.parametrize("blank", ["", "  ", "undefined", "null", "NULL"])
def test_empty_fields_are_as_if_they_were_not_there(blank: str) -> None:
    names = "size type type_level format roi crop crop_margin scale position channels add_shadow shadow_type"
    more = "shadow_opacity semitransparency bg_color bg_image_url image_url image_file_b64"
    assert parsed(None, **dict.fromkeys([*names.split(), *more.split()], blank)) == parsed()


@pytest.mark.parametrize(
    ("word", "tier"),
    [
        *(("preview", "preview"), ("small", "preview"), ("regular", "preview"), ("medium", "medium"), ("hd", "hd")),
        *(("full", "full"), ("4k", "full"), ("4K", "full"), ("50MP", "50mp"), ("auto", "auto"), ("AUTO", "auto")),
    ],
)
def test_sizes(word: str, tier: str) -> None:
    assert parsed(size=word).size == tier


@pytest.mark.parametrize(("word", "means"), [("true", True), ("True", True), ("1", True), ("yes", True), ("on", True)])
def test_yes_is_said_in_many_words(word: str, means: bool) -> None:
    assert parsed(crop=word).options.crop is means


@pytest.mark.parametrize("word", ["false", "FALSE", "0", "no", "off", "f"])
def test_no_is_said_in_many_words(word: str) -> None:
    assert parsed(crop=word).options.crop is False


@pytest.mark.parametrize(
    ("given", "region"),
    [
        ("0% 0% 100% 100%", None),
        ("0 0 100% 100%", None),
        ("10% 20% 30% 40%", "10% 20% 30% 40%"),
        ("0px 0px 200px 100px", "0px 0px 200px 100px"),
        ("0 0 200px 50%", "0px 0px 200px 50%"),
        ("10px, 20px, 30px, 40px", "10px 20px 30px 40px"),
        ("10 px 20 px 30 px 40 px", "10px 20px 30px 40px"),
        ("12.5% 0 50% 50%", "12.5% 0px 50% 50%"),
    ],
)
def test_regions(given: str, region: str | None) -> None:
    assert parsed(roi=given).options.region == region


@pytest.mark.parametrize(
    ("given", "margin"),
    [
        ("0", "0"),
        ("0px", "0"),
        ("30px", "30px"),
        ("10%", "10%"),
        ("10% 20px", "10% 20px"),
        ("1% 2% 3% 4%", "1% 2% 3% 4%"),
    ],
)
def test_margins_of_a_crop(given: str, margin: str) -> None:
    assert parsed(crop="true", crop_margin=given).options.margin == margin
    assert parsed(crop_margin=given).options.margin == "0"


@pytest.mark.parametrize(
    ("fields", "placed"),
    [
        ({}, (None, None)),
        ({"scale": "original", "position": "original"}, (None, None)),
        ({"scale": "80%"}, ("80%", None)),
        ({"scale": "80"}, ("80", None)),
        ({"scale": "80%", "position": "original"}, ("80%", "original")),
        ({"position": "center"}, (None, "center")),
        ({"position": "10%"}, (None, "10%")),
        ({"position": "0 100%"}, (None, "0 100%")),
    ],
)
def test_scale_and_position(fields: dict[str, str], placed: tuple[str | None, str | None]) -> None:
    options = parsed(None, **fields).options
    assert (options.scale, options.position) == placed


@pytest.mark.parametrize(
    ("fields", "file_format"),
    [
        ({}, "png"),
        ({"bg_color": "white"}, "jpg"),
        ({"bg_color": "ffffff80"}, "png"),
        ({"bg_image_url": "https://example.com/a.jpg"}, "jpg"),
        ({"bg_color": "white", "channels": "alpha"}, "png"),
        ({"format": "png", "bg_color": "white"}, "png"),
        ({"format": "JPG"}, "jpg"),
        ({"format": "jpeg"}, "jpg"),
        ({"format": "webp"}, "webp"),
        ({"format": "zip"}, "zip"),
    ],
)
def test_automatic_format_is_jpeg_where_nothing_is_transparent(fields: dict[str, str], file_format: str) -> None:
    assert parsed(None, **fields).file_format == file_format


@pytest.mark.parametrize(
    ("colour", "background"),
    [
        *(("81d4fa", "#81d4faff"), ("#81d4fa", "#81d4faff"), ("fff", "#ffffffff"), ("#ffff", "#ffffffff")),
        *(("81d4fa77", "#81d4fa77"), ("green", "#008000ff"), ("Green", "#008000ff"), ("transparent", "transparent")),
    ],
)
def test_colours(colour: str, background: str) -> None:
    assert parsed(bg_color=colour, format="png").options.background == background


def test_jpeg_stands_on_white() -> None:
    assert parsed(format="jpg").options.background == "#ffffffff"
    assert parsed(format="jpg", bg_color="00000080").options.background == "#7f7f7fff"


def test_layers_and_mattes_have_no_background_and_say_so() -> None:
    for fields in ({"format": "zip"}, {"channels": "alpha"}):
        request = parsed(None, **fields, bg_color="red")
        assert request.options.background == "transparent"
        assert request.unheeded == ("bg_color",)


@pytest.mark.parametrize(
    ("fields", "shadow", "unheeded"),
    [
        ({"add_shadow": "true"}, "contact", ()),
        ({"add_shadow": "false"}, "none", ()),
        ({"shadow_type": "drop"}, "drop", ()),
        ({"shadow_type": "3D"}, "cast", ()),
        ({"shadow_type": "auto"}, "contact", ()),
        ({"shadow_type": "car", "add_shadow": "true"}, "contact", ()),
        ({"shadow_type": "none", "add_shadow": "true"}, "none", ()),
        ({"shadow_type": "drop", "channels": "alpha"}, "none", ()),
    ],
)
def test_every_kind_of_shadow_is_drawn(fields: dict[str, str], shadow: str, unheeded: tuple[str, ...]) -> None:
    request = parsed(None, **fields)
    assert (request.options.shadow, request.unheeded) == (shadow, unheeded)
    assert parsed(shadow_type="drop", shadow_opacity="70").options.shadow_opacity == 70


@pytest.mark.parametrize(("word", "wanted"), [("", "auto"), ("true", "auto"), ("false", "off")])
def test_semitransparency_says_whether_glass_lets_the_background_through(word: str, wanted: str) -> None:
    request = parsed(semitransparency=word)
    assert (request.options.transparency, request.unheeded) == (wanted, ())


def test_base64_is_read_however_clients_write_it() -> None:
    data = bytes(range(256))
    plain = base64.b64encode(data).decode()
    spellings = [
        plain,
        "data:image/png;base64," + plain,
        "\n".join(plain[place : place + 76] for place in range(0, len(plain), 76)),
        plain.rstrip("="),
        base64.urlsafe_b64encode(data).decode(),
        plain.replace("+", " "),
    ]
    for text in spellings:
        assert parse({"image_file_b64": text}, {}).source.data == data


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"size": "huge"}, "invalid_size"),
        ({"format": "bmp"}, "invalid_format"),
        ({"channels": "rgb"}, "invalid_channels"),
        ({"roi": "10% 10%"}, "invalid_roi"),
        ({"roi": "5 5 100 100"}, "invalid_roi"),
        ({"roi": "-5px 0 10px 10px"}, "invalid_roi"),
        ({"roi": "0 0 101% 50%"}, "roi_exceeds_bounds"),
        ({"roi": "50% 0 50% 50%"}, "roi_region_empty"),
        ({"roi": "0 0 0 0"}, "roi_region_empty"),
        ({"crop_margin": "30"}, "invalid_crop_margin"),
        ({"crop_margin": "51%"}, "invalid_crop_margin"),
        ({"crop_margin": "501px"}, "invalid_crop_margin"),
        ({"crop_margin": "1px 2px 3px"}, "invalid_crop_margin"),
        ({"scale": "5%"}, "invalid_scale"),
        ({"scale": "big"}, "invalid_scale"),
        ({"position": "left"}, "invalid_position"),
        ({"position": "120%"}, "invalid_position"),
        ({"semitransparency": "perhaps"}, "invalid_semitransparency"),
        ({"crop": "perhaps"}, "invalid_crop"),
        ({"bg_color": "#12"}, "invalid_bg_color"),
        ({"bg_color": "blurple"}, "invalid_bg_color"),
        ({"bg_image_url": "file:///etc/passwd"}, "invalid_bg_image_url"),
        ({"bg_color": "red", "bg_image_url": "https://example.com/a.jpg"}, "multiple_bg_sources"),
        ({"image_url": "https://example.com/a.jpg"}, "multiple_sources"),
        ({"shadow_opacity": "101"}, "invalid_shadow_opacity"),
        ({"shadow_type": "long"}, "invalid_shadow_type"),
    ],
)
def test_every_wrong_value_has_its_code(fields: dict[str, str], code: str) -> None:
    assert refused(None, **fields) == code


def test_sources_are_exactly_one() -> None:
    assert refused({"image_file": b""}) == "missing_source"
    for wrong in ("", "not base64!", "data:image/png;base64,"):
        with pytest.raises(Refusal) as caught:
            parse({"image_file_b64": wrong}, {})
        assert caught.value.code in ("missing_source", "failed_to_read_image")
    with pytest.raises(Refusal) as caught:
        parse({"image_url": "ftp://example.com/a.jpg"}, {})
    assert caught.value.code == "invalid_image_url"
    assert refused({"bg_image_file": b"x"}, bg_color="red") == "multiple_bg_sources"


def test_unknown_kinds_are_automatic_as_the_contract_has_no_error_for_them() -> None:
    assert parsed(type="food", type_level="9").kind == "food"
