"""What is wrong with a record, as one sentence that names the very word."""

from __future__ import annotations

import json
from difflib import SequenceMatcher, get_close_matches

from pydantic import ValidationError
from pydantic_core import ErrorDetails


def complaint(error: ValidationError) -> str:
    """The most telling complaint as `path.to.word: what is wrong`.

    A misspelt word is both one too many and one missing: the one that was written is named.
    """
    group = _nearest(error.errors(include_url=False))
    first = next((one for one in group if one["type"] == "extra_forbidden"), group[0])
    path = ""
    for part in first["loc"]:
        if isinstance(part, int):
            path += f"[{part}]"
        elif not _is_kind(part):
            path += f".{part}" if path else part
    path = path or "record"
    match first["type"]:
        case "extra_forbidden":
            missing = [str(one["loc"][-1]) for one in group if one["type"] == "missing"]
            meant = get_close_matches(str(first["loc"][-1]), missing, n=1, cutoff=0.3)
            return f"{path}: there is no such word" + (f"; `{meant[0]}` is missing" if meant else "")
        case "missing":
            return f"{path}: {first['msg']}"
        case "value_error":
            return f"{path}: {first['msg'].removeprefix('Value error, ')}"
        case _:
            return f"{path}: {first['msg']}, got {json.dumps(first['input'], default=str)[:80]}"


def _nearest(complaints: list[ErrorDetails]) -> list[ErrorDetails]:
    """The complaints that stand beside the first one.

    A wrong source fails once for every kind of source; the kind it came nearest to is the one with the
    fewest complaints and, where that is equal, with the words most like those written.
    """
    location = complaints[0]["loc"]
    place = next((index for index, part in enumerate(location) if _is_kind(part)), None)
    if place is None:
        return [one for one in complaints if one["loc"][:-1] == location[:-1]]
    kinds: dict[int | str, list[ErrorDetails]] = {}
    for one in complaints:
        if one["loc"][:place] == location[:place]:
            kinds.setdefault(one["loc"][place], []).append(one)
    return min(kinds.values(), key=lambda group: (len(group), -_likeness(group)))


def _likeness(group: list[ErrorDetails]) -> float:
    """How much the words written look like the words missing, from 0 to 1."""
    written = [str(one["loc"][-1]) for one in group if one["type"] == "extra_forbidden"]
    missing = [str(one["loc"][-1]) for one in group if one["type"] == "missing"]
    return max((SequenceMatcher(None, a, b).ratio() for a in written for b in missing), default=0.0)


def _is_kind(part: int | str) -> bool:
    """Whether a step of a path is the name of a kind of source, which nobody wrote."""
    return isinstance(part, str) and part.endswith("Source")
