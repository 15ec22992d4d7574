"""Writes the generated pages. `python scripts/docs.py [--check]` ends with 1 where one was out of date."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import cli_page
import errors_page
import formats_page
import library_page
import licences
import models_page
import options_page
import readme_part
import settings_page
import web_options
import web_signs

REPOSITORY = Path(__file__).parents[1]
PAGES: dict[str, Callable[[], str]] = {
    "MODELS.md": models_page.render,
    "README.md": readme_part.render,
    "docs/cli.md": cli_page.render,
    "docs/dependencies.md": licences.render,
    "docs/errors.md": errors_page.render,
    "docs/formats.md": formats_page.render,
    "docs/library.md": library_page.render,
    "docs/options.md": options_page.render,
    "docs/settings.md": settings_page.render,
    "web/src/diagnose/signs.json": web_signs.render,
    "web/src/options.json": web_options.render,
}


def outdated() -> dict[str, str]:
    """The pages that are not what they must be, and what they must be."""
    found = {}
    for name, render in PAGES.items():
        path, text = REPOSITORY / name, render()
        if not path.is_file() or path.read_text("utf-8") != text:
            found[name] = text
    return found


def main() -> int:
    """The exit code: 1 where a page was out of date."""
    only_checks = "--check" in sys.argv[1:]
    pages = outdated()
    for name, text in pages.items():
        if only_checks:
            print(f"{name} is out of date; `make docs` writes it anew")
        else:
            (REPOSITORY / name).write_text(text, "utf-8")
            print(f"{name} was out of date and is written anew; look at the difference")
    if not pages:
        print(f"docs: all {len(PAGES)} generated pages are up to date")
    return 1 if pages else 0


if __name__ == "__main__":
    sys.exit(main())
