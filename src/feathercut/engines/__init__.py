"""What runs networks. Engines take arrays and give arrays; they know nothing of pictures."""

from __future__ import annotations

from typing import Protocol

from feathercut.pictures import FloatArray


class Engine(Protocol):
    """Runs one network. Knows nothing of pictures."""

    def run(self, inputs: dict[str, FloatArray]) -> dict[str, FloatArray]:
        """The network's outputs by name; safe to call from several threads."""
        ...

    def close(self) -> None:
        """Frees what the network holds; closing twice is harmless."""
        ...
