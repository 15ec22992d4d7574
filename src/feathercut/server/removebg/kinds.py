"""The subject's kind, `X-Type`: what a caller said it is, and `other` where nobody knows.

Feathercut does not classify what it cuts out. The contract has a word for that, and it is used.
"""

from __future__ import annotations

_UNKNOWN = "other"
_LEVEL_1 = {"person", "product", "animal", "car"}
_LEVEL_2 = _LEVEL_1 | {"car_interior", "car_part", "transportation", "graphics"}
_SPELLINGS = {"graphic": "graphics"}
_COARSER = {"car_interior": "car", "car_part": "car"}


def told_kind(kind: str, level: str) -> str | None:
    """What `X-Type` says for a request's `type` and `type_level`; None where it was not asked for.

    >>> told_kind("animal", "1"), told_kind("transportation", "1"), told_kind("auto", "2"), told_kind("car", "none")
    ('animal', 'other', 'other', None)
    """
    word = _SPELLINGS.get(kind, kind)
    match level:
        case "none":
            return None
        case "2" | "latest":
            return word if word in _LEVEL_2 else _UNKNOWN
    coarse = _COARSER.get(word, word)
    return coarse if coarse in _LEVEL_1 else _UNKNOWN
