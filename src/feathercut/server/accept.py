"""What kind of answer a caller asks for."""

from __future__ import annotations

import re

_JSON = re.compile(r"application/(?:[\w.+-]+\+)?json\b", re.IGNORECASE)


def wants_json(accept: str) -> bool:
    """Whether a caller asks for JSON; one that takes anything at all, as libraries say by default, gets the picture.

    >>> wants_json("application/json"), wants_json("application/json, text/plain, */*"), wants_json("image/png")
    (True, False, False)
    """
    return bool(_JSON.search(accept)) and "*/*" not in accept
