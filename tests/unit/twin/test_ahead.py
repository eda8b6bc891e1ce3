"""The time ahead of a board (前瞻): the same calls and luck, another policy or another choice."""

from zoneinfo import ZoneInfo

import pytest
from toy_city import FIGHT, Desk, corner

from kuaifan.app.cli_ahead import read_choices
from kuaifan.kernel.errors import BadInputError
from kuaifan.twin.ahead import AheadRun, save_state
from kuaifan.twin.variants import command_of
from kuaifan.twin.world import SimCall
from kuaifan.vocabulary.order import AssignUnit

MINUTE_MS = 60_000


@pytest.fixture
def desk():
    """At work: two incidents wait, four units are on duty."""
    desk = Desk()
    desk.on_duty("P1", "P2", "P3", "S1")
    desk.opened(FIGHT, corner(1, 1))
    desk.opened(FIGHT, corner(7, 2))
    return desk


@pytest.fixture
def run(desk):
    return AheadRun(
        save_state(desk.engine.state),
        desk.empty_board,
        desk.engine.rules,
        desk.engine.codec,
        ZoneInfo("Asia/Shanghai"),
    )


def ring(desk, *minutes):
    """Calls so many minutes ahead."""
    now_ms = desk.engine.state.head.at_ms
    places = [corner(4, 5), corner(2, 6), corner(6, 1)]
    return [
        SimCall(
            at_ms=now_ms + minute * MINUTE_MS,
            type_code=FIGHT,
            lat=places[i % 3][0],
            lon=places[i % 3][1],
            service_ms=10 * MINUTE_MS,
        )
        for i, minute in enumerate(minutes)
    ]


def ahead(desk, run, calls, **more):
    until_ms = desk.engine.state.head.at_ms + 30 * MINUTE_MS
    return run.run(calls, seed=more.pop("seed", 5), until_ms=until_ms, **more)


def test_what_waits_and_what_rings_is_reached_by_people_who_take_up_the_board(desk, run):
    row = ahead(desk, run, ring(desk, 2, 10))
    assert row.n_calls == 2
    assert len(row.response_s) + row.n_unreached >= 4
    assert len(row.response_s) >= 3
    assert len(row.lost_min) == len(desk.board.reference.circle_posts)
    assert all(0 <= each <= 30.1 for each in row.lost_min)


def test_same_seed_same_time_ahead_and_the_desk_is_as_it_was(desk, run):
    calls, before = ring(desk, 2, 10), save_state(desk.engine.state)
    assert ahead(desk, run, calls) == ahead(desk, run, calls)
    assert ahead(desk, run, calls, seed=6) != ahead(desk, run, calls)
    assert save_state(desk.engine.state) == before


def test_another_policy_is_tried_without_the_gate_of_the_desk(desk, run):
    calls = ring(desk, 1, 2, 3, 4)
    was = ahead(desk, run, calls)
    other = ahead(desk, run, calls, policy=command_of("station_first:moves=no", "twin"))
    assert other.n_calls == was.n_calls
    assert other.response_s != was.response_s


def test_another_choice_is_made_first_and_one_that_could_not_be_is_said(desk, run):
    calls = ring(desk, 5)
    chosen = AssignUnit(incident_id="J1", unit_id="P2", by="twin")
    assert ahead(desk, run, calls, first=[chosen]).response_s != ahead(desk, run, calls).response_s
    nobody = AssignUnit(incident_id="J1", unit_id="P9", by="twin")
    with pytest.raises(BadInputError, match="could not be made at that moment"):
        ahead(desk, run, calls, first=[nobody])


def test_choices_are_read_and_others_refused():
    assert read_choices(["J1=P2"]) == (("J1", "P2"),)
    with pytest.raises(BadInputError, match="such as J71=P3"):
        read_choices(["J1"])
