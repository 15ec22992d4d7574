"""`feathercut completion`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from feathercut.cli import console


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the script that makes a shell complete Feathercut's words.

    For bash: `feathercut completion bash >> ~/.bashrc`; for zsh the same with `~/.zshrc`; for fish
    `feathercut completion fish > ~/.config/fish/completions/feathercut.fish`.
    """
    from feathercut.cli.main import feathercut

    kind = get_completion_class(shell)
    assert kind is not None  # one of the choices above
    console.result(kind(feathercut, {}, "feathercut", "_FEATHERCUT_COMPLETE").source())
