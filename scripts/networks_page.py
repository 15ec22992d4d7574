"""Draws the figures of docs/networks.md and writes its tables, from the networks' own code.

`.venv-train/bin/python scripts/networks_page.py [--check]` ends with 1 where one was out of date.
"""

from __future__ import annotations

import sys
from pathlib import Path

from feathercut.train.networks.build import NETWORKS, build
from feathercut.train.networks.counts import gmac, parameters, weights_bytes
from networks_drawing import drawing

REPOSITORY = Path(__file__).parents[1]
PAGE = REPOSITORY / "docs" / "networks.md"
FOLDER = REPOSITORY / "docs" / "networks"
TITLES = {
    "unet-small": "U-Net, small",
    "u2net": "U²-Net",
    "u2netp": "U²-Net-p",
    "isnet": "IS-Net",
    "student": "our student",
}
PUBLISHED = {"u2net": "176.3", "u2netp": "4.7", "isnet": "176.6"}
"""Megabytes of the checkpoint, as the papers say."""
OWN_SIDE = {"unet-small": 320, "u2net": 320, "u2netp": 320, "isnet": 1024, "student": 320}
SIDES = (320, 512, 768, 1024)


def figures() -> dict[str, str]:
    """Each drawing by the name of its file."""
    return {
        "unet.svg": drawing(build("unet-small"), 320, "down", "up"),
        "block.svg": drawing(build("u2net").encoder[0], 320, "down", "up", "bottom"),
        "u2net.svg": drawing(build("u2net"), 320, "stages.down", "stages.up"),
        "u2netp.svg": drawing(build("u2netp"), 320, "stages.down", "stages.up"),
        "isnet.svg": drawing(build("isnet"), 1024, "stages.down", "stages.up"),
        "student.svg": drawing(build("student"), 320, "stages.down", "stages.up"),
    }


def tables() -> dict[str, str]:
    """Each table of the page by its name."""
    sizes = [
        "| network | parameters | MB of weights | the paper's MB | GMAC at its size | its size |",
        "|---|---|---|---|---|---|",
    ]
    cost = [f"| GMAC at | {' | '.join(f'{side}²' for side in SIDES)} |", "|---" * (len(SIDES) + 1) + "|"]
    for name in NETWORKS:
        network, title, side = build(name), TITLES[name], OWN_SIDE[name]
        sizes.append(
            f"| {title} | {parameters(network) / 1e6:.2f} million | {weights_bytes(network) / 1e6:.1f} | "
            f"{PUBLISHED.get(name, '')} | {gmac(network, (side, side)):.1f} | {side}×{side} |"
        )
        cost.append(f"| {title} | " + " | ".join(f"{gmac(network, (one, one)):.1f}" for one in SIDES) + " |")
    return {"sizes": "\n".join(sizes), "cost": "\n".join(cost)}


def render() -> str:
    """The page with its tables written anew."""
    text = PAGE.read_text("utf-8")
    for name, table in tables().items():
        head, foot = f"<!-- {name}, written by scripts/networks_page.py -->\n", f"<!-- end of {name} -->"
        before, after = text[: text.index(head)], text[text.index(foot) :]
        text = f"{before}{head}{table}\n{after}"
    return text


def main() -> int:
    """The exit code: 1 where something was out of date."""
    only_checks = "--check" in sys.argv[1:]
    wanted = {PAGE: render(), **{FOLDER / name: text for name, text in figures().items()}}
    old = {path: text for path, text in wanted.items() if not path.is_file() or path.read_text("utf-8") != text}
    for path, text in old.items():
        name = path.relative_to(REPOSITORY).as_posix()
        if only_checks:
            print(f"{name} is out of date; `make docs` writes it anew")
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
            print(f"{name} was out of date and is written anew; look at the difference")
    if not old:
        print(f"docs: {PAGE.name} and its {len(wanted) - 1} figures are what the networks' code says")
    return 1 if old else 0


if __name__ == "__main__":
    sys.exit(main())
