"""`plan solve` on problems of the project's own form: solved, or answered in words."""

import re
from pathlib import Path

import msgspec
import numpy as np
import pytest

from kuaifan.app.cli import run
from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.plugins import find_plugins

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "plan-instances.md"
EXAMPLES = dict(
    re.findall(
        r"^## (\w+).*?^```json\n(.*?)^```",
        PAGE.read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
)


@pytest.fixture
def ask(tmp_path, capsys):
    """Solve a problem by its model; the exit code and what was said."""

    def solve(model, instance, *options):
        file = tmp_path / "it.json"
        file.write_bytes(instance)
        code = run(["plan", "solve", model, "--instance", str(file), *options])
        said = capsys.readouterr()
        return code, said.out + said.err

    return solve


@pytest.mark.parametrize("model", EXAMPLES)
def test_each_example_of_the_page_is_solved_with_bound_gap_time_and_reasons(ask, model):
    code, said = ask(model, EXAMPLES[model].encode(), "--json", "--gap", "0.2")
    solved = msgspec.json.decode(said)
    answer = solved["answer"]
    assert (code, solved["model"], solved["seconds"] >= 0) == (0, model, True)
    assert answer["is_proven"]
    assert {"value", "bound", "gap", "n_nodes"} <= set(answer)
    assert answer["reasons"]
    assert ask(model, EXAMPLES[model].encode(), "--gap", "0.2")[1].count("\n") >= 2


def test_every_model_that_reads_problems_has_its_example():
    reads = {p.plugin_id for p in find_plugins("models") if "instance" in p.declaration}
    assert reads == set(EXAMPLES)


def leaves_of(value, path=()):
    """Where numbers stand in a problem; of a list the first and the last."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from leaves_of(each, (*path, key))
    elif isinstance(value, list):
        for i in sorted({0, len(value) - 1} if value else ()):
            yield from leaves_of(value[i], (*path, i))
    elif isinstance(value, int | float):
        yield path


def changed(value, path, leaf):
    """The problem with another number in one place."""
    if not path:
        return leaf
    copy = value.copy()
    copy[path[0]] = changed(value[path[0]], path[1:], leaf)
    return copy


@pytest.mark.parametrize("model", ["compliance_tables", "dmexclp", "patrol_grids", "patrol_routes",
                                   "rosters"])  # fmt: skip
def test_an_absurd_number_anywhere_is_solved_or_answered_in_words(model):
    declared = {p.plugin_id: p.declaration for p in find_plugins("models")}[model]
    problem = msgspec.json.decode(EXAMPLES[model])
    n_refused = 0
    for path in leaves_of(problem):
        for leaf in (-1, 10**30, 1e300, None):
            text = msgspec.json.encode(changed(problem, path, leaf))
            try:
                instance = msgspec.json.decode(text, type=declared["instance"])
                answer = declared["solve"](declared["pose"](instance), gap=0.5)
            except (msgspec.ValidationError, BadInputError):
                n_refused += 1
            else:
                assert np.isfinite(answer.value)
    assert n_refused > 10


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
