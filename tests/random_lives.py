"""Random commands and lives (随机命令): drawn from the structs, for the property tests.

`any_command` fills the fields of a command from their types, with ids that may or may not exist.
`action` is a small tuple that `perform` turns into something sensible on the board of the moment.
"""

from __future__ import annotations

import msgspec
from hypothesis import strategies as st
from toy_city import BURGLARY, DOMESTIC, FIGHT, JAM, LOCKSMITH, MURDER, UNITS, corner

from kuaifan import vocabulary
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import unit as units

TYPE_CODES = (FIGHT, MURDER, JAM, LOCKSMITH, BURGLARY, DOMESTIC)
IDS = {
    "call_id": ["", "C1", "C2", "C3", "C99"],
    "incident_id": ["", "J1", "J2", "J3", "J4", "J99"],
    "into_incident_id": ["J1", "J2", "J3", "J99"],
    "order_id": ["", "J1-1", "J1-2", "J2-1", "J3-1", "J99-1"],
    "unit_id": ["", *UNITS, "X9"],
    "type_code": [*TYPE_CODES, "", "nonsense"],
    "final_type_code": [None, "", *TYPE_CODES, "nonsense"],
}
TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)


def _integers(info):
    low = -9 if info.ge is None else info.ge
    return st.integers(low, 2**40 if info.le is None else info.le)


MAKERS = {
    msgspec.inspect.Metadata: lambda info: _values(info.type),
    msgspec.inspect.LiteralType: lambda info: st.sampled_from(sorted(info.values)),
    msgspec.inspect.UnionType: lambda info: st.one_of([_values(each) for each in info.types]),
    msgspec.inspect.NoneType: lambda _info: st.none(),
    msgspec.inspect.IntType: _integers,
    msgspec.inspect.FloatType: lambda info: st.floats(info.ge, info.le),
    msgspec.inspect.VarTupleType: lambda info: st.lists(_values(info.item_type), max_size=2).map(
        tuple
    ),
    msgspec.inspect.StructType: lambda info: _struct(info.cls),
    msgspec.inspect.StrType: lambda _info: TEXTS,
}
"""How a value of each kind of field is drawn, within the limits that the border holds."""


def _values(info):
    return MAKERS[type(info)](info)


def _field(field):
    if field.name in IDS:
        return st.sampled_from(IDS[field.name])
    if field.name in {"lat", "lon"}:
        near = st.floats(0, 8).map(lambda share: corner(share, share)[field.name == "lon"])
        return st.one_of(near, near, _values(field.type))
    return _values(field.type)


def _struct(cls):
    fields = msgspec.inspect.type_info(cls).fields
    return st.fixed_dictionaries({f.name: _field(f) for f in fields}).map(lambda kw: cls(**kw))


any_command = st.one_of([_struct(command) for command in vocabulary.COMMANDS])


# --- sensible actions ------------------------------------------------------------------------


def _pick(things, i):
    things = list(things)
    return things[i % len(things)] if things else None


def _call(board, i):
    return (_pick(board.calls, i) or "C1") if i % 4 else ""


def _open(board, i, j):
    lat, lon = corner(i % 9, j % 9) if i % 5 else (None, None)
    return incidents.OpenIncident(
        type_code=_pick(TYPE_CODES, j), call_id=_call(board, i), lat=lat, lon=lon
    )


def _send(board, i, j):
    incident_id = _pick(board.waiting or board.incidents, i) or "J1"
    wanted = board.incidents[incident_id].recommended_unit_ids if board.incidents else ()
    return orders.AssignUnit(incident_id=incident_id, unit_id=_pick(wanted or UNITS, j))


def _order(command, *states, **more):
    """A command about an order, mostly about one in these states."""

    def made(board, i, j):
        fitting = [o.order_id for o in board.orders.values() if o.state in states]
        order_id = _pick(fitting if fitting and j % 4 else board.orders, i)
        return command(order_id=order_id or "J1-1", **more)

    return made


def _incident(command, **more):
    def made(board, i, _j):
        return command(incident_id=_pick(board.incidents, i) or "J1", **more)

    return made


def _feedback(board, i, j):
    order_id = _order(orders.ReportHandled, "handled")(board, i, j).order_id
    order = board.orders.get(order_id)
    return orders.GiveFeedback(
        order_id=order_id, incident_id=order.incident_id if order else "J1", disposition="d"
    )


ACTIVE = ("dispatched", "acknowledged", "en_route", "on_scene")
ACTIONS = {
    "ring": lambda _b, _i, _j: calls.RegisterCall(line="110"),
    "answer": lambda b, i, _j: calls.AnswerCall(call_id=_pick(b.calls, i) or "C1", seat_id="s"),
    "hang up": lambda b, i, _j: calls.HangUpCall(call_id=_pick(b.calls, i) or "C1"),
    "attach": lambda b, i, j: calls.AttachCall(
        call_id=_pick(b.calls, i) or "C1", incident_id=_pick(b.incidents, j) or "J1"
    ),
    "open": _open,
    "place": lambda b, i, j: incidents.PlaceIncident(
        incident_id=_pick(b.incidents, i) or "J1", lat=corner(j % 9, 0)[0], lon=corner(0, i % 9)[1]
    ),
    "retype": lambda b, i, j: incidents.UpdateIncident(
        incident_id=_pick(b.incidents, i) or "J1", type_code=_pick(TYPE_CODES, j)
    ),
    "merge": lambda b, i, j: incidents.MergeIncident(
        incident_id=_pick(b.incidents, i) or "J1", into_incident_id=_pick(b.incidents, j) or "J1"
    ),
    "settle": _incident(incidents.SettleByPhone, disposition="d"),
    "review": _incident(incidents.ReviewIncident, reviewer_id="r"),
    "close": _incident(incidents.CloseIncident),
    "send": _send,
    "send again": _send,
    "sign": _order(orders.AcknowledgeOrder, "dispatched"),
    "go": _order(orders.ReportEnRoute, "dispatched", "acknowledged"),
    "arrive": _order(orders.ReportArrival, *ACTIVE),
    "handle": _order(orders.ReportHandled, *ACTIVE),
    "feed back": _feedback,
    "feed back again": _feedback,
    "return": _order(orders.ReturnFeedback, "fed_back", reason="r"),
    "withdraw": _order(orders.WithdrawUnit, *ACTIVE, reason="r"),
    "start": lambda _b, i, _j: units.StartShift(unit_id=_pick(UNITS, i), n_officers=2),
    "end": lambda _b, i, _j: units.EndShift(unit_id=_pick(UNITS, i)),
}

# One draw of four small numbers a step: what hypothesis can vary widely and shrink well.
number = st.integers(0, 60)
step = st.tuples(st.integers(0, 99), number, number, number)
life = st.tuples(
    st.lists(step, min_size=40, max_size=70), st.lists(any_command, min_size=1, max_size=6)
)
"""The steps of a life, and a few commands drawn from the structs that come in between."""

DRIVE_FROM, WAIT_FROM, STRANGE_FROM = 78, 90, 96
WAITS_S = (1, 20, 35, 1_900, 2_000)


def live(desk, drawn):
    """Yield after each step of a life."""
    steps, strange = drawn
    for what, i, j, k in steps:
        at_s = desk.now_s + 1
        if what >= STRANGE_FROM:
            yield desk.do(strange[i % len(strange)], at_s=at_s)
        elif what >= WAIT_FROM:
            yield desk.run_until(desk.now_s + WAITS_S[i % len(WAITS_S)])
        elif what >= DRIVE_FROM:
            place = _somewhere(desk.board, i, j)
            yield desk.fix(_driver(desk.board, i), *place, speed_mps=k / 6, at_s=at_s)
        else:
            act = ACTIONS[_pick(ACTIONS, what)]
            yield desk.do(act(desk.board, i, j), at_s=at_s)


def _driver(board, i):
    bound = [unit.unit_id for unit in board.units.values() if unit.order_id]
    return _pick(bound or UNITS, i)


def _somewhere(board, i, j):
    """Half the time where an incident is, else at a crossing."""
    incident = _pick([i for i in board.incidents.values() if i.is_placed], i)
    return (incident.lat, incident.lon) if incident and j % 2 else corner(i % 9, j % 9)
