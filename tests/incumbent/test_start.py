"""Row 20: importing a library does nothing. What it costs in time, `make bench` measures."""

import json

from incumbent.tools.base import Tool, run_command


def _run(code: str) -> str:
    run = run_command(["-c", code], {})
    assert run.exit_code == 0, run.said
    return run.said.strip().splitlines()[-1]


def test_row_20_importing_loads_no_compiler_and_no_runtime(tool: Tool) -> None:
    said = _run(f"import json, sys, {tool.module}; print(json.dumps([name for name in sys.modules]))")
    loaded = {name.partition(".")[0] for name in json.loads(said)}
    assert not loaded & {"numba", "llvmlite", "scipy", "skimage", "onnxruntime", "onnx", "PIL"}


def test_row_20_importing_leaves_the_runtimes_logger_alone(tool: Tool) -> None:
    said = _run(
        "import onnxruntime; touched = []; "
        "onnxruntime.set_default_logger_severity = touched.append; "
        "onnxruntime.set_default_logger_verbosity = touched.append; "
        f"import {tool.module}; print(touched)"
    )
    assert said == "[]"


def test_row_20_importing_without_a_runtime_does_not_end_the_process(tool: Tool) -> None:
    said = _run(
        "import sys; sys.modules['onnxruntime'] = None\n"
        f"try:\n    import {tool.module}\nexcept ImportError:\n    pass\nprint('alive')"
    )
    assert said == "alive"


def test_row_20_importing_prints_nothing(tool: Tool) -> None:
    run = run_command(["-c", f"import {tool.module}"], {})
    assert (run.exit_code, run.said) == (0, "")
