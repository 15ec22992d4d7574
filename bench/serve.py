"""The server under load, beside rembg's and the library itself: `python -m bench serve [--minutes N] [--write]`.

64 clients, 2,000 requests with U²-Net-p and 200 with IS-Net, each answer checked against its photo. The three take
turns, a block of requests each; what was measured is kept while the code stays as it is, so that `--minutes` may end a
run and the next goes on. `--write` puts the table into docs/server.md.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import platform
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bench import incumbent, serve_load
from bench.places import BENCH, REMBG_ENVIRONMENT, ROOT
from bench.processes import apart, say
from bench.serve_load import CLIENTS, Passage, Server, asked
from bench.tables import Table, verdict
from feathercut import system

PAGE = ROOT / "docs" / "server.md"
START, END = "<!-- measured by `python -m bench serve --write` -->\n", "<!-- end of what was measured -->"
_SHARE_OF_LIBRARY = 0.9
_GROWTH = 1.1
_LIBRARY, _OURS, _THEIRS = "the library", "feathercut serve", "rembg s"
_HEADER = (
    *("network", "server", "requests", "requests/s", "p50 s", "p95 s", "p99 s", "MB at first", "peak MB", "at last"),
    *("429, 503", "other errors", "lost", "wrong"),
)


@dataclass(frozen=True)
class Plan:
    """So many requests of a network, in blocks."""

    model: str
    requests: int
    block: int

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return self.requests // self.block


_FULL = (Plan("u2netp", 2000, 200), Plan("isnet-general", 200, 40))
_QUICK = (Plan("u2netp", 120, 60), Plan("isnet-general", 16, 8))

Kept = dict[str, list[Passage]]
"""The blocks that were run, by network and who ran them."""


def table(*, is_quick: bool, writes: bool, minutes: float | None = None) -> Table:
    """Ours and rembg's server in turn over the same photos, beside the library itself."""
    plans = _QUICK if is_quick else _FULL
    ends = time.monotonic() + 60 * minutes if minutes else float("inf")
    kept = _read(plans)
    for plan in plans:
        if len(kept.get(_name(plan, _OURS), [])) < plan.blocks and time.monotonic() < ends:
            _measure(plan, kept, ends, plans)
    found = _table(plans, kept)
    if writes:
        _write(found)
    return found


def _measure(plan: Plan, kept: Kept, ends: float, plans: Sequence[Plan]) -> None:
    """Runs blocks until all are there, or the time is over."""
    photos = serve_load.photos()
    expected = apart(_alphas, plan.model, photos)
    with ExitStack() as stack:
        servers = {_OURS: stack.enter_context(serve_load.ours(plan.model))}
        if REMBG_ENVIRONMENT.is_dir():
            incumbent.give_weights()
            servers[_THEIRS] = stack.enter_context(serve_load.theirs(plan.model))
        for name, server in servers.items():
            say(f"{plan.model}: warming up: {name}")
            asked(server, photos, expected, 0, len(photos) if plan.model == "u2netp" else 3)
        names = [_LIBRARY, *servers]
        for number in range(len(kept.get(_name(plan, _OURS), [])), plan.blocks):
            if time.monotonic() > ends:
                return
            # The order changes: who comes after whom is nobody's advantage.
            turn = {name: _block(name, plan, number, servers, photos, expected) for name in _turned(names, number)}
            for name, passage in turn.items():
                kept.setdefault(_name(plan, name), []).append(passage)
                rate = passage.count / passage.wall_s if passage.wall_s else 0
                say(f"{plan.model}: block {number + 1} of {plan.blocks}: {name}: {rate:.2f} photos a second")
            _keep(kept, plans)


def _block(
    name: str, plan: Plan, number: int, servers: dict[str, Server], photos: list[bytes], expected: list[np.ndarray]
) -> Passage:
    if name == _LIBRARY:
        return Passage(plan.block, apart(_library_s, plan.model, photos, number * plan.block, plan.block))
    if servers[name].process.poll() is not None:
        return Passage(plan.block, lost=plan.block, was_ended=True)
    return asked(servers[name], photos, expected, number * plan.block, plan.block)


def _turned(names: list[str], by: int) -> list[str]:
    by %= len(names)
    return names[by:] + names[:by]


def _table(plans: Sequence[Plan], kept: Kept) -> Table:
    rows: list[Sequence[str]] = []
    notes = [
        f"{CLIENTS} clients at once, {serve_load.sizes()}, PNG back, each answer checked against its photo; blocks of "
        "requests in turn with the library's own `batch` over the same photos to the same PNG, rates are medians of "
        "blocks. Memory is that of all processes of a server together.",
        f"{platform.machine()}, {system.usable_cores()} cores, {datetime.now(UTC):%Y-%m-%d}.",
    ]
    figures: dict[str, object] = {}
    for plan in plans:
        rates = {}
        for name in (_LIBRARY, _OURS, _THEIRS):
            if passages := kept.get(_name(plan, name), []):
                rates[name] = float(np.median([_rate(one) for one in passages]))
                rows.append(_row(plan, name, passages, rates[name]))
        figures[plan.model] = rates
        if ratios := _ratios(plan, kept):
            share = float(np.median(ratios))
            notes.append(
                f"{plan.model}: {share:.2f} of the library's rate in the same turn (at least {_SHARE_OF_LIBRARY}): "
                f"{verdict(share >= _SHARE_OF_LIBRARY)}; {_memory(kept[_name(plan, _OURS)])}"
            )
        if any(one.was_ended for one in kept.get(_name(plan, _THEIRS), [])):
            notes.append(f"{plan.model}: `rembg s` was ended by the bench when it left the machine 1.5 GB of memory.")
    return Table("The server under load", _HEADER, rows, notes, figures)


def _ratios(plan: Plan, kept: Kept) -> list[float]:
    pairs = zip(kept.get(_name(plan, _OURS), []), kept.get(_name(plan, _LIBRARY), []), strict=False)
    return [_rate(one) / _rate(other) for one, other in pairs]


def _memory(passages: Sequence[Passage]) -> str:
    """Whether the blocks' peaks grow: the last third beside the first, without the very first, which warms up."""
    peaks = [one.peak_mb for one in passages[1:]] or [passages[0].peak_mb]
    third = max(1, len(peaks) // 3)
    growth = float(np.median(peaks[-third:])) / max(1.0, float(np.median(peaks[:third])))
    return f"peaks of memory, last blocks by first: {growth:.2f} (at most {_GROWTH}): {verdict(growth <= _GROWTH)}."


def _row(plan: Plan, name: str, passages: Sequence[Passage], rate: float) -> Sequence[str]:
    count = sum(one.count for one in passages)
    if name == _LIBRARY:
        return (plan.model, name, str(count), f"{rate:.2f}", *[""] * 10)
    seconds = np.array([one for passage in passages for one in passage.seconds] or [0.0])
    statuses = {code: sum(one.statuses.get(code, 0) for one in passages) for one in passages for code in one.statuses}
    busy = statuses.get("429", 0) + statuses.get("503", 0)
    other = sum(statuses.values()) - statuses.get("200", 0) - busy
    return (
        *(plan.model, f"`{name}`", str(count), f"{rate:.2f}"),
        *(f"{one:.1f}" for one in np.percentile(seconds, [50, 95, 99])),
        *(f"{one:.0f}" for one in (passages[0].start_mb, max(one.peak_mb for one in passages), passages[-1].end_mb)),
        *map(str, (busy, other, sum(one.lost for one in passages), sum(one.wrong for one in passages))),
    )


def _rate(passage: Passage) -> float:
    answered = passage.statuses.get("200", 0) if passage.statuses else passage.count
    return answered / passage.wall_s if passage.wall_s else 0.0


def _name(plan: Plan, name: str) -> str:
    return f"{plan.model}, {name}"


def _alphas(model: str, photos: list[bytes]) -> list[np.ndarray]:
    from feathercut.remover import Remover

    with Remover(model=model) as remover:
        return [remover.remove(photo).alpha for photo in photos]


def _library_s(model: str, photos: list[bytes], first: int, count: int) -> float:
    """Seconds of the library's own batch, files in and files out."""
    from feathercut.remover import Remover

    with Remover(model=model) as remover:
        remover.remove(photos[0]).to_bytes()
        began = time.perf_counter()
        for result in remover.batch(photos[number % len(photos)] for number in range(first, first + count)):
            result.to_bytes()
        return time.perf_counter() - began


def _key(plans: Sequence[Plan]) -> str:
    """What the figures depend on: the plan, and every line of the library and the server."""
    digest = hashlib.sha256(repr(plans).encode())
    for path in sorted((ROOT / "src" / "feathercut").rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _place(plans: Sequence[Plan]) -> Path:
    """Where blocks are kept: a quick run beside a long one that was ended."""
    return BENCH / f"serve-{sum(plan.requests for plan in plans)}.json"


def _read(plans: Sequence[Plan]) -> Kept:
    with contextlib.suppress(OSError, ValueError, LookupError, TypeError):
        found = json.loads(_place(plans).read_text("utf-8"))
        if found["key"] == _key(plans):
            return {name: [Passage(**one) for one in passages] for name, passages in found["blocks"].items()}
    return {}


def _keep(kept: Kept, plans: Sequence[Plan]) -> None:
    blocks = {name: [asdict(one) for one in passages] for name, passages in kept.items()}
    _place(plans).write_text(json.dumps({"key": _key(plans), "blocks": blocks}), "utf-8")


def _write(found: Table) -> None:
    before, _, rest = PAGE.read_text("utf-8").partition(START)
    _, _, after = rest.partition(END)
    lines = found.markdown().splitlines()[2:]  # the page has its own title
    PAGE.write_text(f"{before}{START}\n" + "\n".join(lines) + f"\n{END}{after}", "utf-8")
