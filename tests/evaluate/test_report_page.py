"""The page that `feathercut evaluate --html` writes, read as a browser reads it, beside the JSON of the same run."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import html5lib
import numpy as np
import pytest
from PIL import Image

from feathercut.evaluate.against import read_earlier, side_by_side
from feathercut.evaluate.document import document
from feathercut.evaluate.reading import read_alpha
from feathercut.evaluate.report_page import page
from feathercut.evaluate.scores import METRICS
from feathercut.options import Options

from .sets import make_predictions, make_set, photo_of, save, truth
from .test_run import scored

IDS = ("<b>&amp;-1", "<b>&amp;-2", 'it\'s "a"-1', 'it\'s "a"-2', "x-1", "x-2")
FAILED = "x-1"
LOADING = {"src", "href", "srcset", "data", "poster", "action", "formaction", "background", "cite", "ping"}
"""Attributes with an address; a picture's is the picture itself."""


@dataclass(frozen=True)
class Page:
    """A page as HTML's own rules make a tree of it, and the JSON document of the same run."""

    tree: Any
    numbers: dict[str, Any]
    folder: Path

    def texts(self, path: str) -> list[str]:
        return [text(one) for one in self.tree.iterfind(path)]

    def section(self, heading: str) -> Any:
        (found,) = [one for one in self.tree.iterfind(".//section") if text(one.find("h2")).startswith(heading)]
        return found

    def table(self, heading: str) -> tuple[list[str], list[list[str]]]:
        """The heads and the rows of a section's first table."""
        found = self.section(heading).find(".//table")
        rows = [[text(cell) for cell in row] for row in found.iterfind("tbody/tr")]
        return [text(cell) for cell in found.iterfind("thead/tr/th")], rows


def text(element: Any) -> str:
    return "".join(element.itertext())


def plain(name: str) -> str:
    """A tag's or an attribute's name without its namespace, which those of SVG have."""
    return name.rpartition("}")[2]


def picture(element: Any) -> Image.Image:
    kind, _, data = element.get("src").partition(",")
    assert kind == "data:image/jpeg;base64"
    image = Image.open(io.BytesIO(base64.b64decode(data, validate=True)))
    image.load()
    return image


def show(key: str, value: float | None) -> str:
    return METRICS[key].show(value)


@pytest.fixture(name="read", scope="module")
def page_of_a_run(tmp_path_factory: pytest.TempPathFactory) -> Page:
    """Of six photos, one that fails, beside an earlier run; `html5lib` raises at the first thing that is not HTML."""
    folder = tmp_path_factory.mktemp("report")
    make_set(folder / "set", IDS)
    save(folder / "set" / "foreground" / f"{IDS[0]}.png", photo_of(truth()))
    earlier_run = scored(folder / "set", make_predictions(folder / "earlier", IDS, less=40))
    (folder / "earlier.json").write_text(json.dumps(document(earlier_run)), "utf-8")
    for number, name in enumerate(IDS):
        make_predictions(folder / "now" / str(number), IDS, less=10 * (number + 1))
        (folder / "now" / str(number) / f"{name}.png").rename(folder / "now" / f"{name}.png")
    (folder / "now" / f"{FAILED}.png").unlink()
    save(folder / "now" / f"{IDS[0]}.png", np.dstack([photo_of(truth()), truth() // 2]))  # with colours
    found, earlier = scored(folder / "set", folder / "now"), read_earlier(folder / "earlier.json")
    versus = side_by_side(found.rows, earlier)
    tree = html5lib.HTMLParser(namespaceHTMLElements=False, strict=True).parse(page(found, Options(), earlier, versus))
    return Page(tree, json.loads(json.dumps(document(found, earlier, versus))), folder)


def test_page_is_named_as_its_numbers_are(read: Page) -> None:
    name = f"{read.numbers['set']}: {read.numbers['title']}"
    assert read.texts("head/title") == read.texts(".//h1") == [name]
    assert "5 of 6 photos measured" in text(read.tree.find(".//p"))
    assert (read.numbers["measured"], read.numbers["failed"]) == (5, 1)
    assert (read.tree.get("lang"), read.tree.find("head/meta").get("charset")) == ("en", "utf-8")


def test_nothing_is_fetched_and_nothing_runs(read: Page) -> None:
    elements: list[ElementTree.Element] = list(read.tree.iter())
    tags = {plain(one.tag) for one in elements}
    assert not tags & {"script", "link", "iframe", "object", "embed", "base", "form", "video", "audio", "source", "use"}
    for one in elements:
        names = set(map(plain, one.attrib))
        assert not [name for name in names if name.startswith("on")]
        assert not LOADING & names or (one.tag, LOADING & names) == ("img", {"src"}), one.attrib
        assert "url(" not in one.get("style", "")
    style = "".join(read.texts(".//style"))
    assert "url(" not in style and "@import" not in style and style.count("{") == style.count("}")


def test_every_picture_is_in_the_page_and_says_what_it_is(read: Page) -> None:
    images = list(read.tree.iter("img"))
    assert len(images) == 5 * (4 + 7) + 1, "four of the whole, seven enlarged, and the truth's colours of one"
    for one in images:
        width, height = picture(one).size
        assert 0 < width <= 300 and 0 < height <= 240
    assert len({one.get("alt") for one in images}) == len(images)


def test_worst_photos_come_first_each_with_its_own_four_pictures(read: Page) -> None:
    articles = list(read.section("The worst 5 photos").iterfind("article"))
    scores = {one["id"]: one["scores"] for one in read.numbers["photos"] if one["scores"]}
    assert [text(one.find(".//h3")) for one in articles] == sorted(scores, key=lambda one: -scores[one]["sad"])
    for article in articles:
        name = text(article.find(".//h3"))
        figures = list(article.find("div").iterfind("figure"))
        assert [text(one.find("figcaption")) for one in figures] == ["photo", "matte", "truth", "difference"]
        shown = dict(
            zip(("matte", "truth"), (np.asarray(picture(one.find("img"))) for one in figures[1:3]), strict=True)
        )
        for caption, path in (("matte", read.folder / "now"), ("truth", read.folder / "set" / "alpha")):
            wanted = read_alpha(path / f"{name}.png").astype(int)[..., None]
            assert np.abs(shown[caption] - wanted).mean() < 2, f"{caption} of {name}"
        assert f"SAD {show('sad', scores[name]['sad'])}" in text(article.find("header"))


def test_table_of_all_photos_together_has_the_numbers_of_the_json(read: Page) -> None:
    head, rows = read.table("All photos together")
    assert head[:5] == ["metric", "mean", "median", "worst", "photos"]
    wanted = [
        [METRICS[key].title, *(show(key, one[name]) for name in ("mean", "median", "worst")), str(one["count"])]
        for key, one in read.numbers["summary"].items()
    ]
    assert [row[:5] for row in rows] == wanted and len(wanted) == len(METRICS) - 2, "time and memory were not taken"


def test_table_of_kinds_has_the_numbers_of_the_json(read: Page) -> None:
    head, rows = read.table("By kind of subject")
    keys = [next(key for key, metric in METRICS.items() if metric.name == name) for name in head[2:]]
    kinds = read.numbers["kinds"]
    assert [row[0] for row in rows] == list(kinds) and len(kinds) == 3
    for row in rows:
        means = [show(key, kinds[row[0]].get(key, {}).get("mean")) for key in keys]
        assert row[1:] == [str(kinds[row[0]]["sad"]["count"]), *means]


def test_table_of_every_photo_has_the_numbers_of_the_json(read: Page) -> None:
    head, rows = read.table("Every photo")
    photos = {one["id"]: one for one in read.numbers["photos"] if one["scores"]}
    assert len(rows) == len(photos) == 5
    for name, kind, *cells in rows:
        wanted = [show(key, photos[name]["scores"].get(key)) for key in read.numbers["summary"]]
        assert (kind, cells) == (photos[name]["kind"], wanted)
    assert head[2:] == [METRICS[key].name for key in read.numbers["summary"]]


def test_table_of_two_runs_has_the_numbers_of_the_json(read: Page) -> None:
    head, rows = read.table("Beside t")
    assert head == ["metric", "t", "now", "change", "better", "worse", "equal"]
    wanted = []
    for key, one in read.numbers["against"]["metrics"].items():
        change = f"{one['now'] - one['before']:+.{METRICS[key].digits}f}"
        counts = [str(one[name]) for name in ("wins", "losses", "ties")]
        wanted.append([METRICS[key].title, show(key, one["before"]), show(key, one["now"]), change, *counts])
    assert rows == wanted


def test_photo_that_failed_is_told_as_in_the_json(read: Page) -> None:
    told = [[one["id"], one["error"]] for one in read.numbers["photos"] if one["error"]]
    assert read.table("Not measured")[1] == told and told[0][0] == FAILED


def bars(figure: Any) -> Iterator[int]:
    for one in figure.iter("{http://www.w3.org/2000/svg}title"):
        number, _, unit = text(one).partition(" ")
        if unit == "photos":
            yield int(number)


def test_charts_count_every_photo(read: Page) -> None:
    figures = list(read.section("Distributions").iter("figure"))
    for figure, (key, one) in zip(figures, read.numbers["summary"].items(), strict=True):
        assert sum(bars(figure)) == one["count"]
        assert text(figure.find("figcaption")) == f"{METRICS[key].title} median {show(key, one['median'])}"
