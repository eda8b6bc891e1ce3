"""The pages of acceptance and of must-haves (验收页): every test that they name is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "acceptance.md"
MUST_HAVES = ROOT / "docs" / "reference" / "must-haves.md"
N_MUST_HAVES = 15
NAMED = re.compile(r"`(test_\w+)`")
DEFINED = re.compile(r"^def (test_\w+)\(", re.MULTILINE)
POINTS = {
    "All pages 全页": 11,
    "Call-taker 接警席": 8,
    "Dispatcher 派警席": 11,
    "Crew 处警端": 8,
    "Paper cards 纸质单 and administration 管理": 6,
}


@pytest.mark.parametrize("page", [PAGE, MUST_HAVES], ids=lambda page: page.stem)
def test_every_test_that_a_page_names_exists(page):
    files = (ROOT / "tests").rglob("test_*.py")
    defined = {name for path in files for name in DEFINED.findall(path.read_text("utf-8"))}
    named = set(NAMED.findall(page.read_text("utf-8")))
    assert named - defined == set()


def test_every_must_have_names_a_test_and_stands_in_its_order():
    lines = MUST_HAVES.read_text("utf-8").splitlines()
    rows = [line for line in lines if re.match(r"\| \d+\. ", line)]
    numbers = [int(row.split(".")[0].removeprefix("| ")) for row in rows]
    assert numbers == list(range(1, N_MUST_HAVES + 1))
    assert all(NAMED.search(row) for row in rows)


def test_every_point_of_a_page_names_a_test():
    sections = re.split(r"^## ", PAGE.read_text("utf-8"), flags=re.MULTILINE)[1:]
    rows = {}
    for section in sections:
        title, _, body = section.partition("\n")
        rows[title] = [line for line in body.splitlines() if line.startswith("| ")][1:]
    for title, n_points in POINTS.items():
        assert len(rows[title]) == n_points
        assert all(NAMED.search(row) for row in rows[title]), title
