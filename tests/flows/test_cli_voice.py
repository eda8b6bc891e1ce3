"""How the command speaks: help in English with the Chinese term, one JSON object, one sentence."""

import json
import re

import pytest
from cli_reference import list_commands

from kuaifan.app.cli import app

COMMANDS = list_commands(app)
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_in_english_with_the_chinese_term(kuaifan, command):
    assert kuaifan(*command, "--help") == 0
    usage, _, description = kuaifan.said.partition("\n\n")
    assert usage.startswith("Usage: kuaifan " + " ".join(command))
    assert CHINESE.search(description.partition("╭")[0]), "the Chinese term is missing"
    options = re.findall(r"^│ [* ]  (--[a-z-]+|[A-Z]{3,})(.*)", kuaifan.said, re.MULTILINE)
    assert all(re.search(r"[a-z]{3}", text) for _, text in options)


def test_the_command_itself_lists_its_commands_and_its_version(kuaifan):
    assert kuaifan() == 0
    assert kuaifan("--help") == 0
    for name in {command[0] for command in COMMANDS}:
        assert re.search(rf"│ {name} ", kuaifan.said), name
    assert kuaifan("--version") == 0
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*", kuaifan.said.strip())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nonsense",), "nonsense"),
        (("log", "nonsense"), "nonsense"),
        (("city", "check", "--nonsense", "x"), "--nonsense"),
        (("city", "import", "one"), "TARGET"),
        (("city", "import", "one", "two", "three"), "three"),
        (("log", "export", "--db", "sqlite:///x"), "--output"),
        (("twin", "run"), "--city"),
        (("bench", "core", "--lives", "0"), "--lives"),
        (("bench", "core", "--lives", "many"), "--lives"),
        (("bench", "recommend", "--units", "-1"), "--units"),
        (("bench", "recommend", "--city", "nowhere"), "nowhere"),
        (("bench", "recommend", "--city", "a", "--roads", "b"), "--roads"),
        (("bench", "kill", "--rounds", "0"), "--rounds"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_understood_is_named_in_one_sentence(kuaifan, arguments, words):
    problem = kuaifan.refuses(*arguments)
    assert words in problem
    assert "see `kuaifan" in problem or "give" in problem, "no cure"


def test_json_is_exactly_one_object_on_one_line(kuaifan, town, out, tmp_path):
    db = ("--db", f"sqlite:///{out / 'log.db'}")
    calls = ("import", "calls", town.table, "--mapping", town.mapping, "-o", tmp_path / "calls")
    for arguments in (
        ("city", "import", town.streets, tmp_path / "city"),
        ("city", "check", town.city),
        ("city", "info", town.city),
        calls,
        ("twin", "run", "--city", town.city, "--calls", town.calls, "-o", tmp_path / "out"),
        ("replay", *db),
        ("log", "head", *db),
        ("log", "verify", *db),
    ):
        assert kuaifan(*arguments, "--json") == 0
        assert kuaifan.said.count("\n") == 1
        assert isinstance(json.loads(kuaifan.said), dict), arguments


def test_every_figure_of_a_bench_has_its_name(kuaifan):
    assert kuaifan("bench", "core", "--lives", "5") == 0
    core = json.loads(kuaifan.said)
    assert list(core) == [
        "decisions_per_s",
        "simple_decisions_per_s",
        "ack_p50_ms",
        "ack_p99_ms",
        "fdatasync_per_s",
    ]
    assert all(figure > 0 for figure in core.values())


def test_a_recommendation_is_measured_on_a_city_or_on_a_map(kuaifan, town):
    for wishes in (("--city", town.city), ("--roads", town.streets)):
        assert kuaifan("bench", "recommend", "--units", "50", *wishes) == 0
        figures = json.loads(kuaifan.said)
        assert list(figures) == ["nodes", "units", "p50_ms", "p99_ms"]
        assert (figures["nodes"], figures["units"]) == (36, 50)
        assert 0 < figures["p50_ms"] <= figures["p99_ms"]


def test_a_run_is_told_in_words(kuaifan, town, tmp_path):
    out = tmp_path / "out"
    run = ("twin", "run", "--city", town.city, "--calls", town.calls, "-o", out)
    assert kuaifan(*run) == 0
    assert "30 calls, 30 incidents, 30 closed" in kuaifan.said
    assert "STILL OPEN" not in kuaifan.said
    assert str(out / "summary.json") in kuaifan.said
    assert kuaifan("replay", "--db", f"sqlite:///{out / 'log.db'}") == 0
    assert "identical, content " in kuaifan.said
    assert kuaifan("log", "verify", "--db", f"sqlite:///{out / 'log.db'}") == 0
    assert "are as they were written" in kuaifan.said
