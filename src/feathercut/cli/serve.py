"""`feathercut serve`: the server, until Ctrl-C."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin

import click
from click.core import ParameterSource

from feathercut.cli import console, exit_codes
from feathercut.cli.progress import Progress
from feathercut.errors import FeathercutError, OptionError
from feathercut.server.configure import Configured, configure, is_list, shown, variable
from feathercut.server.settings import ServerSettings
from feathercut.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])


def _flags(command: Command) -> Command:
    """One flag a setting; what is given is checked where the environment's values are, too."""
    for name, field in reversed(ServerSettings.model_fields.items()):
        default = "" if field.default is None else shown(ServerSettings(), name)
        sentence = f"{field.description} [default: {default}]" if default else field.description
        of = [one for one in (field.annotation, *get_args(field.annotation)) if get_origin(one) is Literal]
        kind: Any = click.Choice(get_args(of[0])) if of else click.STRING
        metavar = None if of else "LIST" if is_list(name) else "TEXT"
        flag = "--" + name.replace("_", "-")
        command = click.option(flag, name, type=kind, metavar=metavar, help=sentence)(command)
    return command


@click.command("serve")
@_flags
@click.option("--print-settings", is_flag=True, help="Print every setting, its value and where that is from.")
@click.option("--json", "as_json", is_flag=True, help="Print the address, or the settings, as JSON.")
@click.pass_context
def command(context: click.Context, /, print_settings: bool, as_json: bool, **flags: object) -> int:
    """Serve background removal over HTTP: remove.bg's calls, rembg's, our own, and the page.

    \b
    Listens to this machine only unless --host says otherwise. Every setting is also a variable of the
    environment, as FEATHERCUT_SERVER_PORT; lists are written with commas. The routes are told at /docs.
    """
    given = {name: value for name, value in flags.items() if _is_given(context, name)}
    configured = configure(os.environ, given)
    if print_settings:
        _print(configured, as_json=as_json)
        return exit_codes.DONE
    settings = configured.settings
    _require_extra(settings)
    page = _prepare(settings)

    def says(address: str) -> None:
        if as_json:
            console.document({"version": 1, "address": address})
        else:
            console.result(address)
        console.say("Ctrl-C ends it")

    from feathercut.server.supervise import Supervisor  # deferred: `--print-settings` starts nothing

    Supervisor(settings, page).run(says)
    return exit_codes.DONE


def _is_given(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is ParameterSource.COMMANDLINE


def _require_extra(settings: ServerSettings) -> None:
    from importlib.util import find_spec

    from feathercut.server.telemetry import check_telemetry  # deferred: only the server has use for it

    missing = [name for name in ("fastapi", "uvicorn", "python_multipart", "prometheus_client") if not find_spec(name)]
    if missing:
        raise OptionError(
            f"The server needs {', '.join(missing)}, not installed here; `pip install 'feathercut[server]'` adds it"
        )
    check_telemetry(settings.telemetry)


def _prepare(settings: ServerSettings) -> Mapping[str, Path]:
    """Fetches what callers may ask for, so that no request waits for that; gives the page's files.

    Raises UnknownModelError, LicenceError or WeightsError.
    """
    from feathercut.server.prepare import page_files, prepare_networks

    progress = Progress("MB")
    try:
        prepare_networks(settings, Settings.read(), progress.show)
        return page_files(settings, Settings.read(), progress.show)
    except FeathercutError:
        progress.clear()
        raise
    finally:
        progress.clear()


def _print(configured: Configured, *, as_json: bool) -> None:
    rows = [
        (name, shown(configured.settings, name), configured.origins[name], variable(name))
        for name in ServerSettings.model_fields
    ]
    if as_json:
        names = ("name", "value", "from", "variable")
        console.document({"version": 1, "settings": [dict(zip(names, row, strict=True)) for row in rows]})
    else:
        console.table([("setting", "value", "from", "variable"), *rows])
