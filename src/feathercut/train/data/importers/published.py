"""Public sets that are learned from: which there are, under what terms, and where their archives keep what.

The layouts, licences and readers are those of the sets that are measured with (`evaluate/sets`); these are their
other parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from feathercut.errors import OptionError
from feathercut.evaluate.sets.arrange import Arranged, Progress, arrange
from feathercut.evaluate.sets.record import PublicSet, check_licence, read_record

_RECORDS = Path(__file__).parent / "records"


def training_sets() -> dict[str, PublicSet]:
    """Every public set to train on, by its id."""
    return {path.stem: read_record(path) for path in sorted(_RECORDS.glob("*.json"))}


def import_published(
    name: str, archives: Sequence[Path], folder: Path, accepted: str | None, progress: Progress
) -> tuple[PublicSet, Arranged]:
    """Arranges a public set from the archives or folders that a person downloaded.

    Raises OptionError, LicenceError unless its terms were accepted by name, InputError, OutputError.
    """
    known = training_sets()
    if name not in known:
        raise OptionError(f"No set is called `{name}`; {', '.join(known)}")
    check_licence(known[name], accepted)
    return known[name], arrange(known[name], archives, folder, progress)
