"""Whose picture is taken to inference next: fair between callers, however much each has handed in."""

from __future__ import annotations

from collections.abc import Sequence

from feathercut.server.jobs.job import Work


class Rounds:
    """Turns between callers, by the megapixels that each was given: start-time fair queueing, as in `turns.py`.

    What waits is in the database, and only the first picture of each caller is looked at.
    """

    def __init__(self) -> None:
        self._clock = 0.0
        self._used: dict[str, float] = {}
        self._paused: dict[str | None, float] = {}

    def pause(self, caller: str | None, until: float) -> None:
        """Lets a caller's pictures wait, or everybody's."""
        self._paused[caller] = until

    def choose(self, heads: Sequence[Work], now: float) -> Work | None:
        """The next picture, whose turn is counted; None where none may begin now."""
        self._paused = {caller: until for caller, until in self._paused.items() if until > now}
        free = [] if None in self._paused else [work for work in heads if work.caller not in self._paused]
        if not free:
            return None
        begins = {work.caller: max(self._used.get(work.caller, 0.0), self._clock) for work in free}
        chosen = min(free, key=lambda work: (begins[work.caller], work.caller))
        self._clock = begins[chosen.caller]
        self._used[chosen.caller] = self._clock + max(chosen.megapixels, 1e-3)
        # Who is behind the others has no advantage to be remembered for.
        self._used = {caller: used for caller, used in self._used.items() if used > self._clock}
        return chosen
