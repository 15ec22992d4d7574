"""A contact sheet: every photo with its cutout, and the findings drawn where they are. One HTML file, nothing else."""

from __future__ import annotations

import base64
import html
import io
import re
from collections.abc import Sequence

from feathercut.batch.sort import VERDICTS, Bytes, Checked
from feathercut.report import Finding, Report

STYLE = """
:root { color-scheme: light dark; --ground: #fbfbfa; --ink: #1d2126; --soft: #5c646e; --line: #e3e5e8;
  --hint: #1667c7; --warning: #b35c00; --serious: #c2182b; }
@media (prefers-color-scheme: dark) { :root { --ground: #14161a; --ink: #e8eaee; --soft: #a3abb6; --line: #2d323a;
  --hint: #7ab4f5; --warning: #f0a44a; --serious: #ff7a85; } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1200px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 19px; margin: 36px 0 12px; } p { margin: 0; }
ul { list-style: none; margin: 0; padding: 0; } ol { margin: 0; padding: 0 0 0 20px; }
.photos { display: grid; gap: 24px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 360px), 1fr)); }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 4px; }
.picture { position: relative; align-self: start; line-height: 0; border: 1px solid var(--line); }
.picture img { width: 100%; height: auto; }
.cutout { background: repeating-conic-gradient(#bbb 0 25%, #ddd 0 50%) 0 0 / 16px 16px; }
svg { position: absolute; inset: 0; width: 100%; height: 100%; }
text { fill: #fff; stroke: #000; stroke-width: 3; paint-order: stroke; vector-effect: non-scaling-stroke; }
rect { fill: none; stroke-width: 2; vector-effect: non-scaling-stroke; }
h3 { font-size: 14px; margin: 6px 0 2px; overflow-wrap: anywhere; } li li { font-size: 13px; color: var(--soft); }
.hint { stroke: var(--hint); } .warning { stroke: var(--warning); } .serious { stroke: var(--serious); }
b.hint { color: var(--hint); } b.warning { color: var(--warning); } b.serious { color: var(--serious); }
"""
_TITLES = {"redo": "Redo", "look": "Look at", "fine": "Fine"}


def contact_sheet(photos: Sequence[Checked]) -> str:
    """The page of photos that were checked now, the least trusted first; those without a report are left out."""
    shown = [one for one in photos if one.report is not None]
    groups = [_group(verdict, [one for one in shown if one.verdict == verdict]) for verdict in reversed(VERDICTS)]
    counts = ", ".join(f"{sum(one.verdict == verdict for one in shown)} {verdict}" for verdict in VERDICTS)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8" />'
        '<meta name="viewport" content="width=device-width" />'
        f"<title>Cutouts, checked</title><style>{STYLE}</style></head>"
        f"<body><main><h1>Cutouts, checked</h1><p>{counts}</p>{''.join(groups)}</main></body></html>\n"
    )


def _group(verdict: str, photos: list[Checked]) -> str:
    if not photos:
        return ""
    photos.sort(key=lambda one: one.report.confidence if one.report else 0.0)
    items = "".join(_item(one) for one in photos)
    return f'<h2>{_TITLES[verdict]} ({len(photos)})</h2><ul class="photos">{items}</ul>'


def _item(one: Checked) -> str:
    if one.report is None or one.photo is None or one.thumb is None or one.size is None:
        return ""
    name = html.escape(str(one.found.path))
    height, width = one.size
    boxes = "".join(_rectangle(number, finding, width) for number, finding in enumerate(one.report.findings, 1))
    drawn = f'<svg viewBox="0 0 {width} {height}" preserveAspectRatio="none">{boxes}</svg>'
    return (
        f'<li><div class="pair"><div class="picture"><img src="{embedded(one.photo, "jpeg")}" alt="{name}" />{drawn}'
        f'</div><div class="picture cutout"><img src="{embedded(one.thumb, "webp")}" alt="Its cutout" /></div></div>'
        f"<h3>{name}</h3><p>confidence {one.report.confidence:.2f}</p><ol>{_sentences(one.report)}</ol></li>"
    )


def _rectangle(number: int, finding: Finding, width: int) -> str:
    """A finding's box with its number, in a photo that is `width` wide; nothing where it has no place."""
    if finding.box is None:
        return ""
    top, left, bottom, right = finding.box
    size = width / 12
    return (
        f'<rect class="{finding.severity}" x="{left}" y="{top}" width="{right - left}" height="{bottom - top}" />'
        f'<text x="{left + size / 8 + (number - 1) * size * 0.8:.1f}" y="{top + size:.1f}" font-size="{size:.1f}">'
        f"{number}</text>"
    )


def _sentences(report: Report) -> str:
    findings = "".join(
        f'<li><b class="{finding.severity}">{finding.kind}</b> '
        f"{as_html(finding.sentence)} {as_html(finding.remedy)}</li>"
        for finding in report.findings
    )
    return findings + (f"<li>Try <code>--method {report.method}</code>.</li>" if report.method else "")


def as_html(sentence: str) -> str:
    """A sentence as HTML, with what is typed in it as code."""
    return re.sub("`([^`]*)`", r"<code>\1</code>", html.escape(sentence, quote=False))


def embedded(pixels: Bytes, kind: str) -> str:
    """A picture (H×W×3, H×W×4 or H×W bytes) as an address that a page has in itself."""
    from PIL import Image as Pillow  # deferred: a costly start

    file = io.BytesIO()
    Pillow.fromarray(pixels).save(file, kind, quality=80)
    return f"data:image/{kind};base64,{base64.b64encode(file.getvalue()).decode('ascii')}"
