"""`python -m feathercut.compat.rembg`: whether `import rembg` means Feathercut in this environment."""

from __future__ import annotations

from collections.abc import Sequence

from feathercut.cli import console, exit_codes
from feathercut.compat.rembg.installing import install, uninstall
from feathercut.errors import FeathercutError

_USAGE = "python -m feathercut.compat.rembg install|uninstall"


def run(words: Sequence[str]) -> int:
    """Does it, says what was done, and gives the exit code."""
    console.prepare()
    if list(words) not in (["install"], ["uninstall"]):
        console.say(f"{_USAGE}: makes `import rembg` mean Feathercut in this environment, or takes that back")
        return exit_codes.DONE if list(words) in (["-h"], ["--help"]) else exit_codes.USAGE
    try:
        if words[0] == "install":
            console.result(f"`import rembg` means Feathercut now: {install()}")
        else:
            console.result(f"`import rembg` means nothing of Feathercut's any more: {uninstall()}")
    except FeathercutError as error:
        console.say(f"feathercut: {error}")
        return exit_codes.exit_code(error)
    return exit_codes.DONE
