"""A simulated dispatcher (仿真派警员): sends the units that are recommended first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kuaifan.kernel.message import Command
from kuaifan.kernel.record import Record
from kuaifan.twin.draws import Stage
from kuaifan.twin.world import World
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders

DISPATCH_S: Final = {1: (8.0, 0.5), 2: (15.0, 0.5), 3: (40.0, 0.6), 4: (90.0, 0.7), 5: (120.0, 0.7)}
"""Look and decide, by priority: median seconds and sigma."""
AGAIN_MS: Final = 5_000
"""What has waited for a unit goes out as soon as one is there."""
DISPATCHER: Final = "sim:dispatcher"


class Dispatcher:
    """One dispatcher, as many hands as needed (仿真派警员)."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._on_way: dict[str, int] = {}
        self._promised: dict[str, str] = {}

    def follow(self, record: Record) -> None:
        """Do what the record asks of the dispatcher."""
        is_mine = record.actor == DISPATCHER
        if is_mine and record.refusal is not None and isinstance(record.command, orders.AssignUnit):
            self._refused(record.command, record.at_ms)
        for event in record.events:
            if isinstance(event, incidents.RecommendationMade):
                self._recommended(event, record.at_ms)
            elif is_mine and isinstance(event, orders.UnitAssigned):
                self._promised.pop(event.unit_id, None)
                self._landed(event.incident_id)

    def resume(self, at_ms: int) -> None:
        """Look at everything that waits."""
        self._on_way.clear()
        self._promised.clear()
        for incident_id in self._world.board.waiting:
            self._post(incidents.RecommendUnits(incident_id=incident_id), at_ms)

    def _recommended(self, event: incidents.RecommendationMade, at_ms: int) -> None:
        """Send as many as are wanted and not yet being sent, in the order recommended."""
        incident_id = event.incident_id
        on_way = self._on_way.get(incident_id, 0)
        # A unit that is on its way to somebody's order is not looked at twice.
        free = [c for c in event.candidates if c.unit_id not in self._promised]
        chosen = free[: max(0, event.n_wanted - on_way)]
        if not chosen:
            return
        incident = self._world.board.incidents[incident_id]
        luck_no = self._world.luck_of_incident(incident_id)
        median_s, sigma = DISPATCH_S[incident.priority]
        delay = self._world.draw_ms(luck_no, Stage.DISPATCH, median_s=median_s, sigma=sigma)
        is_first_look = incident.tp_ms == at_ms
        self._on_way[incident_id] = on_way + len(chosen)
        for candidate in chosen:
            order = orders.AssignUnit(
                incident_id=incident_id,
                unit_id=candidate.unit_id,
                painted_seq=incident.recommended_seq,
            )
            self._promised[candidate.unit_id] = incident_id
            send = _Send(self._world, self._release, order)
            at = at_ms + (delay if is_first_look else AGAIN_MS)
            self._world.agenda.put(send, actor=DISPATCHER, at_ms=at)

    def _refused(self, command: orders.AssignUnit, at_ms: int) -> None:
        """The unit was gone by the time: look again and choose anew."""
        self._release(command)
        if command.incident_id in self._world.board.waiting:
            self._post(incidents.RecommendUnits(incident_id=command.incident_id), at_ms)

    def _release(self, order: orders.AssignUnit) -> None:
        """An order that did not go out."""
        self._promised.pop(order.unit_id, None)
        self._landed(order.incident_id)

    def _landed(self, incident_id: str) -> None:
        left = self._on_way.pop(incident_id, 1) - 1
        if left > 0:
            self._on_way[incident_id] = left

    def _post(self, command: Command, at_ms: int) -> None:
        self._world.agenda.put(command, actor=DISPATCHER, at_ms=at_ms)


class _Send:
    """An order about to go out, unless the incident has what it needs by now."""

    def __init__(
        self,
        world: World,
        release: Callable[[orders.AssignUnit], None],
        order: orders.AssignUnit,
    ) -> None:
        self._world, self._release, self._order = world, release, order

    def __call__(self, _at_ms: int) -> Command | None:
        if self._order.incident_id in self._world.board.waiting:
            return self._order
        self._release(self._order)
        return None
