"""`plan solve` on every model that chooses sites: solved, or answered in words."""

import re
from pathlib import Path

import msgspec
import pytest

from kuaifan.app.cli import run

SITES = {"sites": [[0, 0], [9, 0], [18, 0]], "demands": [[1, 0], [8, 0], [17, 0], [19, 0]]}
FAR = {"cost": [[1, None], [2, None]]}
FORCE = {"name": "street_station", "n_crews": 1}
RING = {"name": "3 min", "limit": 3}
MODELS = {
    "p_median": {"n_open": 2},
    "p_center": {"n_open": 2},
    "mclp": {"n_open": 2, "limit": 3},
    "lscp": {"limit": 3},
    "partial_covering": {"limit": 3, "share": 0.5},
    "gradual": {"n_open": 2, "full": 1, "nothing": 9},
    "mexclp": {"n_crews": 3, "busy": 0.3, "limit": 3},
    "double_cover": {"n_crews": 4, "limit": 3, "share": 0.4, "room": 2},
    "relocation": {"existing": [0, 1], "limit": 3, "max_moves": 1},
    "rings": {"forces": [FORCE, {"name": "standby_post", "n_crews": 1}], "rings": [RING]},
}


@pytest.fixture
def ask(tmp_path, capsys):
    """Solve a problem by its model; the exit code and what was said."""

    def solve(model, instance, *options):
        file = tmp_path / "it.json"
        file.write_bytes(msgspec.json.encode(instance))
        code = run(["plan", "solve", model, "--instance", str(file), *options])
        said = capsys.readouterr()
        return code, said.out + said.err

    return solve


@pytest.mark.parametrize("model", MODELS)
def test_an_instance_is_solved_with_value_bound_gap_time_and_reasons(ask, model):
    code, said = ask(model, SITES | MODELS[model], "--json")
    solved = msgspec.json.decode(said)
    answer = solved["answer"]
    assert (code, solved["model"], answer["is_proven"], answer["gap"]) == (0, model, True, 0.0)
    assert answer["value"] == pytest.approx(answer["bound"])
    assert answer["value"] > 0
    assert solved["seconds"] >= 0
    assert {each["site"] for each in answer["reasons"]} == set(answer["sites"])
    code, said = ask(model, SITES | MODELS[model])
    assert code == 0
    assert all(f"site {site}" in said for site in answer["sites"])


@pytest.mark.parametrize(
    ("model", "change", "words"),
    [
        # Empty.
        *((model, {"sites": [], "demands": []}, "at least one") for model in MODELS),
        # What nobody can read.
        *((model, {"speed": 3}, "unknown field `speed`") for model in MODELS),
        *((model, {"weight": [1, 2]}, "4 demands but 2 weights") for model in MODELS),
        *((model, {"weight": [1, -2, 1, 1]}, "the weight of demand 1 is -2") for model in MODELS),
        *((model, {"forbidden": [7]}, "there is no site 7") for model in MODELS),
        # More than can be.
        ("p_median", {"n_open": 4}, "only 3 sites may be opened"),
        ("p_center", {"n_open": 10**30}, "only 3 sites may be opened"),
        ("mclp", {"n_open": 4}, "only 3 sites may be opened"),
        (
            "lscp",
            {"demands": [[1, 0], [8, 0], [17, 0], [30, 0]]},
            "75.00% of the demand, 100.00% is asked for",
        ),
        ("partial_covering", {"share": 1.2}, "the share to cover is 1.2"),
        ("gradual", {"n_open": 4}, "only 3 sites may be opened"),
        ("mexclp", {"n_crews": 10**30}, "crews are to stand: give 1 to 10000"),
        ("double_cover", {"n_crews": 9}, "there is room for 6 only"),
        ("relocation", {"forbidden": [0, 1]}, "2 posts are asked for but only 1 sites"),
        ("rings", {"forces": [FORCE | {"n_crews": 4}]}, "4 crews are to stand but sites have"),
        ("rings", {"rings": [RING | {"promise": 1.0}]}, "cover 75.0% at most: promise less"),
        ("mexclp", {"room": 10**30}, "site 0 has room for 1"),
    ],
)
def test_what_cannot_be_is_answered_in_words(ask, model, change, words):
    code, said = ask(model, SITES | MODELS[model] | change)
    assert code == 2
    assert words in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("p_median", "demand 1 cannot be reached from any site"),
        ("p_center", "1 demands cannot be reached from any site"),
        ("lscp", "all sites together cover 50.00% of the demand"),
        ("double_cover", "cover 50.00% of the demand, 100.00% is asked for"),
    ],
)
def test_a_demand_out_of_reach_is_named_where_all_must_be_served(ask, model, words):
    more = {"share": 1.0, "n_crews": 1} if model == "double_cover" else {}
    more |= {"n_open": 1} if model.startswith("p_") else {}
    code, said = ask(model, FAR | MODELS[model] | more)
    assert code == 2
    assert words in said


@pytest.mark.parametrize("model", ["mclp", "gradual", "mexclp", "relocation", "partial_covering"])
def test_a_demand_out_of_reach_is_covered_by_none_where_most_is_enough(ask, model):
    more = {"n_open": 1} if model in ("mclp", "gradual") else {}
    code, said = ask(model, FAR | MODELS[model] | more, "--json")
    assert code == 0
    assert 0 < msgspec.json.decode(said)["answer"]["value"] <= 1


def examples():
    """Each model's example on the page of forms."""
    page = Path(__file__).resolve().parents[3] / "docs" / "reference" / "plan-site-instances.md"
    found = re.findall(
        r"^## (\w+) .*?```json\n(.*?)```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    return {model: msgspec.json.decode(text) for model, text in found}


def test_the_page_shows_a_form_of_every_model():
    assert set(examples()) == set(MODELS)


@pytest.mark.parametrize("model", MODELS)
def test_the_examples_of_the_page_are_solved_as_they_stand(ask, model):
    code, said = ask(model, examples()[model])
    assert code == 0, said
