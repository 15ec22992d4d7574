"""`web/src/options.json`: the options of the steps as the browser knows them, from the one place that decides them."""

from __future__ import annotations

import json
from typing import Any, get_args

from feathercut.options import Options

# What the page's steps take; reading and writing files have their own words there.
NAMES = (
    "method", "screen", "despill",
    "presence", "specks", "subject", "edges", "low_resolution", "transparency", "edge_shift", "edge_softness",
    "edge_contrast", "decontaminate",
    "background", "crop", "margin", "size", "scale", "position",
    "shadow", "shadow_angle", "shadow_distance", "shadow_softness", "shadow_opacity",
    "reflection",
)  # fmt: skip


def render() -> str:
    """The file's text."""
    return json.dumps({name: _row(name) for name in NAMES}, indent=2, ensure_ascii=False) + "\n"


def _row(name: str) -> dict[str, Any]:
    field = Options.model_fields[name]
    row: dict[str, Any] = {"default": field.default}
    for rule in field.metadata:
        if hasattr(rule, "ge"):
            row["least"] = rule.ge
        if hasattr(rule, "le"):
            row["most"] = rule.le
    choices = [word for word in get_args(field.annotation) if isinstance(word, str)]
    if choices:
        row["choices"] = choices
    return {**row, "description": field.description}
