"""A tie broken the other way is a difference: replay names the first record and exits 1."""

import json
import re

import pytest
from small_town import make_town
from twin_runs import first_tie_seq, flipped_rulebook, run_into_log, run_toy, toy_calls
from twin_runs import toy_reference as toy

from kuaifan.app.cli import run as run_command
from kuaifan.app.reference import make_reference
from kuaifan.app.replay import Replay
from kuaifan.app.rules import core_rulebook
from kuaifan.app.twin_run import calls_of_file
from kuaifan.city.calls import read_calls
from kuaifan.city.folder import read_city

N_CALLS = 20


@pytest.fixture(name="log")
def fixture_log(tmp_path):
    """A run of the toy city, where two crews stand at the same post, under the core's rules."""
    log = tmp_path / "log.db"
    told = run_into_log(log, toy_calls(N_CALLS), reference=toy(), rules=core_rulebook())
    return log, told


def test_the_same_rules_find_no_difference(log):
    path, told = log
    report = Replay(path, toy()).run()
    assert report.identical
    assert report.first_difference is None
    assert report.n_records == len(told.records)
    assert report.content_hash == told.content_hash


def test_one_flipped_tie_break_is_found_at_its_first_record(log):
    path, told = log
    report = Replay(path, toy(), rules=flipped_rulebook()).run()
    assert report.identical is False
    assert report.first_difference is not None
    assert report.first_difference.seq == first_tie_seq(told.records)
    assert report.first_difference.n_fields > 0
    assert report.n_records == report.first_difference.seq - 1


def test_a_flipped_tie_break_changes_the_run_itself():
    straight, flipped = (
        run_toy(toy_calls(N_CALLS), rules=rules)
        for rules in (core_rulebook(()), flipped_rulebook(()))
    )
    assert straight.content_hash != flipped.content_hash


def _bring_all_patrols_to_one_post(city):
    forces = city / "forces.csv"
    text = forces.read_text(encoding="utf-8")
    forces.write_text(re.sub(r",(SS|SP)\d+,ORG-SWAT,ORG-110,", ",SS01,ORG-SWAT,ORG-110,", text))
    assert run_command(["city", "check", str(city), "--accept-edits"]) == 0


def test_the_command_exits_1_on_a_log_that_broke_ties_the_other_way(tmp_path, capsys):
    town = make_town(tmp_path)
    _bring_all_patrols_to_one_post(town.city)
    city = read_city(town.city)
    reference, found = make_reference(city), read_calls(town.calls)
    calls = calls_of_file(found.header, found.rows, city).sim_calls
    log, path = tmp_path / "log.db", str(city.path)
    told = run_into_log(log, calls, reference=reference, rules=flipped_rulebook(), city_path=path)
    capsys.readouterr()
    assert run_command(["replay", "--db", f"sqlite:///{log}", "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["identical"] is False
    assert report["first_difference"]["seq"] == first_tie_seq(told.records)
    assert run_command(["replay", "--db", f"sqlite:///{log}"]) == 1
    assert f"DIFFERENT at record {first_tie_seq(told.records)}" in capsys.readouterr().out
