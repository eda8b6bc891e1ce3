"""Paper cards (纸质补录): reserved numbers, true times; what is over stays over, the rest lives."""

import pytest
from toy_city import DOMESTIC, FIGHT, JAM, LOCKSMITH, START_MS, UNITS, Desk, corner, image, names

from kuaifan.vocabulary.call import RegisterCall
from kuaifan.vocabulary.incident import OpenIncident
from kuaifan.vocabulary.letter import WarningLetter
from kuaifan.vocabulary.paper import EnterPaperCard, PaperOrder, ReserveCardNumbers
from kuaifan.vocabulary.setting import ChangeResponsePlan
from kuaifan.vocabulary.undo import Undo

NO_LETTER = WarningLetter(issued=False, reason="first time")
HOUR_S, DAY_S = 3_600, 86_400
BACK_S = 10 * HOUR_S
"""When the desk is back: cards are typed in then."""


def at(second):
    return START_MS + round(second * 1000)


@pytest.fixture
def desk():
    desk = Desk()
    desk.on_duty(*UNITS)
    desk.do(ReserveCardNumbers(n_cards=5, by="Zhao"))
    return desk


def order(unit_id="P1", **fields):
    stamps = {"signed": 120, "en_route": 150, "arrived": 400, "handled": 1_500}
    stamps = {f"{name}_at_ms": at(second) for name, second in stamps.items()}
    return PaperOrder(**{"unit_id": unit_id, "sent_at_ms": at(100), **stamps, **fields})


def card(number="J1", **fields):
    lat, lon = corner(4, 6)
    told = {"incident_id": number, "type_code": FIGHT, "called_at_ms": at(60), "by": "Qian"}
    return EnterPaperCard(**{**told, "lat": lat, "lon": lon, "address": "Row 4", **fields})


def finished(number="J1", **fields):
    return card(number, orders=(order(disposition="settled", story="talked to both"),), **fields)


def test_reserved_numbers_are_given_to_nothing_else(desk):
    assert desk.opened(FIGHT, corner(1, 1)) == "J6"
    second = desk.do(ReserveCardNumbers(n_cards=2, by="Zhao", desk_id="d1")).events[0]
    assert (second.first_no, second.block_id) == (7, "K2")
    assert desk.opened(FIGHT, corner(7, 1)) == "J9"
    assert desk.board.card_blocks["K2"].desk_id == "d1"
    assert image(desk.rebuilt()) == image(desk.engine.state)


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"by": " "}, "no_name"), ({"desk_id": "nowhere"}, "unknown_desk")],
)
def test_nobody_reserves_numbers_namelessly_or_for_no_desk(desk, fields, code):
    assert desk.code(ReserveCardNumbers(**{"n_cards": 1, "by": "Zhao", **fields})) == code


def test_a_finished_card_keeps_its_true_times_and_who_typed_it_and_when(desk):
    record = desk.do(finished(written_by="Sun"), at_s=BACK_S)
    board, entered = desk.board, at(BACK_S)
    incident, one = board.incidents["J1"], board.orders["J1-1"]
    call = board.calls[incident.call_ids[0]]
    assert (incident.opened_at_ms, incident.tp_ms, call.t0_ms, call.t2_ms) == (at(60),) * 4
    assert (one.t4_ms, one.t5_ms, one.t6_ms) == (at(100), at(120), at(150))
    assert (one.t7_ms, one.t8_ms, one.t9_ms) == (at(400), at(1_500), at(1_500))
    assert (one.t7_source, one.state, incident.state) == ("paper", "fed_back", "fed_back")
    assert set(one.device_marks.values()) == {"paper"}
    assert len(one.device_marks) == 6
    assert (incident.entered_at_ms, incident.entered_by) == (entered, "Qian")
    assert call.entered_at_ms == entered
    assert board.card_blocks["K1"].used == [1]
    assert record.at_ms == desk.engine.state.head.at_ms == entered
    assert image(desk.rebuilt()) == image(desk.engine.state)


def test_a_card_that_is_over_leaves_the_suggestion_for_its_unit_standing():
    desk = Desk()
    desk.on_duty("P2", "P3", "T2")
    desk.do(ReserveCardNumbers(n_cards=5, by="Zhao"))
    desk.sent(desk.opened(FIGHT, corner(7, 2), at_s=BACK_S), "P2")
    assert [*desk.board.move_ups] == ["P3"]
    desk.do(card(orders=(order("P3"),)))
    assert [*desk.board.move_ups] == ["P3"]
    assert image(desk.rebuilt()) == image(desk.engine.state)


def test_no_clock_rings_for_what_is_long_over_and_nobody_is_bound(desk):
    desk.do(finished(), at_s=BACK_S)
    assert not desk.board.units["P1"].order_id
    assert not [name for due in desk.engine.state.timers.save() if "J1" in (name := str(due))]
    desk.run_until(BACK_S + DAY_S)
    assert not [alarm for alarm in desk.board.alarms if "J1" in alarm]


def test_a_unit_that_has_live_work_keeps_it_when_its_old_card_comes_in(desk):
    live = desk.sent(desk.opened(JAM, corner(1, 1), at_s=BACK_S), "P1")
    desk.do(finished(), at_s=BACK_S + 60)
    assert desk.board.units["P1"].order_id == live


def test_an_old_card_proposes_no_move_and_ranks_nothing(desk):
    desk.opened(JAM, corner(1, 1), at_s=BACK_S)
    made = names(desk.do(finished(), at_s=BACK_S + 60))
    assert not {"MoveUpSuggested", "RecommendationMade", "DuplicateSuggested"} & set(made)


def test_a_unit_still_out_is_bound_and_its_incident_goes_on_live(desk):
    still = order(handled_at_ms=0)
    desk.do(card(orders=(still,)), at_s=BACK_S)
    assert desk.board.units["P1"].order_id == "J1-1"
    assert desk.board.incidents["J1"].state == "on_scene"
    desk.fed_back("J1-1")
    assert desk.board.incidents["J1"].state == "fed_back"
    assert desk.board.orders["J1-1"].t7_ms == at(400)
    assert image(desk.rebuilt()) == image(desk.engine.state)


def test_an_incident_nobody_was_sent_to_waits_and_alarms_at_once(desk):
    made = names(desk.do(card(), at_s=BACK_S))
    assert "RecommendationMade" in made
    assert "J1" in desk.board.waiting
    desk.run_until(BACK_S + 1)
    assert desk.board.alarms["queue:J1"].level >= 1


def test_a_card_still_open_is_held_against_what_was_reported_live(desk):
    desk.opened(FIGHT, corner(4, 6), at_s=BACK_S)
    record = desk.do(card(called_at_ms=at(BACK_S - 60)), at_s=BACK_S + 60)
    assert "DuplicateSuggested" in names(record)


def test_handled_without_a_result_owes_its_feedback_from_now_on(desk):
    desk.do(card(orders=(order(),)), at_s=BACK_S)
    desk.run_until(BACK_S + 1_700)
    assert not desk.board.orders["J1-1"].feedback_overdue
    desk.run_until(BACK_S + 1_900)
    assert desk.board.orders["J1-1"].feedback_overdue


def test_a_card_settled_by_phone_is_handled(desk):
    desk.do(card(type_code=LOCKSMITH, settled="advised"), at_s=BACK_S)
    assert desk.board.incidents["J1"].state == "handled"
    assert desk.board.incidents["J1"].disposition == "advised"


def test_a_card_without_a_place_is_placed_later(desk):
    desk.do(card(lat=None, lon=None, caller_name="Li"), at_s=BACK_S)
    assert not desk.board.incidents["J1"].is_placed
    assert next(iter(desk.board.calls.values())).caller_name == "Li"


def test_a_seat_that_talks_now_is_not_freed_by_a_card_it_wrote_then(desk):
    desk.do(RegisterCall(line="walk_in", seat_id="S1"), at_s=BACK_S)
    desk.do(finished(seat_id="S1"), at_s=BACK_S)
    assert desk.board.calls["C1"].state == "talking"


def test_a_card_is_not_taken_back_by_a_key(desk):
    seq = desk.do(finished(), at_s=BACK_S).seq
    assert desk.code(Undo(seq=seq)) == "nothing_to_undo"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"by": ""}, "no_name"),
        ({"number": "J6"}, "card_not_reserved"),
        ({"number": "J01"}, "card_not_reserved"),
        ({"number": "nonsense"}, "card_not_reserved"),
        ({"type_code": "nonsense"}, "unknown_type"),
        ({"called_at_ms": at(BACK_S + 1)}, "stamp_in_future"),
        ({"called_at_ms": at(BACK_S - 8 * DAY_S)}, "too_long_ago"),
        ({"outage_from_ms": at(61)}, "before_outage"),
        ({"ended_at_ms": at(59)}, "stamps_out_of_order"),
        ({"orders": (order(sent_at_ms=at(59)),)}, "stamps_out_of_order"),
        ({"orders": (order(arrived_at_ms=at(149)),)}, "stamps_out_of_order"),
        ({"orders": (order(handled_at_ms=at(BACK_S + 9)),)}, "stamp_in_future"),
        ({"orders": (order(), order())}, "unit_twice"),
        ({"orders": (order("X9"),)}, "unknown_unit"),
        ({"orders": (order(handled_at_ms=0, disposition="settled"),)}, "not_handled"),
        ({"orders": (order(handled_at_ms=0, story="talked"),)}, "not_handled"),
        ({"orders": (order(story="talked"),)}, "disposition_needed"),
        ({"orders": (order(disposition=" ", story="talked"),)}, "disposition_needed"),
        ({"orders": (order(n_caught=1),)}, "disposition_needed"),
        ({"orders": (order(n_rescued=1),)}, "disposition_needed"),
        ({"orders": (order(fed_back_at_ms=at(1_600)),)}, "disposition_needed"),
        ({"orders": (order(letter=NO_LETTER),)}, "disposition_needed"),
        (
            {"orders": (order(disposition="settled", letter=WarningLetter(issued=True)),)},
            "letter_incomplete",
        ),
        (
            {"orders": (order(disposition="settled", letter=WarningLetter(issued=False)),)},
            "letter_reason",
        ),
        ({"orders": (order(disposition="settled"),), "type_code": DOMESTIC}, "letter_needed"),
        ({"orders": (order(),), "settled": "advised"}, "settled_with_orders"),
        ({"lon": None}, "half_a_place"),
        ({"lat": 0.0, "lon": 0.0}, "place_off_roads"),
    ],
)
def test_what_cannot_be_true_is_refused_in_words_and_leaves_nothing(desk, fields, code):
    desk.run_until(BACK_S)
    assert desk.code(card(**fields)) == code
    assert not desk.board.incidents
    assert desk.board.card_blocks["K1"].used == []


def test_a_card_asks_for_as_many_units_as_the_plan_in_force(desk):
    plan = desk.reference.types[FIGHT].plan
    desk.do(ChangeResponsePlan(code=plan, at_least=3, by="Li", reason="order 12"))
    desk.do(card(), at_s=BACK_S)
    assert desk.board.incidents["J1"].n_needed == 3


def test_what_a_card_says_of_a_warning_letter_is_kept(desk):
    told = order(disposition="settled", letter=NO_LETTER)
    desk.do(card(type_code=DOMESTIC, orders=(told, order("P2"))), at_s=BACK_S)
    assert desk.board.orders["J1-1"].letter == NO_LETTER


def test_no_number_is_used_twice(desk):
    desk.do(finished(), at_s=BACK_S)
    assert desk.code(finished()) == "card_used"


def test_a_unit_off_duty_or_at_other_work_is_not_still_out(desk):
    busy = desk.sent(desk.opened(JAM, corner(1, 1), at_s=BACK_S), "P1")
    assert desk.code(card(orders=(order(handled_at_ms=0),))) == "unit_bound"
    desk.fed_back(busy)
    off = Desk()
    off.do(ReserveCardNumbers(n_cards=5, by="Zhao"))
    off.run_until(BACK_S)
    assert off.code(card(orders=(order(handled_at_ms=0),))) == "off_duty"
    assert off.do(finished()).refusal is None, "what it did then needs no shift now"


def test_numbers_and_cards_survive_a_snapshot(desk):
    desk.do(finished(), at_s=BACK_S)
    snapshot = desk.board.snapshot()
    fresh = Desk().board
    fresh.load(snapshot)
    assert fresh.card_blocks["K1"].used == [1]
    assert fresh.n_incidents == 5
    desk.do(OpenIncident(type_code=FIGHT))
    assert "J6" in desk.board.incidents
