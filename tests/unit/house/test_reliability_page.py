"""docs/reliability.md names tests that exist (可靠性页)."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "reliability.md"
DEFINED = re.compile(r"^(?:async )?def (test_\w+)", re.MULTILINE)


def test_every_test_that_the_page_names_exists():
    text = PAGE.read_text(encoding="utf-8")
    there = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in DEFINED.findall(path.read_text(encoding="utf-8"))
    }
    assert set(re.findall(r"`(test_\w+)`", text)) <= there
    files = re.findall(r"`(tests/[\w/]+\.py)`", text)
    assert [name for name in files if not (ROOT / name).is_file()] == []


def test_every_fault_is_seen_or_marked_as_not_run():
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    for row in rows[2:]:
        *_, injected, seen, _ = (cell.strip() for cell in row.split("|"))
        assert bool(injected) != (seen == "not run"), row
