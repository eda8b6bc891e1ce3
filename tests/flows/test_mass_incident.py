"""A mass incident (群体性警情): forty calls, one scene, and a second thing hidden among them."""

from toy_city import Desk, corner, image, names, tables_of, written_tables

from kuaifan.vocabulary.alarm import TakeUpAlarm
from kuaifan.vocabulary.call import AnswerCall, AttachCall, HangUpCall
from kuaifan.vocabulary.facts import DeclareMajor, EndMajor, RecordFact
from kuaifan.vocabulary.incident import SetPriority
from kuaifan.vocabulary.kinship import SplitIncident
from kuaifan.vocabulary.order import AcknowledgeOrder, ReportArrival

CRUSH, POISONED = "050101", "070105"
STADIUM = corner(4, 4)


def test_forty_calls_one_incident_declared_by_a_person_and_split_by_a_person():
    desk = Desk()
    desk.on_duty("P1", "P2", "P3", "P4", "S1", "T1")
    call_ids = [answered(desk, n) for n in range(40)]
    incident_id = desk.opened(CRUSH, STADIUM, call_id=call_ids[0])
    board, size = desk.board, f"leader_told:{incident_id}-size"
    orders = [desk.sent(incident_id, unit_id) for unit_id in ("P1", "P2", "P3", "P4")]
    for n, call_id in enumerate(call_ids[1:], start=2):
        record = desk.do(AttachCall(call_id=call_id, incident_id=incident_id))
        # The tenth call has a supervisor told; the other thirty tell nobody anything again.
        assert ("AlarmRaised" in names(record)) == (n == 10)
    incident = board.incidents[incident_id]
    assert (len(incident.call_ids), board.alarms[size].to) == (40, "supervisor")
    # The machine has not declared anything: that is for a person.
    assert not incident.is_major
    desk.do(TakeUpAlarm(alarm_id=size, by="Zhao"), at_s=300)
    desk.do(
        DeclareMajor(incident_id=incident_id, reason="crush at gate 3", declared_by="Zhao"),
        at_s=310,
    )
    assert incident.is_major
    assert board.alarms[f"major:{incident_id}"].to == "leader"

    # Five of the callers speak of people falling ill at a food stall: another incident.
    ill, crew = tuple(call_ids[20:25]), orders[3]
    desk.do(AcknowledgeOrder(order_id=crew), at_s=320)
    split = SplitIncident(
        incident_id=incident_id,
        type_code=POISONED,
        reason="food stall, people ill",
        call_ids=ill,
        order_ids=(crew,),
    )
    stall = desk.do(split, at_s=330).events[0].incident_id
    desk.do(RecordFact(incident_id=stall, fact="unconscious", answer="yes"), at_s=335)
    other = board.incidents[stall]
    assert (other.call_ids, other.order_ids, other.state) == (list(ill), [crew], "acknowledged")
    assert (other.priority, other.is_major, other.split_from) == (1, False, incident_id)
    assert (len(incident.call_ids), len(incident.order_ids)) == (35, 3)
    assert all(board.calls[each].incident_id == stall for each in ill)
    # One unit has gone with them, so the first scene is short again and says so.
    assert (incident_id in board.waiting, stall in board.waiting) == (True, False)
    assert other.linked_ids == [incident_id]
    # The crew is told that it drives to something else now.
    assert board.orders[crew].amendment_no == 1
    desk.do(ReportArrival(order_id=crew), at_s=400)
    assert (other.state, incident.state) == ("on_scene", "dispatched")

    desk.do(EndMajor(incident_id=incident_id, approved_by="Zhao"), at_s=3_000)
    assert not incident.is_major
    lower = SetPriority(incident_id=incident_id, priority=2, reason="calm", approved_by="Zhao")
    desk.do(lower, at_s=3_010)
    assert incident.priority == 2
    assert written_tables(desk) == tables_of(board)
    assert image(desk.engine.state) == image(desk.rebuilt())


def answered(desk, n):
    """A call answered and ended; returns its id."""
    call_id = desk.rang(at_s=10 + 5 * n, caller_number=f"1390000{n:04d}")
    desk.do(AnswerCall(call_id=call_id, seat_id=f"S{n}"))
    desk.do(HangUpCall(call_id=call_id))
    return call_id
