"""How the rate of learning goes over the steps of a training."""

from __future__ import annotations

import math


def share_of_rate(step: int, steps: int, rise: float, falls_from: float, last: float) -> float:
    """The share of the rate, in (0, 1]: up in a line until `rise`, a share of the steps, and from `falls_from` down
    along half a cosine to `last` (Loshchilov and Hutter: SGDR, 2017)."""
    done = step / max(1, steps)
    if done < rise:
        return (step + 1) / max(1, math.ceil(steps * rise))
    fallen = max(0.0, done - falls_from) / (1 - falls_from)
    return last + (1 - last) * (1 + math.cos(math.pi * fallen)) / 2
