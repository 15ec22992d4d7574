"""Checks the licence of everything that Feathercut installs, its extras included, and writes docs/dependencies.md.

`python scripts/licences.py` ends with 1 where a licence is unknown or may not be in here. Of the extras it looks at
what is installed, and names what is not.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

REPOSITORY = Path(__file__).parents[1]

# Licences that may be in here, as SPDX writes them and as older packages do.
PERMISSIVE = {
    "0BSD", "3-Clause BSD License", "Apache 2.0", "Apache License 2.0", "Apache Software License", "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception", "BSL-1.0",
    "BSD", "BSD 3-Clause License", "BSD License", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "HPND", "ISC",
    "ISC License", "MIT", "MIT License", "MIT-0", "MIT-CMU", "MPL-2.0", "Mozilla Public License 2.0 (MPL 2.0)",
    "PSF-2.0", "Python Software Foundation License", "Unlicense", "Zlib",
}  # fmt: skip

# What was looked at by a person: package, licence, what we use it for, what else its files hold. Indirect ones
# have no use of their own here.
REVIEWED: dict[str, tuple[str, str, str]] = {
    "annotated-types": ("MIT", "", ""),
    "certifi": ("MPL-2.0", "certificates to trust where the system has none", ""),
    "click": ("BSD-3-Clause", "the command line", ""),
    "fastapi": ("MIT", "the server's routes and its OpenAPI document", ""),
    "filelock": ("MIT", "two processes do not fetch the same weights", ""),
    "flatbuffers": ("Apache-2.0", "", ""),
    "httpcore": ("BSD-3-Clause", "fetches pictures by address", ""),
    "httpx": ("BSD-3-Clause", "the Python client", ""),
    "imagecodecs": (
        "BSD-3-Clause",
        "16-bit PNG, AVIF of 10 and 12 bits, TIFF's compressions, colour profiles in floating point",
        "Its wheel holds some forty codec libraries, all under permissive licences (their texts are in the wheel), "
        "and libgomp, which is GPL-3.0 with the GCC Runtime Library Exception: it binds nobody who calls it. "
        "The wheel's `LICENSE-heif` is about a reader of HEIC that the wheel does not contain.",
    ),
    "isal": ("PSF-2.0", "packs large PNG files", "Its wheel holds Intel's ISA-L (BSD-3-Clause)."),
    "ml-dtypes": ("Apache-2.0", "", ""),
    "numpy": (
        "BSD-3-Clause",
        "arrays",
        "Its wheel holds OpenBLAS (BSD-3-Clause) and GCC's runtime libraries (GPL-3.0 with the GCC Runtime Library "
        "Exception).",
    ),
    "onnx": ("Apache-2.0", "leaves out what a network computes and nobody asked for", ""),
    "onnxruntime": ("MIT", "runs networks", ""),
    "opencv-python-headless": (
        "Apache-2.0",
        "GrabCut",
        "Its wheel holds FFmpeg's libraries (LGPL-2.1) as shared libraries of their own, which GrabCut does not use.",
    ),
    "opentelemetry-exporter-otlp-proto-http": ("Apache-2.0", "sends traces over HTTP", ""),
    "opentelemetry-sdk": ("Apache-2.0", "makes traces of requests", ""),
    "packaging": ("Apache-2.0 OR BSD-2-Clause", "", ""),
    "pg8000": ("BSD-3-Clause", "keys and usage in PostgreSQL", ""),
    "pi-heif": (
        "BSD-3-Clause",
        "reads HEIC",
        "Its wheel holds libheif and libde265, both LGPL-3.0, as shared libraries of their own that can be exchanged; "
        "no encoder and no part under the GPL (that is what sets it apart from `pillow-heif`). Whoever passes the "
        "wheel on passes the LGPL's text on with it.",
    ),
    "pillow": ("MIT-CMU", "JPEG, WebP, GIF, BMP, resampling", ""),
    "platformdirs": ("MIT", "the system's cache folder", ""),
    "pysodmetrics": ("MIT", "scores of masks", ""),
    "protobuf": ("BSD-3-Clause", "", ""),
    "prometheus-client": (
        "Apache-2.0 AND BSD-2-Clause",
        "counts what the server does",
        "",
    ),
    "pydantic": ("MIT", "checks options and records", ""),
    "pydantic-core": ("MIT", "", ""),
    "python-multipart": ("Apache-2.0", "reads the forms that clients send", ""),
    "scipy": (
        "BSD-3-Clause",
        "distances and gradients of the scores",
        "Its wheel holds OpenBLAS (BSD-3-Clause) and GCC's runtime libraries (GPL-3.0 with the GCC Runtime Library "
        "Exception).",
    ),
    "torch": (
        "BSD-3-Clause",
        "trains networks",
        "Its wheel holds libraries under Apache-2.0 (with the LLVM exception), BSD-2-Clause, BSL-1.0 and MIT; the "
        "builds for NVIDIA's cards bring NVIDIA's own libraries under NVIDIA's terms.",
    ),
    "typing-extensions": ("PSF-2.0", "", ""),
    "typing-inspection": ("MIT", "", ""),
    "uvicorn": ("BSD-3-Clause", "the server's HTTP", ""),
}

# Words in a package's own description of itself that were looked into; the reason is in REVIEWED's last column.
ACCEPTED = {"pi-heif": {"GNU Lesser General Public License v3 (LGPLv3)"}}

HEAD = """# Dependencies

Written by `scripts/docs.py`; `make check` reads the licence of every package that is installed for Feathercut and its
extras, and refuses the GPL, the AGPL and what it does not know.

"""
TABLE = "| package | licence | what for |\n|---|---|---|\n"
FOOT = """
What else `evaluate` brings is in [evaluate.md](evaluate.md). The other extras (`pip install 'feathercut[webgpu]'`)
bring what their own makers license; see [gpu.md](gpu.md). Weights are no dependency: [MODELS.md](../MODELS.md).
"""


def normal(name: str) -> str:
    """A package's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def project() -> dict[str, Any]:
    """What pyproject.toml says of the project."""
    found: dict[str, Any] = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    return found


def asked_for() -> list[str]:
    """The dependencies that pyproject.toml names."""
    return _names(project()["dependencies"])


def extras() -> dict[str, list[str]]:
    """The packages that pyproject.toml names for each extra."""
    return {extra: _names(lines) for extra, lines in project()["optional-dependencies"].items()}


def not_looked_at() -> dict[str, list[str]]:
    """The packages of each extra that are not installed here, without the extras that are whole."""
    missing = {extra: [name for name in names if not _is_installed(name)] for extra, names in extras().items()}
    return {extra: names for extra, names in missing.items() if names}


def looked_at() -> list[str]:
    """The packages that pyproject.toml names: all dependencies, and those of the extras that are installed."""
    of_extras = (name for names in extras().values() for name in names if _is_installed(name))
    return list(dict.fromkeys([*asked_for(), *of_extras]))


def _names(lines: Iterable[str]) -> list[str]:
    return [normal(Requirement(line).name) for line in lines]


def _is_installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def installed(names: Iterable[str]) -> dict[str, metadata.Distribution]:
    """These packages and everything that they bring, by name."""
    found: dict[str, metadata.Distribution] = {}
    waiting = list(names)
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
    first, *more = str(about.get("license") or "").strip().splitlines() or [""]
    if first and not more and len(first) < 60:
        return {*classifiers, first}
    # Some put the whole text there: its first line is its name, where nothing else says it.
    return set(classifiers) or {first[:60] or "unknown"}


def complaints() -> list[str]:
    """A sentence for every package whose licence is not all right."""
    found = []
    for name, distribution in installed(looked_at()).items():
        wrong = licences(distribution) - PERMISSIVE - ACCEPTED.get(name, set())
        if wrong:
            found.append(f"{name} {distribution.version} is under {', '.join(sorted(wrong))}, which is not on the list")
    found += [f"{name} has no row in REVIEWED; read its licence first" for name in looked_at() if name not in REVIEWED]
    return found


def render() -> str:
    """The text of docs/dependencies.md."""
    direct = asked_for()
    reviewed = {extra: names for extra, names in extras().items() if REVIEWED.keys() >= set(names)}
    of_extras = {name for names in reviewed.values() for name in names}
    indirect = [f"{name} ({REVIEWED[name][0]})" for name in REVIEWED if name not in {*direct, *of_extras}]
    notes = [f"- **{name}**: {note}\n" for name, (_, _, note) in REVIEWED.items() if note]
    return (
        f"{HEAD}{_rows(direct)}\nThese bring with them: {', '.join(indirect)}.\n\n"
        + "".join(f"The extra `{extra}` adds:\n\n{_rows(names)}\n" for extra, names in reviewed.items())
        + f"{''.join(notes)}{FOOT}"
    )


def _rows(names: Iterable[str]) -> str:
    return TABLE + "".join(f"| {name} | {REVIEWED[name][0]} | {REVIEWED[name][1]} |\n" for name in sorted(names))


if __name__ == "__main__":
    for name, distribution in installed(looked_at()).items():
        print(f"{name} {distribution.version}: {', '.join(sorted(licences(distribution)))}")
    for extra, names in not_looked_at().items():
        print(f"extra `{extra}`: not looked at, not installed here: {', '.join(names)}")
    wrong = complaints()
    print("\n".join(wrong) or "licences: all are on the list")
    sys.exit(1 if wrong else 0)
