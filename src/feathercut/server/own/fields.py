"""The form of a cutout: its fields are the library's options, written in `options/` and nowhere else."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from feathercut import values
from feathercut.errors import OptionError
from feathercut.formats.sniff import READ
from feathercut.options import Network, Options
from feathercut.server.forms import Part
from feathercut.server.orders import Order
from feathercut.server.settings import ServerSettings

_FILES = {
    "picture": f"The photo: {READ}.",
    "matte": "A matte of the photo's size, white where the subject is; no network looks then.",
    "background_picture": "What goes behind the subject, instead of `background`.",
}
_RECIPE = "A recipe, as the page saves it, to be replayed on its photo; it says what the options say else."
_EACH = (
    "A ZIP with a picture of each subject alone, or of each that `subject` chooses: `1.png`, the largest, `2.png` and "
    "so on; `X-Feathercut-Size` and `X-Feathercut-Foreground` are the first one's. No recipe and no animation has it."
)
# What the operator decides: limits, where networks run, and whose files are read.
_OPERATORS = {"max_megabytes", "max_megapixels", "max_frames", "order", "trimap"}
_NETWORK = ("model", "quality")

FIELDS: dict[str, FieldInfo] = {
    **{name: Network.model_fields[name] for name in _NETWORK},
    **{name: field for name, field in Options.model_fields.items() if name not in _OPERATORS},
}


def schema() -> dict[str, Any]:
    """The form as OpenAPI has it."""
    properties: dict[str, Any] = {
        name: {"type": "string", "format": "binary", "description": sentence} for name, sentence in _FILES.items()
    }
    properties["recipe"] = {"type": "string", "description": _RECIPE}
    properties["each"] = {"type": "boolean", "default": False, "description": _EACH}
    for name, field in FIELDS.items():
        properties[name] = {
            **_schema(field),
            "description": (field.description or "").replace("path of a picture", "file `background_picture`"),
        }
    properties["model"].pop("default")  # the server's own, which `/v1/models` tells
    return {"type": "object", "required": ["picture"], "additionalProperties": False, "properties": properties}


def read_order(parts: Sequence[Part], settings: ServerSettings) -> Order:
    """The order in a form. Raises OptionError, which names the field; empty fields count as absent."""
    files: dict[str, Any] = {}
    words: dict[str, str] = {}
    for part in parts:
        if part.name in files or part.name in words:
            raise OptionError(f"Field `{part.name}` is there twice; send it once")
        if part.name in _FILES:
            if part.data:
                files[part.name] = part.data
        elif part.text.strip():
            words[part.name] = part.text.strip()
    recipe = words.pop("recipe", None)
    gives: Literal["picture", "each"] = "each" if _is_each(words.pop("each", "false")) else "picture"
    if "picture" not in files:
        raise OptionError("Field `picture`: the photo is missing; send its file in a form (multipart/form-data)")
    if recipe is not None and "matte" in files:
        raise OptionError("Fields `recipe` and `matte`: each says what the subject is; send one of them")
    if recipe is not None and gives == "each":
        raise OptionError("Fields `recipe` and `each`: a recipe makes one picture; send one of them")
    if "background_picture" in files and "background" in words:
        raise OptionError("Fields `background` and `background_picture`: send one of them")
    return Order(
        network=_network(words, settings), options=_options(words, settings), recipe=recipe, gives=gives, **files
    )


def _is_each(text: str) -> bool:
    try:
        return TypeAdapter(bool).validate_python(text)
    except ValidationError as error:
        raise OptionError(f"Option `each`: write `true` or `false`, got: {text}") from error


def _network(words: Mapping[str, str], settings: ServerSettings) -> Network:
    model = words.get("model", settings.models[0])
    if model not in settings.models:
        # A network of any name would be looked for, and loaded, for whoever asks.
        raise OptionError(f"Option `model`: this server has {', '.join(settings.models)}, not: {model}")
    return settings.network(model, **({"quality": words["quality"]} if "quality" in words else {}))


def _options(words: Mapping[str, str], settings: ServerSettings) -> Options:
    given: dict[str, Any] = {
        name: _value(FIELDS.get(name), text) for name, text in words.items() if name not in _NETWORK
    }
    if unknown := given.keys() & _OPERATORS:
        raise OptionError(f"Option `{min(unknown)}` is for the server's own side to say; leave it out")
    options = Options(**given, **settings.limits())
    if isinstance(values.parse_background(options.background), values.PictureFile):
        raise OptionError("Option `background`: a picture comes as the file `background_picture`")
    return options


def _value(field: FieldInfo | None, text: str) -> object:
    """A field's text as pydantic takes it: it reads numbers and booleans, but no choice between numbers."""
    choices = [choice for kind in _kinds(field.annotation if field else None) for choice in _choices(kind)]
    return next((choice for choice in choices if str(choice) == text), text)


def _kinds(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) if get_origin(annotation) in (Union, types.UnionType) else (annotation,)


def _choices(kind: Any) -> tuple[object, ...]:
    return get_args(kind) if get_origin(kind) is Literal else ()


def _schema(field: FieldInfo) -> dict[str, Any]:
    """A field's JSON schema, without null: what is absent is not sent."""
    found = TypeAdapter(field.rebuild_annotation()).json_schema()
    kinds = [kind for kind in found.pop("anyOf", []) if kind.get("type") != "null"]
    written = {**found, **(kinds[0] if kinds else {})}
    default = field.get_default()
    return written if default is None else {**written, "default": default}
