"""Checks the licence of everything that Feathercut installs, and writes docs/dependencies.md.

`python scripts/licences.py` ends with 1 where a licence is unknown or may not be in here.
"""

from __future__ import annotations

import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

REPOSITORY = Path(__file__).parents[1]

# Licences that may be in here, as SPDX writes them and as older packages do.
PERMISSIVE = {
    "0BSD", "3-Clause BSD License", "Apache 2.0", "Apache License 2.0", "Apache Software License", "Apache-2.0",
    "BSD", "BSD License", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "HPND", "ISC", "ISC License", "MIT",
    "MIT License", "MIT-0", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Python Software Foundation License", "Unlicense", "Zlib",
}  # fmt: skip

# What was looked at by a person: package, licence, what we use it for, what else its files hold. Indirect ones
# have no use of their own here.
REVIEWED: dict[str, tuple[str, str, str]] = {
    "annotated-types": ("MIT", "", ""),
    "click": ("BSD-3-Clause", "the command line", ""),
    "filelock": ("MIT", "two processes do not fetch the same weights", ""),
    "flatbuffers": ("Apache-2.0", "", ""),
    "imagecodecs": (
        "BSD-3-Clause",
        "16-bit PNG, AVIF of 10 and 12 bits, TIFF's compressions, colour profiles in floating point",
        "Its wheel holds some forty codec libraries, all under permissive licences (their texts are in the wheel), "
        "and libgomp, which is GPL-3.0 with the GCC Runtime Library Exception: it binds nobody who calls it. "
        "The wheel's `LICENSE-heif` is about a reader of HEIC that the wheel does not contain.",
    ),
    "ml-dtypes": ("Apache-2.0", "", ""),
    "numpy": (
        "BSD-3-Clause",
        "arrays",
        "Its wheel holds OpenBLAS (BSD-3-Clause) and GCC's runtime libraries (GPL-3.0 with the GCC Runtime Library "
        "Exception).",
    ),
    "onnx": ("Apache-2.0", "leaves out what a network computes and nobody asked for", ""),
    "onnxruntime": ("MIT", "runs networks", ""),
    "packaging": ("Apache-2.0 OR BSD-2-Clause", "", ""),
    "pi-heif": (
        "BSD-3-Clause",
        "reads HEIC",
        "Its wheel holds libheif and libde265, both LGPL-3.0, as shared libraries of their own that can be exchanged; "
        "no encoder and no part under the GPL (that is what sets it apart from `pillow-heif`). Whoever passes the "
        "wheel on passes the LGPL's text on with it.",
    ),
    "pillow": ("MIT-CMU", "JPEG, WebP, GIF, BMP, resampling", ""),
    "platformdirs": ("MIT", "the system's cache folder", ""),
    "protobuf": ("BSD-3-Clause", "", ""),
    "pydantic": ("MIT", "checks options and records", ""),
    "pydantic-core": ("MIT", "", ""),
    "typing-extensions": ("PSF-2.0", "", ""),
    "typing-inspection": ("MIT", "", ""),
}

# Words in a package's own description of itself that were looked into; the reason is in REVIEWED's last column.
ACCEPTED = {"pi-heif": {"GNU Lesser General Public License v3 (LGPLv3)"}}

HEAD = """# Dependencies

Written by `scripts/docs.py`; `make check` reads the licence of every package that is installed for Feathercut and
refuses the GPL, the AGPL and what it does not know.

| package | licence | what for |
|---|---|---|
"""
FOOT = """
Extras (`pip install 'feathercut[webgpu]'`) bring what their own makers license; see [gpu.md](gpu.md). Weights are no
dependency: [MODELS.md](../MODELS.md).
"""


def normal(name: str) -> str:
    """A package's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def asked_for() -> list[str]:
    """What pyproject.toml names."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    return [normal(Requirement(line).name) for line in project["dependencies"]]


def installed() -> dict[str, metadata.Distribution]:
    """Everything that Feathercut's dependencies bring, by name."""
    found: dict[str, metadata.Distribution] = {}
    waiting = asked_for()
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = metadata.distribution(name)
        wanted = map(Requirement, found[name].requires or [])
        waiting += [normal(one.name) for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""})]
    return dict(sorted(found.items()))


def licences(distribution: metadata.Distribution) -> set[str]:
    """Every licence that a package claims, an expression taken apart."""
    about = distribution.metadata.json  # a mapping, where `metadata` itself has no `get` for the type checker
    if expression := about.get("license_expression"):
        return {part for part in re.split(r"\s+(?:AND|OR)\s+|[()]", str(expression)) if part}
    classifiers = [one.rpartition(" :: ")[2] for one in about.get("classifier", []) if one.startswith("License ::")]
    text = str(about.get("license") or "").strip()
    return {*classifiers, *([text] if text and len(text) < 60 else [])} or {"unknown"}


def complaints() -> list[str]:
    """A sentence for every package whose licence is not all right."""
    found = []
    for name, distribution in installed().items():
        wrong = licences(distribution) - PERMISSIVE - ACCEPTED.get(name, set())
        if wrong:
            found.append(f"{name} {distribution.version} is under {', '.join(sorted(wrong))}, which is not on the list")
    found += [f"{name} has no row in REVIEWED; read its licence first" for name in asked_for() if name not in REVIEWED]
    return found


def render() -> str:
    """The text of docs/dependencies.md."""
    direct = asked_for()
    rows = [f"| {name} | {REVIEWED[name][0]} | {REVIEWED[name][1]} |\n" for name in sorted(direct)]
    indirect = [f"{name} ({REVIEWED[name][0]})" for name in REVIEWED if name not in direct]
    notes = [f"- **{name}**: {note}\n" for name, (_, _, note) in REVIEWED.items() if note]
    return HEAD + "".join(rows) + f"\nThese bring with them: {', '.join(indirect)}.\n\n" + "".join(notes) + FOOT


if __name__ == "__main__":
    for name, distribution in installed().items():
        print(f"{name} {distribution.version}: {', '.join(sorted(licences(distribution)))}")
    wrong = complaints()
    print("\n".join(wrong) or "licences: all are on the list")
    sys.exit(1 if wrong else 0)
