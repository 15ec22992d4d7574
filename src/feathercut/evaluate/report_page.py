"""An evaluation as one HTML page that needs nothing beside it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from feathercut.errors import InputError
from feathercut.evaluate import report_parts as parts
from feathercut.evaluate.against import Earlier, Versus
from feathercut.evaluate.document import versions
from feathercut.evaluate.report_pictures import strip
from feathercut.evaluate.report_style import STYLE
from feathercut.evaluate.run import Evaluation
from feathercut.evaluate.scores import METRICS
from feathercut.evaluate.summary import Row
from feathercut.options import Options

WORST = 20

_IN_HEADINGS = ("sad", "mse", "grad", "conn", "band_mse", "mae", "iou", "s", "colour")


def page(
    evaluation: Evaluation, options: Options, earlier: Earlier | None = None, versus: Sequence[Versus] = ()
) -> str:
    """The page. `options` say what may be read; pictures are data URIs, so it can be sent as it is."""
    name = f"{evaluation.set_name}: {evaluation.title}"
    sections = []
    if evaluation.rows:
        sections.append(_section("All photos together", parts.summary(evaluation)))
    if earlier is not None:
        sections.append(_section(f"Beside {earlier.title}", parts.side_by_side(versus, earlier)))
    if len(evaluation.kinds) > 1:
        sections.append(_section("By kind of subject", parts.kinds(evaluation)))
    if evaluation.rows:
        sections.append(_section("Distributions", parts.distributions(evaluation)))
        sections.append(_worst(evaluation, options))
        everything = (
            f"<details><summary>{len(evaluation.rows)} photos</summary>{parts.all_photos(evaluation)}</details>"
        )
        sections.append(_section("Every photo", everything))
    if evaluation.failed:
        sections.append(_section("Not measured", parts.failed(evaluation)))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(name)}</title><style>{STYLE}</style></head><body><main><h1>{escape(name)}</h1>"
        f"{_about(evaluation)}{''.join(sections)}</main></body></html>\n"
    )


def _about(evaluation: Evaluation) -> str:
    total = len(evaluation.rows) + len(evaluation.failed)
    facts = [f"{len(evaluation.rows)} of {total} photos measured"]
    facts.append("the truth is soft alpha" if evaluation.is_soft else "the truth is masks")
    if evaluation.ignore is not None:
        facts.append(f"where it is {evaluation.ignore}, nothing is counted")
    computed = ", ".join(f"{name} {version}" for name, version in versions().items())
    return f'<p class="note">{escape("; ".join(facts))}.<br>{escape(computed)}</p>'


def _section(title: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{body}</section>"


def _worst(evaluation: Evaluation, options: Options) -> str:
    """The worst photos, with pictures."""
    rows = evaluation.worst_first[:WORST]
    metric = METRICS[evaluation.ranked_by]
    note = (
        f"By {metric.name}. The difference is red where the matte has too much and blue where it has too little, by "
        "the root of the error; the frame in the photo is the place, enlarged below, where most of the error lies."
    )
    title = "The worst photo" if len(rows) == 1 else f"The worst {len(rows)} photos"
    names_kinds = len(evaluation.kinds) > 1
    shown = "".join(_article(row, options, evaluation.ignore, names_kind=names_kinds) for row in rows)
    return _section(title, f'<p class="note">{escape(note)}</p>{shown}')


def _article(row: Row, options: Options, ignore: int | None, *, names_kind: bool) -> str:
    numbers = [f"{METRICS[key].name} {METRICS[key].show(row.values[key])}" for key in _IN_HEADINGS if key in row.values]
    kind = f"<span>{escape(row.kind)}</span>" if names_kind else ""
    heading = f"<h3>{escape(row.id)}</h3>{kind}<span>{escape(' · '.join(numbers))}</span>"
    try:
        pictures = strip(row, options, ignore)
    except InputError as error:  # the numbers stay true
        return f'<article><header>{heading}</header><p class="note">{escape(str(error))}</p></article>'
    whole, zoomed = _figures(pictures.whole, row.id, ""), _figures(pictures.zoomed, row.id, " zoomed")
    return f"<article><header>{heading}</header>{whole}{zoomed}</article>"


def _figures(pictures: dict[str, str], id: str, more: str) -> str:  # noqa: A002
    figures = "".join(
        f'<figure><img src="{uri}" alt="{escape(f"{id}, {name}{more}", quote=True)}"><figcaption>{escape(name)}'
        "</figcaption></figure>"
        for name, uri in pictures.items()
    )
    return f'<div class="pictures{more}">{figures}</div>'
