"""What is to be trained, on what, and how: all that decides the weights that come out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from feathercut.models.spec import Record
from feathercut.train.data import Pair
from feathercut.train.options import Finetuning, FromNothing, Training

_CHANGE_NOTHING = frozenset({"save_every", "tensorboard"})


@dataclass(frozen=True, eq=False)
class Job:
    """One training. `folder` is where its state and its report are kept.

    `network` is a name for `networks.build`, `record` says what the network is shown. `start` are published weights to
    begin from, or None. `keep` are photos to which the answers stay as they were; their alpha is not looked at.
    `names` of the photos that are learned from, then of those that are not, tell one data set from another.
    """

    network: str
    record: Record
    tuning: Sequence[Pair]
    held_out: Sequence[Pair]
    options: Training
    folder: Path
    start: Path | None = None
    keep: Sequence[Pair] = ()
    names: tuple[Sequence[str], Sequence[str]] = field(default=((), ()))

    @property
    def size(self) -> int:
        """The side of what the network is shown."""
        return self.options.size or self.record.input.size[0]

    @property
    def is_tuning(self) -> bool:
        """Whether it begins from published weights."""
        return self.start is not None

    @property
    def blend(self) -> float:
        """The share of the tuned weights in the result."""
        return self.options.blend if isinstance(self.options, Finetuning) else 1.0

    @property
    def keeping(self) -> float:
        """How much the answers to `keep` count."""
        return self.options.keep if isinstance(self.options, Finetuning) and self.keep else 0.0

    @property
    def mask_epochs(self) -> int:
        """How long the network learns that IS-Net's maps are drawn towards; 0 where there is none."""
        return self.options.mask_epochs if isinstance(self.options, FromNothing) and self.network == "isnet" else 0

    def plan(self) -> dict[str, object]:
        """What must be the same for a stopped training to go on."""
        start = None if self.start is None else hashlib.sha256(self.start.read_bytes()).hexdigest()[:12]
        photos = hashlib.sha256("\n".join(("", *self.names[0], "held out", *self.names[1])).encode()).hexdigest()[:12]
        return {
            "network": self.network,
            "from": start,
            "photos": f"{len(self.tuning)}, {len(self.held_out)} and {len(self.keep)} ({photos})",
            **{f"--{name.replace('_', '-')}": value for name, value in self._options().items()},
        }

    def _options(self) -> dict[str, object]:
        return {name: value for name, value in self.options.model_dump().items() if name not in _CHANGE_NOTHING}
