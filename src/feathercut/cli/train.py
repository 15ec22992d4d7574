"""`feathercut train`."""

from __future__ import annotations

import click

from feathercut.cli.flags import flags, given
from feathercut.cli.training import Asked, of_training, train_and_install
from feathercut.train import extra
from feathercut.train.options import FromNothing

_ABOUT = {"network": "What is built: `unet-small`, `u2netp`, `u2net` or `isnet`."}


@click.command("train", no_args_is_help=True)
@click.option("--network", metavar="NAME", default="u2netp", show_default=True, help=_ABOUT["network"])
@of_training
@flags(FromNothing)
def command(network: str, asked: Asked, **options: object) -> None:
    """Train a network from nothing on photos of your own, and install it.

    DIR has `images/` and `alpha/`, a matte of the same name for each photo; `feathercut data check DIR` looks at it.
    Thousands of photos are needed; with fewer, `feathercut finetune` begins from what is known already. A run that was
    stopped or killed goes on where it was when it is given again.
    """
    extra.check()
    from feathercut.train.begin import from_nothing  # deferred: it loads PyTorch

    chosen = FromNothing(**given(FromNothing, options))
    train_and_install(asked, lambda pairs, folder: from_nothing(network, pairs, chosen, folder))
