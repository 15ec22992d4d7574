"""`feathercut app`: the editor in the browser, served on this machine or written out."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import click

from feathercut.app import page
from feathercut.app.export import export
from feathercut.app.serve import LOOPBACK, open_server
from feathercut.app.weights import prepare_weights
from feathercut.cli import console, exit_codes
from feathercut.cli.completion import complete_models
from feathercut.cli.endings import told_as_json
from feathercut.cli.progress import Progress
from feathercut.errors import OptionError
from feathercut.models.catalogue import check_licence, find
from feathercut.options import Network
from feathercut.settings import Settings

_PORT = 4664


@click.command("app")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=_PORT,
    show_default=True,
    help="Port of 127.0.0.1; 0 takes a free one. What the browser keeps belongs to the port.",
)
@click.option("--no-open", "stays_closed", is_flag=True, help="Print the address and open no browser.")
@click.option("--small", is_flag=True, help="Offer the small network only: 5 MB of weights.")
@click.option(
    "--model", default="isnet-general", show_default=True, metavar="ID", shell_complete=complete_models,
    help="The network that draws the last cutout, such as one of your own.",
)  # fmt: skip
@click.option("--accept-licence", metavar="NAME", help=Network.model_fields["accept_licence"].description)
@click.option(
    "--export",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write the page for any host into DIR, and serve nothing.",
)
@click.option(
    "--weights-address",
    metavar="URL",
    help="With `--export`: where a copy of the folder `weights` lies, if not beside the page.",
)
@click.option("--overwrite", is_flag=True, help="With `--export`: write into a folder that is not empty.")
@click.option("--json", "as_json", is_flag=True, help="Print the address, or what was written, as JSON.")
def command(
    port: int,
    stays_closed: bool,
    small: bool,
    model: str,
    accept_licence: str | None,
    folder: Path | None,
    weights_address: str | None,
    overwrite: bool,
    as_json: bool,
) -> int:
    """Open the editor in the browser: cut out, mend hair and holes, change the background, save.

    Photos stay in the browser. The page comes from this package and its weights from your cache; it is
    served to this machine only, until Ctrl-C.
    """
    with told_as_json(as_json):
        if folder is None and (weights_address is not None or overwrite):
            raise OptionError("`--weights-address` and `--overwrite` belong to `--export`; name its folder too")
        files = dict(page.files())
        progress = Progress("MB")
        try:
            settings = Settings.read()
            check_licence(find(model, settings.models), "any", accept_licence)
            weights = prepare_weights(settings, progress.show, small=small, final=model)
        finally:
            progress.clear()
        if folder is not None:
            kept = {} if weights_address is not None else weights
            written = export(folder, {**files, **kept}, weights_address, overwrites=overwrite)
            return _tell(folder, written, weights_address, as_json)
        server = open_server({**files, **weights}, port)
    address = f"http://{LOOPBACK}:{server.server_address[1]}/"
    if as_json:
        console.document({"version": 1, "address": address})
    else:
        console.result(address)
    console.say("Ctrl-C ends it")
    if not stays_closed:
        webbrowser.open(address)
    with server:
        server.serve_forever()
    return exit_codes.DONE


def _tell(folder: Path, written: int, weights_address: str | None, as_json: bool) -> int:
    if as_json:
        console.document({"version": 1, "folder": str(folder), "bytes": written, "weights_address": weights_address})
    else:
        console.result(f"{folder}: {written / 1e6:.0f} MB")
        where = f"from {weights_address}" if weights_address else "from the folder `weights` beside it"
        console.say(f"Any host of files will do; the page loads its weights {where}")
    return exit_codes.DONE
