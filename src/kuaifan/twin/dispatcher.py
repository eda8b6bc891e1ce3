"""Simulated dispatchers (仿真派警员), one at each desk: they send the team that is recommended.

A unit of another desk goes with the supervisor's name; what is urgent takes a unit from under way
where that is offered.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec
import numpy as np

from kuaifan.board.entities import Incident
from kuaifan.board.reference import CITY_DESK
from kuaifan.geo.points import distances_m
from kuaifan.kernel.message import Command
from kuaifan.kernel.record import Record
from kuaifan.policy.fleet import ON_SCENE
from kuaifan.twin.draws import Stage
from kuaifan.twin.offices import DISPATCHER, SUPERVISOR, dispatcher_of
from kuaifan.twin.world import World
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import reinforce

DISPATCH_S: Final = {1: (8.0, 0.5), 2: (15.0, 0.5), 3: (40.0, 0.6), 4: (90.0, 0.7), 5: (120.0, 0.7)}
"""Look and decide, by priority: median seconds and sigma."""
WORTH_TURNING_MS: Final = 60_000
"""A crew under way is turned round only where that saves so much."""
LEAST_URGENT_BESIDE: Final = 3
BESIDE_M: Final = 250
AGAIN_MS: Final = 5_000
"""What has waited for a unit goes out as soon as one is there."""
Order = orders.AssignUnit | reinforce.DivertUnit


class Dispatcher:
    """The dispatchers of all desks, each with as many hands as needed (仿真派警员)."""

    hears = (incidents.RecommendationMade, orders.UnitAssigned)

    def __init__(self, world: World) -> None:
        self._world = world
        self._on_way: dict[str, int] = {}
        self._promised: dict[str, str] = {}

    def follow(self, record: Record) -> None:
        """Do what the record asks of the dispatchers."""
        if record.refusal is not None:
            self.refused(record)
        for event in record.events:
            if type(event) not in self.hears:
                continue
            if isinstance(event, incidents.RecommendationMade):
                self._recommended(event, record.at_ms)
            elif isinstance(event, orders.UnitAssigned) and record.actor.startswith(DISPATCHER):
                self._promised.pop(event.unit_id, None)
                self._landed(event.incident_id)

    def refused(self, record: Record) -> None:
        """The unit was gone by the time: look again and choose anew."""
        command = record.command
        if record.refusal is None or not record.actor.startswith(DISPATCHER):
            return
        if isinstance(command, Order):
            self._release(command)
            self._look(command.incident_id, record.at_ms)

    def resume(self, at_ms: int) -> None:
        """Look at everything that waits."""
        self._on_way.clear()
        self._promised.clear()
        for incident_id in self._world.board.waiting:
            self._look(incident_id, at_ms)

    def _recommended(self, event: incidents.RecommendationMade, at_ms: int) -> None:
        """Send as many as are wanted and not yet being sent, in the order recommended."""
        incident_id = event.incident_id
        incident = self._world.board.incidents[incident_id]
        n_wanted = max(0, event.n_wanted - self._on_way.get(incident_id, 0))
        chosen = self._choose(event, n_wanted)
        is_first_look = incident.tp_ms == at_ms
        sent_at_ms = at_ms + (self._think_ms(incident) if is_first_look else AGAIN_MS)
        turned = self._find_to_turn(event, chosen)
        if turned is not None:
            chosen = chosen[:-1]
            self._send(_diversion(incident, turned), sent_at_ms)
        for unit_id in chosen:
            self._send(self._order_of(incident, unit_id), sent_at_ms)
        beside = None if chosen or turned or not n_wanted else self._find_beside(incident)
        if beside is not None:
            order = self._order_of(incident, beside)
            self._send(msgspec.structs.replace(order, beside=True), sent_at_ms)

    def _choose(self, event: incidents.RecommendationMade, n_wanted: int) -> list[str]:
        """The team first, then the others; who is on the way to somebody's order is not asked."""
        ranked = (*event.team, *(candidate.unit_id for candidate in event.candidates))
        free = [unit_id for unit_id in dict.fromkeys(ranked) if unit_id not in self._promised]
        return free[:n_wanted]

    def _find_to_turn(self, event: incidents.RecommendationMade, chosen: list[str]) -> str | None:
        """A unit to turn round, where it is there well before the first free one, or none is."""
        if not event.diversions or self._on_way.get(event.incident_id):
            return None
        best = event.diversions[0]
        if best.unit_id in self._promised:
            return None
        travel_ms = {each.unit_id: each.travel_ms for each in event.candidates}
        free_ms = min((travel_ms.get(unit_id, 0) for unit_id in chosen), default=None)
        is_worth = free_ms is None or best.travel_ms + WORTH_TURNING_MS < free_ms
        return best.unit_id if is_worth else None

    def _find_beside(self, incident: Incident) -> str | None:
        """Nobody is free: a crew on scene close by sees to it too, where it can wait."""
        board = self._world.board
        rows = np.flatnonzero(board.fleet.state == ON_SCENE)
        if incident.priority < LEAST_URGENT_BESIDE or not len(rows):
            return None
        metres = distances_m(
            incident.lat,
            incident.lon,
            to_lat=board.fleet.dest_lat[rows],
            to_lon=board.fleet.dest_lon[rows],
        )
        near = rows[metres <= BESIDE_M][np.argsort(metres[metres <= BESIDE_M], kind="stable")]
        found = (board.fleet.unit_ids[unit_i] for unit_i in near.tolist())
        return next((each for each in found if self._can_see_to(each, incident)), None)

    def _can_see_to(self, unit_id: str, incident: Incident) -> bool:
        board, unit = self._world.board, self._world.board.units[unit_id]
        order = board.orders.get(unit.order_id)
        is_there = order is not None and order.state == "on_scene"
        if order is None or not is_there or unit.beside_order_ids or unit_id in self._promised:
            return False
        first = board.incidents[order.incident_id]
        return first is not incident and first.priority > 1 and not unit.emergency_id

    def _order_of(self, incident: Incident, unit_id: str) -> orders.AssignUnit:
        is_ours = self._world.board.units[unit_id].desk_id == incident.desk_id
        return orders.AssignUnit(
            incident_id=incident.incident_id,
            unit_id=unit_id,
            desk_id=_asking(incident),
            approved_by="" if is_ours else SUPERVISOR,
        )

    def _send(self, order: Order, at_ms: int) -> None:
        incident_id = order.incident_id
        self._on_way[incident_id] = self._on_way.get(incident_id, 0) + 1
        self._promised[order.unit_id] = incident_id
        incident = self._world.board.incidents[incident_id]
        send = _Send(self._world, self._release, order, incident.desk_id)
        self._world.agenda.put(send, actor=dispatcher_of(incident.desk_id), at_ms=at_ms)

    def _think_ms(self, incident: Incident) -> int:
        luck_no = self._world.luck_of_incident(incident.incident_id)
        median_s, sigma = DISPATCH_S[incident.priority]
        return self._world.draw_ms(luck_no, Stage.DISPATCH, median_s=median_s, sigma=sigma)

    def _look(self, incident_id: str, at_ms: int) -> None:
        incident = self._world.board.incidents.get(incident_id)
        if incident is None or incident_id not in self._world.board.waiting:
            return

        def look(_at_ms: int) -> Command | None:
            waits = incident_id in self._world.board.waiting
            return incidents.RecommendUnits(incident_id=incident_id) if waits else None

        self._world.agenda.put(look, actor=dispatcher_of(incident.desk_id), at_ms=at_ms)

    def _release(self, order: Order) -> None:
        """An order that did not go out."""
        self._promised.pop(order.unit_id, None)
        self._landed(order.incident_id)

    def _landed(self, incident_id: str) -> None:
        left = self._on_way.pop(incident_id, 1) - 1
        if left > 0:
            self._on_way[incident_id] = left


class _Send:
    """An order about to go out, unless the incident has what it needs by now, or went elsewhere."""

    def __init__(
        self,
        world: World,
        release: Callable[[Order], None],
        order: Order,
        desk_id: str,
    ) -> None:
        self._world, self._release, self._order = world, release, order
        self._desk_id = desk_id

    def __call__(self, at_ms: int) -> Command | None:
        board = self._world.board
        incident = board.incidents.get(self._order.incident_id)
        waits = incident is not None and incident.incident_id in board.waiting
        if waits and incident is not None and incident.desk_id == self._desk_id:
            return _as_seen(self._order, incident)
        self._release(self._order)
        if waits and incident is not None:
            # Handed over meanwhile: the next desk looks for itself.
            look = incidents.RecommendUnits(incident_id=incident.incident_id)
            self._world.post(look, actor=dispatcher_of(incident.desk_id), at_ms=at_ms)
        return None


def _diversion(incident: Incident, unit_id: str) -> reinforce.DivertUnit:
    return reinforce.DivertUnit(
        unit_id=unit_id,
        incident_id=incident.incident_id,
        reason=f"P{incident.priority} without a free unit in time",
        approved_by=SUPERVISOR,
        desk_id=_asking(incident),
    )


def _as_seen(order: Order, incident: Incident) -> Order:
    """The order with the list that is on the screen now."""
    if isinstance(order, reinforce.DivertUnit):
        return order
    return msgspec.structs.replace(order, painted_seq=incident.recommended_seq)


def _asking(incident: Incident) -> str:
    """The desk that gives the order, as orders name it."""
    return "" if incident.desk_id == CITY_DESK else incident.desk_id
