"""`feathercut completion`, and what completes the words that only Feathercut knows."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem, get_completion_class, shell_complete

from feathercut.cli import console

VARIABLE = "_FEATHERCUT_COMPLETE"


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
    console.result(kind(feathercut, {}, "feathercut", VARIABLE).source())


def answer(group: click.Group, instruction: str) -> int:
    """Answers a shell that asks for words, as the script above does."""
    return shell_complete(group, {}, "feathercut", VARIABLE, instruction)


def complete_models(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The ids of networks that begin so."""
    from feathercut.errors import FeathercutError
    from feathercut.models.catalogue import records
    from feathercut.settings import Settings

    try:
        known = records(Settings.read().models, [])
    except FeathercutError:
        return []  # a command line being typed is no place to complain
    return [CompletionItem(name, help=record.title) for name, record in known.items() if name.startswith(incomplete)]
