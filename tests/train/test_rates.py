"""The rate of learning over the steps."""

from __future__ import annotations

import pytest

from feathercut.train.rates import share_of_rate


def test_the_rate_rises_stays_and_falls_to_the_last() -> None:
    shares = [share_of_rate(step, 100, rise=0.1, falls_from=0.6, last=0.02) for step in range(101)]
    assert shares[0] == pytest.approx(0.1)
    assert shares[10:61] == pytest.approx([1.0] * 51)
    assert shares[80] == pytest.approx((1 + 0.02) / 2)
    assert shares[100] == pytest.approx(0.02)
    assert shares[60:] == sorted(shares[60:], reverse=True)


@pytest.mark.parametrize("steps", [0, 1, 3])
def test_a_training_of_few_steps_has_a_rate(steps: int) -> None:
    assert all(0 < share_of_rate(step, steps, 0.1, 0.1, 0.02) <= 1 for step in range(steps + 1))
