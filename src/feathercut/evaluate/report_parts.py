"""The tables and charts of a report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from feathercut.evaluate.against import Earlier, Versus
from feathercut.evaluate.report_charts import changes, histogram
from feathercut.evaluate.run import Evaluation
from feathercut.evaluate.scores import METRICS

_SHOWN_CHANGES = 5  # photos that gained most, and as many that lost most


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are HTML already."""
    top = "".join(f"<th>{cell}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def summary(evaluation: Evaluation) -> str:
    """A row a metric."""
    rows = []
    for key, one in evaluation.summary.items():
        metric = METRICS[key]
        way = "higher is better" if metric.is_higher_better else "lower is better"
        numbers = [metric.show(value) for value in (one.mean, one.median, one.worst)]
        rows.append([escape(metric.title), *numbers, str(one.count), f'<span class="note">{way}</span>'])
    note = (
        "The means of max F and E-measure are the best of the mean curve, at one threshold for all photos; "
        "median and worst are of each photo’s own best."
    )
    return table(["metric", "mean", "median", "worst", "photos", ""], rows) + f'<p></p><p class="note">{note}</p>'


def distributions(evaluation: Evaluation) -> str:
    """A histogram a metric."""
    figures = []
    for key, one in evaluation.summary.items():
        metric = METRICS[key]
        values = [row.values[key] for row in evaluation.rows if key in row.values]
        caption = f"{escape(metric.title)} <span>median {metric.show(one.median)}</span>"
        figures.append(f"<figure><figcaption>{caption}</figcaption>{histogram(metric, values)}</figure>")
    return f'<div class="charts">{"".join(figures)}</div>'


def kinds(evaluation: Evaluation) -> str:
    """A row a kind of subject, a column a metric; the means."""
    keys = [key for key in evaluation.summary if key not in ("seconds", "memory_mb")]
    rows = []
    for kind, found in evaluation.kinds.items():
        count = sum(row.kind == kind for row in evaluation.rows)
        means = [METRICS[key].show(found[key].mean if key in found else None) for key in keys]
        rows.append([escape(kind), str(count), *means])
    return table(["kind", "photos", *(escape(METRICS[key].name) for key in keys)], rows)


def side_by_side(versus: Sequence[Versus], earlier: Earlier) -> str:
    """Before and now, on how many photos it is better, and which changed most."""
    rows, charts = [], []
    for one in versus:
        metric = METRICS[one.key]
        colour = {True: "better", False: "worse", None: "note"}[one.is_better]
        counts = f'<span class="better">{one.wins}</span>', f'<span class="worse">{one.losses}</span>', str(one.ties)
        change = f'<span class="{colour}">{one.now - one.before:+.{metric.digits}f}</span>'
        rows.append([escape(metric.title), metric.show(one.before), metric.show(one.now), change, *counts])
        caption = f"{escape(metric.title)} <span>{one.wins} : {one.losses}</span>"
        chart = changes(metric, list(one.changes.values()))
        charts.append(f"<figure><figcaption>{caption}</figcaption>{chart}</figure>")
    head = ["metric", f"{escape(earlier.title)}", "now", "change", "better", "worse", "equal"]
    note = "Each photo’s change, sorted: above the line it is better now. The counts are better : worse."
    drawn = f'<div class="charts">{"".join(charts)}</div>'
    return f'{table(head, rows)}<p></p><p class="note">{note}</p>{drawn}<p></p>{_changed_most(versus)}'


def all_photos(evaluation: Evaluation) -> str:
    """Every photo, worst first."""
    keys = list(evaluation.summary)
    rows = [
        [escape(row.id), escape(row.kind), *(METRICS[key].show(row.values.get(key)) for key in keys)]
        for row in evaluation.worst_first
    ]
    return table(["photo", "kind", *(escape(METRICS[key].name) for key in keys)], rows)


def failed(evaluation: Evaluation) -> str:
    """What could not be measured, and why."""
    return table(["photo", "why"], [[escape(id), escape(str(one))] for id, one in evaluation.failed.items()])  # noqa: A001


def _changed_most(versus: Sequence[Versus]) -> str:
    """The photos that gained and lost most, by the first metric of all."""
    if not versus:
        return '<p class="note">The two runs have no photo in common.</p>'
    first = versus[0]
    metric = METRICS[first.key]
    ranked = sorted(first.changes.items(), key=lambda pair: pair[1], reverse=metric.is_higher_better)
    # In a small set the same photo would be at both ends.
    count = min(_SHOWN_CHANGES, len(ranked) // 2)
    rows = [
        [escape(gained[0]), f"{gained[1]:+.{metric.digits}f}", escape(lost[0]), f"{lost[1]:+.{metric.digits}f}"]
        for gained, lost in zip(ranked[:count], ranked[::-1][:count], strict=True)
    ]
    name = escape(metric.name)
    return table([f"best changes of {name}", "", f"worst changes of {name}", ""], rows) if rows else ""
