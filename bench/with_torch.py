"""Sections that need PyTorch, run by the environment that has it."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict

from bench.places import ROOT
from bench.processes import BenchError, NotRunError
from bench.tables import Table

_PYTHON = ROOT / ".venv-train" / ("Scripts" if sys.platform == "win32" else "bin") / "python"


def table_of(module: str, words: Sequence[str] = ()) -> Table:
    """The table that a module of this folder makes in .venv-train. Raises NotRunError without it, or BenchError."""
    if not _PYTHON.is_file():
        raise NotRunError("there is no .venv-train with PyTorch; `make setup-train` makes it")
    run = subprocess.run([str(_PYTHON), "-m", f"bench.{module}", *words], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if run.returncode:
        raise BenchError(run.stdout.strip() or f"bench.{module} ended with {run.returncode}")
    return Table(**json.loads(run.stdout))


def answer(table: Callable[[float | None], Table]) -> int:
    """What such a module does as a program: its table as JSON on stdout, or why there is none."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float)
    try:
        found = asdict(table(parser.parse_args().minutes))
    except BenchError as error:
        print(error)
        return 1
    print(json.dumps(found))
    return 0
