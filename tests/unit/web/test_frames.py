"""Frames of the stream (事件帧): for every role, a snapshot and the frames after it add up."""

import json

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_lives import life, live
from toy_city import DOMESTIC, FIGHT, UNITS, corner
from watched_desk import Watched
from web_desk import apply_frame

from kuaifan.kernel.personal import personal_marks
from kuaifan.vocabulary import broadcast
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders
from kuaifan.web.reads import seen_views
from kuaifan.web.stream import make_frame, seen_positions
from kuaifan.web.view_store import Cursor, Positions, ViewStore
from kuaifan.web.viewer import Viewer

VIEWERS = (
    Viewer("call_taker"),
    Viewer("dispatcher"),
    Viewer("commander"),
    Viewer("wall"),
    Viewer("crew", "P1"),
    Viewer("crew", "S1"),
    Viewer("crew"),
)


class Fed(Watched):
    """A desk that feeds a store, as the engine and the writer do."""

    def __init__(self):
        self.store = ViewStore()
        super().__init__()
        self.store.load(self.views.rows, seq=0, at_ms=0)

    def _on_record(self, record):
        changes = self.views.on_record(self.board, record)
        self.store.built(record.seq, record.at_ms, changes)
        self.store.settle(record.seq)

    def _on_sighting(self, sighting):
        self.store.built(None, sighting.at_ms, self.views.on_moved(self.board))

    def snapshot(self, viewer):
        return as_json(seen_views(viewer, self.store.snapshot()[1]))


def as_json(value):
    return json.loads(msgspec.json.encode(value))


def parse(frame):
    # Only these end a line of a stream; others that Python knows may stand in somebody's words.
    lines = dict(line.split(": ", 1) for line in frame.decode().strip().split("\n"))
    return lines["id"], json.loads(lines["data"])


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(life, st.integers(1, 9))
def test_snapshot_and_frames_are_a_fresh_snapshot_for_every_role(drawn, per_frame):
    desk = Fed()
    desk.on_duty("P1", "P2", "S1", "T1")
    screens = {viewer: desk.snapshot(viewer) for viewer in VIEWERS}
    cursor = desk.store.cursor
    for n, _ in enumerate(live(desk, drawn)):
        entries = desk.store.find_since(cursor)
        if n % per_frame or not entries:
            continue
        for viewer, views in screens.items():
            last_id, frame = parse(make_frame(viewer, entries))
            apply_frame(views, frame)
            assert views == desk.snapshot(viewer)
        cursor = desk.store.cursor
        assert (last_id, frame["seq"]) == (str(cursor), cursor.seq)


def test_what_others_read_of_a_broadcast_is_no_frame_for_a_crew():
    desk = Fed()
    desk.on_duty("P1", "P2")
    desk.do(broadcast.Broadcast(text="留意", by="Sun", minutes=9))
    sent = desk.store.cursor
    desk.do(broadcast.ReadBroadcast(broadcast_id="B1", unit_id="P2"))
    entries = desk.store.find_since(sent)
    for unit_id, n_changes in (("P1", 0), ("P2", 1)):
        changes = parse(make_frame(Viewer("crew", unit_id), entries))[1]["changes"]
        assert len([each for each in changes if each["view"] == "broadcasts"]) == n_changes
    views = desk.snapshot(Viewer("crew", "P1"))
    apply_frame(views, parse(make_frame(Viewer("crew", "P1"), entries))[1])
    assert views == desk.snapshot(Viewer("crew", "P1"))


def secrets_told(desk):
    """Every personal field of the commands, each filled with its own secret."""
    told = []

    def secret(field):
        told.append(f"secret-{len(told)}-{field}")
        return told[-1][:32]

    call_id = desk.rang(caller_number=secret("number"))
    desk.do(calls.UpdateCall(call_id=call_id, caller_name=secret("name")))
    opened = incidents.OpenIncident(
        type_code=FIGHT,
        call_id=call_id,
        narrative=secret("narrative"),
        address=secret("address"),
        lat=corner(4, 5)[0],
        lon=corner(4, 5)[1],
    )
    incident_id = desk.do(opened).events[0].incident_id
    desk.do(incidents.UpdateIncident(incident_id=incident_id, narrative=secret("story")))
    raised = incidents.SetPriority(incident_id=incident_id, priority=2, reason=secret("raised"))
    desk.do(raised)
    withdrawn = desk.sent(incident_id, "P2")
    desk.do(orders.WithdrawUnit(order_id=withdrawn, reason=secret("withdrawn")))
    order_id = desk.sent(incident_id, "P1")
    desk.do(orders.ReportHandled(order_id=order_id))
    party = orders.Party(
        role="victim", name=secret("p"), identity_number=secret("i"), phone=secret("f")
    )
    given_back = orders.GiveFeedback(
        order_id=order_id,
        incident_id=incident_id,
        disposition=secret("result"),
        story=secret("feedback"),
        parties=(party,),
    )
    desk.do(given_back)
    desk.do(orders.ReturnFeedback(order_id=order_id, reason=secret("returned")))
    return told


def test_every_personal_field_of_the_commands_is_told_in_the_story_below():
    fields = {
        name
        for command in (*calls.COMMANDS, *incidents.COMMANDS, *orders.COMMANDS)
        for name, _ in personal_marks(command)
    }
    reasons = {"reason", "disposition"}
    assert fields == {"caller_number", "caller_name", "narrative", "address", "story"} | reasons


@pytest.mark.parametrize("viewer", [Viewer("commander"), Viewer("wall"), Viewer("crew", "S1")])
def test_nothing_personal_reaches_who_may_not_see_it(viewer):
    desk = Fed()
    desk.on_duty(*UNITS)
    told = secrets_told(desk)
    frame = make_frame(viewer, desk.store.find_since(Cursor(0))).decode()
    board = json.dumps(desk.snapshot(viewer))
    assert len(told) == 13
    for secret in told:
        assert secret not in frame
        assert secret not in board
    full = make_frame(Viewer("dispatcher"), desk.store.find_since(Cursor(0))).decode()
    assert told[0] in full
    assert told[4] in full


def test_a_crew_is_told_when_an_incident_comes_to_it_and_when_it_leaves():
    desk = Fed()
    desk.on_duty("P1", "P2")
    incident_id = desk.opened(DOMESTIC, corner(4, 5))
    crew = Viewer("crew", "P1")

    def keys_since(cursor):
        _, frame = parse(make_frame(crew, desk.store.find_since(cursor)))
        return {
            change["key"]: change["row"] is not None
            for change in frame["changes"]
            if change["view"] == "incidents"
        }

    assert keys_since(Cursor(0)) == {}
    cursor = desk.store.cursor
    order_id = desk.sent(incident_id, "P1")
    assert keys_since(cursor) == {incident_id: True}
    cursor = desk.store.cursor
    desk.do(orders.WithdrawUnit(order_id=order_id, reason="r"))
    assert keys_since(cursor) == {incident_id: False}
    cursor = desk.store.cursor
    desk.sent(incident_id, "P2")
    assert keys_since(cursor) == {}


def test_a_crew_sees_its_own_marker_only():
    positions = Positions(9, ("P1", "P2"), (1.0, 2.0), (3.0, 4.0), (0, 9), (0.5, 1.5), (7, 8))
    store = ViewStore()
    store.move(positions)
    assert seen_positions(Viewer("wall"), store) is positions
    own = seen_positions(Viewer("crew", "P2"), store)
    assert own == Positions(9, ("P2",), (2.0,), (4.0,), (9,), (1.5,), (8,))
