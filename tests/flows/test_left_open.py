"""What is left open on purpose (有意遗留) is what the next mornings' clearing names, and no more.

Three simulated days of the toy city with every seat on; what the log says of them is then tried
with records taken away, doubled and bent, so that the report is known to see what is wrong.
"""

import msgspec
import pytest
from toy_city import BURGLARY, DOMESTIC, FIGHT, LOCKSMITH, START_MS, corner
from twin_runs import run_toy, toy_calls, toy_reference

from kuaifan.app.loop_lives import DECIDES, Lives
from kuaifan.app.loop_mornings import Mornings
from kuaifan.app.quarter import read_report
from kuaifan.app.rules import installed_plugins
from kuaifan.app.twin_left import MANNERS, make_left_open
from kuaifan.board.day_tally import DAY_MS, day_of, start_of_day
from kuaifan.vocabulary.alarm import AlarmRaised
from kuaifan.vocabulary.item import ItemOpened

NEIGHBOURS, LAMP, FRAUD = "060103", "100102", "010301"
HOUR_MS = 3_600_000
EIGHT_MS = start_of_day(day_of(START_MS)) + 8 * HOUR_MS
TYPES = (FIGHT, NEIGHBOURS, LOCKSMITH, LAMP, FRAUD, NEIGHBOURS, BURGLARY, LAMP, DOMESTIC)
N_DAYS, A_DAY, SEED = 2, 36, 8


def calls():
    """Two mornings of calls, all of which are over by the next one unless somebody forgets."""
    found = []
    for day in range(N_DAYS):
        for n in range(A_DAY):
            lat, lon = corner(n * 5 % 9 * 0.9 + 0.3, n * 7 % 9 * 0.9 + 0.2)
            at_ms = EIGHT_MS + day * DAY_MS + n * 6 * 60_000
            found += toy_calls(1, start_ms=at_ms, type_code=TYPES[n % len(TYPES)], lat=lat, lon=lon)
    return found


@pytest.fixture(name="told", scope="module")
def fixture_told():
    left, until_ms = make_left_open(SEED, 0.5), EIGHT_MS + (N_DAYS + 1) * DAY_MS + 2 * HOUR_MS
    told = run_toy(
        calls(), plugins=installed_plugins(), left=left, until_ms=until_ms, seed=SEED, n_seats=4
    )
    told.left = dict(left.left)
    return told


def report_of(told, records=None):
    types = toy_reference().types
    return read_report(records or told.records, types, told.left, N_DAYS)


def bent(told, bend):
    """The records with their events bent: an event becomes those that `bend` gives for it."""
    return [
        msgspec.structs.replace(record, events=tuple(e for old in record.events for e in bend(old)))
        for record in told.records
    ]


def test_the_clearing_names_exactly_what_was_left_open(told):
    report = report_of(told)
    assert set(told.left.values()) == {each.name for each in MANNERS}
    assert set(report.mornings[-1].named) == set(told.left)
    assert (report.left.missing, report.left.besides, report.left.n_ended) == ((), (), 0)
    assert [(each.overlooked, each.wrong) for each in report.mornings] == [((), ())] * 4
    assert set(told.board.seats["daily_clearing"].uncleared) == set(told.left)


def test_every_seat_is_on_and_every_law_holds(told):
    report = report_of(told)
    # Seldom: a crime that asks branches, a complaint, a call from a firm.
    quiet = {"joint_task", "complaints", "enterprise"}
    on = {each.plugin_id for each in installed_plugins() if each.kind == "seats"}
    assert on - quiet <= {seat.seat_id for seat in report.seats} | quiet
    assert (report.faults, report.refused_by_system, report.laws_broken) == ({}, {}, {})
    assert report.is_sound
    assert all(life.owner.owner_id and life.due_at_ms for life in report.open_items)
    assert {life.item_id for life in report.open_items} == set(told.board.items)
    assert sum(seat.n_late for seat in report.seats) > 0
    assert all(life.ladder[-1].to in DECIDES for life in report.open_items)


def test_a_run_without_anybody_forgotten_leaves_none_of_them(told):
    assert make_left_open(SEED, 0.0) is None
    until_ms = EIGHT_MS + DAY_MS + 2 * HOUR_MS
    same = run_toy(calls()[:A_DAY], plugins=installed_plugins(), until_ms=until_ms, seed=SEED)
    found = Mornings()
    for record in same.records:
        found.take(record)
    assert not set(found.found[-1].named) & set(told.left)


def test_a_timer_that_never_rang_is_missed(told):
    silent = bent(told, lambda e: () if isinstance(e, AlarmRaised) and e.kind == "item" else (e,))
    broken = report_of(told, silent).laws_broken
    assert broken["no timer is lost"] > 0


def test_an_alarm_that_rings_twice_is_told(told):
    def twice(event):
        is_item = isinstance(event, AlarmRaised) and event.kind == "item"
        return (event, event) if is_item else (event,)

    report = report_of(told, bent(told, twice))
    n_rings = sum(sum(seat.rings.values()) for seat in report_of(told).seats)
    assert report.laws_broken["each rung rings once, in its order"] == n_rings
    assert not report.is_sound


def test_a_ladder_that_ends_with_nobody_who_decides_is_told(told):
    def shorter(event):
        if not isinstance(event, ItemOpened):
            return (event,)
        rungs = tuple(msgspec.structs.replace(rung, to="dispatcher") for rung in event.ladder)
        return (msgspec.structs.replace(event, ladder=rungs),)

    lives = Lives()
    for record in bent(told, shorter):
        lives.take(record)
    n_items = sum(seat.n_opened for seat in lives.finish())
    assert lives.n_faults["a ladder ends with a person who decides"] == n_items


def test_an_incident_that_the_clearing_overlooks_or_names_wrongly_is_told(told):
    overlooked, wrong = min(told.left), "J1"

    def other(event):
        if type(event).__name__ != "DailyClearingRun":
            return (event,)
        named = {*event.left_ids, wrong} - {overlooked}
        return (msgspec.structs.replace(event, left_ids=tuple(sorted(named))),)

    report = report_of(told, bent(told, other))
    assert report.mornings[-1].overlooked == (overlooked,)
    assert wrong in report.mornings[-1].wrong
    assert report.left.missing == (overlooked,)


def test_money_that_moves_from_where_it_is_not_is_told(told):
    def without_a_loss(event):
        is_told = type(event).__name__ == "MoneyMoved" and not event.left
        return () if is_told else (event,)

    money = report_of(told).money
    assert money.is_balanced
    assert 0 < money.lost == sum(money.states.values())
    assert not report_of(told, bent(told, without_a_loss)).money.is_balanced
