from __future__ import annotations

import threading
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from feathercut.errors import InputError, OptionError
from feathercut.train.data import Augmentation, Batch, Pair, Pairs, batches
from feathercut.train.data.batches import count, reduced, stretched

from .sets import make_set, matte, pairs_of, scene

FULL = Augmentation.full()


def taken(pairs: Sequence[Pair], **options: Any) -> list[Batch]:
    chosen: dict[str, Any] = {"augmentation": FULL, **options}
    return list(batches(pairs, 32, 2, 7, chosen.pop("epoch", 0), **chosen))


def same(first: Sequence[Batch], second: Sequence[Batch]) -> bool:
    return len(first) == len(second) and all(
        np.array_equal(one.rgb, other.rgb) and np.array_equal(one.alpha, other.alpha)
        for one, other in zip(first, second, strict=True)
    )


def test_an_epoch_has_every_pair_once_at_the_networks_size() -> None:
    pairs = pairs_of(5)
    found = taken(pairs, augmentation=None)
    assert [one.rgb.shape for one in found] == [(2, 3, 32, 32), (2, 3, 32, 32), (1, 3, 32, 32)]
    assert all(one.alpha.shape == (len(one.rgb), 1, 32, 32) and one.rgb.dtype == np.float32 for one in found)
    got = np.concatenate([one.alpha for one in found])
    wanted = np.stack([stretched(pair, 32).alpha for pair in pairs])
    assert sorted(map(np.sum, got)) == sorted(map(np.sum, wanted))


def test_seed_epoch_and_number_decide_all_and_threads_nothing() -> None:
    pairs = pairs_of(6)
    first = taken(pairs, workers=0)
    assert same(first, taken(pairs, workers=3))
    assert not same(first, taken(pairs, epoch=1))
    assert not same(first, list(batches(pairs, 32, 2, 8, 0, FULL)))


def test_an_epoch_goes_on_in_the_middle_as_if_it_had_not_stopped() -> None:
    pairs = pairs_of(7)
    whole = taken(pairs)
    for start in range(5):
        assert same(whole[start:], taken(pairs, start=start))


def test_processes_share_an_epoch_and_each_has_as_many() -> None:
    pairs = pairs_of(11)
    whole = taken(pairs)
    parts = [taken(pairs, part=(rank, 2)) for rank in range(2)]
    assert [len(one) for one in parts] == [count(11, 2, 2)] * 2 == [2, 2]
    assert same([parts[0][0], parts[1][0], parts[0][1], parts[1][1]], whole[:4])
    assert same(parts[1][1:], taken(pairs, part=(1, 2), start=1))


def test_without_shuffling_the_order_is_that_of_the_pairs() -> None:
    pairs = pairs_of(3)
    found = list(batches(pairs, 48, 1, 0, 0, shuffle=False))
    assert all(np.array_equal(one.alpha[0], stretched(pair, 48).alpha) for one, pair in zip(found, pairs, strict=True))


class Counting(Sequence[Pair]):
    """Pairs that count how often they are read."""

    def __init__(self, count: int) -> None:
        self._pair, self._count, self.reads = pairs_of(1)[0], count, 0

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: Any) -> Any:
        self.reads += 1
        return self._pair


def test_no_more_is_read_ahead_than_one_batch() -> None:
    pairs = Counting(500_000)
    running = batches(pairs, 16, 4, 0, 0)
    for _ in range(3):
        next(running)
    assert 12 <= pairs.reads <= 12 + 4 + 1
    running.close()  # type: ignore[attr-defined]
    assert not [one for one in threading.enumerate() if one.name.startswith("feathercut-")]


def test_epochs_leave_nothing_behind() -> None:
    pairs = pairs_of(6)

    def learn() -> int:
        for epoch in range(6):
            for _ in batches(pairs, 64, 2, 0, epoch, FULL):
                pass
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        before = [learn(), learn()][1]  # what is imported and kept for good is there after the first
        grown = learn() - before
    finally:
        tracemalloc.stop()
    assert grown < 600_000, f"{grown} bytes; the 18 batches had 2,400,000"


def test_a_broken_pair_is_named_when_its_batch_comes(tmp_path: Path) -> None:
    make_set(tmp_path, 3)
    (tmp_path / "images" / "p2.png").write_bytes(b"\x89PNG cut short")
    running = batches(Pairs.open(tmp_path), 16, 1, 0, 0, shuffle=False)
    assert next(running).rgb.shape == next(running).rgb.shape
    with pytest.raises(InputError, match=r"p2\.png"):
        next(running)


@pytest.mark.parametrize("wrong", [{"start": -1}, {"part": (2, 2)}, {"part": (0, 0)}])
def test_what_makes_no_sense_is_refused_at_once(wrong: dict[str, Any]) -> None:
    with pytest.raises(OptionError, match="A batch cannot be made"):
        batches(pairs_of(1), 16, 1, 0, 0, **wrong)


def test_a_pair_is_reduced_in_its_own_shape_and_its_edge_stays_where_it_is() -> None:
    large = Pair.of(scene(0, (96, 128)), matte(0, (96, 128)))
    small = reduced(large, 64)
    assert small.size == (48, 64) and reduced(small, 64) is small
    assert abs(float(small.alpha.mean() - large.alpha.mean())) < 1e-3
    assert float(np.abs(small.rgb.mean((1, 2)) - large.rgb.mean((1, 2))).max()) < 2e-3
