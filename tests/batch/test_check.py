from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from feathercut.batch.check import check
from feathercut.batch.plan import Job
from feathercut.errors import OptionError
from feathercut.options import Network, Options

JOBS = [Job(Path("a.jpg"), Path("a.png")), Job(Path("b.jpg"), Path("b.png"))]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"size": "60000x60000"}, "Option `size`: the picture would have 60000×60000 pixels"),
        ({"crop": True, "margin": "40000px"}, "Option `margin`: the picture would have 80001×80001 pixels"),
        ({"crop": True, "margin": "20000px"}, "Option `margin`: the picture would have 40001×40001 pixels"),
    ],
)
def test_canvas_too_large_for_every_photo_is_refused_before_the_first(options: dict[str, Any], words: str) -> None:
    with pytest.raises(OptionError) as caught:
        check(JOBS, Network(), Options(**options))
    assert str(caught.value).startswith(words)


@pytest.mark.parametrize(
    "options",
    [{}, {"size": "15000x15000"}, {"crop": True, "margin": "500%"}, {"crop": True, "margin": "3000px", "size": "9x9"}],
)
def test_canvas_that_may_be_fine_is_left_to_the_photo(options: dict[str, Any]) -> None:
    check(JOBS, Network(), Options(**options))
