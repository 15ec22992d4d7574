"""The text of docs/settings.md: the variables of the environment, from `settings.py`."""

from __future__ import annotations

import dataclasses

from feathercut.server.configure import shown, variable
from feathercut.server.settings import ServerSettings
from feathercut.settings import Settings

HEAD = """# Settings

Written by `scripts/docs.py` from `src/feathercut/settings.py` and `src/feathercut/server/settings.py`. What the
environment decides is read when it is needed and never written; an option given to a function or a command goes before
it.

| variable | what it does |
|---|---|
"""
FOOT = """
In the cache a network takes the size of its published file, and on a CPU its compiled graph in float32 for each size
it runs at: 88 or 179 MB (half precision or float32) and 176 MB for `isnet-general`, 5 MB and 5 MB for `u2netp`. An
int8 graph takes a quarter of that, 44 MB for `isnet-general`; one in float32 lies beside it only where both were run.
`feathercut models remove ID` frees both. What an older runtime compiled goes when a newer one compiles the same.

`FEATHERCUT_DEBUG=1` makes the command print the whole trace of a fault of its own. `NO_COLOR` has nothing to switch
off: nothing is coloured. Downloads honour `HTTPS_PROXY` and `NO_PROXY`; `npm` and `pip` honour their own settings,
a company's mirror included.
"""

SERVER = """
## The server's

`feathercut serve` takes each as a flag too (`--port`), which goes before the variable; lists are written with commas.
`feathercut serve --print-settings` shows the values and where they are from.

| variable | default | what it does |
|---|---|---|
"""


def render() -> str:
    """The page."""
    rows = []
    for field in dataclasses.fields(Settings):
        names = ", ".join(f"`{name.strip()}`" for name in field.metadata["variable"].split(","))
        rows.append(f"| {names} | {field.metadata['sentence']} |\n")
    return HEAD + "".join(rows) + FOOT + SERVER + "".join(_server_rows())


def _server_rows() -> list[str]:
    return [
        f"| `{variable(name)}` | `{shown(ServerSettings(), name)}` | {field.description} |\n".replace("| `` |", "| |")
        for name, field in ServerSettings.model_fields.items()
    ]
