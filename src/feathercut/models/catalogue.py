"""Which networks there are: the records that come with Feathercut, and the user's own."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from feathercut.errors import LicenceError, RecordError, UnknownModelError
from feathercut.models.spec import Record, read_record

_OURS = Path(__file__).parent / "records"


def records(folder: Path | None = None, wrong: list[RecordError] | None = None) -> dict[str, Record]:
    """All records by id: those that come with Feathercut, then those in the user's `folder`.

    Raises RecordError where a record is wrong, is not named after its id, or takes an id that is taken;
    where a list `wrong` is given, such records of the user's are left out and their errors added to it.
    """
    found = {path.stem: _read(path) for path in sorted(_OURS.glob("*.json"), key=lambda path: path.stem)}
    for path in sorted(folder.glob("*.json")) if folder else ():
        try:
            _refuse_taken(path)
            found[path.stem] = _read(path)
        except RecordError as error:
            if wrong is None:
                raise
            wrong.append(error)
    return found


def find(model_id: str, folder: Path | None = None) -> Record:
    """The record of one network; `folder` is the user's own.

    Raises UnknownModelError with the nearest names, RecordError where the record is wrong.
    """
    # Names are compared before a path is made of one: no id leads out of the folders.
    ours = {path.stem: path for path in _OURS.glob("*.json")}
    own = {path.stem: path for path in folder.glob("*.json")} if folder else {}
    if model_id in own:
        _refuse_taken(own[model_id])
    path = ours.get(model_id) or own.get(model_id)
    if path:
        return _read(path)
    near = get_close_matches(model_id.lower(), [*ours, *own], n=3, cutoff=0.5)
    meant = f" Did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else ""
    raise UnknownModelError(f"There is no model `{model_id}`.{meant} `feathercut models list` shows all of them")


def is_own(record: Record) -> bool:
    """Whether a record is the user's own, not one that comes with Feathercut."""
    return not (_OURS / f"{record.id}.json").is_file()


def check_licence(record: Record, licence: Literal["any", "commercial"], accept_licence: str | None) -> None:
    """Raises LicenceError unless the record's weights may run under what the user asked for.

    `licence` `commercial` refuses weights whose licence forbids commercial use, whatever was accepted.
    """
    terms = record.licence
    if licence == "commercial" and not terms.commercial:
        raise LicenceError(
            f"`{record.id}` may not be used commercially: {terms.weights}, {terms.source}. "
            'Choose another `model`, or drop `licence="commercial"`'
        )
    if terms.accept and accept_licence != terms.accept:
        raise LicenceError(
            f"`{record.id}` has a restricted licence: {terms.weights}. Read it at {terms.source}; "
            f'where you accept it, say so with `accept_licence="{terms.accept}"`'
        )


def _read(path: Path) -> Record:
    record = read_record(path)
    if record.id != path.stem:
        raise RecordError(f"{path}: id: must be the file's name, `{path.stem}`, got: {record.id}")
    return record


def _refuse_taken(path: Path) -> None:
    if (_OURS / path.name).is_file():
        raise RecordError(
            f"{path}: `{path.stem}` is the id of a record that comes with Feathercut. "
            "Give yours another id, and its file the same name"
        )
