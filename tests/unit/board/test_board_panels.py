"""Rows that the panels show: time in a state, major incidents, broadcasts and their readers."""

from toy_city import FIGHT, UNITS, corner
from watched_desk import Watched

from kuaifan.board.versions import version_of
from kuaifan.vocabulary import broadcast, facts, major
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import unit as units
from kuaifan.web.masking import masked_row
from kuaifan.web.viewer import Viewer

LATER_MS = 10**13


def manned():
    desk = Watched()
    desk.on_duty(*UNITS)
    return desk


def since(desk):
    return desk.row("units", "P1").since_ms


def test_a_unit_shows_since_when_it_is_in_its_state():
    desk = manned()
    assert since(desk) == desk.board.units["P1"].shift_started_at_ms
    set_at = desk.do(units.SetUnitStatus(unit_id="P1", status="patrolling"), at_s=30).at_ms
    assert since(desk) == set_at
    incident_id = desk.opened(FIGHT, corner(4, 2))
    order_id = desk.sent(incident_id, "P1", at_s=60)
    assert since(desk) == desk.board.orders[order_id].t4_ms
    for report, at_s in ((orders.ReportEnRoute, 70), (orders.ReportArrival, 90)):
        assert since(desk) != desk.do(report(order_id=order_id), at_s=at_s).at_ms - 1
        assert since(desk) == desk.inbox.now_ms()
    handled = desk.do(orders.ReportHandled(order_id=order_id), at_s=200)
    assert since(desk) == handled.at_ms
    assert desk.fresh() == desk.seen


def test_a_major_incident_is_a_row_until_nothing_is_owed_and_it_is_closed():
    desk = manned()
    incident_id = desk.opened(FIGHT, corner(4, 2))
    assert desk.keys("majors") == []
    desk.do(facts.DeclareMajor(incident_id=incident_id, reason="r", declared_by="chief"))
    desk.do(major.ReportUp(incident_id=incident_id, target="bureau", by="Sun", text="伤者姓王"))
    item = {"what": "清单", "owner": "Li", "due_at_ms": LATER_MS, "by": "Sun"}
    desk.do(major.AddAfterAction(incident_id=incident_id, **item))
    row = desk.row("majors", incident_id)
    assert (row.is_major, row.declared_by, row.reports[0].target) == (True, "chief", "bureau")
    wall = masked_row(Viewer("wall"), desk.seen["majors", incident_id])
    assert (wall.reports[0].text, wall.items[0].what) == ("", "")
    assert masked_row(Viewer("crew", "P1"), desk.seen["majors", incident_id]) is None
    settle = incidents.SettleByPhone(
        incident_id=incident_id, disposition="by_phone", approved_by="chief"
    )
    desk.do(settle)
    desk.do(incidents.ReviewIncident(incident_id=incident_id, reviewer_id="r"))
    desk.do(incidents.CloseIncident(incident_id=incident_id))
    assert desk.row("majors", incident_id).is_over
    desk.do(major.TickAfterAction(incident_id=incident_id, item_no=1, by="Li"))
    assert desk.keys("majors") == []
    assert desk.fresh() == desk.seen


def test_a_broadcast_is_shown_to_whom_it_is_for_and_says_who_has_read_it():
    desk = manned()
    incident_id = desk.opened(FIGHT, corner(4, 2))
    about = {"subject": "person", "person": "红外套", "incident_id": incident_id}
    to = {"audience": "units", "to": ("P1", "P2")}
    sent = desk.do(broadcast.Broadcast(text="留意", by="Sun", minutes=9, **about, **to))
    read = desk.do(broadcast.ReadBroadcast(broadcast_id="B1", unit_id="P2"))
    shown = desk.seen["broadcasts", "B1"]
    assert shown.row.read_at_ms == {"P2": read.at_ms}
    assert version_of(desk.board, broadcast.EndBroadcast(broadcast_id="B1", by="x")) == sent.seq
    assert masked_row(Viewer("crew", "P1"), shown).person == "红外套"
    assert masked_row(Viewer("crew", "P3"), shown) is None
    assert masked_row(Viewer("wall"), shown).person == ""
    desk.run_until(desk.now_s + 541)
    assert desk.keys("broadcasts") == []
    assert desk.fresh() == desk.seen


def test_a_crew_is_shown_whether_it_has_read_and_not_who_else_was_told():
    desk = manned()
    desk.do(
        broadcast.Broadcast(text="留意", by="Sun", minutes=9, audience="units", to=("P1", "P2"))
    )
    desk.do(broadcast.ReadBroadcast(broadcast_id="B1", unit_id="P2"))
    shown = desk.seen["broadcasts", "B1"]
    own = masked_row(Viewer("crew", "P1"), shown)
    assert (own.to, own.unit_ids, own.read_at_ms) == (("P1",), ("P1",), {})
    read = masked_row(Viewer("crew", "P2"), shown)
    assert read.read_at_ms == shown.row.read_at_ms
    for role in ("dispatcher", "commander", "wall"):
        assert masked_row(Viewer(role), shown).unit_ids == ("P1", "P2")
