from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from feathercut.errors import InputError, OptionError
from feathercut.train.data import Pairs, Part, split

from .sets import add, make_set, pairs_of


def ids(part: Part) -> set[str]:
    assert isinstance(part.pairs, Pairs)
    return {part.pairs.files(int(number)).id for number in part.numbers}


def test_the_parts_share_nothing_and_have_all_of_it(tmp_path: Path) -> None:
    pairs = Pairs.open(make_set(tmp_path, 10))
    learned, held = split(pairs, 0.3, 5)
    assert (len(learned), len(held)) == (7, 3)
    assert not ids(learned) & ids(held) and len(ids(learned) | ids(held)) == 10
    again = split(pairs, 0.3, 5)[1]
    assert np.array_equal(held.numbers, again.numbers)
    assert ids(split(pairs, 0.3, 6)[1]) != ids(held)


def test_a_pair_keeps_its_side_when_others_are_added(tmp_path: Path) -> None:
    held = ids(split(Pairs.open(make_set(tmp_path, 10)), 0.3, 5)[1])
    add(tmp_path, "a-new-one", 50)
    assert len(ids(split(Pairs.open(tmp_path), 0.3, 5)[1]) & held) >= 2


def test_at_least_one_is_on_each_side_where_there_are_two() -> None:
    assert [len(part) for part in split(pairs_of(2), 0.01, 0)] == [1, 1]
    assert [len(part) for part in split(pairs_of(2), 0.99, 0)] == [1, 1]
    assert [len(part) for part in split(pairs_of(1), 0.5, 0)] == [1, 0]
    assert [len(part) for part in split(pairs_of(3), 0, 0)] == [3, 0]


def test_a_list_of_those_held_out_is_the_last_word(tmp_path: Path) -> None:
    make_set(tmp_path, 5)
    (tmp_path / "held-out.txt").write_text("p3\n\np1\n")
    learned, held = split(Pairs.open(tmp_path), 0.9, 0)
    assert ids(held) == {"p1", "p3"} and len(learned) == 3
    (tmp_path / "held-out.txt").write_text("p3\nzz\n")
    with pytest.raises(InputError, match=r"held-out.txt names zz.*data split"):
        split(Pairs.open(tmp_path), 0.2, 0)


def test_a_share_that_is_none_is_refused() -> None:
    with pytest.raises(OptionError, match="held_out"):
        split(pairs_of(2), 1.0, 0)


def test_a_part_of_a_part_reads_the_same_pairs(tmp_path: Path) -> None:
    pairs = Pairs.open(make_set(tmp_path, 6))
    learned, _ = split(pairs, 0.3, 1)
    assert np.array_equal(learned[1:][0].rgb, pairs[int(learned.numbers[1])].rgb)
