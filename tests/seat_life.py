"""A seat lives for a while (专席自转): its own simulated people act on a desk of the toy city.

`live` hands in what they say when it is due, as the twin does; a refusal is an answer. After each
record the law of items is looked at: none without an owner or a due time, none late in silence,
and no stage that its kind does not lead to.
"""

from __future__ import annotations

import heapq
from hashlib import blake2b
from itertools import count

from toy_city import START_MS

from kuaifan.board.items import CLOSED
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import item as items
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary.agency import CallOffAgency
from kuaifan.vocabulary.letter import WarningLetter

DAY_S = 86_400


def draw_of(seed, incident_id):
    """Numbers in [0, 1) fixed by a seed, an incident and a name."""

    def draw(name):
        told = blake2b(f"{seed}|{incident_id}|{name}".encode(), digest_size=8).digest()
        return int.from_bytes(told, "big") / 2**64

    return draw


class Watch:
    """Holds every record against the steps of the seat's kinds of items."""

    def __init__(self, desk, kinds):
        self._desk = desk
        self._kinds = {(kind.seat_id, kind.kind): kind for kind in kinds}
        self._stages = {}

    def look(self, record):
        """The laws of items, after a record."""
        for event in record.events:
            if isinstance(event, items.ItemOpened) and (event.seat_id, event.kind) in self._kinds:
                kind = self._kinds[event.seat_id, event.kind]
                assert event.stage == kind.first_stage
                self._stages[event.item_id] = kind, event.stage
            elif isinstance(event, items.ItemMoved) and event.item_id in self._stages:
                self._step(event.item_id, event.stage)
            elif isinstance(event, items.ItemClosed) and event.item_id in self._stages:
                kind = self._step(event.item_id, CLOSED)
                assert event.outcome in kind.outcomes
        for item in self._desk.board.items.values():
            assert item.owner.owner_id, item
            assert item.due_at_ms > 0, item
            assert item.ladder[-1].to in {"supervisor", "leader"}, item

    def _step(self, item_id, stage):
        kind, here = self._stages[item_id]
        assert stage in kind.steps[here], (item_id, here, stage)
        self._stages[item_id] = kind, stage
        return kind


def live(desk, actors, kinds, begun, *, until_s, seed=1):
    """Let them act until a time, beginning with some records; returns all events that came of it.

    begun: records that were made already, of which the actors take note first.
    """
    watch, agenda, number, seen = Watch(desk, kinds), [], count(), []

    def note(record):
        watch.look(record)
        for event in record.events:
            seen.append(event)
            act = actors.get(type(event))
            if act is None:
                continue
            draw = draw_of(seed, getattr(event, "incident_id", ""))
            for delay_ms, command in act(desk.board, event, record.at_ms, draw):
                assert delay_ms >= 0, command
                heapq.heappush(agenda, (record.at_ms + delay_ms, next(number), command))

    for record in begun:
        note(record)
    while agenda and agenda[0][0] <= START_MS + until_s * 1000:
        at_ms, _, command = heapq.heappop(agenda)
        at_s = (at_ms - START_MS) / 1000
        for record in desk.run_until(at_s):
            note(record)
        note(desk.do(command, at_s=at_s))
    for record in desk.run_until(until_s):
        note(record)
    return seen


def handled(desk, incident_id, *, disposition="mediated"):
    """A crew goes there and feeds back what it did; the record of that."""
    order_id = desk.sent(incident_id, "P1")
    for step in (orders.AcknowledgeOrder, orders.ReportArrival, orders.ReportHandled):
        desk.do(step(order_id=order_id))
    desk.answered(incident_id)
    return desk.do(
        orders.GiveFeedback(
            order_id=order_id,
            incident_id=incident_id,
            disposition=disposition,
            story="双方争执",
            letter=WarningLetter(issued=False, reason="情节轻微"),
        )
    )


def closed(desk, incident_id):
    """Whatever closes an incident, as records; where something is owed for it, it stays open."""
    for request_id in desk.board.incidents[incident_id].request_ids:
        desk.do(CallOffAgency(request_id=request_id, reason="已到场"))
    steps = (
        incidents.SettleByPhone(incident_id=incident_id, disposition="by_phone"),
        incidents.ReviewIncident(incident_id=incident_id, reviewer_id="R1"),
        incidents.CloseIncident(incident_id=incident_id),
    )
    return [desk.do(step) for step in steps]


def off_the_board(desk, incident_id):
    """Handled, closed, and three days later retired."""
    handled(desk, incident_id)
    closed(desk, incident_id)
    desk.run_until(desk.now_s + 3 * DAY_S)
    assert incident_id not in desk.board.incidents
