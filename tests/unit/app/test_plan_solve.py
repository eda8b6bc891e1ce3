"""Published p-medians: read, solved to their known optima, and broken files answered in words."""

import csv
from pathlib import Path

import pytest

from kuaifan.app.cli import run
from kuaifan.app.plan_files import read_p_median
from kuaifan.app.plan_solve import solve_file
from kuaifan.kernel.errors import BadInputError

PMED = Path(__file__).resolve().parents[4] / "shared" / "data" / "instances" / "pmed"
needs_pmed = pytest.mark.skipif(not PMED.is_dir(), reason="OR-Library's files are not beside it")


def optimum(name, column):
    with (PMED / "optima.csv").open(encoding="utf-8") as file:
        return {row["instance"]: float(row[column]) for row in csv.DictReader(file)}[name]


@needs_pmed
@pytest.mark.parametrize("k", range(1, 6))
def test_a_published_p_median_is_proven_at_its_known_optimum(k):
    solved = solve_file("p_median", PMED / f"pmed{k}.txt", gap=0.0, seconds=60)
    assert solved.answer.value == solved.answer.bound == optimum(f"pmed{k}", "pmedian_opt")
    assert solved.answer.is_proven
    assert solved.answer.gap == 0


@pytest.mark.soak
@needs_pmed
@pytest.mark.parametrize("k", range(6, 21))
def test_the_other_published_p_medians_are_proven_too(k):
    solved = solve_file("p_median", PMED / f"pmed{k}.txt", gap=0.0, seconds=60)
    assert solved.answer.value == solved.answer.bound == optimum(f"pmed{k}", "pmedian_opt")


@needs_pmed
def test_a_published_p_center_is_proven_at_its_known_optimum():
    from kuaifan.models.p_center.solve import solve

    assert solve(read_p_median(PMED / "pmed1.txt")).value == optimum("pmed1", "pcenter_opt")


def test_of_an_edge_given_twice_the_last_length_holds(tmp_path):
    file = tmp_path / "pmed0.txt"
    file.write_text("3 3 1\n1 2 9\n2 3 4\n2 1 5\n", encoding="ascii")
    assert read_p_median(file).cost.tolist() == [[0, 5, 9], [5, 0, 4], [9, 4, 0]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is no OR-Library p-median file"),
        ("3 2 1\n1 2 x\n", "other than whole numbers"),
        ("3 2 1\n1 2 5\n", "promises 2 edges but holds 1"),
        ("3 1 1\n1 4 5\n", "not one of 1 to 3"),
        ("3 1 1\n1 2 -5\n", "negative length"),
        ("0 0 1\n", "has 0 nodes"),
        ("999999 0 1\n", "has 999999 nodes"),
    ],
)
def test_a_broken_file_is_answered_in_words(tmp_path, text, words):
    file = tmp_path / "pmed0.txt"
    file.write_text(text, encoding="ascii")
    with pytest.raises(BadInputError, match=words):
        read_p_median(file)


def test_a_model_that_is_not_there_is_answered_with_those_that_are(tmp_path, capsys):
    assert run(["plan", "solve", "oracle", "--instance", str(tmp_path / "x.txt")]) == 2
    said = capsys.readouterr().err
    assert "no planning model is called oracle" in said
    assert "mclp, mexclp, p_center, p_median" in said


def test_a_file_that_is_not_there_is_named_without_an_error_number(tmp_path, capsys):
    missing = tmp_path / "x.txt"
    assert run(["plan", "solve", "p_median", "--instance", str(missing)]) == 2
    said = capsys.readouterr().err
    assert f"{missing}: no such file or directory; put that right" in said
    assert "Errno" not in said


def test_a_folder_without_instances_is_answered_in_words(tmp_path, capsys):
    assert run(["bench", "plan", "--only", "pmedian", "--instances", str(tmp_path)]) == 2
    assert "holds no pmed*.txt" in capsys.readouterr().err
