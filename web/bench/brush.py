"""The brush on 12 megapixels in a real browser: what a pointer event and a frame cost, what the history takes.

npx vite --port 5199 & python bench/brush.py http://localhost:5199/bench/brush.html
"""

from __future__ import annotations

import json
import math
import statistics
import sys
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDTH, HEIGHT = 1400, 900


def main(address: str) -> None:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.on("console", lambda message: print("console:", message.text))
        page.on("pageerror", lambda error: print("error:", error))
        page.goto(address)
        page.wait_for_function("window.editor && document.querySelector('canvas').width > 300")
        page.wait_for_timeout(3000)
        parts = sys.argv[2:] or ["brush", "redraws", "history"]
        if "brush" in parts:
            for name, setting in SETTINGS.items():
                report(name, page, setting)
        if "redraws" in parts:
            print("full redraws, ms:", redraws(page))
        if "history" in parts:
            print("200 strokes:", many(page))
            print("the same after a reload:", reloaded(page))
        chromium.close()


SETTINGS: dict[str, dict[str, Any]] = {
    "brush 150 px, fitted": {"brush": {"diameter_px": 150}},
    "brush 400 px, fitted": {"brush": {"diameter_px": 400, "hardness": 0.3, "opacity": 0.7}},
    "brush 800 px, fitted": {"brush": {"diameter_px": 800, "hardness": 0.3}},
    "brush 800 px, hard, fitted": {"brush": {"diameter_px": 800, "hardness": 1}},
    "brush 1600 px, fitted": {"brush": {"diameter_px": 1600}},
    "brush 3000 px, fitted": {"brush": {"diameter_px": 3000, "hardness": 0}},
    "brush 60 px, 100 %": {"brush": {"diameter_px": 60}, "look": {"zoom": 1}},
    "brush 400 px, 100 %": {"brush": {"diameter_px": 400}, "look": {"zoom": 1}},
    "brush 150 px, fitted, edge shift 4, softness 2": {
        "brush": {"diameter_px": 150},
        "set": {"edge_shift": 4, "edge_softness": 2},
    },
}


def report(name: str, page: Page, setting: dict[str, Any]) -> None:
    page.evaluate(
        """(setting) => { actionNamed("fit").perform(editor); editor.set({ edge_shift: 0, edge_softness: 0 });
        editor.brushWith({ hardness: 0.5, opacity: 1 }); editor.brushWith(setting.brush);
        if (setting.look) editor.look(setting.look); if (setting.set) editor.set(setting.set); }""",
        setting,
    )
    page.wait_for_timeout(1500)
    page.evaluate("performance.clearMeasures()")
    for round_ in range(2):
        page.evaluate("(tool) => editor.choose(tool)", ("erase", "restore")[round_ % 2])
        draw(page, round_)
    page.wait_for_timeout(500)
    print(name)
    for kind in ("pointerdown", "pointermove", "pointerup", "frame"):
        took = page.evaluate("(kind) => performance.getEntriesByName(kind).map((entry) => entry.duration)", kind)
        if took:
            print(f"  {kind:12} {len(took):4} median {statistics.median(took):6.2f} worst {max(took):6.2f} ms")


def draw(page: Page, seed: int) -> None:
    """A curve of 60 pointer events across the screen."""
    for step in range(61):
        turn = step / 60 * 2 * math.pi
        x = WIDTH / 2 + math.cos(turn + seed) * WIDTH * 0.3
        y = HEIGHT / 2 + math.sin(2 * turn + seed) * HEIGHT * 0.3
        page.mouse.move(x, y)
        if step == 0:
            page.mouse.down()
    page.mouse.up()


def redraws(page: Page) -> str:
    took = page.evaluate(
        """async () => { const took = {}; for (const view of ["cutout", "overlay", "matte"]) {
        for (const zoom of [0.22, 1, 3]) {
          editor.look({ view, zoom, centre: [2000, 1500] }); await new Promise((done) => setTimeout(done, 300));
          performance.clearMeasures();
          for (let i = 0; i < 7; i++) { editor.look({ centre: [2000 + i, 1500] });
            await new Promise((done) => requestAnimationFrame(done)); }
          const all = performance.getEntriesByName("frame").map((entry) => entry.duration).sort((a, b) => a - b);
          took[`${view} ${zoom}`] = all.filter((one) => one > 1).at(-4)?.toFixed(1);
        } } return took; }"""
    )
    return json.dumps(took)


def many(page: Page) -> str:
    took = page.evaluate(
        """async () => {
        const start = performance.now(); let seed = 7;
        const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
        const { position } = editor.saved();
        for (let i = 0; i < 200; i++) {
          const corners = Array.from({ length: 3 }, () => [random() * 4000, random() * 3000]);
          const points = Array.from({ length: 101 }, (_, at) => {
            const [from, to] = at < 50 ? [corners[0], corners[1]] : [corners[1], corners[2]];
            const share = (at % 50) / 50;
            return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share, 1]; });
          await editor.perform({ kind: "stroke", mode: i % 2 ? "erase" : "restore", is_smart: false, diameter_px: 300,
            hardness: 0.5, opacity: 0.8, points });
          if (i % 10 === 0) await new Promise((done) => setTimeout(done));
        }
        const performed = performance.now(); const megabytes = editor.historyBytes / 2 ** 20;
        const undos = [];
        for (let i = 0; i < 200; i++) { const from = performance.now(); await editor.undo();
          undos.push(performance.now() - from); }
        const redos = [];
        for (let i = 0; i < 200; i++) { const from = performance.now(); await editor.redo();
          redos.push(performance.now() - from); }
        for (const took of [undos, redos]) took.sort((a, b) => a - b);
        return { seconds: (performed - start) / 1000, megabytes, steps: editor.saved().steps.length,
          undo_median_ms: undos[100], undo_worst_ms: undos.at(-1),
          undos_over_100_ms: undos.filter((one) => one > 100).length,
          redo_median_ms: redos[100], redo_worst_ms: redos.at(-1),
          redos_over_100_ms: redos.filter((one) => one > 100).length };
        }"""
    )
    return json.dumps(took)


def reloaded(page: Page) -> str:
    took = page.evaluate(
        """async () => {
        const start = performance.now();
        const other = await again(editor.saved());
        const opened = performance.now() - start;
        const undos = [];
        let most = 0;
        while (other.state.can_undo) { const from = performance.now(); await other.undo();
          undos.push(performance.now() - from); most = Math.max(most, other.historyBytes); }
        undos.sort((a, b) => a - b);
        const { levels } = other.matte;
        other.close();
        return { opened_ms: opened, steps: undos.length, undo_median_ms: undos[undos.length >> 1],
          undo_worst_ms: undos.at(-1), undos_over_100_ms: undos.filter((one) => one > 100).length,
          megabytes: most / 2 ** 20, is_as_at_first: isBase(levels) };
        }"""
    )
    return json.dumps(took)


if __name__ == "__main__":
    main(sys.argv[1])
