from __future__ import annotations

import runpy
from pathlib import Path

from feathercut.models import catalogue

REPOSITORY = Path(__file__).parents[2]


def test_the_page_of_models_says_what_the_records_say() -> None:
    text = runpy.run_path(str(REPOSITORY / "scripts" / "models_page.py"))["render"]()
    assert (REPOSITORY / "MODELS.md").read_text("utf-8") == text, "run `python scripts/models_page.py`"
    for record in catalogue.records().values():
        section = text.partition(f"\n## {record.id}\n")[2].partition("\n## ")[0]
        assert all(f"{number}. *" in section for number in range(1, 8))
        assert all(str(file.sha256 or file.md5) in section for file in record.files)
