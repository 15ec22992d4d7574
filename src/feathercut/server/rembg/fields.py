"""The fields of a request, each checked as rembg's server checks them, and told in the words of its answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from feathercut.compat.rembg.names import SESSION_NAMES
from feathercut.errors import FeathercutError


class FieldsError(FeathercutError):
    """A field with a value that it does not take; `complaints` are those of FastAPI's answer 422."""

    def __init__(self, complaints: Sequence[Mapping[str, Any]]) -> None:
        super().__init__("; ".join(str(one["msg"]) for one in complaints))
        self.complaints = complaints


class Fields(BaseModel):
    """rembg's parameters by the letters that its clients send; `model` None is the server's own default."""

    model: str | None = Field(default=None, description="Network to use; by default the server's first one.")
    a: bool = Field(default=False, description="Alpha matting. Edges always follow the photo: no effect.")
    af: int = Field(default=240, ge=0, le=255, description="Alpha matting, foreground threshold: no effect.")
    ab: int = Field(default=10, ge=0, le=255, description="Alpha matting, background threshold: no effect.")
    ae: int = Field(default=10, ge=0, description="Alpha matting, erosion: no effect.")
    om: bool = Field(default=False, description="Only the mask: the matte as a grey picture.")
    ppm: bool = Field(default=False, description="Post-process the mask: lone pieces below 5 % of the largest go.")
    dc: bool = Field(default=False, description="Decontaminate edges. Always so: no effect.")
    vm: bool = Field(default=False, description="Refine edges with ViTMatte. Edges always follow the photo: no effect.")
    bgc: str | None = Field(default=None, description="Background colour: `R,G,B` or `R,G,B,A`, each 0 to 255.")
    extras: str | None = Field(
        default=None, description="JSON object of more options: `putalpha`, `accept_licence`, `edge_shift` and others."
    )


FILE = "The photo: a file, in a form (multipart/form-data)."
URL = "Address of the photo: http or https, public."


def read_fields(names: Sequence[str], query: Mapping[str, str], form: Mapping[str, str]) -> Fields:
    """The fields of a request; the form's come before the query's, and empty ones count as absent.

    `names` are the networks that may be named beside rembg's own. Raises FieldsError.
    """
    given = {name: text.strip() for name, text in {**query, **form}.items() if text.strip()}
    try:
        fields = Fields.model_validate(given)
    except ValidationError as error:
        raise FieldsError([_placed(dict(one), form) for one in error.errors(include_url=False)]) from error
    if fields.model is not None and fields.model not in {*SESSION_NAMES, *names}:
        raise FieldsError([_no_such_model(fields.model, names, form)])
    return fields


def missing(place: str, name: str) -> FieldsError:
    """What is said where the photo itself is not there."""
    return FieldsError([{"type": "missing", "loc": [place, name], "msg": "Field required", "input": None}])


def _placed(complaint: dict[str, Any], form: Mapping[str, str]) -> dict[str, Any]:
    """A complaint of pydantic as FastAPI gives it: with the place that the field came from."""
    name = str(complaint["loc"][0])
    return {**complaint, "loc": ["body" if name in form else "query", name]}


def _no_such_model(model: str, names: Sequence[str], form: Mapping[str, str]) -> dict[str, Any]:
    # Whole names only: rembg's own pattern lets `xx-u2net-yy` pass.
    pattern = "^(" + "|".join(dict.fromkeys((*SESSION_NAMES, *names))) + ")$"
    return {
        "type": "string_pattern_mismatch",
        "loc": ["body" if "model" in form else "query", "model"],
        "msg": f"String should match pattern '{pattern}'",
        "input": model,
        "ctx": {"pattern": pattern},
    }
