"""People at the special seats of a twin and of a living city (仿真专席人员): as the folder says."""

from collections import Counter

import pytest
from living_toy import LivingToy
from promises_seat import SEAT_ID, promises_installed
from toy_city import START_MS
from twin_runs import run_toy, toy_calls

from kuaifan.app.rules import installed_plugins

N_CALLS = 20
MINUTE_MS = 60_000


@pytest.fixture(name="installed", scope="module", autouse=True)
def fixture_installed(tmp_path_factory):
    with promises_installed(tmp_path_factory.mktemp("plugins")) as folder:
        yield folder


def own():
    """The seat alone, whatever else is installed."""
    return tuple(each for each in installed_plugins() if each.plugin_id == SEAT_ID)


@pytest.fixture(name="told", scope="module")
def fixture_told(installed):
    assert installed
    return run_toy(toy_calls(N_CALLS), plugins=own())


def names(told):
    return Counter(type(event).__name__ for record in told.records for event in record.events)


def test_a_twin_has_people_at_the_seats_and_comes_to_its_end(told):
    found = names(told)
    assert 0 < found["Promised"] < N_CALLS
    assert found["PromiseEnded"] == found["Promised"]
    hows = {e.how for r in told.records for e in r.events if type(e).__name__ == "PromiseEnded"}
    assert hows == {"kept", "broken"}
    assert (told.figures.n_open, told.figures.faults) == (0, {})


def test_luck_at_a_seat_belongs_to_the_incident_whatever_else_happens(told):
    again = run_toy(toy_calls(N_CALLS), plugins=own(), n_seats=2)
    assert promised_of(again) == promised_of(told)
    other = run_toy(toy_calls(N_CALLS), plugins=own(), seed=2)
    assert promised_of(other) != promised_of(told)


def promised_of(told):
    """Callers who were promised a call, by the order in which they rang."""
    events = [event for record in told.records for event in record.events]
    ids = [e.incident_id for e in events if type(e).__name__ == "Promised"]
    return {told.board.incidents[incident_id].call_ids[0] for incident_id in ids}


def test_what_is_refused_at_a_seat_is_counted_and_said(told):
    refusals, words = told.figures.refusals, told.figures.refusal_words
    late = refusals["SayCalled: unknown_item"]
    assert 0 < late <= names(told)["Promised"]
    assert words["unknown_item"].startswith("at a special seat, the first time: there is no item")
    assert told.figures.n_unexplained == 0


def test_people_at_the_seats_step_out_and_take_up_what_lies_there():
    calls = toy_calls(N_CALLS, start_ms=START_MS + 5 * MINUTE_MS)
    city = LivingToy(calls, plugins=own())
    city.run_minutes(25)
    assert city.board.items
    assert not city.change(roles={"seats": False}).roles["seats"]
    city.run_minutes(5 * 60)
    assert [item.seat_id for item in city.board.items.values()].count("promises") > 0
    city.change(roles={"seats": True})
    city.run_minutes(60)
    assert not city.board.items
