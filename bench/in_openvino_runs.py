"""Networks in OpenVINO, timed in turn; run by the Python of its own environment, which has neither Feathercut nor ours.

`python in_openvino_runs.py FOLDER TARGET`: FOLDER has NAME-PRECISION.onnx and NAME.npy, the input; TARGET gets JSON.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path

import numpy as np
import openvino

_TIMES = 5


def main() -> None:
    folder, target = map(Path, sys.argv[1:3])
    core = openvino.Core()
    found = {}
    for path in sorted(folder.glob("*.npy")):
        given = np.load(path)
        requests = {}
        for precision in ("fp32", "int8"):
            model = core.read_model(folder / f"{path.stem}-{precision}.onnx")
            model.reshape(list(given.shape))
            # Half precision would be another network than the one that it is compared with.
            hints = {"INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY"}
            requests[precision] = core.compile_model(model, "CPU", hints).create_infer_request()
        answers = {name: np.asarray(request.infer([given])[0]) for name, request in requests.items()}
        seconds: dict[str, list[float]] = {name: [] for name in requests}
        for _ in range(_TIMES):
            for name, request in requests.items():
                started = time.perf_counter()
                request.infer([given])
                seconds[name].append(time.perf_counter() - started)
        found[path.stem] = {
            "seconds": {name: statistics.median(taken) for name, taken in seconds.items()},
            "difference": float(np.abs(answers["int8"] - answers["fp32"]).mean() * 255),
        }
    target.write_text(json.dumps({"version": openvino.__version__, "networks": found}), "utf-8")


if __name__ == "__main__":
    main()
