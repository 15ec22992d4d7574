"""An engine without a network, for tests of everything above it."""

from __future__ import annotations

from collections.abc import Callable

from feathercut.errors import NetworkError
from feathercut.pictures import FloatArray


class StubEngine:
    """Answers with what a function makes of the input, and remembers what it was asked.

    `answer` takes the input (1×3×h×w) and gives the matte that a network would (h×w).
    """

    def __init__(
        self, answer: Callable[[FloatArray], FloatArray], input_name: str = "input", output_name: str = "output"
    ) -> None:
        self.answer = answer
        self.seen: list[FloatArray] = []
        self.is_closed = False
        self._input_name = input_name
        self._output_name = output_name

    def run(self, inputs: dict[str, FloatArray]) -> dict[str, FloatArray]:
        """The answer as a network's output, 1×1×h×w."""
        if self.is_closed:
            raise NetworkError("This network was closed; make a new Remover")
        array = inputs[self._input_name]
        self.seen.append(array)
        return {self._output_name: self.answer(array)[None, None]}

    def close(self) -> None:
        """Answers no more."""
        self.is_closed = True
