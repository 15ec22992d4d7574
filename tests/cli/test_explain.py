"""`feathercut explain`."""

from __future__ import annotations

import html.parser
from pathlib import Path

import pytest

from .command import Command, size_of


class Page(html.parser.HTMLParser):
    """The pictures of a page, and its headings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.pictures: list[str] = []
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "img":
            self.pictures.append(str(values["src"]))
        self.addresses += [str(values[name]) for name in ("src", "href") if values.get(name)]


def test_a_page_shows_every_stage_and_loads_nothing_from_elsewhere(command: Command, in_folder: Path) -> None:
    done = command("explain", "--model", "tiny", "photo.jpg")
    assert done.code == 0, done
    assert done.out.decode().strip() == "photo-explained/index.html"
    page = Page((in_folder / "photo-explained" / "index.html").read_text("utf-8"))
    stages = [name.split("-", 1)[1].removesuffix(".png") for name in page.pictures]
    assert stages == ["photo", "tiny-input", "tiny-depth-1", "matte", "edges", "photo-colours", "colours", "cutout"]
    assert [size_of(in_folder / "photo-explained" / name) for name in page.pictures[:3]] == [
        (48, 32),
        (64, 64),
        (64, 64),
    ]
    assert not [address for address in page.addresses if "/" in address]


def test_a_folder_with_something_in_it_stays_as_it_is(command: Command, in_folder: Path) -> None:
    (in_folder / "mine").mkdir()
    (in_folder / "mine" / "notes.txt").write_text("mine")
    command("explain", "--model", "tiny", "photo.jpg", "--output-dir", "mine").is_one_line(3, "mine", "--overwrite")
    assert [path.name for path in (in_folder / "mine").iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("content", [b"", b"no picture", b"\xff\xd8\xff\xe0 cut short"])
def test_rubbish_is_one_line_and_leaves_no_folder(command: Command, content: bytes) -> None:
    (command.folder / "bad.jpg").write_bytes(content)
    command("explain", "--model", "tiny", "bad.jpg").is_one_line(3, "bad.jpg")
    assert not (command.folder / "bad-explained").exists()
