"""The text of docs/settings.md: the variables of the environment, from `settings.py`."""

from __future__ import annotations

import dataclasses

from feathercut.settings import Settings

HEAD = """# Settings

Written by `scripts/docs.py` from `src/feathercut/settings.py`. What the environment decides is read when it is needed
and never written; an option given to a function or a command goes before it.

| variable | what it does |
|---|---|
"""
FOOT = """
`FEATHERCUT_DEBUG=1` makes the command print the whole trace of a fault of its own. `NO_COLOR` has nothing to switch
off: nothing is coloured. Downloads honour `HTTPS_PROXY` and `NO_PROXY`; `npm` and `pip` honour their own settings,
a company's mirror included.
"""


def render() -> str:
    """The page."""
    rows = []
    for field in dataclasses.fields(Settings):
        names = ", ".join(f"`{name.strip()}`" for name in field.metadata["variable"].split(","))
        rows.append(f"| {names} | {field.metadata['sentence']} |\n")
    return HEAD + "".join(rows) + FOOT
