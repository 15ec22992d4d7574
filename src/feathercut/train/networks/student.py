"""A small network of Feathercut's own, for phones and first visits: U²-Net-p with its dearest stages thinned."""

from __future__ import annotations

from feathercut.train.networks.nested_u import Plan

PLAN = Plan(
    down=((7, 3, 16, 32), (6, 32, 16, 64), (5, 64, 16, 64), (4, 64, 16, 64), ("4F", 64, 16, 64), ("4F", 64, 16, 64)),
    up=(("4F", 128, 16, 64), (4, 128, 16, 64), (5, 128, 16, 64), (6, 128, 16, 32), (7, 64, 16, 16)),
)
"""Two thirds of U²-Net-p's work is in its first and its last stage, 64 channels at the photo's own size, and the last
has one thing left to say: the matte. 32 channels go in there and 16 come out; all smaller maps, which say what is
there, keep theirs. So most of U²-Net-p's weights fit (`narrow.py`), and nothing has to be learned anew."""
