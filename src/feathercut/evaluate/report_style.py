"""How a report looks: light or dark as the reader's system is, nothing fetched from anywhere."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark; --ground: #fbfbfa; --card: #fff; --ink: #1d2126; --soft: #68707a; --line: #e3e5e8;
  --accent: #2f6feb; --better: #1a8f4c; --worse: #cf3434; }
@media (prefers-color-scheme: dark) { :root { --ground: #14161a; --card: #1c1f25; --ink: #e8eaee; --soft: #9aa3af;
  --line: #2d323a; --accent: #6ea2ff; --better: #4cc37d; --worse: #ff7b72; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 28px; line-height: 1.2; margin: 0 0 4px; letter-spacing: -0.01em; }
h2 { font-size: 19px; margin: 44px 0 12px; }
h3 { font-size: 15px; margin: 0; }
p { margin: 0 0 12px; max-width: 76ch; } .note { color: var(--soft); }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 10px; background: var(--card); }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 7px 14px; text-align: right; white-space: nowrap; border-top: 1px solid var(--line); }
th:first-child, td:first-child { text-align: left; } thead th { border-top: 0; color: var(--soft); font-weight: 500; }
.better { color: var(--better); fill: var(--better); } .worse { color: var(--worse); fill: var(--worse); }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); gap: 14px; }
.charts figure, article { margin: 0; padding: 14px 16px; border: 1px solid var(--line); border-radius: 10px;
  background: var(--card); }
.charts figcaption { display: flex; justify-content: space-between; gap: 8px; white-space: nowrap;
  margin-bottom: 8px; font-weight: 500; }
.charts figcaption span, article header span { color: var(--soft); font-weight: 400; }
svg { display: block; width: 100%; height: auto; overflow: visible; }
svg rect { fill: var(--accent); } svg rect.better { fill: var(--better); } svg rect.worse { fill: var(--worse); }
svg .axis { stroke: var(--line); } svg .median { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 3 2; }
svg text { font-size: 11px; fill: var(--soft); }
article { margin-top: 16px; } article header { display: flex; flex-wrap: wrap; gap: 4px 16px; margin-bottom: 10px;
  align-items: baseline; }
.pictures { display: grid; grid-template-columns: repeat(4, 1fr); gap: 8px; margin-bottom: 8px; }
.pictures.zoomed { grid-template-columns: repeat(auto-fit, minmax(120px, 1fr)); margin-bottom: 0; }
.pictures figure { margin: 0; } .pictures figcaption { color: var(--soft); font-size: 12px; }
.pictures img { display: block; width: 100%; height: auto; border-radius: 4px; border: 1px solid var(--line); }
.zoomed img { image-rendering: pixelated; }
details { margin-top: 16px; } summary { cursor: pointer; color: var(--accent); }
@media (max-width: 640px) { main { padding: 20px 12px; } .pictures { grid-template-columns: repeat(2, 1fr); } }
"""
