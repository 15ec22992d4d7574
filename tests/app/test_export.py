"""The page as a folder for any host."""

from __future__ import annotations

from pathlib import Path

import pytest

from feathercut.app.export import export
from feathercut.errors import OptionError, OutputExistsError

INDEX = """<meta http-equiv="Content-Security-Policy" content="connect-src 'self'; img-src 'self'" />
<meta name="feathercut-weights" content="weights/" />
"""


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    (tmp_path / "i").write_text(INDEX)
    (tmp_path / "w").write_bytes(b"weights")
    return {"index.html": tmp_path / "i", "weights/net.onnx": tmp_path / "w"}


def test_everything_lies_in_the_folder_and_hosts_are_told_what_to_say(tmp_path: Path, files: dict[str, Path]) -> None:
    written = export(tmp_path / "site", files)
    assert (tmp_path / "site" / "weights" / "net.onnx").read_bytes() == b"weights"
    assert (tmp_path / "site" / "index.html").read_text() == INDEX
    assert written == len(INDEX) + len(b"weights")
    assert "Cross-Origin-Embedder-Policy: require-corp" in (tmp_path / "site" / "_headers").read_text()


def test_weights_elsewhere_are_the_one_origin_that_the_policy_names(tmp_path: Path, files: dict[str, Path]) -> None:
    export(tmp_path / "site", files, "https://files.example/feathercut")
    index = (tmp_path / "site" / "index.html").read_text()
    assert "connect-src 'self' https://files.example;" in index
    assert '<meta name="feathercut-weights" content="https://files.example/feathercut/"' in index


@pytest.mark.parametrize(
    "address",
    ["files.example", "http://files.example", "https://", "javascript:1", "https://a/;script-src *", "https://a/?b"],
)
def test_what_is_no_address_is_refused(tmp_path: Path, files: dict[str, Path], address: str) -> None:
    with pytest.raises(OptionError, match="--weights-address"):
        export(tmp_path / "site", files, address)
    assert not (tmp_path / "site").exists()


def test_a_folder_with_something_in_it_stays_as_it_is(tmp_path: Path, files: dict[str, Path]) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "mine.txt").write_text("mine")
    with pytest.raises(OutputExistsError, match="--overwrite"):
        export(tmp_path / "site", files)
    assert [path.name for path in (tmp_path / "site").iterdir()] == ["mine.txt"]
    export(tmp_path / "site", files, overwrites=True)
    assert (tmp_path / "site" / "mine.txt").read_text() == "mine"
