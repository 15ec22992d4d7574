"""A key as its holder has it, and what is kept of it.

`fc_<id>_<secret>`: the id is no secret and finds the row; the secret is 256 random bits, of which only the SHA-256 is
kept. That is enough, and a slow hash would be worse: slow hashes are for passwords, which people choose and others
guess, while nobody guesses 256 bits; and a hash that costs a tenth of a second at each request is an attack waiting.
"""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass, field
from hashlib import sha256

_FORM = re.compile(r"fc_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
_NOBODY = bytes(32)


@dataclass(frozen=True)
class Secret:
    """A key, whole: shown once, when it is made."""

    id: str
    text: str = field(repr=False)


def make_secret() -> Secret:
    """A new key."""
    key_id = secrets.token_hex(6)
    return Secret(key_id, f"fc_{key_id}_{secrets.token_urlsafe(32)}")


def id_of(text: str) -> str | None:
    """The id that a key names; None where it has no key's form."""
    match = _FORM.fullmatch(text)
    return match[1] if match else None


def hash_of(text: str) -> bytes:
    """What is kept of a key."""
    return sha256(text.encode("utf-8", "surrogateescape")).digest()


def fits(text: str, kept: bytes | None) -> bool:
    """Whether a key is the one of which `kept` was kept; takes as long where nothing was."""
    return hmac.compare_digest(hash_of(text), _NOBODY if kept is None else kept) and kept is not None
