"""`plan solve` on problems of the project's own form: solved, or answered in words."""

import msgspec
import pytest

from kuaifan.app.cli import run

NEED = [2 if 8 <= hour % 24 < 20 else 1 for hour in range(168)]
TRAVEL = [[1, 2, None], [2, 1, 2], [None, 2, 1]]
INSTANCES = {
    "patrol_routes": {
        "places": [{"name": "square", "tier": 1}, {"name": "lane", "tier": 3}],
        "crews": [{"name": "P1", "base": 0, "from_min": 480, "until_min": 960}],
        "travel_min": [[0, 2, 3], [2, 0, 3], [3, 3, 0]],
    },
    "patrol_grids": {
        "cells": [{"work": 1, "x_m": 500 * i, "y_m": 0} for i in range(6)],
        "borders": [[i, i + 1] for i in range(5)],
        "n_grids": 2,
    },
    "dmexclp": {
        "travel_s": TRAVEL,
        "weight": [3, 2, 1],
        "target_s": 1,
        "busy_share": 0.3,
        "units": [{"name": "P1", "to_posts_s": [60, 5, None]}],
    },
    "rosters": {"need": NEED},
    "compliance_tables": {
        "travel": TRAVEL,
        "weight": [3, 2, 1],
        "limit": 2,
        "n_units": 2,
        "load": 0.5,
    },
}


@pytest.fixture
def ask(tmp_path, capsys):
    """Solve a problem by its model; the exit code and what was said."""

    def solve(model, instance, *options):
        file = tmp_path / "it.json"
        file.write_bytes(instance if isinstance(instance, bytes) else msgspec.json.encode(instance))
        code = run(["plan", "solve", model, "--instance", str(file), *options])
        said = capsys.readouterr()
        return code, said.out + said.err

    return solve


@pytest.mark.parametrize("model", INSTANCES)
def test_an_instance_is_solved_with_value_bound_gap_time_and_reasons(ask, model):
    code, said = ask(model, INSTANCES[model], "--json", "--gap", "0.2")
    solved = msgspec.json.decode(said)
    answer = solved["answer"]
    assert (code, solved["model"], solved["seconds"] >= 0) == (0, model, True)
    assert answer["is_proven"]
    assert {"value", "bound", "gap", "n_nodes"} <= set(answer)
    assert answer["reasons"]
    assert all(isinstance(each, str) for each in answer["reasons"])
    assert ask(model, INSTANCES[model], "--gap", "0.2")[1].count("\n") >= 2


def test_a_model_that_reads_no_files_says_which_do(ask):
    code, said = ask("hypercube", b"")
    assert code == 2
    assert "hypercube is solved by other programs and reads no files" in said
    assert "'rosters'" in said


def test_a_file_that_is_not_there_is_said(capsys, tmp_path):
    assert run(["plan", "solve", "rosters", "--instance", str(tmp_path / "none.json")]) == 2
    assert "there is no file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is no problem for rosters: Input data was truncated"),
        (b"[1, 2]", "Expected `object`, got `array`"),
        (b'{"need": [1], "nead": 2}', "unknown field `nead`"),
        (b'{"need": ["two"]}', "Expected `int`, got `str` - at `$.need[0]`"),
        (b"\xff\xfe", "is no problem for rosters"),
        (b'{"need": [1, 1]}', "there are 2 hours of need: give the 168 of a week"),
    ],
)
def test_a_broken_file_is_answered_with_the_place_in_it(ask, data, words):
    code, said = ask("rosters", data)
    assert code == 2
    assert words in said
