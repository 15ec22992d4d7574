"""What the environment decides: read once at start, frozen after.

Each field carries the name of its variable and its sentence; the docs are generated from them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from feathercut.errors import OptionError

_GIB = 1024**3


def _variable(name: str, sentence: str) -> dict[str, str]:
    return {"variable": name, "sentence": sentence}


@dataclass(frozen=True)
class Settings:
    """What `FEATHERCUT_*` says.

    >>> Settings.read({"FEATHERCUT_OFFLINE": "1"}).is_offline
    True
    >>> Settings.read({"FEATHERCUT_OFFLINE": "maybe"})
    Traceback (most recent call last):
    feathercut.errors.OptionError: `FEATHERCUT_OFFLINE` takes `1` or `0`, got: maybe
    """

    cache: Path = field(
        metadata=_variable(
            "FEATHERCUT_CACHE",
            "Folder for downloaded weights and prepared networks; the system's cache folder by default.",
        )
    )
    models: Path | None = field(
        default=None,
        metadata=_variable(
            "FEATHERCUT_MODELS",
            "Folder with weights (`<id>.onnx`) and records (`<id>.json`) of your own; looked in first. By default "
            "`feathercut/models` in the system's folder for data, where it exists.",
        ),
    )
    is_offline: bool = field(
        default=False,
        metadata=_variable("FEATHERCUT_OFFLINE", "`1` never fetches anything; what is missing is an error."),
    )
    cache_bytes: int = field(
        default=2 * _GIB,
        metadata=_variable(
            "FEATHERCUT_CACHE_BYTES",
            "Bytes of weights that loaded networks may hold in this process; 2 GiB by default.",
        ),
    )
    timeout_s: float = field(
        default=30.0,
        metadata=_variable(
            "FEATHERCUT_TIMEOUT", "Seconds of silence after which a download is given up; 30 by default."
        ),
    )
    rembg_folders: tuple[Path, ...] = field(
        default=(),
        metadata=_variable(
            "REMBG_HOME, U2NET_HOME",
            "Folders where rembg keeps weights, used in place; `~/.rembg` and `~/.u2net` are looked in as well.",
        ),
    )

    @classmethod
    def read(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """The settings that an environment asks for, `os.environ` by default.

        Raises OptionError where a variable has a value that it does not take.
        """
        environ = os.environ if environ is None else environ
        return cls(
            cache=_cache_folder(environ),
            models=_models_folder(environ),
            is_offline=_flag(environ, "FEATHERCUT_OFFLINE"),
            cache_bytes=int(_number(environ, "FEATHERCUT_CACHE_BYTES", 2 * _GIB, whole=True)),
            timeout_s=_number(environ, "FEATHERCUT_TIMEOUT", 30.0),
            rembg_folders=_rembg_folders(environ),
        )


def _cache_folder(environ: Mapping[str, str]) -> Path:
    if named := environ.get("FEATHERCUT_CACHE"):
        return Path(named).expanduser().absolute()
    from platformdirs import user_cache_path  # deferred: most tests and `--help` need no default

    return user_cache_path("feathercut", appauthor=False)


def _models_folder(environ: Mapping[str, str]) -> Path | None:
    named = environ.get("FEATHERCUT_MODELS")
    if not named:
        usual = usual_models_folder()
        return usual if usual is not None and usual.is_dir() else None
    folder = Path(named).expanduser().absolute()
    if not folder.is_dir():
        raise OptionError(f"`FEATHERCUT_MODELS` must name a folder, and there is none at: {folder}")
    return folder


def usual_models_folder() -> Path | None:
    """Where networks of one's own lie unless `FEATHERCUT_MODELS` says another folder; None without a home folder."""
    from platformdirs import user_data_path  # deferred: as above

    try:
        return user_data_path("feathercut", appauthor=False) / "models"
    except RuntimeError:  # a service's user need not have a home folder
        return None


def _flag(environ: Mapping[str, str], name: str) -> bool:
    word = environ.get(name, "").strip().lower()
    if word in ("1", "true", "yes", "on"):
        return True
    if word in ("", "0", "false", "no", "off"):
        return False
    raise OptionError(f"`{name}` takes `1` or `0`, got: {environ[name]}")


def _number(environ: Mapping[str, str], name: str, default: float, *, whole: bool = False) -> float:
    text = environ.get(name, "").strip()
    if not text:
        return default
    try:
        number = int(text) if whole else float(text)
    except ValueError:
        number = -1
    if not 0 < number < float("inf"):
        raise OptionError(f"`{name}` takes a {'whole ' if whole else ''}number above 0, got: {text}")
    return number


def _rembg_folders(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """Every folder where one rembg or another has kept its weights, the ones named first."""
    try:
        home = Path.home()
    except RuntimeError:  # a service's user need not have one
        home = None
    folders = [Path(environ[name]).expanduser() for name in ("U2NET_HOME", "REMBG_HOME") if environ.get(name)]
    if data := environ.get("XDG_DATA_HOME"):
        folders += [Path(data).expanduser() / "rembg", Path(data).expanduser() / ".u2net"]
    if home is not None:
        folders += [home / ".rembg", home / ".u2net"]
    return tuple(dict.fromkeys(folders))
