"""Figures of a run: nearest-rank percentiles, and counts of what the records say."""

from pathlib import Path

import pytest
from toy_city import FIGHT, LOCKSMITH, Desk, corner

import kuaifan
from kuaifan.twin.figures import Tally
from kuaifan.twin.figures_response import spread
from kuaifan.twin.refusal_words import WORDS
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import missed
from kuaifan.vocabulary import order as orders


@pytest.mark.parametrize(
    ("durations_ms", "n", "p50_s", "p90_s"),
    [
        ([], 0, None, None),
        ([4_000], 1, 4.0, 4.0),
        ([3_000, 1_000], 2, 1.0, 3.0),
        (list(range(1_000, 11_000, 1_000)), 10, 5.0, 9.0),
        (list(range(1_000, 12_000, 1_000)), 11, 6.0, 10.0),
    ],
)
def test_percentiles_are_values_that_occurred(durations_ms, n, p50_s, p90_s):
    found = spread(durations_ms)
    assert (found.n, found.p50_s, found.p90_s) == (n, p50_s, p90_s)


@pytest.fixture(name="desk")
def fixture_desk():
    desk = Desk()
    desk.tally = Tally()
    desk.engine.watchers.append(lambda record: desk.tally.count(desk.board, record))
    desk.engine.sighting_watchers.append(desk.tally.count_fixes)
    return desk


def _close(desk, incident_id):
    desk.do(incidents.ReviewIncident(incident_id=incident_id, reviewer_id="r"))
    desk.do(incidents.CloseIncident(incident_id=incident_id))


def _lead(desk, *, at_s, arrives_after_s):
    """A call answered after 5 s, a unit sent after 65 s; arrival None: it never says so."""
    call_id = desk.rang(at_s=at_s)
    desk.do(calls.AnswerCall(call_id=call_id, seat_id="s"), at_s=at_s + 5)
    incident_id = desk.opened(FIGHT, corner(4, 4), call_id=call_id, at_s=at_s + 35)
    desk.do(calls.HangUpCall(call_id=call_id))
    order_id = desk.sent(incident_id, "P1", at_s=at_s + 65)
    desk.do(orders.AcknowledgeOrder(order_id=order_id))
    if arrives_after_s is not None:
        desk.do(orders.ReportArrival(order_id=order_id), at_s=at_s + 65 + arrives_after_s)
    desk.fed_back(order_id)
    _close(desk, incident_id)


def test_response_times_run_from_the_answer_and_from_the_order(desk):
    desk.on_duty("P1")
    for i, arrives_after_s in enumerate((100, 400, None)):
        _lead(desk, at_s=1_000 * (i + 1), arrives_after_s=arrives_after_s)
    figures = desk.tally.figures()
    (of_priority,) = figures.by_priority.values()
    assert (of_priority.n_incidents, of_priority.n_without_arrival) == (3, 1)
    assert (of_priority.response_s.p50_s, of_priority.response_s.p90_s) == (160.0, 460.0)
    assert (of_priority.unit_response_s.p50_s, of_priority.unit_response_s.p90_s) == (100.0, 400.0)
    assert of_priority.on_target == 0.5, "the toy city promises a minute times the priority"
    assert (figures.n_closed, figures.n_open, figures.n_orders) == (3, 0, 3)
    assert figures.n_first_choice == 3


def test_what_is_settled_by_phone_is_counted_apart(desk):
    call_id = desk.rang()
    desk.do(calls.AnswerCall(call_id=call_id, seat_id="s"))
    incident_id = desk.opened(LOCKSMITH, corner(4, 4), call_id=call_id)
    desk.do(calls.HangUpCall(call_id=call_id))
    desk.do(incidents.SettleByPhone(incident_id=incident_id, disposition="by_phone"))
    assert desk.tally.figures().n_open == 1
    _close(desk, incident_id)
    figures = desk.tally.figures()
    assert (figures.n_by_phone, figures.n_closed, figures.n_open) == (1, 1, 0)
    assert figures.by_priority == {}


def test_calls_and_incidents_that_stay_are_counted_as_open(desk):
    ringing, talking, hung_up = desk.rang(), desk.rang(), desk.rang()
    desk.do(calls.AnswerCall(call_id=talking, seat_id="s"))
    desk.do(calls.HangUpCall(call_id=hung_up))
    incident_id = desk.opened(FIGHT, corner(4, 4))
    assert desk.tally.figures().n_open == 4, "a missed call is owed a ring"
    desk.do(missed.ClearMissedCall(call_id=hung_up, cleared_by="s", reason="rang again"))
    into = desk.opened(FIGHT, corner(4, 4))
    assert desk.tally.figures().n_open == 4
    desk.do(incidents.MergeIncident(incident_id=incident_id, into_incident_id=into))
    assert desk.tally.figures().n_open == 3
    desk.do(calls.HangUpCall(call_id=talking))
    assert desk.tally.figures().n_open == 2
    desk.do(calls.AnswerCall(call_id=ringing, seat_id="s"))
    assert desk.tally.figures().n_open == 2


def test_refusals_are_counted_by_command_and_code(desk):
    for _ in range(2):
        desk.code(orders.AssignUnit(incident_id="J9", unit_id="P1"))
    ((name, n),) = desk.tally.figures().refusals.items()
    assert name.startswith("AssignUnit: ")
    assert n == 2


def test_fixes_are_counted_one_by_one(desk):
    desk.on_duty("P1", "P2")
    desk.fix("P1", *corner(1, 1))
    assert desk.tally.figures().n_fixes == 3


def test_a_refusal_that_nobody_has_explained_is_listed_as_such(desk):
    desk.code(orders.AssignUnit(incident_id="J9", unit_id="P1"))
    figures = desk.tally.figures()
    assert figures.refusal_words == {"unknown_incident": ""}
    assert figures.n_unexplained == 1


def test_every_explanation_is_one_sentence_of_a_code_that_rules_use():
    rules = Path(kuaifan.__file__).parent
    used = "".join(
        file.read_text(encoding="utf-8")
        for folder in ("work", "board")
        for file in (rules / folder).glob("*.py")
    )
    for code, words in WORDS.items():
        assert f'"{code}"' in used, code
        assert 20 < len(words) < 120
        assert not words.endswith(".")


def test_response_times_stand_by_priority_and_area_against_their_target(desk):
    desk.on_duty("P1")
    _lead(desk, at_s=1_000, arrives_after_s=100)
    (name,) = desk.tally.figures().by_area
    found = desk.tally.figures().by_area[name]
    priority, area = name.split()
    assert area == "urban"
    assert found.target_s == 60 * int(priority[1:])
    assert found.unit_response_s.p50_s == 100.0


def test_raw_calls_are_told_apart_by_what_became_of_them(desk):
    opening, attached, without, gave_up = (desk.rang() for _ in range(4))
    for call_id in (opening, attached, without):
        desk.do(calls.AnswerCall(call_id=call_id, seat_id=f"s{call_id}"))
    incident_id = desk.opened(LOCKSMITH, corner(4, 4), call_id=opening)
    desk.do(calls.AttachCall(call_id=attached, incident_id=incident_id))
    for call_id in (opening, attached, without, gave_up):
        desk.do(calls.HangUpCall(call_id=call_id))
    found = desk.tally.figures().calls
    assert (found.n_raw, found.n_answered, found.n_abandoned) == (4, 3, 1)
    assert (found.n_opening, found.n_attached, found.n_without) == (1, 1, 1)
    assert desk.tally.figures().n_open == 2, "the incident, and a ring owed"
