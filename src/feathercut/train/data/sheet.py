"""A data set on one page: what is the matter, with pictures, and a few pairs of all. One HTML file, nothing else."""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np

from feathercut.batch.sheet import STYLE, as_html, embedded
from feathercut.train.data.check import Checked
from feathercut.train.data.examine import Bytes, Examined
from feathercut.train.data.faults import KINDS, Fault
from feathercut.train.data.pair import Pair

_OWN_STYLE = """
.pair.three { grid-template-columns: 1fr 1fr 1fr; margin: 0 0 4px; }
.faults li { margin: 0 0 8px; overflow-wrap: anywhere; } code { font-size: 13px; }
"""
_NAMED = 50
"""Faults of a kind that are listed where there is no picture; the others are counted."""


def data_sheet(checked: Checked) -> str:
    """The page of what a check found."""
    lines = "".join(
        f"<p>{html.escape(str(one.folder))}: {len(one)} pairs, {masks} of them masks</p>"
        for one, masks in zip(checked.sets, checked.masks, strict=True)
    )
    groups = "".join(_group(kind, checked) for kind in KINDS if kind in checked.faults.counts)
    fine = [key for key, one in checked.shown.items() if not one.faults]
    examples = "".join(
        f"<li>{_pictures(checked.shown[key], _name(checked, key))}<h3>{_name(checked, key)}</h3></li>" for key in fine
    )
    some = f'<h2>Some of the pairs</h2><ul class="photos">{examples}</ul>' if examples else ""
    return _page("Data, checked", f"{lines}{groups or '<p>Nothing is the matter.</p>'}{some}")


def augmented_sheet(pairs: Sequence[tuple[str, Pair]]) -> str:
    """The page of pairs as training would see them: photo, matte, and the subject on a checkerboard."""
    items = []
    for name, pair in pairs:
        photo, alpha = np.rint(pair.pixels * 255).astype(np.uint8), np.rint(pair.alpha[0] * 255).astype(np.uint8)
        items.append(f"<li>{_three(photo, alpha, html.escape(name))}<h3>{html.escape(name)}</h3></li>")
    return _page("Pairs, as training sees them", f'<ul class="photos">{"".join(items)}</ul>')


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8" />'
        '<meta name="viewport" content="width=device-width" />'
        f"<title>{title}</title><style>{STYLE}{_OWN_STYLE}</style></head>"
        f"<body><main><h1>{title}</h1>{body}</main></body></html>\n"
    )


def _group(kind: str, checked: Checked) -> str:
    severity, remedy = KINDS[kind]
    faults = [fault for fault in checked.faults.kept if fault.kind == kind]
    seen = {**checked.twice, **checked.shown}
    with_pictures = [fault for fault in faults if fault.places[0] in seen]
    others = [fault for fault in faults if fault.places[0] not in seen]
    photos = "".join(
        f"<li>{''.join(_pictures(seen[place], _name(checked, place)) for place in fault.places if place in seen)}"
        f"{_told(fault)}</li>"
        for fault in with_pictures
    )
    listed = "".join(f"<li>{_told(fault)}</li>" for fault in others[:_NAMED])
    more = checked.faults.counts[kind] - len(with_pictures) - len(others[:_NAMED])
    rest = f"<p>and {more} more</p>" if more > 0 else ""
    return (
        f'<h2><b class="{severity}">{kind}</b> ({checked.faults.counts[kind]})</h2><p>{as_html(remedy)}</p>'
        f'<ul class="photos">{photos}</ul><ul class="faults">{listed}</ul>{rest}'
    )


def _told(fault: Fault) -> str:
    names = "<br />".join(html.escape(name) for name in fault.files)
    return f"<h3>{names}</h3><p>{as_html(fault.sentence)}</p>"


def _name(checked: Checked, key: tuple[int, int]) -> str:
    return html.escape(checked.sets[key[0]].files(key[1]).id)


def _pictures(one: Examined, name: str) -> str:
    if one.photo is None or one.alpha is None:
        return ""
    return _three(one.photo, one.alpha, name)


def _three(photo: Bytes, alpha: Bytes, name: str) -> str:
    """Photo, matte, and where they have one size the photo with the matte as its alpha."""
    shown = [f'<div class="picture"><img src="{embedded(photo, "jpeg")}" alt="{name}" /></div>']
    shown.append(f'<div class="picture"><img src="{embedded(alpha, "webp")}" alt="Its matte" /></div>')
    if photo.shape[:2] == alpha.shape:
        both = np.dstack((photo, alpha))
        shown.append(f'<div class="picture cutout"><img src="{embedded(both, "webp")}" alt="What is kept" /></div>')
    return f'<div class="pair three">{"".join(shown)}</div>'
