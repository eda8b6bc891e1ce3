"""More sensible actions (更多动作) for random lives: seats, lines, letters, photos, paper.

Each takes the board of the moment and two small numbers, and gives a command that mostly fits.
"""

from __future__ import annotations

from toy_city import FIGHT, START_MS, UNITS, corner

from kuaifan.kernel.record import Record
from kuaifan.vocabulary import (
    agency,
    desk,
    facts,
    item,
    kinship,
    major,
    missed,
    order,
    outbox,
    paper,
    photo,
    seat,
    setting,
    talk,
    undo,
    unit,
    voice,
)
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary.letter import WarningLetter

SEATS = ("S1", "S2")
STEPS = {
    "dispatched": order.AcknowledgeOrder,
    "acknowledged": order.ReportArrival,
    "en_route": order.ReportArrival,
    "on_scene": order.ReportHandled,
}
SIGNED = {"by": "a", "reason": "r"}
MINUTE_MS = 60_000


def pick(things, i):
    """One of them by a number, None where there are none."""
    things = list(things)
    return things[i % len(things)] if things else None


def _of_call(command, *states, **more):
    """A command about a call, mostly about one in these states."""

    def made(board, i, j):
        fitting = [c.call_id for c in board.calls.values() if c.state in states]
        call_id = pick(fitting if fitting and j % 4 else board.calls, i)
        return command(call_id=call_id or "C1", **more)

    return made


def _of_seat(command, **more):
    return lambda _b, i, _j: command(seat_id=pick(SEATS, i), **more)


def _of_incident(command, **more):
    return lambda b, i, _j: command(incident_id=pick(b.incidents, i) or "J1", **more)


def _of_request(command, **more):
    def made(board, i, _j):
        return command(request_id=pick(board.requests, i) or "J1-A1", **more)

    return made


def push_on(board, i, j):
    """The next step of an order, or of an incident whose orders are all done, up to its end."""
    incident = board.incidents.get(pick(board.incidents, i))
    if incident is None:
        return order.AcknowledgeOrder(order_id="J1-1")
    if incident.is_over:
        return kinship.RetireIncident(incident_id=incident.incident_id)
    orders = [board.orders[each] for each in incident.order_ids]
    for each in orders:
        if each.state in STEPS:
            return STEPS[each.state](order_id=each.order_id)
    if any(each.state == "handled" for each in orders):
        return _with_letter(board, i, j)
    if incident.state == "reviewed":
        return incidents.CloseIncident(incident_id=incident.incident_id)
    return incidents.ReviewIncident(incident_id=incident.incident_id, reviewer_id="r")


def _with_letter(board, i, j):
    """A feedback with a warning letter, or with the reason why there is none."""
    handled = [o for o in board.orders.values() if o.state == "handled"] or board.orders.values()
    about = pick(handled, i)
    letter = (
        WarningLetter(issued=True, kind="admonition", number=str(j))
        if j % 2
        else WarningLetter(issued=False, reason="r")
    )
    return order.GiveFeedback(
        order_id=about.order_id if about else "J1-1",
        incident_id=about.incident_id if about else "J1",
        disposition="d",
        letter=letter,
    )


def _photo(board, i, j):
    order_id = pick(board.orders, i) or "J1-1"
    told = {"sha256": "0" * 64, "n_bytes": 1_000 + j, "kind": "image/jpeg"}
    return photo.AttachPhoto(photo_id=f"p-{j % 9}", order_id=order_id, **told)


def _look(board, i, j):
    seen = [(o.order_id, each.photo_id) for o in board.orders.values() for each in o.photos]
    if not seen:
        return _photo(board, i, j)
    order_id, photo_id = pick(seen, i)
    return photo.ReadPhoto(photo_id=photo_id, order_id=order_id, purpose="r" if j % 4 else "")


def _card(board, i, j):
    """A card of the lowest numbers, mostly one that was reserved; its call was an hour ago."""
    blocks = board.card_blocks.values()
    numbers = [each.first_no + n for each in blocks for n in range(each.n_cards)]
    if not numbers:
        return paper.ReserveCardNumbers(n_cards=1 + i % 5, by="d")
    lat, lon = corner(i % 9, j % 9)
    called_at_ms = START_MS - (1 + i) * MINUTE_MS
    sent = {"sent_at_ms": called_at_ms + MINUTE_MS, "arrived_at_ms": called_at_ms + 4 * MINUTE_MS}
    orders = (paper.PaperOrder(unit_id=pick(UNITS, j), **sent),) if j % 3 else ()
    return paper.EnterPaperCard(
        incident_id=f"J{pick(numbers, i)}",
        type_code=FIGHT,
        called_at_ms=called_at_ms,
        by="d",
        lat=lat,
        lon=lon,
        orders=orders,
        settled="" if orders else "by_phone",
    )


def _report(board, i, j):
    """Declared major, reported up, and the report confirmed, each when its turn has come."""
    majors = [each for each in board.incidents.values() if each.is_major]
    about = pick(majors, i)
    if about is None:
        told = {"reason": "r", "declared_by": "p"}
        return facts.DeclareMajor(incident_id=pick(board.incidents, i) or "J1", **told)
    incident_id = about.incident_id
    if not (about.major and about.major.reports) or j % 3 == 0:
        return major.ReportUp(incident_id=incident_id, target="chief", by="d")
    return major.ConfirmReport(incident_id=incident_id, report_no=1 + j % 2, received_by="c")


def _setting(_board, i, j):
    """A target, a clock, a unit or a text is changed while everything runs."""
    made = (
        lambda: setting.ChangeFirstOrderTarget(priority=1 + i % 5, target_s=30 + j, **SIGNED),
        lambda: setting.ChangeClock(clock="unsigned", levels=(20 + i, 200 + i, 900), **SIGNED),
        lambda: setting.ChangeUnitProfile(
            unit_id=pick(UNITS, i), is_retired=bool(j % 2), n_officers=1 + j % 4, **SIGNED
        ),
        lambda: setting.ChangeTemplate(
            template_id=f"t{i % 3}", is_new=bool(j % 2), use="broadcast", text_zh="x", **SIGNED
        ),
        lambda: setting.ChangePolicyRules(
            proof_days=1 + i % 3, shadow=pick(("", "nearest", "station_first"), j), **SIGNED
        ),
    )
    return made[j % len(made)]()


def _pass_on(board, i, j):
    to_kind, to_id = pick((("seat", "S2"), ("seat", "S1"), ("agency", "119")), j)
    return _of_call(talk.TransferCall, "talking", to_kind=to_kind, to_id=to_id)(board, i, j)


def gone_from(desk):
    """Incidents that have left the board."""
    records = [item for item in desk.journal.items if isinstance(item, Record)]
    retired = {
        event.incident_id: None
        for record in records
        for event in record.events
        if isinstance(event, kinship.IncidentRetired)
    }
    return [each for each in retired if each not in desk.board.incidents]


def _of_item(command, **more):
    return lambda b, i, _j: command(item_id=pick(b.items, i) or "W1", **more)


MORE_ACTIONS = {
    "give a task": lambda b, i, j: item.GiveTask(
        incident_id=pick(b.incidents, i) or "J1",
        text="t",
        to=item.Owner("unit", pick(UNITS, j)) if j % 2 else item.Owner("person", "p"),
        due_at_ms=START_MS + 600_000 * (1 + j),
        by="a",
    ),
    "take an item": _of_item(item.TakeItem, by="a"),
    "hand an item on": _of_item(item.HandOnItem, to=item.Owner("desk", "d1"), **SIGNED),
    "put an item off": lambda b, i, j: item.PostponeItem(
        item_id=pick(b.items, i) or "W1", due_at_ms=START_MS + 3_600_000 * (1 + j), **SIGNED
    ),
    "note on an item": _of_item(item.NoteItem, text="n", by="a"),
    "end a task": _of_item(item.EndTask, outcome="done", by="a"),
    "log on": lambda _b, i, j: seat.LogOnSeat(seat_id=pick(SEATS, i), person=f"p{j % 3}"),
    "pause": _of_seat(seat.PauseSeat, reason="r"),
    "resume": _of_seat(seat.ResumeSeat),
    "pass the seat on": _of_seat(seat.HandOverSeat, to_person="p1"),
    "take the seat": _of_seat(seat.AcceptSeat, person="p1"),
    "log off": _of_seat(seat.LogOffSeat),
    "hold": _of_call(talk.HoldCall, "talking"),
    "go on talking": _of_call(talk.ResumeCall, "talking"),
    "pass on": _pass_on,
    "take what was passed on": _of_call(talk.AcceptTransfer, "talking", by="S2"),
    "three at once": _of_call(talk.AddParty, "talking", kind="interpreter", name="n"),
    "text": _of_call(talk.SendText, text="t"),
    "text back": _of_call(talk.ReceiveText, text="t"),
    "locate": lambda b, i, j: talk.LocateCaller(
        call_id=pick(b.calls, i) or "C1",
        lat=corner(i % 9, 0)[0],
        lon=corner(0, j % 9)[1],
        uncertainty_m=10 * j,
        source="cell",
    ),
    "call back": _of_call(missed.CallBack, "abandoned", seat_id="S1"),
    "called back": _of_call(missed.RecordCallBack, "abandoned", outcome="no_answer"),
    "silent": _of_call(missed.ReportSilence, "talking"),
    "ask a service": lambda b, i, j: agency.RequestAgency(
        incident_id=pick(b.incidents, i) or "J1", agency=pick(("119", "120", "12345"), j)
    ),
    "it comes": _of_request(agency.AcceptAgencyRequest, by="b"),
    "it is there": _of_request(agency.ReportAgencyArrival),
    "it does not": _of_request(agency.RefuseAgencyRequest, by="b", reason="r"),
    "to another desk": _of_incident(desk.HandOverIncident, to_desk_id="d1", reason="r"),
    "taken there": _of_incident(desk.AcceptHandOver, by="d1"),
    "with a letter": _with_letter,
    "photograph": _photo,
    "look at it": _look,
    "reserve cards": lambda _b, i, _j: paper.ReserveCardNumbers(n_cards=1 + i % 5, by="d"),
    "type a card in": _card,
    "confirm a report": _report,
    "name a keeper": _of_incident(major.NameLogKeeper, keeper="k", by="d"),
    "change a setting": _setting,
    "say where": lambda _b, i, _j: voice.ConfirmPosition(unit_id=pick(UNITS, i)),
    "stand by": lambda _b, i, j: unit.SetUnitStatus(
        unit_id=pick(UNITS, i), status=pick(("meal", "patrolling", "standby"), j)
    ),
    "retire": _of_incident(kinship.RetireIncident),
    "not told": lambda b, i, j: outbox.ReportUndelivered(
        effect_id=f"{5 + i % 3}-0-1",
        channel=("phone", "119")[j % 2],
        what="hold",
        why="silent",
        request_id=pick(b.requests, i) or "J1-A1",
    ),
    "tell again": lambda b, i, _j: outbox.RepeatEffect(
        effect_id=pick(b.outbox.letters, i) or "5-0-1"
    ),
    "told at last": lambda b, i, _j: outbox.ReportDelivered(
        effect_id=pick(b.outbox.letters, i) or "5-0-1"
    ),
    "told otherwise": lambda b, i, _j: outbox.DismissEffect(
        effect_id=pick(b.outbox.letters, i) or "5-0-1", why="told_otherwise"
    ),
    "so far": lambda b, i, _j: outbox.NoteDelivered(upto_seq=i, done=(f"{b.seq}-0",)),
    "undo": lambda b, i, _j: undo.Undo(seq=pick(b.undoable, i) or max(1, b.seq - 1)),
    **{f"push on {n}": push_on for n in range(8)},
}
