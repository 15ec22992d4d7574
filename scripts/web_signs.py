"""`web/src/diagnose/signs.json`: from when on a sign counts, what is then said, and how confidence is fitted."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, fields
from typing import Any

from feathercut.diagnose import confidence
from feathercut.diagnose.diagnose import SIGNS
from feathercut.diagnose.sign import Sign


def render() -> str:
    """The file's text."""
    fits = {"several": asdict(confidence.SEVERAL), "alone": asdict(confidence.ALONE)}
    bounds = {name.lower(): getattr(confidence, name) for name in ("RIGHT", "LEAST", "LOOK", "REDO")}
    written = {"confidence": {**bounds, **fits}, "signs": [_row(sign) for sign in SIGNS]}
    return json.dumps(written, indent=2, ensure_ascii=False) + "\n"


def _row(sign: Sign) -> dict[str, Any]:
    """All of a sign but how it looks; null for what never is."""
    values = {one.name: getattr(sign, one.name) for one in fields(sign) if one.name != "look"}
    return {name: None if value == math.inf else value for name, value in values.items()}
