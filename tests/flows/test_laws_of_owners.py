"""Laws of owners and clocks (责任与时限不变量): nothing is lost, nobody's, or nags."""

from hypothesis import HealthCheck, given, settings
from random_lives import life, live
from toy_city import START_MS, Desk, corner

from kuaifan.vocabulary.alarm import AlarmCleared, AlarmRaised
from kuaifan.vocabulary.call import CallAttached, CallRegistered
from kuaifan.vocabulary.incident import IncidentMerged, IncidentOpened
from kuaifan.vocabulary.kinship import CallRetired, IncidentSplit
from kuaifan.work.warn import CLOCKS

ORDERLY = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def manned_desk():
    desk = Desk()
    desk.on_duty("P1", "P2", "S1", "T1")
    for spot in ((4, 4), (1, 6)):
        desk.opened("020302", corner(*spot), call_id=desk.rang())
    desk.sent("J1", "P1")
    return desk


def check_owners(board):
    """Every open thing has a desk, a seat or a queue that owns it."""
    desks = board.reference.desks
    for incident in board.incidents.values():
        assert incident.desk_id in desks
        assert not incident.to_desk_id or incident.to_desk_id in desks
    for call in board.calls.values():
        assert call.desk_id in desks
        if call.state == "talking" or call.transfer_kind is not None:
            assert call.seat_id
        if call.state == "ringing":
            assert call.call_id in board.ringing
    for request in board.requests.values():
        assert request.incident_id in board.incidents
    for item in board.items.values():
        assert item.owner.owner_id.strip()
        assert item.due_at_ms > item.opened_at_ms
        incident = board.incidents.get(item.incident_id)
        assert incident is None or item.item_id in incident.item_ids
    for incident in board.incidents.values():
        assert all(
            board.items[each].incident_id == incident.incident_id for each in incident.item_ids
        )


def check_reminders(state):
    """Whatever waits for an answer has a clock that runs, or an alarm that stands."""
    board, pending = state.board, {timer.timer_id for timer in state.timers.save()}

    def is_watched(kind, subject_id):
        alarm_id = f"{kind}:{subject_id}"
        return alarm_id in pending or alarm_id in board.alarms

    for call in board.calls.values():
        assert not call.to_call_back or is_watched("call_back", call.call_id)
        assert call.transfer_kind is None or is_watched("transfer", call.call_id)
    for request in board.requests.values():
        if request.state == "told" and not board.incidents[request.incident_id].is_over:
            assert is_watched("agency", request.request_id)
    for incident in board.incidents.values():
        if incident.to_desk_id:
            assert is_watched("hand_over", incident.incident_id)
    for item_id in board.items:
        assert is_watched("item", item_id)
    for each in board.emergencies.values():
        if each.state == "declared":
            assert is_watched("emergency", each.emergency_id)


def check_escalations(board):
    """An alarm is somebody's; the last of several levels is the supervisor's."""
    for alarm in board.alarms.values():
        assert alarm.to in {"dispatcher", "supervisor", "leader"}
        if alarm.kind in CLOCKS and CLOCKS[alarm.kind].missing(board, alarm.subject_id):
            n_levels = len(CLOCKS[alarm.kind].times(board, alarm.subject_id))
            assert alarm.level <= n_levels
            if 1 < n_levels == alarm.level:
                assert alarm.to == ("leader" if alarm.kind == "item" else "supervisor")


def check_once(records):
    """A level of a clock rings once, until what it says was no longer true."""
    rung = set()
    for record in records:
        for event in record.events:
            if isinstance(event, AlarmCleared):
                rung = {each for each in rung if each[0] != event.alarm_id}
            elif isinstance(event, AlarmRaised) and event.kind in CLOCKS:
                assert (event.alarm_id, event.level) not in rung
                rung.add((event.alarm_id, event.level))


def follow_calls(records):
    """Calls that rang, calls that left alone, and the incident each was with at last."""
    rang, left, incident_of = set(), set(), {}
    for event in (event for record in records for event in record.events):
        if isinstance(event, CallRegistered):
            rang.add(event.call_id)
        elif isinstance(event, CallRetired):
            left.add(event.call_id)
        elif isinstance(event, IncidentOpened | CallAttached):
            incident_of[event.call_id] = event.incident_id
        elif isinstance(event, IncidentMerged):
            moved = [c for c, i in incident_of.items() if i == event.incident_id]
            incident_of.update(dict.fromkeys(moved, event.into_incident_id))
        elif isinstance(event, IncidentSplit):
            incident_of.update(dict.fromkeys(event.call_ids, event.into_incident_id))
    return rang, left, incident_of


def check_none_lost(desk):
    """Every call that ever rang is on the board, or has left it alone or with its incident."""
    rang, left, incident_of = follow_calls(desk.journal.records)
    for call_id in rang - desk.board.calls.keys() - left:
        assert incident_of[call_id] not in desk.board.incidents


@ORDERLY
@given(life)
def test_nothing_is_nobodys_and_whatever_waits_is_watched(drawn):
    desk = manned_desk()
    for _ in live(desk, drawn):
        check_owners(desk.board)
        check_reminders(desk.engine.state)
        check_escalations(desk.board)
    check_once(desk.journal.records)
    check_none_lost(desk)


@ORDERLY
@given(life)
def test_a_desk_left_alone_escalates_everything_to_a_person_and_then_is_quiet(drawn):
    desk = manned_desk()
    for _ in live(desk, drawn):
        pass
    # A day without anybody: every clock has said all it has to say, once.
    desk.run_until(desk.now_s + 86_400)
    check_once(desk.journal.records)
    check_reminders(desk.engine.state)
    for alarm in desk.board.alarms.values():
        if alarm.kind in CLOCKS and CLOCKS[alarm.kind].missing(desk.board, alarm.subject_id):
            offsets = CLOCKS[alarm.kind].times(desk.board, alarm.subject_id)
            item = desk.board.items.get(alarm.subject_id)
            if item is not None and item.due_at_ms + offsets[-1] > desk.now_s * 1_000 + START_MS:
                # What a seat gives days for is told upwards later than this day.
                continue
            assert alarm.level == len(offsets) or alarm.kind == "silent_on_scene"
