"""What runs networks. Engines take arrays and give arrays; they know nothing of pictures."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from feathercut.pictures import FloatArray


class Engine(Protocol):
    """Runs one network. Knows nothing of pictures."""

    def run(self, inputs: dict[str, FloatArray]) -> dict[str, FloatArray]:
        """The network's outputs by name; safe to call from several threads."""
        ...

    def close(self) -> None:
        """Frees what the network holds; closing twice is harmless."""
        ...


@runtime_checkable
class KeepsMemory(Protocol):
    """An engine that can hold the memory it ran in, for the next photo."""

    def keep_memory(self) -> None:
        """Does so from now on."""
        ...
