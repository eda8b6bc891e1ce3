"""City life on a clock that the test moves: people step in and out, and no order is left lying."""

from itertools import pairwise

import pytest
from living_toy import MINUTE_MS, LivingToy
from toy_city import FIGHT, START_MS, corner
from twin_runs import toy_calls

from kuaifan.geo.points import distances_m
from kuaifan.twin.life import ROLES, LifeWish
from kuaifan.twin.world import SimCall
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import missed, seat, talk
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import unit as units

FIRST_MS = START_MS + 5 * MINUTE_MS
ACTORS = {
    "callers": ("sim:caller:", "sim:agency:"),
    "call_taking": "sim:seat:",
    "dispatch": ("sim:dispatcher", "sim:supervisor"),
    "crews": ("sim:crew:", "sim:radio_room:"),
    "review": "sim:reviewer",
}
# The special seats are in tests/flows/test_seat_people.py: who works there, a folder says.
A_DAY = 24 * 60


def _calls(n_calls=20, **more):
    return toy_calls(n_calls, start_ms=FIRST_MS, **more)


def _is_at_rest(city):
    board = city.board
    return all(incident.state == "closed" for incident in board.incidents.values()) and all(
        call.state in {"ended", "abandoned"} for call in board.calls.values()
    )


def _times_of(city, role):
    return [r.at_ms for r in city.told.records if r.actor.startswith(ACTORS[role])]


def test_a_living_city_brings_every_call_to_its_end():
    city = LivingToy(_calls())
    city.run_minutes(A_DAY)
    assert _is_at_rest(city)
    assert len(city.board.calls) == 20
    assert all(record.fault is None for record in city.told.records)


@pytest.mark.parametrize("role", [role for role in ROLES if role in ACTORS])
def test_a_role_that_is_off_does_nothing_and_takes_up_its_work_once_it_is_on(role):
    city = LivingToy(_calls())
    city.run_minutes(25)
    off_ms = city.now_ms
    assert city.change(roles={role: False}).roles[role] is False
    city.run_minutes(20)
    on_ms = city.now_ms
    assert city.change(roles={role: True}).roles[role] is True
    city.run_minutes(A_DAY)
    times = _times_of(city, role)
    assert not [at_ms for at_ms in times if off_ms < at_ms < on_ms]
    assert [at_ms for at_ms in times if at_ms >= on_ms]
    assert _is_at_rest(city)


def test_while_nobody_calls_the_calls_of_that_time_never_ring():
    city = LivingToy(_calls(every_ms=MINUTE_MS))
    city.run_minutes(10)
    city.change(roles={"callers": False})
    city.run_minutes(5)
    city.change(roles={"callers": True})
    city.run_minutes(A_DAY)
    rang = [int(r.actor.rpartition(":")[2]) for r, _ in city.told.events(calls.CallRegistered)]
    assert len(rang) == len(set(rang)) == 15
    assert rang == sorted(rang)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_switched_off_and_on_at_once_does_nothing_twice(role):
    city = LivingToy(_calls())
    for _ in range(8):
        city.run_minutes(4)
        city.change(roles={role: False})
        city.change(roles={role: True})
    city.run_minutes(A_DAY)
    assert _is_at_rest(city)
    rang = [record.actor for record, _ in city.told.events(calls.CallRegistered)]
    assert len(rang) == len(set(rang)) == 20
    refused = [
        (type(record.command).__name__, record.refusal.code)
        for record in city.told.records
        if record.refusal is not None
    ]
    # A unit may be gone by the time its order goes out; nothing else is ever refused.
    assert {name for name, _ in refused} <= {"AssignUnit"}


def test_a_call_missed_while_a_seat_reaches_for_it_frees_the_seat_and_is_rung_back():
    city = LivingToy(_calls(2, every_ms=1_000), n_seats=1)
    city.run_until(FIRST_MS + 1_500)
    assert list(city.board.ringing) == ["C1", "C2"]
    city.do(calls.HangUpCall(call_id="C1"))
    city.run_minutes(A_DAY)
    (rung_back,) = (event for _, event in city.told.events(missed.CallBackStarted))
    assert rung_back.call_id == "C1", "who gave up is rung back, and tells his story then"
    assert [city.board.calls[call_id].state for call_id in ("C1", "C2")] == ["ended", "ended"]
    assert all(city.board.calls[call_id].incident_id for call_id in ("C1", "C2"))
    assert _is_at_rest(city)


def _sent_to_a_fight(city):
    """Run until the one unit on the way is known."""
    for _ in range(60):
        city.run_minutes(1)
        for order in city.board.orders.values():
            return order
    raise AssertionError("nobody was sent")


def _one_fight():
    lat, lon = corner(7.5, 7.5)
    return [SimCall(at_ms=FIRST_MS, type_code=FIGHT, lat=lat, lon=lon)]


def test_what_a_person_does_for_a_unit_is_not_done_by_its_simulated_crew():
    city = LivingToy(_one_fight())
    city.run_until(FIRST_MS)
    city.change(units_human=tuple(sorted(city.reference.units)))
    order = _sent_to_a_fight(city)
    city.run_minutes(10)
    assert order.state == "dispatched"
    assert [event.level for _, event in city.told.events(orders.OrderUnsigned)] == [1, 2, 3]
    city.do(orders.AcknowledgeOrder(order_id=order.order_id))
    city.do(orders.ReportEnRoute(order_id=order.order_id))
    city.run_minutes(15)
    assert order.state in {"en_route", "on_scene"}
    assert not _times_of(city, "crews")
    city.do(orders.ReportHandled(order_id=order.order_id))
    city.run_minutes(60)
    assert city.board.units[order.unit_id].status == "returning", "nobody says that it is back"


def test_the_car_of_a_person_still_drives_and_its_radio_never_falls_silent():
    city = LivingToy(_one_fight())
    city.run_until(FIRST_MS)
    city.change(units_human=tuple(sorted(city.reference.units)))
    order = _sent_to_a_fight(city)
    city.do(orders.ReportEnRoute(order_id=order.order_id))
    city.run_minutes(15)
    city.do(orders.ReportHandled(order_id=order.order_id))
    city.run_minutes(60)
    heard = [
        sighting.at_ms
        for sighting in city.told.sightings
        if order.unit_id in sighting.observation.unit_ids
    ]
    assert max(later - earlier for earlier, later in pairwise(heard)) <= 6 * MINUTE_MS
    assert city.now_ms - heard[-1] <= 5 * MINUTE_MS
    home = city.reference.posts[city.board.units[order.unit_id].home_post_id]
    *_, last = (
        s.observation for s in city.told.sightings if order.unit_id in s.observation.unit_ids
    )
    unit_i = last.unit_ids.index(order.unit_id)
    from_home_m = distances_m(last.lat[unit_i], last.lon[unit_i], to_lat=home.lat, to_lon=home.lon)
    assert from_home_m < 1.0


@pytest.mark.parametrize("after", ["sent", "acknowledged", "en_route", "handled"])
def test_a_unit_given_back_goes_on_from_where_the_person_left_it(after):
    city = LivingToy(_one_fight())
    city.run_until(FIRST_MS)
    city.change(units_human=tuple(sorted(city.reference.units)))
    order = _sent_to_a_fight(city)
    done = {"sent": 0, "acknowledged": 1, "en_route": 2, "handled": 3}[after]
    for command in (orders.AcknowledgeOrder, orders.ReportEnRoute, orders.ReportHandled)[:done]:
        city.do(command(order_id=order.order_id))
    city.run_minutes(20)
    city.change(units_human=())
    city.run_minutes(A_DAY)
    assert _is_at_rest(city)
    assert city.board.units[order.unit_id].status == "at_post"


@pytest.mark.parametrize("after_minutes", [0, 5, 7, 9, 13, 21, 34, 55, 89, 144, 233])
def test_after_a_restart_every_open_order_moves_on_to_its_end(after_minutes):
    """The engine is dropped and recovered from the journal; its people begin again."""
    before = LivingToy(_calls())
    before.run_minutes(after_minutes)
    open_orders = [o.order_id for o in before.board.orders.values() if o.is_active]
    city = LivingToy(_calls(), journal=before.journal)
    assert city.board.snapshot() == before.board.snapshot()
    city.run_minutes(2 * A_DAY)
    assert _is_at_rest(city)
    assert {city.board.orders[order_id].state for order_id in open_orders} <= {"fed_back"}
    rang = [record.actor for record, _ in city.told.events(calls.CallRegistered)]
    assert len(rang) == len(set(rang)) == 20
    assert [record.seq for record in city.told.records] == list(
        range(1, len(city.told.records) + 1)
    )


@pytest.mark.parametrize(
    ("state", "ended"), [("on_scene", "t8_ms"), ("handled", "t9_ms"), ("fed_back", "t10_ms")]
)
def test_who_is_at_work_during_restarts_is_done_when_it_would_have_been(state, ended):
    whole, city = LivingToy(_calls()), LivingToy(_calls())
    whole.run_minutes(A_DAY)
    at_work = []
    while not at_work:
        city.run_minutes(1)
        at_work = [o for o in city.board.orders.values() if o.state == state]
    # Whoever began its work anew each time would never come to the end of it.
    for _ in range(8):
        city = LivingToy(_calls(), journal=city.journal)
        city.run_minutes(2)
    city.run_minutes(A_DAY)

    def ended_at(living):
        if state == "fed_back":
            return [living.board.incidents[each.incident_id].t10_ms for each in at_work]
        return [getattr(living.board.orders[each.order_id], ended) for each in at_work]

    assert ended_at(city) == ended_at(whole)


def test_many_restarts_in_a_row_lose_nothing():
    city = LivingToy(_calls())
    for _ in range(25):
        city.run_minutes(3)
        city = LivingToy(_calls(), journal=city.journal)
    city.run_minutes(2 * A_DAY)
    assert _is_at_rest(city)
    assert city.told.records
    assert all(record.fault is None for record in city.told.records)


def test_a_wrong_wish_is_refused_and_changes_nothing():
    city = LivingToy(_calls(1))
    before = city.life.settings()
    for wish, words in (
        (LifeWish(speed=0.5), "speed 0.5"),
        (LifeWish(speed=61.0), "give 1 to 60"),
        (LifeWish(units_human=("P1", "X7")), "no unit X7"),
    ):
        with pytest.raises(ValueError, match=words):
            city.life.change(wish)
    assert city.life.settings() == before


def test_settings_say_who_is_simulated_and_how_fast():
    city = LivingToy(_calls(1))
    changed = city.change(speed=30.0, roles={"dispatch": False}, units_human=("T1", "P1"))
    assert changed == city.life.settings()
    assert (changed.speed, changed.units_human) == (30.0, ("P1", "T1"))
    assert changed.roles == dict.fromkeys(ROLES, True) | {"dispatch": False}


def test_people_at_the_desk_and_simulated_ones_work_side_by_side():
    """A person opens and reviews an incident; simulated people do the rest."""
    city = LivingToy(_calls(3))
    city.run_minutes(2)
    city.do(units.SetUnitStatus(unit_id="P1", status="patrolling"))
    lat, lon = corner(4, 4)
    opened = city.do(incidents.OpenIncident(type_code=FIGHT, lat=lat, lon=lon))
    city.run_minutes(A_DAY)
    assert city.board.incidents[opened.events[0].incident_id].state == "closed"
    assert _is_at_rest(city)


def test_seats_are_left_when_a_person_takes_the_calls_and_taken_again_afterwards():
    city = LivingToy(_calls(6))
    city.run_minutes(4)
    assert {seat.state for seat in city.board.desk_seats.values()} == {"idle"}
    city.change(roles={"call_taking": False})
    city.run_minutes(30)
    assert {seat.state for seat in city.board.desk_seats.values()} == {"off"}
    assert len(city.board.ringing) == 6, "nobody simulated answers"
    city.change(roles={"call_taking": True})
    city.run_minutes(A_DAY)
    assert _is_at_rest(city)


def test_a_seat_at_which_a_person_sits_is_left_to_that_person():
    city = LivingToy(_calls(8))
    city.do(seat.LogOnSeat(seat_id="seat-9", person="Zhang"))
    city.run_minutes(25)
    offered = [e for _, e in city.told.events(talk.CallOffered) if e.seat_id == "seat-9"]
    answered = [e for _, e in city.told.events(calls.CallAnswered) if e.seat_id == "seat-9"]
    assert offered
    assert answered == []
    city.do(seat.LogOffSeat(seat_id="seat-9"))
    city.run_minutes(A_DAY)
    assert _is_at_rest(city)


def test_raw_calls_of_a_living_city_come_to_their_end_across_restarts():
    silent = toy_calls(6, start_ms=FIRST_MS, every_ms=7 * MINUTE_MS, kind="silent", sign="quiet")
    asking = toy_calls(6, start_ms=FIRST_MS, every_ms=9 * MINUTE_MS, kind="hotline")
    raw = sorted([*_calls(10), *silent, *asking], key=lambda call: call.at_ms)
    city = LivingToy(raw)
    for _ in range(12):
        city.run_minutes(6)
        city = LivingToy(raw, journal=city.journal)
    city.run_minutes(2 * A_DAY)
    assert _is_at_rest(city)
    assert not any(call.is_open for call in city.board.calls.values())
    # What a special seat is owed outlives the incident; nobody sits there in this city.
    assert not [each for each in city.board.alarms.values() if each.kind != "item"]
    assert all(record.fault is None for record in city.told.records)
