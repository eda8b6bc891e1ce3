"""What a drawn day notes of a plan (单日试跑)."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from toy_city import FIGHT, START_MS, Desk, corner

from kuaifan.twin.trial import _Looks
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders


def test_whose_unit_was_called_off_has_waited_since_the_first_order():
    desk = Desk()
    desk.on_duty("P1", "P2")
    until_ms = START_MS + 86_400_000
    looks = _Looks(desk.engine, ZoneInfo("UTC"), lambda: True, START_MS, until_ms)
    incident_id = desk.opened(FIGHT, corner(4, 4), at_s=1_000)
    first = desk.sent(incident_id, "P1", at_s=1_010)
    desk.do(orders.WithdrawUnit(order_id=first, reason="more urgent elsewhere"), at_s=1_100)
    second = desk.sent(incident_id, "P2", at_s=1_300)
    desk.do(orders.AcknowledgeOrder(order_id=second))
    desk.do(orders.ReportArrival(order_id=second), at_s=1_400)
    desk.fed_back(second)
    desk.do(incidents.ReviewIncident(incident_id=incident_id, reviewer_id="r"))
    desk.do(incidents.CloseIncident(incident_id=incident_id))
    assert looks.day(is_done=True).response_s == (390,)
