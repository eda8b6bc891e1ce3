"""The reform re-enacted in a small city: six plans on the same calls, one page, said in words."""

from __future__ import annotations

import re

import pytest

from kuaifan.app.cli import main
from kuaifan.app.reform import NAMES
from kuaifan.city.invent import invent_city

# A plan that is stopped before its proof is another one on a busier machine.
PROVEN = ["--solve-seconds", "120"]
SMALL = ["--days", "4", "--parts", "2", "--per-day", "60", "--cars", "46", *PROVEN]


@pytest.fixture(name="city", scope="module")
def fixture_city(tmp_path_factory):
    path = tmp_path_factory.mktemp("reform") / "city"
    invent_city(path, seed=1, size="small", progress=lambda _: None)
    return path


def _run(*words):
    with pytest.raises(SystemExit) as ended:
        main(["plan", "reform", *map(str, words)])
    return ended.value.code


def test_one_command_makes_the_page_and_its_pictures_again_the_same(city, tmp_path):
    pages = []
    for name in ("a", "b"):
        page = tmp_path / name / "reform.md"
        page.parent.mkdir()
        assert _run(city, "-o", page, *SMALL) == 0
        pages.append(re.sub(r"Run in [\d,]+ s\.", "", page.read_text()))
    assert pages[0] == pages[1]
    for plan in ("stations only", "10 + 21 by hand", "+ move-up", "+ one third fewer cars"):
        assert f"| {plan} |" in pages[0]
    beaten = re.findall(
        r"^\| .*% ± .* \| ([\d,]+) ± .* / ([\d,]+) ± .* \|$", pages[0], re.MULTILINE
    )
    assert len(beaten) == len(NAMES)
    assert all(int(least) <= int(found) for found, least in beaten)
    pictures = sorted((tmp_path / "a" / "img").iterdir())
    assert [each.name[-9:] for each in pictures] == ["-late.svg", "posts.svg"]
    assert all(each.stat().st_size < 300_000 for each in pictures)
    assert all(f"img/{each.name}" in pages[0] for each in pictures)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--days", "1", "--parts", "2"], "1 days cannot be cut into 2 parts"),
        (["--model", "mexclp"], "mexclp asks for busy"),
        (["--model", "magic"], "no planning model is called 'magic'"),
    ],
)
def test_what_cannot_be_run_is_said_in_a_sentence_and_nothing_is_written(
    city, tmp_path, capsys, words, said
):
    assert _run(city, "-o", tmp_path / "reform.md", *words) != 0
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
