"""An evaluation as a JSON document: every number of every photo, and what they were made with."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from importlib import metadata

from feathercut import __version__
from feathercut.evaluate.against import Earlier, Versus
from feathercut.evaluate.run import Evaluation
from feathercut.evaluate.scores import METRICS
from feathercut.evaluate.summary import Row, Statistic

VERSION = 1
"""Grows when a field changes its meaning."""

_PACKAGES = ("numpy", "pillow", "onnxruntime", "scipy", "pysodmetrics")


def document(
    evaluation: Evaluation, earlier: Earlier | None = None, versus: Sequence[Versus] = ()
) -> dict[str, object]:
    """The whole of it; `--against` reads its `title`, `set` and `photos`."""
    return {
        "version": VERSION,
        "title": evaluation.title,
        "set": evaluation.set_name,
        "soft": evaluation.is_soft,
        "ignore": evaluation.ignore,
        **evaluation.settings,
        "versions": versions(),
        "metrics": {
            key: {"name": one.name, "unit": one.unit, "higher_is_better": one.is_higher_better}
            for key, one in METRICS.items()
        },
        "measured": len(evaluation.rows),
        "failed": len(evaluation.failed),
        "summary": _statistics(evaluation.summary),
        "kinds": {kind: _statistics(found) for kind, found in evaluation.kinds.items()},
        "against": None if earlier is None else _against(earlier, versus),
        "photos": [*map(_photo, evaluation.rows), *(_failure(id, str(e)) for id, e in evaluation.failed.items())],  # noqa: A001
    }


def versions() -> dict[str, str]:
    """What computed the numbers."""
    found = {"feathercut": __version__, "python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def _statistics(found: dict[str, Statistic]) -> dict[str, object]:
    return {
        key: {"mean": one.mean, "median": one.median, "worst": one.worst, "count": one.count}
        for key, one in found.items()
    }


def _photo(row: Row) -> dict[str, object]:
    height, width = row.scored.size or (None, None)
    return {
        "id": row.id,
        "kind": row.kind,
        "width": width,
        "height": height,
        "scores": dict(row.values),
        "error": None,
    }


def _failure(id: str, message: str) -> dict[str, object]:  # noqa: A002
    return {"id": id, "kind": None, "width": None, "height": None, "scores": {}, "error": message}


def _against(earlier: Earlier, versus: Sequence[Versus]) -> dict[str, object]:
    return {
        "title": earlier.title,
        "set": earlier.set_name,
        "metrics": {
            one.key: {
                "before": one.before,
                "now": one.now,
                "wins": one.wins,
                "losses": one.losses,
                "ties": one.ties,
                "changes": dict(one.changes),
            }
            for one in versus
        },
    }
