"""The stages as a folder: their pictures and one HTML page."""

from __future__ import annotations

import html
from collections.abc import Iterable
from pathlib import Path

from feathercut.errors import OutputError, OutputExistsError
from feathercut.explain.stages import Stage

_STYLE = """
:root { color-scheme: light dark; --ground: #fbfbfa; --ink: #1d2126; --soft: #5c646e; --line: #e3e5e8; }
@media (prefers-color-scheme: dark) { :root { --ground: #14161a; --ink: #e8eaee; --soft: #a3abb6; --line: #2d323a; } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 1100px; margin: 0 auto; padding: 40px 24px 80px; }
h1 { font-size: 30px; letter-spacing: -0.01em; margin: 0 0 8px; } p { color: var(--soft); margin: 0; max-width: 70ch; }
ol { list-style: none; margin: 32px 0 0; padding: 0; display: grid; gap: 40px 24px;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 320px), 1fr)); }
h2 { font-size: 16px; margin: 12px 0 2px; }
img { display: block; width: 100%; height: auto; border: 1px solid var(--line); border-radius: 8px; }
"""


def write(folder: Path, name: str, stages: Iterable[Stage], *, overwrites: bool = False) -> list[Path]:
    """Writes the stages' pictures and `index.html` into `folder`, and gives what was written, the page last.

    Raises OutputExistsError where the folder is not empty, OutputError where it cannot be written.
    """
    from PIL import Image as Pillow  # deferred: a costly start for what may be refused

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())) and not overwrites:
        raise OutputExistsError(f"{folder} is there already and not empty; name another, or pass `--overwrite`")
    made = list(stages)  # all of it before the folder: what fails half way leaves nothing behind
    written: list[Path] = []
    items: list[str] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number, stage in enumerate(made, 1):
            path = folder / f"{number:02}-{stage.name}.png"
            Pillow.fromarray(stage.picture).save(path)
            written.append(path)
            items.append(_item(path.name, stage))
        page = folder / "index.html"
        page.write_text(_document(name, items), "utf-8")
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror or error}") from error
    return [*written, page]


def _item(file: str, stage: Stage) -> str:
    height, width = stage.picture.shape[:2]
    title, sentence = html.escape(stage.title), html.escape(stage.sentence)
    return (
        f'<li><a href="{file}"><img src="{file}" width="{width}" height="{height}" alt="{title}" loading="lazy" /></a>'
        f"<h2>{title}</h2><p>{sentence}</p></li>"
    )


def _document(name: str, items: list[str]) -> str:
    title = f"How {html.escape(name)} was cut out"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8" />'
        f'<meta name="viewport" content="width=device-width" /><title>{title}</title><style>{_STYLE}</style></head>'
        f"<body><main><h1>{title}</h1><p>From the photo to the cutout, as it happened on this machine.</p>"
        f"<ol>{''.join(items)}</ol></main></body></html>\n"
    )
