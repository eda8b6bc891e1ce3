"""A scene (场景): a toy desk, and the ids a command may name, made when they are first asked for.

What nobody has made yet is made in a state in which most commands about other things are accepted.
"""

from __future__ import annotations

from toy_city import (
    BURGLARY,
    FIGHT,
    START_MS,
    UNITS,
    Desk,
    corner,
)

from kuaifan.vocabulary import (
    agency,
    broadcast,
    emergency,
    item,
    missed,
    outbox,
    premise,
)
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import road as roads
from kuaifan.vocabulary import seat as seats
from kuaifan.vocabulary import unit as units

PLACE, FAR_PLACE, EAST_PLACE = corner(4, 2), corner(1, 1), corner(4, 7)
DAY_S = 86_400
CREW_SEAT, OTHER_SEAT = "S8", "S9"
UNIT = "P4"


class Scene:
    """A desk in one state, and the ids that a command about it names."""

    def __init__(self, desk=None, ids=None):
        self.desk = desk or _desk_on_duty()
        self.ids = dict(ids or {})

    def __getattr__(self, name):
        """The id of a thing, made now if nobody has."""
        if name not in MAKERS:
            raise AttributeError(name)
        if name not in self.ids:
            self.ids[name] = MAKERS[name](self)
        return self.ids[name]

    @property
    def call_ids(self):
        """Calls of the incident."""
        found = self.desk.board.incidents.get(self.incident_id)
        return tuple(found.call_ids) if found else ()

    def do(self, command):
        """Submit a command that must be accepted; returns its record."""
        record = self.desk.do(command)
        assert record.refusal is None, f"{type(command).__name__}: {record.refusal}"
        return record

    def copy(self):
        """The same desk once more, folded from its journal."""
        twin = Desk(self.desk.reference)
        twin.journal.items = list(self.desk.journal.items)
        twin.engine.state = twin.rebuilt()
        twin.run_until(self.desk.now_s)
        return Scene(twin, self.ids)


def _desk_on_duty():
    made = Desk()
    made.on_duty(*UNITS)
    return made


def talking(scene):
    call_id = scene.desk.rang()
    scene.do(calls.AnswerCall(call_id=call_id, seat_id=CREW_SEAT))
    return call_id


def _seat(scene):
    scene.do(seats.LogOnSeat(seat_id=OTHER_SEAT, person="Zhao"))
    return OTHER_SEAT


def _request(scene):
    asked = agency.RequestAgency(incident_id=scene.incident_id, agency="119")
    return scene.do(asked).events[0].request_id


def _alarm(scene):
    scene.do(agency.RefuseAgencyRequest(request_id=_request(scene), by="b", reason="r"))
    return next(iter(scene.desk.board.alarms))


def _limit(scene):
    limit = missed.LimitCaller(call_id=talking(scene), approved_by="chief", reason="r", minutes=60)
    return scene.do(limit).events[0].limit_id


def _closure(scene):
    close = roads.CloseRoad(points=(corner(3, 3.5),), reason="works", by="Sun", minutes=60)
    return scene.do(close).events[0].closure_id


def _premise_note(scene):
    told = {"text": "a big dog", "radius_m": 50, "by": "Sun", "days": 30}
    lat, lon = corner(3, 3)
    note = premise.AddPremiseNote(kind="dog", lat=lat, lon=lon, **told)
    return scene.do(note).events[0].note_id


def _broadcast(scene):
    _ = scene.unit_id
    told = broadcast.Broadcast(text="a white van", by="Sun", minutes=30)
    return scene.do(told).events[0].broadcast_id


def _item(scene):
    task = item.GiveTask(
        incident_id=scene.incident_id,
        text="ask the owner",
        to=item.Owner("person", "Sun"),
        due_at_ms=START_MS + 10**9,
        by="Li",
    )
    return scene.do(task).events[0].item_id


def _letter(scene):
    told = {"channel": "119", "what": "request", "why": "silent", "request_id": scene.request_id}
    scene.do(outbox.ReportUndelivered(effect_id="5-0-1", **told))
    return "5-0-1"


def _emergency(scene):
    declare = emergency.DeclareEmergency(unit_id="P3", declared_by="P3")
    scene.do(declare)
    return next(reversed(scene.desk.board.emergencies))


def _missed_call(scene):
    call_id = scene.desk.rang()
    scene.do(calls.HangUpCall(call_id=call_id))
    return call_id


def _under_way(scene):
    order_id = scene.desk.sent(scene.desk.opened(BURGLARY, corner(6, 2)), "P2")
    scene.do(orders.ReportEnRoute(order_id=order_id))
    return "P2"


MAKERS = {
    "call_id": talking,
    "incident_id": lambda s: s.desk.opened(FIGHT, PLACE),
    "other_incident_id": lambda s: s.desk.opened(BURGLARY, FAR_PLACE),
    "order_id": lambda s: s.desk.sent(s.incident_id, "P1"),
    "unit_id": lambda _s: UNIT,
    "seat_id": _seat,
    "request_id": _request,
    "emergency_id": _emergency,
    "alarm_id": _alarm,
    "limit_id": _limit,
    "closure_id": _closure,
    "item_id": _item,
    "note_id": _premise_note,
    "broadcast_id": _broadcast,
    "effect_id": _letter,
    "ringing_id": lambda s: s.ids.get("call_id") or s.desk.rang(),
    "missed_id": lambda s: s.ids.get("call_id") or _missed_call(s),
    "unit_under_way": _under_way,
    "seq": lambda s: s.do(units.SetUnitStatus(unit_id="T1", status="meal")).seq,
}
