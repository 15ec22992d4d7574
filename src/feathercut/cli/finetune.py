"""`feathercut finetune`."""

from __future__ import annotations

from pathlib import Path

import click

from feathercut.cli.completion import complete_models
from feathercut.cli.flags import flags, given
from feathercut.cli.training import Asked, of_training, train_and_install
from feathercut.options import Network
from feathercut.train import extra
from feathercut.train.options import Finetuning


@click.command("finetune", no_args_is_help=True)
@click.option(
    "--from", "model", metavar="ID", default="isnet-general", show_default=True, shell_complete=complete_models,
    help="The network that it begins as, with its published weights.",
)  # fmt: skip
@click.option("--accept-licence", metavar="NAME", help=Network.model_fields["accept_licence"].description)
@click.option(
    "--keep-photos", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
    help="Photos of other kinds, without mattes, to which the answers are to stay as they were; see `--keep`.",
)  # fmt: skip
@of_training
@flags(Finetuning)
def command(model: str, accept_licence: str | None, keep_photos: Path | None, asked: Asked, **options: object) -> None:
    """Tune a published network to photos of your own, and install it where it became better.

    DIR has `images/` and `alpha/`, a matte of the same name for each photo; `feathercut data check DIR` looks at it. A
    part of the photos is held out and nothing is learned from them: on those the network is measured before and after.
    A run that was stopped or killed goes on where it was when it is given again.
    """
    extra.check()
    from feathercut.train.begin import from_published  # deferred: it loads PyTorch

    chosen = Finetuning(**given(Finetuning, options))
    train_and_install(
        asked, lambda pairs, folder: from_published(model, pairs, chosen, folder, keep_photos, accept_licence)
    )
