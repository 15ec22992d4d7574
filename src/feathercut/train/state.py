"""Where a training stands, on disk: whole at any moment, whatever ends the process."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import pickle
from pathlib import Path
from typing import Any
from zipfile import is_zipfile

import torch

from feathercut.errors import OptionError, OutputError
from feathercut.files import make_folder, reason

STATE_VERSION = 2
STATE, MASKS = "state.pt", "masks.pt"
"""The state of the training itself, and that of the network which encodes masks for it."""


def path_of(folder: Path, name: str = STATE) -> Path:
    """The file of a state in a training's folder."""
    return folder / name


def forget(folder: Path) -> None:
    """Takes all states away: the training begins anew."""
    for name in (STATE, MASKS):
        path_of(folder, name).unlink(missing_ok=True)


def save(folder: Path, plan: dict[str, object], state: dict[str, Any], name: str = STATE) -> None:
    """Writes the state beside the old one, then puts it in its place. Raises OutputError; the old one then stays.

    It is on the disk, not only on its way there, before the old one goes: a machine that loses its power loses nothing.
    """
    make_folder(folder)
    path, part = path_of(folder, name), folder / f".{os.getpid():x}.part"
    try:
        with part.open("wb") as file:
            torch.save({"version": STATE_VERSION, "plan": json.dumps(plan, sort_keys=True), **state}, file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except (OSError, RuntimeError) as error:  # PyTorch makes a RuntimeError of a write that failed
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise OutputError(f"{path} cannot be written: {_why(error)}. What was saved before is there") from error
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def _why(error: BaseException) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError):
            return "it is larger than is allowed here" if cause.errno == errno.EFBIG else reason(cause)
        cause = cause.__cause__ or cause.__context__
    return "the disk took less than was written; it may be full"


def load(folder: Path, plan: dict[str, object], name: str = STATE) -> dict[str, Any] | None:
    """The state in a folder, or None where there is none.

    Raises OptionError where it is of a training with other options or data, or is damaged.
    """
    path = path_of(folder, name)
    for left in folder.glob(".*.part"):  # of a process that was killed while it wrote
        left.unlink(missing_ok=True)
    if not path.is_file():
        return None
    try:
        if not is_zipfile(path):
            raise ValueError("it is cut short")
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        known = json.loads(state["plan"]) if state["version"] == STATE_VERSION else {}
    except (OSError, RuntimeError, ValueError, KeyError, TypeError, EOFError, pickle.UnpicklingError) as error:
        line = (str(error) or type(error).__name__).splitlines()[0]
        raise OptionError(f"{path} is no state to go on from: {line}. `--restart` begins anew") from error
    if known != json.loads(json.dumps(plan)):
        raise OptionError(f"{folder} holds a training with {_differences(known, plan)}. {_REMEDY}")
    return state


_REMEDY = "Give the same again to go on, `--restart` to begin anew, or another folder with `--work`"


def _differences(known: dict[str, object], plan: dict[str, object]) -> str:
    now = json.loads(json.dumps(plan))
    if not known:
        return "a state of another version of Feathercut"
    names = [name for name in sorted({*known, *now}) if known.get(name) != now.get(name)]
    return ", ".join(f"`{name}` {known.get(name)} instead of {now.get(name)}" for name in names)
