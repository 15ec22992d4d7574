"""What the documents say is run: pages are what the code says, examples work, links lead somewhere."""

from __future__ import annotations

import dataclasses
import difflib
import importlib
import inspect
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import feathercut
from feathercut import errors
from feathercut.cli.exit_codes import MEANINGS, UNEXPECTED, exit_code
from feathercut.options import RemoveOptions
from feathercut.settings import Settings

REPOSITORY = Path(__file__).parents[1]
README = REPOSITORY / "README.md"
PAGES = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").glob("*.md")])
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!`)!?\[[^\]]*\]\(([^)\s]+)\)")


def blocks(path: Path, language: str) -> list[str]:
    return [text for kind, text in BLOCK.findall(path.read_text("utf-8")) if kind == language]


def name_of(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


@pytest.fixture(name="pages", scope="module")
def writers() -> Iterator[ModuleType]:
    """`scripts/docs.py`, which finds its neighbours only when it is run."""
    sys.path.insert(0, str(REPOSITORY / "scripts"))
    try:
        yield importlib.import_module("docs")
    finally:
        sys.path.remove(str(REPOSITORY / "scripts"))


@pytest.fixture(name="desk")
def a_folder_with_photos(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, weights_settings: Settings, isnet_path: Path, u2netp_path: Path
) -> Path:
    """A folder with the photos that the documents speak of, and the weights at hand."""
    photos = REPOSITORY / "examples" / "photos"
    (tmp_path / "photos").mkdir()
    for photo in photos.glob("*.jpg"):
        shutil.copy(photo, tmp_path / "photos")
    shutil.copy(photos / "cat.jpg", tmp_path / "photo.jpg")
    shutil.copy(photos / "cup.jpg", tmp_path / "beach.jpg")
    monkeypatch.setenv("FEATHERCUT_CACHE", str(weights_settings.cache))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_generated_pages_are_up_to_date(pages: ModuleType) -> None:
    found = pages.outdated()
    changes = [line for name, text in found.items() for line in _changes(REPOSITORY / name, text)]
    assert not found, f"{', '.join(found)}: out of date; `make docs` writes them anew:\n" + "\n".join(changes)


def _changes(path: Path, text: str) -> Iterator[str]:
    return difflib.unified_diff(path.read_text("utf-8").splitlines(), text.splitlines(), str(path), n=0, lineterm="")


@pytest.mark.weights
@pytest.mark.parametrize("path", [path for path in PAGES if blocks(path, "python")], ids=name_of)
def test_python_examples_run(path: Path, desk: Path) -> None:
    names: dict[str, object] = {}
    for number, text in enumerate(blocks(path, "python"), 1):
        exec(compile(text, f"{name_of(path)}, python block {number}", "exec"), names)
    feathercut.unload()


def command_lines() -> list[str]:
    lines = [line for text in blocks(README, "sh") for line in text.replace("\\\n", " ").splitlines()]
    return [line.partition("  #")[0].strip() for line in lines if line.strip() and not line.startswith("#")]


@pytest.mark.weights
@pytest.mark.skipif(os.name == "nt", reason="the README's lines are written for a POSIX shell")
def test_commands_of_the_readme_run(desk: Path) -> None:
    lines = [line for line in command_lines() if "feathercut " in line and not line.startswith(("pip", "make", "git"))]
    assert len(lines) >= 5
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    for line in lines:
        done = subprocess.run(
            ["/bin/sh", "-c", line], env={**os.environ, "PATH": path}, capture_output=True, timeout=200, check=False
        )
        assert done.returncode == 0, f"{line}\n{done.stderr.decode()}"


def test_targets_that_documents_name_are_in_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text("utf-8"), re.MULTILINE))
    for path in PAGES:
        text = path.read_text("utf-8")
        named = set(re.findall(r"`make ([a-z]+)", text))
        named |= {word for block in blocks(path, "sh") for word in re.findall(r"^make ([a-z]+)", block, re.MULTILINE)}
        assert named <= targets, f"{name_of(path)} names {sorted(named - targets)}"


def test_ci_calls_what_people_call() -> None:
    text = (REPOSITORY / ".ci" / "run").read_text("utf-8")
    assert "make test" in text and "make check" in text
    assert os.access(REPOSITORY / ".ci" / "run", os.X_OK)


def test_every_error_has_an_exit_code_and_a_place_in_the_tree() -> None:
    found = [one for one in vars(errors).values() if inspect.isclass(one) and issubclass(one, errors.FeathercutError)]
    for one in found:
        assert one.__name__ in str(errors.__doc__), f"{one.__name__} is not in the tree that `errors.py` draws"
        if one is not errors.FeathercutError:
            assert exit_code(one()) != UNEXPECTED, f"{one.__name__} has no row in `cli/exit_codes.py`"
            assert exit_code(one()) in MEANINGS


def test_every_setting_is_documented() -> None:
    page = (REPOSITORY / "docs" / "settings.md").read_text("utf-8")
    for field in dataclasses.fields(Settings):
        assert all(f"`{name.strip()}`" in page for name in field.metadata["variable"].split(",")), field.name
    sources = "".join(path.read_text("utf-8") for path in (REPOSITORY / "src").rglob("*.py"))
    # A variable of which code and page differ in nothing but the page's missing it.
    read = set(re.findall(r"environ(?:\.get\(|\[|, )\"(FEATHERCUT_\w+)\"", sources))
    assert all(f"`{name}" in page for name in read), f"{sorted(name for name in read if f'`{name}' not in page)}"


def test_every_option_is_documented() -> None:
    page = (REPOSITORY / "docs" / "options.md").read_text("utf-8")
    assert not [name for name in RemoveOptions.model_fields if f"| `{name}` |" not in page]


def test_every_public_name_is_documented() -> None:
    page = (REPOSITORY / "docs" / "library.md").read_text("utf-8")
    assert not [name for name in feathercut.__all__ if f"### `{name}" not in page]


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_links_lead_somewhere(path: Path) -> None:
    text = path.read_text("utf-8")
    for link in LINK.findall(re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = path.parent / file if file else path
        assert target.exists(), f"{name_of(path)}: {link} leads nowhere"
        if anchor:
            heads = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.MULTILINE)
            anchors = {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}
            assert anchor in anchors, f"{name_of(path)}: {link} leads to no heading"


def test_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    changes = re.search(r"^## (\S+)", (REPOSITORY / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert changes is not None
    assert project["version"] == feathercut.__version__ == changes[1]
