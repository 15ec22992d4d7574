"""The text of docs/errors.md: what is raised, and the exit code it becomes."""

from __future__ import annotations

import inspect

from feathercut import errors
from feathercut.cli.exit_codes import MEANINGS, exit_code

HEAD = """# Errors

Written by `scripts/docs.py` from `src/feathercut/errors.py`. Everything that Feathercut raises is a `FeathercutError`;
the classes are in `feathercut.errors`. A message says what happened, to which file or option, and what to do.

"""


def classes() -> list[type[errors.FeathercutError]]:
    """Every class, as the module orders them."""
    found = [one for one in vars(errors).values() if inspect.isclass(one) and one.__module__ == errors.__name__]
    return [one for one in found if issubclass(one, errors.FeathercutError)]


def render() -> str:
    """The page."""
    tree = "\n".join(line.removeprefix("    ") for line in str(errors.__doc__).splitlines() if line.startswith("    "))
    rows = "".join(f"| `{one.__name__}` | {inspect.getdoc(one)} | {exit_code(one())} |\n" for one in classes())
    codes = "".join(f"| {code} | {meaning} |\n" for code, meaning in MEANINGS.items())
    return (
        f"{HEAD}```text\n{tree}\n```\n\n| class | when | exit code of the command |\n|---|---|---|\n{rows}\n"
        f"## Exit codes\n\n| code | meaning |\n|---|---|\n{codes}"
    )
