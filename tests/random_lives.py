"""Random commands and lives (随机命令): drawn from the structs, for the property tests.

`any_command` fills the fields of a command from their types, with ids that may or may not exist.
`action` is a small tuple that `perform` turns into something sensible on the board of the moment.
"""

from __future__ import annotations

import random

import msgspec
from hypothesis import strategies as st
from random_acts import MORE_ACTIONS, gone_from, push_on
from random_acts import pick as _pick
from recall_papers import recall_on
from toy_city import (
    BURGLARY,
    DOMESTIC,
    FIGHT,
    JAM,
    LOCKSMITH,
    MURDER,
    POSTS,
    START_MS,
    UNITS,
    corner,
)

from kuaifan import vocabulary
from kuaifan.vocabulary import (
    broadcast,
    emergency,
    facts,
    kinship,
    major,
    premise,
    reinforce,
    road,
    setting,
    voice,
)
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
    "call_ids": [(), ("C1",), ("C2", "C3"), ("C99",)],
    "order_ids": [(), ("J1-1",), ("J2-1", "J1-2"), ("J99-1",)],
    "other_incident_id": ["J1", "J2", "J3", "J99"],
    "to_incident_id": ["J1", "J2", "J3", "J99"],
    "seat_id": ["", "S1", "S2", "S9"],
    "to_id": ["", "S1", "S2", "119", "120", "d1", "city"],
    "desk_id": ["", "city", "d1", "nowhere"],
    "to_desk_id": ["", "city", "d1", "nowhere"],
    "agency": ["119", "120", "12345", "nobody"],
    "request_id": ["J1-A1", "J1-A2", "J99-A1"],
    "emergency_id": ["E1", "E2", "E99"],
    "limit_id": ["L1", "L99"],
    "alarm_id": ["queue:J1", "agency_refused:J1-A1", "nothing:J1"],
    "closure_id": ["R1", "R2", "R99"],
    "note_id": ["N1", "N2", "N99"],
    "broadcast_id": ["B1", "B2", "B99"],
    "effect_id": ["5-0-1", "6-0-1", "99-0-1"],
    "post_id": ["KS-M", "SB-N", "X9"],
    "final_type_code": [None, "", *TYPE_CODES, "nonsense"],
}


def _integers(info):
    low = -9 if info.ge is None else info.ge
    return st.integers(low, 2**40 if info.le is None else info.le)


def _texts(info):
    if info.pattern:
        return st.from_regex(info.pattern, fullmatch=True).filter(
            lambda text: len(text) <= (info.max_length or 2**10)
        )
    return st.text(st.characters(codec="utf-8"), min_size=info.min_length or 0, max_size=12)


def _floats(info):
    low = info.ge if info.gt is None else info.gt
    return st.floats(low, info.le, exclude_min=info.gt is not None)


MAKERS = {
    msgspec.inspect.Metadata: lambda info: _values(info.type),
    msgspec.inspect.LiteralType: lambda info: st.sampled_from(sorted(info.values)),
    msgspec.inspect.UnionType: lambda info: st.one_of([_values(each) for each in info.types]),
    msgspec.inspect.NoneType: lambda _info: st.none(),
    msgspec.inspect.IntType: _integers,
    msgspec.inspect.BoolType: lambda _info: st.booleans(),
    msgspec.inspect.FloatType: _floats,
    msgspec.inspect.VarTupleType: lambda info: st.lists(
        _values(info.item_type),
        min_size=info.min_length or 0,
        max_size=max(2, info.min_length or 0),
    ).map(tuple),
    msgspec.inspect.TupleType: lambda info: st.tuples(*map(_values, info.item_types)),
    msgspec.inspect.StructType: lambda info: _struct(info.cls),
    msgspec.inspect.StrType: _texts,
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


def _back_up(board, i, j):
    """Half the time by a crew at work, with a skill now and then."""
    order = _pick([o for o in board.orders.values() if o.is_active], i) if j % 2 else None
    return reinforce.RequestBackup(
        incident_id=order.incident_id if order else _pick(board.incidents, i) or "J1",
        order_id=order.order_id if order else "",
        n_units=1 + i % 2,
        skills=() if j % 4 else ("armed",),
    )


def _on_scene(board, i):
    return _pick([o for o in board.orders.values() if o.state == "on_scene"], i)


def _beside(board, i, j):
    """A crew on scene is sent to another incident besides, mostly with a name."""
    order = _on_scene(board, i)
    return orders.AssignUnit(
        incident_id=_pick(board.waiting or board.incidents, j) or "J1",
        unit_id=order.unit_id if order else "P1",
        beside=True,
        approved_by="s" if j % 3 else "",
    )


def _move_a_little(board, i, j):
    """An incident turns out to be where another one is, or next door to a crew on scene."""
    order = _on_scene(board, j)
    near = board.incidents[order.incident_id] if order else None
    lat, lon = (near.lat, near.lon) if near and near.is_placed else corner(i % 9, j % 9)
    return incidents.PlaceIncident(incident_id=_pick(board.incidents, i) or "J1", lat=lat, lon=lon)


def _feedback(board, i, j):
    order_id = _order(orders.ReportHandled, "handled")(board, i, j).order_id
    order = board.orders.get(order_id)
    return orders.GiveFeedback(
        order_id=order_id, incident_id=order.incident_id if order else "J1", disposition="d"
    )


def _fact(board, i, j):
    return facts.RecordFact(
        incident_id=_pick(board.incidents, i) or "J1",
        fact=_pick(facts.FACTS, j),
        answer="no" if j % 7 == 0 else "yes",
    )


def _possible(board, i, j):
    lat, lon = corner(j % 9, i % 9)
    return facts.AddPossiblePlace(
        incident_id=_pick(board.incidents, i) or "J1", lat=lat, lon=lon, address="a"
    )


def _split(board, i, j):
    """Half of the calls and of the orders of an incident."""
    incident = board.incidents.get(_pick(board.incidents, i))
    return kinship.SplitIncident(
        incident_id=incident.incident_id if incident else "J1",
        type_code=_pick(TYPE_CODES, j),
        reason="r",
        call_ids=tuple(incident.call_ids[::2]) if incident else (),
        order_ids=tuple(incident.order_ids[::2]) if incident else (),
    )


def _of_pair(command):
    """A command about two incidents, mostly about two that name each other."""

    def made(board, i, j):
        incident = board.incidents.get(_pick(board.incidents, i))
        named = (incident.duplicate_ids or incident.linked_ids) if incident else ()
        other = _pick(named if named and j % 4 else board.incidents, j)
        return command(
            incident_id=incident.incident_id if incident else "J1",
            other_incident_id=other or "J1",
            reason="r",
        )

    return made


def _emergency(command, **more):
    """A step of an emergency, mostly of one that still runs, by one of two people."""

    def made(board, i, j):
        running = [e.emergency_id for e in board.emergencies.values() if e.state != "ended"]
        emergency_id = _pick(running if j % 4 else board.emergencies, i) or "E1"
        return command(emergency_id=emergency_id, by="xy"[j % 2], **more)

    return made


def _shut(_board, i, j):
    """A street from one crossing to the next closed, or slowed."""
    points = (corner(i % 8, j % 9), corner(i % 8 + 1, j % 9))
    told = {"points": points, "reason": "r", "by": "d", "minutes": 1 + i, "both_ways": bool(j % 3)}
    return road.SlowRoad(percent=5 + j, **told) if i % 4 == 0 else road.CloseRoad(**told)


def _warn_of_place(_board, i, j):
    """A danger near a crossing where incidents open."""
    lat, lon = corner(i % 9, j % 9)
    told = {"text": f"d{j % 3}", "radius_m": 100 + i, "by": "d", "days": 1 + i}
    return premise.AddPremiseNote(kind="dog", lat=lat, lon=lon, **told)


def _rename_type(_board, i, j):
    return setting.ChangeIncidentType(code=_pick(TYPE_CODES, i), name_cn=f"t{j}", **SIGNED)


def _rename_unit(_board, i, j):
    return setting.ChangeUnitProfile(unit_id=_pick(UNITS, i), call_sign=f"u {j}", **SIGNED)


def renamings(board):
    """A new name for every type and unit that stands somewhere on the screens."""
    for code in {incident.type_code: None for incident in board.incidents.values()}:
        yield setting.ChangeIncidentType(code=code, name_cn=f"new {code}", **SIGNED)
    for i, unit_id in enumerate(UNITS):
        yield setting.ChangeUnitProfile(unit_id=unit_id, call_sign=f"new {100 + i}", **SIGNED)


SIGNED = {"by": "d", "reason": "r"}
VOICE_WORDS = [form for forms in voice.WORDS.values() for form in forms[:1]]
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
    "learn": _fact,
    "place perhaps": _possible,
    "rule out": _incident(facts.RuleOutPlace, place_no=1, reason="r"),
    "note": _incident(facts.AddNote, text="t"),
    "strike": _incident(facts.StrikeNote, note_no=1, reason="r"),
    "declare major": _incident(facts.DeclareMajor, reason="r", declared_by="p"),
    "end major": _incident(facts.EndMajor, approved_by="p"),
    "split": _split,
    "dismiss": _of_pair(kinship.DismissDuplicate),
    "link": _of_pair(kinship.LinkIncidents),
    "unlink": _of_pair(kinship.UnlinkIncidents),
    "reopen": _incident(kinship.ReopenIncident, reason="r"),
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
    "report by voice": lambda _b, i, j: voice.EnterVoiceReport(
        text=f"{_pick(UNITS, i)} {_pick(VOICE_WORDS, j)}",
        entered_by="d",
        lat=corner(i % 9, 0)[0] if i % 7 else None,
        lon=corner(0, j % 9)[1],
    ),
    "hand over": lambda _b, i, j: units.HandOverShift(
        unit_id=_pick(UNITS, i),
        n_officers=j % 4,
        handed_by="a",
        taken_by="b",
        approved_by="c" if j % 3 else "",
    ),
    "call for help": lambda _b, i, _j: emergency.DeclareEmergency(
        unit_id=_pick(UNITS, i), declared_by="o"
    ),
    "take it up": _emergency(emergency.TakeUpEmergency),
    "speak with them": _emergency(emergency.ConfirmVoiceContact),
    "end it": _emergency(emergency.EndEmergency, reason="r"),
    "divert": lambda b, i, j: reinforce.DivertUnit(
        unit_id=_driver(b, i),
        incident_id=_pick(b.waiting or b.incidents, j) or "J1",
        reason="r",
        approved_by="s" if j % 3 else "",
    ),
    "ask for help": _back_up,
    "open a ring": _incident(reinforce.EscalateIncident, reason="r"),
    "reserve": lambda b, i, j: reinforce.ReserveUnit(
        incident_id=_pick(b.waiting or b.incidents, i) or "J1", unit_id=_pick(UNITS, j)
    ),
    "release": lambda b, i, j: reinforce.ReleaseUnit(
        incident_id=_pick(b.incidents, j) or "J1", unit_id=_pick(b.reserved_unit_ids or UNITS, i)
    ),
    "find": lambda _b, i, j: reinforce.SelfInitiate(
        unit_id=_pick(UNITS, i), type_code=_pick(TYPE_CODES, j)
    ),
    "send beside": _beside,
    "move and tell": _move_a_little,
    "sign the change": lambda b, i, j: reinforce.AcknowledgeAmendment(
        order_id=(
            (order := _pick([o for o in b.orders.values() if o.amendment_no], i)) and order.order_id
        )
        or "J1-1",
        amendment_no=order.amendment_no - (j % 5 == 0) if order else 1,
    ),
    "send to later": lambda b, i, j: reinforce.ScheduleIncident(
        incident_id=_pick(b.incidents, i) or "J1", due_at_ms=START_MS + 1_000 * j * j
    ),
    "start sooner": _incident(reinforce.StartScheduled),
    "move up": lambda _b, i, j: units.MoveUp(unit_id=_pick(UNITS, i), post_id=_pick(POSTS, j)),
    "start": lambda _b, i, _j: units.StartShift(unit_id=_pick(UNITS, i), n_officers=2),
    "end": lambda _b, i, _j: units.EndShift(unit_id=_pick(UNITS, i)),
    "shut a street": _shut,
    "open it": lambda b, i, _j: road.OpenRoad(closure_id=_pick(b.closures, i) or "R1", by="d"),
    "warn of a place": _warn_of_place,
    "warn no more": lambda b, i, _j: premise.EndPremiseNote(
        note_id=_pick(b.premises, i) or "N1", by="d", reason="r"
    ),
    "tell many": lambda _b, i, j: broadcast.Broadcast(
        text=f"t{i}", by="d", minutes=1 + j, audience="line", to=(("patrol", "traffic")[i % 2],)
    ),
    "look out for": lambda b, i, j: broadcast.Broadcast(
        text="",
        by="d",
        minutes=1 + j,
        subject="person",
        person="tall",
        incident_id=_pick(b.incidents, i) or "J1",
    ),
    "read it": lambda b, i, j: broadcast.ReadBroadcast(
        broadcast_id=_pick(b.broadcasts, i) or "B1", unit_id=_pick(UNITS, j)
    ),
    "tell no more": lambda b, i, _j: broadcast.EndBroadcast(
        broadcast_id=_pick(b.broadcasts, i) or "B1", by="d"
    ),
    "report up": _incident(major.ReportUp, target="chief", by="d"),
    "owe": lambda b, i, j: major.AddAfterAction(
        incident_id=_pick(b.incidents, i) or "J1",
        what="w",
        owner="o",
        due_at_ms=START_MS + 10**7 * (1 + j),
        by="d",
    ),
    "rename a type": _rename_type,
    "rename a unit": _rename_unit,
    "tick": lambda b, i, j: major.TickAfterAction(
        incident_id=_pick(b.incidents, i) or "J1", item_no=1 + j % 3, by="d"
    ),
    **MORE_ACTIONS,
}

# One draw of four small numbers a step: what hypothesis can vary widely and shrink well.
number = st.integers(0, 60)
DRIVE_FROM = len(ACTIONS)
RECALL_FROM = DRIVE_FROM + 18
WAIT_FROM = RECALL_FROM + 8
STRANGE_FROM = WAIT_FROM + 9
N_KINDS = STRANGE_FROM + 6
step = st.tuples(st.integers(0, N_KINDS - 1), number, number, number)
N_STEPS = 70


def _seeded(seed):
    """Steps drawn evenly: hypothesis likes to repeat itself, and then little happens in a life."""
    rng = random.Random(seed)  # noqa: S311 - no secret
    return [
        (rng.randrange(N_KINDS), *(rng.randrange(61) for _ in range(3))) for _ in range(N_STEPS)
    ]


steps = st.one_of(
    st.lists(step, min_size=40, max_size=70),
    st.integers(0, 2**32).map(_seeded),
)
life = st.tuples(steps, st.lists(any_command, min_size=1, max_size=6))
"""The steps of a life, and a few commands drawn from the structs that come in between."""

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
        elif what >= RECALL_FROM:
            gone = _pick(gone_from(desk), i)
            command = recall_on(desk, gone) if gone else push_on(desk.board, i, j)
            yield desk.do(command, at_s=at_s)
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
