"""Who is next: turns that are fair between callers, and a bound on what may wait."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from feathercut.server.orders import BusyError

Item = TypeVar("Item", bound=Hashable)


@dataclass
class _Line(Generic[Item]):
    """What one caller waits for; `used` is when its next turn begins, in megapixels served to everybody alike."""

    used: float
    items: deque[tuple[Item, float]] = field(default_factory=deque)
    megapixels: float = 0.0
    weight: float = 1.0


class Turns(Generic[Item]):
    """Things that wait for their turn, of many callers, bounded by megapixels.

    Each caller has a line of its own, first come, first served; of several the one to whom the fewest megapixels were
    given goes first (start-time fair queueing, Goyal, Vin and Cheng 1996), so that who sends much, or large, waits
    longer and nobody else does. What is over the bound is refused; who waits with less than the greediest caller takes
    the place of that caller's last.

    >>> turns = Turns(most_megapixels=10)
    >>> _ = [turns.put("flood", n, 2) for n in range(5)], turns.put("guest", 99, 2)
    >>> [turns.take() for _ in range(3)]
    [0, 99, 1]
    """

    def __init__(self, most_megapixels: float) -> None:
        self._most = most_megapixels
        self._lines: dict[str, _Line[Item]] = {}
        self._clock = 0.0
        self.megapixels = 0.0

    def __len__(self) -> int:
        return sum(len(line.items) for line in self._lines.values())

    def __iter__(self) -> Iterator[Item]:
        return (item for line in self._lines.values() for item, _ in line.items)

    def put(self, caller: str, item: Item, megapixels: float, weight: float = 1.0) -> list[Item]:
        """Lets a thing wait, and gives those that had to go for it.

        Of two callers who always wait, one with half the other's `weight` is given half as much, and counts as twice as
        greedy. One thing alone may be larger than the bound. Raises BusyError where there is no room for it.
        """
        own = self._lines[caller].megapixels if caller in self._lines else 0.0
        out = self._room_for((own + megapixels) / weight, megapixels)
        for one in out:
            self.drop(one)
        line = self._lines.setdefault(caller, _Line(self._clock))
        line.weight = weight
        line.items.append((item, megapixels))
        line.megapixels += megapixels
        self.megapixels += megapixels
        return out

    def _room_for(self, share: float, megapixels: float) -> list[Item]:
        """What must go so that a thing fits, the last of the greediest first. `share` is its caller's, with it."""
        left = {name: line.megapixels / line.weight for name, line in self._lines.items()}
        lasts = {name: list(line.items) for name, line in self._lines.items()}
        waiting, out = self.megapixels, []
        while waiting > 0 and waiting + megapixels > self._most:
            greediest = max(left, key=lambda name: left[name])
            item, its = lasts[greediest][-1]
            given_up = its / self._lines[greediest].weight
            if left[greediest] - given_up < share:  # it would have less than who pushes it out
                raise BusyError("The queue is full; come again in a while", retry_after_s=1)
            lasts[greediest].pop()
            left[greediest] -= given_up
            waiting -= its
            out.append(item)
        return out

    def next_megapixels(self) -> float | None:
        """How large the next one is; None where nothing waits."""
        line = self._next()
        return None if line is None else self._lines[line].items[0][1]

    def take(self) -> Item | None:
        """The next one, which waits no longer; None where nothing waits."""
        caller = self._next()
        if caller is None:
            return None
        line = self._lines[caller]
        item, megapixels = line.items.popleft()
        self._clock = line.used
        line.used += max(megapixels, 1e-3) / line.weight
        self._shrink(caller, megapixels)
        return item

    def drop(self, item: Item) -> bool:
        """Takes a thing out of its line, wherever it stands; whether it was there."""
        for caller, line in self._lines.items():
            for entry in line.items:
                if entry[0] == item:
                    line.items.remove(entry)
                    self._shrink(caller, entry[1])
                    return True
        return False

    def _next(self) -> str | None:
        waiting = [(line.used, name) for name, line in self._lines.items() if line.items]
        return min(waiting)[1] if waiting else None

    def _shrink(self, caller: str, megapixels: float) -> None:
        line = self._lines[caller]
        line.megapixels -= megapixels
        self.megapixels = sum(one.megapixels for one in self._lines.values())
        # A caller who waits for nothing is forgotten once that is no advantage, and all are where nobody waits.
        until = self._clock if any(one.items for one in self._lines.values()) else float("inf")
        for name in [name for name, one in self._lines.items() if not one.items and one.used <= until]:
            del self._lines[name]
