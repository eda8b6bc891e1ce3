"""The acceptance page (验收页): every test that it names is one that there is."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "acceptance.md"
NAMED = re.compile(r"`(test_\w+)`")
DEFINED = re.compile(r"^def (test_\w+)\(", re.MULTILINE)
POINTS = {"All pages 全页": 10, "Call-taker 接警席": 8, "Dispatcher 派警席": 11, "Crew 处警端": 6}


def test_every_test_that_the_acceptance_page_names_exists():
    files = (ROOT / "tests").rglob("test_*.py")
    defined = {name for path in files for name in DEFINED.findall(path.read_text("utf-8"))}
    named = set(NAMED.findall(PAGE.read_text("utf-8")))
    assert named - defined == set()


def test_every_point_of_a_page_names_a_test():
    sections = re.split(r"^## ", PAGE.read_text("utf-8"), flags=re.MULTILINE)[1:]
    rows = {}
    for section in sections:
        title, _, body = section.partition("\n")
        rows[title] = [line for line in body.splitlines() if line.startswith("| ")][1:]
    for title, n_points in POINTS.items():
        assert len(rows[title]) == n_points
        assert all(NAMED.search(row) for row in rows[title]), title
