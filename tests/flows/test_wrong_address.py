"""A wrong address (地址有误): corrected while the crew drives; nothing that was said is lost."""

from toy_city import FIGHT, Desk, corner, image, names

from kuaifan.vocabulary.call import AnswerCall
from kuaifan.vocabulary.facts import AddPossiblePlace, RuleOutPlace
from kuaifan.vocabulary.incident import OpenIncident, PlaceIncident
from kuaifan.vocabulary.order import AcknowledgeOrder, ReportEnRoute

NORTH_GATE, SOUTH_GATE = corner(7, 4), corner(1, 4)


def test_the_place_changes_under_way_and_the_crew_heads_for_the_new_one():
    desk = Desk()
    desk.on_duty("P1", "P4")
    call_id = desk.rang(at_s=5)
    desk.do(AnswerCall(call_id=call_id, seat_id="S1"), at_s=8)
    opened = OpenIncident(type_code=FIGHT, call_id=call_id, address="the gate of the park")
    incident_id = desk.do(opened, at_s=20).events[0].incident_id
    # The park has two gates; the caller does not know which.
    for (lat, lon), name in ((NORTH_GATE, "north gate"), (SOUTH_GATE, "south gate")):
        place = AddPossiblePlace(incident_id=incident_id, lat=lat, lon=lon, address=name)
        assert names(desk.do(place, at_s=25)) == ["PossiblePlaceAdded"]
    assert not desk.board.incidents[incident_id].is_placed
    lat, lon = NORTH_GATE
    decide = PlaceIncident(incident_id=incident_id, lat=lat, lon=lon, address="north gate")
    desk.do(decide, at_s=30)
    order_id = desk.sent(incident_id, "P1", at_s=40)
    desk.do(AcknowledgeOrder(order_id=order_id), at_s=50)
    desk.do(ReportEnRoute(order_id=order_id), at_s=60)
    unit_i = desk.board.fleet.index["P1"]
    assert desk.board.fleet.dest_lat[unit_i] == NORTH_GATE[0]
    # The caller rings through: it is the other gate.
    desk.do(RuleOutPlace(incident_id=incident_id, place_no=1, reason="caller sees the river"))
    lat, lon = SOUTH_GATE
    correct = PlaceIncident(incident_id=incident_id, lat=lat, lon=lon, address="south gate")
    record = desk.do(correct, at_s=90)
    incident = desk.board.incidents[incident_id]
    assert (incident.lat, incident.lon, incident.address) == (*SOUTH_GATE, "south gate")
    assert desk.board.fleet.dest_lat[unit_i] == SOUTH_GATE[0]
    # The first place known stays the moment the clock runs from, and every address is readable.
    assert incident.tp_ms < desk.engine.state.head.at_ms
    assert [(note.text, note.struck) for note in incident.notes] == [
        ("the gate of the park", "replaced"),
        ("north gate", "replaced"),
    ]
    assert [place.ruled_out for place in incident.places] == [True, False]
    # The crew is told, and has to sign again.
    amended = [event for event in record.events if type(event).__name__ == "OrderAmended"]
    assert [event.order_id for event in amended] == [order_id]
    order = desk.board.orders[order_id]
    assert (order.state, order.amendment_no, order.amendment_signed_no) == ("en_route", 1, 0)
    assert image(desk.engine.state) == image(desk.rebuilt())
