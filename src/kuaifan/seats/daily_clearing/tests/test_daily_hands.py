"""In whose hands an incident counts as cleared (在办口径): from its receipt on, while in time."""

import pytest
from hotline_acts import LAMP, accept, offer
from mediation_acts import NEIGHBOURS, ask, consent
from toy_city import FIGHT, START_MS, Desk, corner, image

from kuaifan.board.day_tally import day_of, start_of_day
from kuaifan.kernel.message import StartEngine
from kuaifan.vocabulary.agency import AcceptAgencyRequest, RequestAgency
from kuaifan.vocabulary.order import (
    AcknowledgeOrder,
    ReportArrival,
    ReportEnRoute,
    ReportHandled,
)

DAY = day_of(START_MS)
HOUR_S = 3_600
NINE_S = (start_of_day(DAY + 1) - START_MS) // 1_000 + 9 * HOUR_S


@pytest.fixture(name="desk")
def fixture_desk():
    desk = Desk()
    desk.do(StartEngine(build="b", plugins=(), city_hash="c"))
    desk.on_duty("P1", "P2")
    yield desk
    assert image(desk.rebuilt()) == image(desk.engine.state)


def papers(desk):
    return desk.board.seats["daily_clearing"]


def tally(desk, name):
    return papers(desk).tally.sum(name, DAY - 400, DAY + 400)


def test_a_hand_over_clears_from_its_receipt_on_and_a_mediation_while_it_is_in_time(desk):
    """Who answered first has it until somebody else signs (首接责任)."""
    handed, spoken = desk.opened(LAMP, corner(4, 2)), desk.opened(NEIGHBOURS, corner(6, 2))
    desk.do(offer(handed))
    desk.do(ask(spoken), at_s=5 * HOUR_S)
    desk.run_until(NINE_S)
    assert papers(desk).days[DAY].left_ids == (handed,)
    assert papers(desk).days[DAY].counts["mediation"] == 1
    desk.do(accept("H1"), at_s=NINE_S + HOUR_S)
    assert handed not in papers(desk).uncleared
    assert tally(desk, "later_transfer") == 1
    # Nobody has asked the two within their day: in time no more, it is named on the next morning.
    desk.run_until(NINE_S + 24 * HOUR_S)
    assert papers(desk).days[DAY + 1].left_ids == (spoken,)
    for side in ("a", "b"):
        desk.do(consent("M1", side), at_s=NINE_S + 25 * HOUR_S)
    assert spoken not in papers(desk).uncleared
    assert tally(desk, "later_mediation") == 1


def test_another_service_clears_nothing_while_our_crew_owes_its_report(desk):
    incident_id = desk.opened(FIGHT, corner(4, 2))
    order_id = desk.sent(incident_id, "P1", at_s=30)
    desk.do(RequestAgency(incident_id=incident_id, agency="120", what="伤者一名"), at_s=40)
    for each in (AcknowledgeOrder, ReportEnRoute, ReportArrival, ReportHandled):
        desk.do(each(order_id=order_id), at_s=300)
    request_id = desk.board.incidents[incident_id].request_ids[0]
    desk.do(AcceptAgencyRequest(request_id=request_id, by="120 台"), at_s=300)
    assert desk.board.incidents[incident_id].state == "handled"
    desk.run_until(NINE_S)
    assert incident_id in papers(desk).days[DAY].left_ids
