"""Networks run by ONNX Runtime."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from feathercut import system
from feathercut.engines.bound import Bound
from feathercut.engines.devices import provider_for
from feathercut.engines.tuning import Tuning, provider_options
from feathercut.errors import DeviceError, NetworkError
from feathercut.options import Device
from feathercut.pictures import FloatArray, Size

_PLAIN = Tuning()
_CLOSED = "This network was closed; make a new Remover"


class OnnxRuntimeEngine:
    """One network of one file, on one device.

    `size_hw` fixes symbolic `height` and `width` of the graph's input. Raises DeviceError where the
    device cannot be used (there is no silent way back to the CPU), NetworkError where the file is no
    network that runs. `is_compiled` says that the runtime itself wrote the file, optimised already.
    `tuning` is what the device should know of the network; `batch` fixes a symbolic `batch`, the number
    of photos in each run, and None takes any number. `runs` is how many runs there are at once: they share
    the processors, instead of taking all of them each. Of several networks that look at a photo in turn only the last
    one `gives_back` the memory that it ran in: the others leave it to the next, on the CPU. One that `has_own_memory`
    shares none: for a network in bytes that is less, for one in float32 more.
    """

    def __init__(
        self,
        path: Path,
        device: Device,
        size_hw: Size,
        outputs: Sequence[str] = (),
        *,
        is_compiled: bool = False,
        tuning: Tuning = _PLAIN,
        batch: int | None = 1,
        runs: int = 1,
        gives_back: bool = True,
        has_own_memory: bool = False,
    ) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        if is_compiled:
            options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.log_severity_level = 3  # this session's only; the process-wide logger is not ours
        # The plan of one run kept for the next would hold 0.4 GB of IS-Net and saves nothing (measured).
        options.enable_mem_pattern = False
        is_shared = False
        if device == "cpu":
            # A place that is planned for a later layer is held until then; freed and asked for again, IS-Net takes
            # 0.1 GB less. So does an order in which layers run once all is there that they need.
            options.enable_mem_reuse = False
            options.execution_order = onnxruntime.ExecutionOrder.PRIORITY_BASED
            # Nobody waits by turning in a circle: that takes a processor from what is done beside the network.
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
            is_shared = not has_own_memory and _exact_arena()
            if is_shared:
                options.add_session_config_entry("session.use_env_allocators", "1")
        options.add_free_dimension_override_by_name("height", size_hw[0])
        options.add_free_dimension_override_by_name("width", size_hw[1])
        if batch is not None:
            options.add_free_dimension_override_by_name("batch", batch)
        if runs > 1:
            # The threads that call and those of the runtime are together as many as there are processors.
            options.intra_op_num_threads = max(1, system.usable_cores() - runs + 1)
        provider = provider_for(device)
        self._session: Any = None
        try:
            self._session = provider.session(path, options, provider_options(device, tuning))
        except DeviceError:
            raise
        except Exception as error:  # onnxruntime raises classes of its own, without a common parent
            if device == "cpu":
                raise NetworkError(f"{path} is no network that ONNX Runtime can load: {_first_line(error)}") from error
            raise DeviceError(f"Device `{device}` refused the network: {_first_line(error)}") from error
        provider.check(self._session)
        self._memory = provider.memory
        self.input_name = str(self._session.get_inputs()[0].name)
        self.output_name = str(self._session.get_outputs()[0].name)
        self._outputs = tuple(outputs)
        # One arena while it runs, so that layers reuse memory; given back after, for the steps that follow. To get
        # memory costs a small network a tenth of its time.
        self._giving_back = onnxruntime.RunOptions()
        if device == "cpu" and (gives_back or not is_shared):
            self._giving_back.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")

    def keep_memory(self) -> None:
        """Keeps the memory that it ran in from now on, for more photos: to get it anew takes a tenth of the time."""
        import onnxruntime

        self._giving_back = onnxruntime.RunOptions()

    def run(self, inputs: dict[str, FloatArray]) -> dict[str, FloatArray]:
        """The outputs asked for (the graph's first where none was), float32, by name."""
        session = self._session
        if session is None:
            raise NetworkError(_CLOSED)
        names = self._outputs or (self.output_name,)
        try:
            arrays = session.run(list(names), inputs, self._giving_back)
        except Exception as error:  # as above
            raise NetworkError(f"The network failed while it ran: {_first_line(error)}") from error
        return {name: np.asarray(array, np.float32) for name, array in zip(names, arrays, strict=True)}

    def bound(self, inputs: dict[str, FloatArray]) -> Bound:
        """The same inputs put on the device once, to be run there as often as one likes."""
        if self._session is None:
            raise NetworkError(_CLOSED)
        return Bound(self._session, self._memory, inputs, self._outputs or (self.output_name,))

    def close(self) -> None:
        """Frees the network once the runs under way have ended; closing twice is harmless."""
        self._session = None  # a run under way holds its own reference


@lru_cache(maxsize=1)
def _exact_arena() -> bool:
    """Whether this process has the arena that takes what is asked for; by itself each takes twice the last one's.

    Only networks that ask for it use it. One that another part of the process registered stays as it is.
    """
    import onnxruntime

    place = onnxruntime.OrtMemoryInfo(
        "Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT
    )
    try:
        onnxruntime.create_and_register_allocator(place, onnxruntime.OrtArenaCfg({"arena_extend_strategy": 1}))
    except Exception:  # onnxruntime raises classes of its own: there is one already, or this build has no arenas
        return False
    return True


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
