"""`feathercut rembg i|p|s|b|d`: rembg's commands, by its letters and flags."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import click

from feathercut import files
from feathercut.cli import console, exit_codes
from feathercut.cli.loading import Loading
from feathercut.cli.rembg_flags import read, rembgs
from feathercut.compat.rembg.names import record_of
from feathercut.errors import OptionError
from feathercut.options import Network, Options
from feathercut.result import Result


@click.group("rembg", context_settings={"help_option_names": ["--help"]})
def command() -> None:
    """Take rembg's commands, letter for letter.

    What each flag means here is in docs/move-from-rembg.md; `feathercut remove` has more of its own.
    """


@command.command("i")
@click.argument("input_", metavar="[INPUT]", required=False)
@click.argument("output", metavar="[OUTPUT]", required=False)
@rembgs
def one_file(input_: str | None, output: str | None, **values: Any) -> None:
    """Cut out one file: INPUT and OUTPUT are paths, or `-` for stdin and stdout, as where none is named.

    What is written is PNG, whatever it is called; on a terminal, beside the photo as NAME.out.png.
    """
    network, wanted = read(values)
    source: Any = console.stdin_bytes() if input_ in (None, "-") else input_
    target = _target(input_, output)
    stdout = console.stdout_bytes() if target is None else None
    result = _done(Loading(network), source, wanted)
    if stdout is not None:
        stdout.write(result.to_bytes("png"))
        stdout.flush()
    elif target is not None:
        files.make_folder(target.parent)
        files.write(target, result.to_bytes("png"), overwrite=True)
    if not result.found:
        console.say(f"{input_ or '-'}: no subject found; the matte is empty")


def _target(input_: str | None, output: str | None) -> Path | None:
    """Where the cutout goes; None is stdout."""
    if output not in (None, "-"):
        return Path(str(output))
    if output is None and input_ not in (None, "-") and console.is_watched():
        return Path(str(input_)).with_suffix(".out.png")
    return None


def _done(networks: Loading, source: Any, wanted: Options) -> Result:
    try:
        return networks.apply(source, wanted)
    finally:
        networks.end()


@command.command("p")
@click.argument("input_", metavar="INPUT", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("output", metavar="OUTPUT", type=click.Path(file_okay=False, path_type=Path))
@rembgs
@click.option("-w", "--watch", is_flag=True, help="Go on with photos that arrive, until Ctrl-C or a file `stop.txt`.")
@click.option("-d", "--delete_input", is_flag=True, help="Delete each photo whose cutout this run has written.")
@click.option(
    "--accept-usage-cost", is_flag=True, expose_value=False, help="Taken and without effect: nothing costs anything."
)
def folder(input_: Path, output: Path, watch: bool, delete_input: bool, **values: Any) -> int:
    """Cut out the photos of a folder and below into another, whose tree is the same; what is there already stays."""
    from feathercut.cli.rembg_folder import Folder

    network, wanted = read(values)
    photos = Folder(input_, output, Loading(network), wanted, deletes=delete_input)
    return photos.watch() if watch else photos.once()


@command.command("b")
@click.argument("width", metavar="IMAGE_WIDTH", type=click.IntRange(1, 100_000))
@click.argument("height", metavar="IMAGE_HEIGHT", type=click.IntRange(1, 100_000))
@rembgs
@click.option("-o", "--output_specifier", metavar="PATTERN", help="Names of the files, such as `output-%d.png`.")
def byte_stream(width: int, height: int, output_specifier: str | None, **values: Any) -> None:
    """Cut out raw frames of 8-bit RGB from stdin, one after the other; PNG files go to stdout, or where -o says."""
    import numpy as np

    network, wanted = read(values)
    stream, networks, number = console.stdin_bytes(), Loading(network), 0
    stdout = console.stdout_bytes() if output_specifier is None else None
    while len(frame := stream.read(width * height * 3)) == width * height * 3:
        pixels = np.frombuffer(frame, np.uint8).reshape(height, width, 3)
        data = networks.apply(pixels, wanted).to_bytes("png")
        if stdout is not None:
            stdout.write(data)
            stdout.flush()
        else:
            target = _numbered(str(output_specifier), number)
            files.make_folder(target.parent)
            files.write(target, data, overwrite=True)
        number += 1
    if frame:
        raise OptionError(
            f"stdin ended in the middle of frame {number}: {len(frame)} of {width * height * 3} bytes. "
            "Give the frames' own width and height, in 8-bit RGB"
        )


def _numbered(pattern: str, number: int) -> Path:
    try:
        return Path(pattern % number).expanduser()
    except (TypeError, ValueError) as error:
        raise OptionError(f"`--output_specifier` takes a name with one `%d` in it, not: {pattern}") from error


@command.command("d")
@click.argument("models", nargs=-1, metavar="[MODELS]...")
@click.option("--accept-licence", metavar="NAME", help=Network.model_fields["accept_licence"].description)
def download(models: tuple[str, ...], accept_licence: str | None) -> None:
    """Fetch the weights of MODELS, by rembg's names; of all that need no licence accepted where none is named."""
    from feathercut.compat.rembg.names import RECORDS
    from feathercut.models.catalogue import find

    chosen = models or tuple(name for name, record in RECORDS.items() if find(record).licence.accept is None)
    from feathercut.cli.models import get

    get.callback(tuple(dict.fromkeys(map(record_of, chosen))), accept_licence)  # type: ignore[misc]


@command.command("s")
@click.option("-p", "--port", type=click.IntRange(0, 65535), default=7000, show_default=True, help="Port.")
@click.option("-h", "--host", default="127.0.0.1", show_default=True, help="Address; rembg's own is 0.0.0.0.")
@click.option("-l", "--log_level", default="info", show_default=True, help="`warning` and above log no requests.")
@click.option("-t", "--threads", type=click.IntRange(1, 64), help="Photos that are worked on at the same time.")
@click.option("--no-ui", is_flag=True, help="No page at `/`.")
def serve(port: int, host: str, log_level: str, threads: int | None, no_ui: bool) -> int:
    """Serve rembg's `/api/remove`, and all that `feathercut serve` does."""
    serving = importlib.import_module("feathercut.cli.serve")  # deferred: it needs the extra `server`
    words = ["--port", str(port), "--host", host]
    words += ["--log", "off"] if log_level.lower() in ("warning", "error", "critical") else []
    words += ["--photos-at-once", str(threads)] if threads else []
    words += ["--page", "off"] if no_ui else []
    ended: int = serving.command.main(words, "feathercut serve", standalone_mode=False)
    return ended or exit_codes.DONE
