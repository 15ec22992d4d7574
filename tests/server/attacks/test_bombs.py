"""Small files that unpack to much: each refused, or answered for what it is, and no memory taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.attacks.asking import CONTRACTS, REFUSED, ask, forget_peak, peak_mb
from server.attacks.bombs import BOMBS
from server.running import Running

pytestmark = pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="reads memory in /proc, as on Linux")

_HARMLESS = {
    "png-more-pixels-than-it-says", "png-profile", "png-many-profiles", "png-text", "png-exif", "jpeg-exif",
    "webp-exif", "bmp-run-lengths", "tiff-deflate", "tiff-rows-in-a-strip",
}  # fmt: skip
"""Those whose bomb nobody unpacks: what is left is a small picture."""

_MOST_MORE_MB = 150.0


@pytest.mark.parametrize("name", BOMBS)
def test_bomb_takes_no_memory(server: Running, name: str) -> None:
    data = BOMBS[name]()
    forget_peak(server)
    before = peak_mb(server)
    answers = [ask(server, path, data) for path in CONTRACTS]
    for answer in answers:
        allowed = (200, *REFUSED) if name in _HARMLESS else REFUSED
        assert answer.status_code in allowed, f"{answer.status_code} {answer.text[:200]}"
    if name in _HARMLESS:
        assert answers[0].status_code == 200, answers[0].text
    assert len(answers[0].content) < 100_000
    assert peak_mb(server) < before + _MOST_MORE_MB
