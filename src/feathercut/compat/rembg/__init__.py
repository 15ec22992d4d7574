"""rembg's Python shape around Feathercut: `remove`, `new_session`, the sessions and their names.

    from feathercut.compat.rembg import new_session, remove

    session = new_session("u2netp")
    cutout = remove(photo, session=session)

`python -m feathercut.compat.rembg install` makes `import rembg` mean this module in an environment that has no rembg.
What each option means here is in docs/move-from-rembg.md.
"""

from __future__ import annotations

from feathercut.compat.rembg.bg import remove
from feathercut.compat.rembg.session_factory import new_session

__version__ = "2.0.86+feathercut"
"""The release of rembg whose shape this is."""

__all__ = ["new_session", "remove"]
