"""Turns what decoders raise into our errors, at one place."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from feathercut.errors import DamagedPictureError, TooLargeError

# Pillow raises OSError, SyntaxError, ValueError, EOFError, struct.error, IndexError, KeyError and TypeError on broken
# files; imagecodecs' classes and libheif's are RuntimeError.
_BROKEN = (
    OSError, SyntaxError, ValueError, EOFError, struct.error, LookupError, TypeError, ArithmeticError, RuntimeError,
    zlib.error, AssertionError, AttributeError,
)  # fmt: skip
_CUT_SHORT = re.compile(
    r"truncat|too small|too short|end of|read error|eof|out of data|insufficient|incomplete", re.IGNORECASE
)


def cut_short(name: str) -> DamagedPictureError:
    """The error for a file that ends too early."""
    return DamagedPictureError(f"The {name} is cut short: its end is missing. Get the whole file again")


def broken(name: str, detail: str) -> DamagedPictureError:
    """The error for a file whose inside makes no sense."""
    return DamagedPictureError(f"The {name} is damaged: {detail}. Open it in another program and save it anew")


@contextmanager
def damage_as_ours(name: str) -> Iterator[None]:
    """Raises DamagedPictureError or TooLargeError for whatever a decoder of `name` raises inside."""
    from PIL.Image import DecompressionBombError

    from feathercut.errors import FeathercutError

    try:
        yield
    except FeathercutError:
        raise
    except (DecompressionBombError, MemoryError) as error:
        raise TooLargeError(f"The {name} needs more memory than its decoder may take. Make it smaller") from error
    except _BROKEN as error:
        said = " ".join(str(error).split()) or type(error).__name__
        raise (cut_short(name) if _CUT_SHORT.search(said) else broken(name, said.rstrip("."))) from error
