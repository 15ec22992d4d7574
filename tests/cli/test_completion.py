from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .command import Command

_ASK = """
source "$1"
COMP_WORDS=("${@:2}"); COMP_CWORD=$(($# - 2))
_feathercut_completion feathercut
printf '%s\\n' "${COMPREPLY[@]}"
"""


def _bash_offers(command: Command, *words: str) -> list[str]:
    """What bash offers for the last of the words, by the script that the command prints."""
    script = command.folder / "completion.bash"
    script.write_bytes(command("completion", "bash").out)
    binary = command.folder / "bin" / "feathercut"
    binary.parent.mkdir(exist_ok=True)
    binary.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m feathercut "$@"\n')
    binary.chmod(0o755)
    environ = command.environ()
    environ["PATH"] = f"{binary.parent}:{environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", _ASK, "bash", str(script), *words], cwd=command.folder, env=environ, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    return done.stdout.split()


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash")
def test_bash_completes_for_real(command: Command) -> None:
    assert _bash_offers(command, "feathercut", "remo") == ["remove"]
    assert _bash_offers(command, "feathercut", "remove", "--only") == ["--only-matte"]
    assert _bash_offers(command, "feathercut", "remove", "--format", "j") == ["jpeg"]
    assert _bash_offers(command, "feathercut", "remove", "--model", "isnet") == ["isnet-anime", "isnet-general"]
    assert _bash_offers(command, "feathercut", "models", "get", "tin") == ["tiny"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_script_names_the_command(command: Command, shell: str) -> None:
    done = command("completion", shell)
    assert (done.code, done.said) == (0, [])
    assert b"_FEATHERCUT_COMPLETE" in done.out


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_are_answered(command: Command, shell: str) -> None:
    asked = {"COMP_WORDS": "feathercut rem", "COMP_CWORD": "rem" if shell == "fish" else "1"}
    done = command(stdin=b"", _FEATHERCUT_COMPLETE=f"{shell}_complete", **asked)
    assert done.code == 0 and b"remove" in done.out


def test_photos_are_completed_as_files(command: Command) -> None:
    asked = {"COMP_WORDS": "feathercut remove ph", "COMP_CWORD": "2"}
    done = command(stdin=b"", _FEATHERCUT_COMPLETE="bash_complete", **asked)
    assert done.out.split() == [b"file,ph"]


def test_unknown_shell_is_refused(command: Command) -> None:
    command("completion", "tcsh").is_one_line(2, "tcsh", "bash")


def test_help_says_where_the_script_goes(command: Command) -> None:
    assert b"~/.bashrc" in command("completion", "--help").out
    assert not list(Path(command.folder).iterdir())
