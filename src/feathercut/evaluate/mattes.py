"""A folder of cutouts that a stopped run goes on from: `<id>.png`, and what they were made with in `run.json`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import feathercut
from feathercut import files
from feathercut.errors import InputError, OptionError, OutputError
from feathercut.options import Network, Options

_ABOUT, _COSTS = "run.json", "costs.jsonl"
_TRIMAPS = "with_trimaps"
_NO_PART_OF_A_MATTE = ("batch", "cli", "evaluate", "doctor.py")


@dataclass(frozen=True)
class Cost:
    """What one photo took, from its file to its cutout; the memory is None where the system does not tell."""

    seconds: float
    memory_mb: float | None


class MatteFolder:
    """Cutouts of one set, made with one set of options by one version of the code."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._costs = _read_costs(folder / _COSTS)

    @classmethod
    def open(cls, folder: Path, set_name: str, network: Network | None, options: Options) -> MatteFolder:
        """The folder, made where it is not there; without a network its cutouts come from the set's trimaps.

        Raises OptionError where it holds something else, or mattes made with other options or by other
        code; OutputError where it cannot be made.
        """
        about = _about(set_name, network, options)
        if (folder / _ABOUT).is_file():
            if any(folder.glob("*.png")):  # a run that ended before its first cutout binds nobody
                _refuse_others(folder, about)
        elif folder.is_dir() and any(folder.iterdir()):
            raise OptionError(
                f"Option `mattes`: {folder} holds something else (it has no {_ABOUT}); name an empty or a new folder"
            )
        files.make_folder(folder)
        files.write(folder / _ABOUT, json.dumps(about, indent=2).encode(), overwrite=True)
        return cls(folder)

    def path(self, id: str) -> Path:  # noqa: A002
        """Where a photo's cutout lies, or will."""
        return self.folder / f"{id}.png"

    def holds(self, id: str) -> bool:  # noqa: A002
        """Whether it is there already: files are renamed to their place only when they are whole."""
        return self.path(id).is_file()

    def cost(self, id: str) -> Cost | None:  # noqa: A002
        """What it took, where that was noted."""
        return self._costs.get(id)

    def add(self, id: str, data: bytes, cost: Cost) -> None:  # noqa: A002
        """Writes a cutout and notes its cost. Raises OutputError."""
        line = json.dumps({"id": id, "seconds": cost.seconds, "memory_mb": cost.memory_mb})
        try:
            with (self.folder / _COSTS).open("a", encoding="utf-8") as notes:
                notes.write(line + "\n")
        except OSError as error:
            raise OutputError(f"{self.folder / _COSTS} cannot be written: {files.reason(error)}") from error
        files.write(self.path(id), data, overwrite=True)
        self._costs[id] = cost


def code_fingerprint() -> str:
    """A hash of every file of the package that has a part in a matte: other code, other mattes."""
    package = Path(feathercut.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(one for kind in ("*.py", "*.json") for one in package.rglob(kind)):
        name = path.relative_to(package)
        if name.parts[0] not in _NO_PART_OF_A_MATTE:
            digest.update(f"{name.as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _about(set_name: str, network: Network | None, options: Options) -> dict[str, object]:
    made_with = {_TRIMAPS: True} if network is None else network.model_dump(mode="json")
    chosen = {**made_with, **options.model_dump(mode="json")}
    return {"version": 1, "set": set_name, "code": code_fingerprint(), "options": chosen}


def _refuse_others(folder: Path, about: Mapping[str, object]) -> None:
    """Raises OptionError where the mattes of a folder were not made as ours would be."""
    path = folder / _ABOUT
    try:
        noted = json.loads(path.read_text("utf-8"))
        theirs, ours = _flat(noted), _flat(about)
    except (OSError, ValueError, AttributeError) as error:
        raise InputError(f"{path} cannot be read: {error}") from error
    # What made them comes first, since a network's options say nothing of trimaps; the code, which says least, last.
    for name in sorted(theirs.keys() | ours.keys(), key=lambda one: (one in ("version", "code"), one != _TRIMAPS, one)):
        if theirs.get(name) != ours.get(name):
            made = _made_otherwise(name, theirs.get(name), ours.get(name))
            raise OptionError(f"Option `mattes`: those in {folder} were made {made}; name another folder, or delete it")


def _made_otherwise(name: str, theirs: object, ours: object) -> str:
    """How mattes were made and how ours would be, where they differ in what `name` says."""
    if name in ("version", "code"):
        return "by another version of the code"
    if name == _TRIMAPS:
        return "from trimaps, not by a network" if theirs else "by a network, not from trimaps"
    return f"with `{name}` {theirs}, not {ours}"


def _flat(about: Mapping[str, object]) -> dict[str, object]:
    options = about.get("options")
    return {**about, "options": None, **(options if isinstance(options, dict) else {})}


def _read_costs(path: Path) -> dict[str, Cost]:
    found: dict[str, Cost] = {}
    if not path.is_file():
        return found
    for line in path.read_text("utf-8", errors="replace").splitlines():
        try:
            note = json.loads(line)
            found[note["id"]] = Cost(note["seconds"], note["memory_mb"])
        except (ValueError, KeyError, TypeError):  # the last line of a run that was killed
            continue
    return found
