"""A group of options that checks itself, and what it says of a value that it does not take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from inspect import Parameter, Signature
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from feathercut.errors import OptionError


class Section(BaseModel):
    """A frozen group of options; a wrong value raises OptionError with the option's name."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    elsewhere: ClassVar[Mapping[str, str]] = {}
    """What to say of names that people give here and that belong somewhere else."""

    @classmethod
    def __pydantic_init_subclass__(cls, **_: object) -> None:
        # Pydantic would know it once the class is built, which waits for the first value.
        cls.__signature__ = Signature(
            [
                Parameter(name, Parameter.KEYWORD_ONLY, default=field.default, annotation=field.annotation)
                for name, field in cls.model_fields.items()
            ]
        )

    def __init__(self, /, **fields: object) -> None:
        # Not a validator: pydantic would wrap what a validator raises into an error of its own.
        try:
            super().__init__(**fields)
        except ValidationError as error:
            raise OptionError(_sentence(error, list(type(self).model_fields), self.elsewhere)) from error


def _sentence(error: ValidationError, known: Sequence[str], elsewhere: Mapping[str, str]) -> str:
    """The first complaint as `name`: what is wrong. Unknown names come first, with the nearest of `known`."""
    complaints = error.errors()
    first = min(complaints, key=lambda complaint: complaint["type"] != "extra_forbidden")
    name = str(first["loc"][0]) if first["loc"] else "options"
    if first["type"] == "extra_forbidden":
        if name in elsewhere:
            return f"Option `{name}` {elsewhere[name]}"
        near = get_close_matches(name, known, n=1)
        return f"There is no option `{name}`" + (f"; did you mean `{near[0]}`?" if near else "")
    said = first.get("ctx", {}).get("error")
    if isinstance(said, OptionError):
        return str(said)
    if said is not None:
        return f"Option `{name}`: {said}"
    return f"Option `{name}` takes {_wanted(first)}, got: {first['input']}"


def _wanted(complaint: ErrorDetails) -> str:
    """What an option takes, in words, from what pydantic says of a value that it does not take."""
    kind, context = complaint["type"], complaint.get("ctx", {})
    match kind:
        case "greater_than_equal":
            return f"{context['ge']:g} or more"
        case "greater_than":
            return f"more than {context['gt']:g}"
        case "less_than":
            return f"less than {context['lt']:g}"
        case "less_than_equal":
            return f"{context['le']:g} or less"
        case "literal_error":
            return str(context["expected"])
    words = {"int": "a whole number", "float": "a number", "bool": "True or False", "string": "text"}
    return words.get(kind.partition("_")[0], complaint["msg"])
