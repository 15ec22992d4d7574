"""Arrays that stay on a device between runs (the runtime's IO binding)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from feathercut.pictures import FloatArray


class Bound:
    """A network's inputs and outputs, held in the memory that the device counts in.

    Nothing crosses the bus but what `put` and `get` are asked to move. One thread at a time.
    """

    def __init__(self, session: Any, memory: str, inputs: Mapping[str, FloatArray], outputs: Sequence[str]) -> None:
        from onnxruntime import OrtValue

        self._session = session
        self._names = tuple(outputs)
        self._binding = session.io_binding()
        # Copies: a value in the processor's own memory would be the caller's array itself, for `put` to overwrite.
        self._inputs = {name: OrtValue.ortvalue_from_numpy(array.copy(), memory, 0) for name, array in inputs.items()}
        for name, value in self._inputs.items():
            self._binding.bind_ortvalue_input(name, value)
        for name in self._names:
            self._binding.bind_output(name, memory, 0)

    def put(self, inputs: Mapping[str, FloatArray]) -> None:
        """Other numbers in the place of the inputs; their shapes stay."""
        for name, array in inputs.items():
            self._inputs[name].update_inplace(np.ascontiguousarray(array))

    def run(self) -> None:
        """Runs the network once, to the end; what it gives stays on the device."""
        self._session.run_with_iobinding(self._binding)

    def get(self) -> dict[str, FloatArray]:
        """The outputs of the last run, float32, by name."""
        arrays = self._binding.copy_outputs_to_cpu()
        return {name: np.asarray(array, np.float32) for name, array in zip(self._names, arrays, strict=True)}
