"""Two runs side by side: this one, and the JSON that an earlier one wrote."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from feathercut.errors import InputError
from feathercut.evaluate.scores import METRICS
from feathercut.evaluate.summary import Row

_EQUAL = 1e-9


@dataclass(frozen=True)
class Earlier:
    """An earlier run: its title, its set's name, and the numbers of its photos by id."""

    title: str
    set_name: str
    photos: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Versus:
    """One metric in both runs, over the photos that both have; the change is now minus before."""

    key: str
    before: float
    now: float
    wins: int
    losses: int
    ties: int
    changes: Mapping[str, float]

    @property
    def is_better(self) -> bool | None:
        """Whether the mean is better now; None where it is equal."""
        if abs(self.now - self.before) <= _EQUAL:
            return None
        return (self.now > self.before) == METRICS[self.key].is_higher_better


def read_earlier(path: Path) -> Earlier:
    """What `--json` of an earlier run wrote. Raises InputError."""
    try:
        document = json.loads(path.read_text("utf-8"))
        if document["version"] != 1:
            raise InputError(f"{path} was written by another version; run that evaluation again")
        photos = {
            photo["id"]: {key: float(value) for key, value in photo["scores"].items()}
            for photo in document["photos"]
            if photo["scores"]
        }
        return Earlier(str(document["title"]), str(document["set"]), photos)
    except FileNotFoundError as error:
        raise InputError(f"{path} is not there; it is what `--json` of an earlier run wrote") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path} is no result of `feathercut evaluate --json`: {error}") from error


def side_by_side(rows: Sequence[Row], earlier: Earlier) -> list[Versus]:
    """Each metric that both runs have, over the photos that both have.

    Means are of the photos' own numbers, so `max_f` and `e` may differ from a set's in `summarise`.
    """
    found = []
    for key, metric in METRICS.items():
        pairs = {
            row.id: (earlier.photos[row.id][key], row.values[key])
            for row in rows
            if key in row.values and key in earlier.photos.get(row.id, {})
        }
        if not pairs:
            continue
        changes = {id: now - before for id, (before, now) in pairs.items()}  # noqa: A001
        better = [change > 0 if metric.is_higher_better else change < 0 for change in changes.values()]
        ties = sum(math.isclose(before, now, rel_tol=0, abs_tol=_EQUAL) for before, now in pairs.values())
        wins = sum(
            is_better and abs(change) > _EQUAL for is_better, change in zip(better, changes.values(), strict=True)
        )
        before = sum(one for one, _ in pairs.values()) / len(pairs)
        now = sum(one for _, one in pairs.values()) / len(pairs)
        found.append(Versus(key, before, now, wins, len(pairs) - wins - ties, ties, changes))
    return found
