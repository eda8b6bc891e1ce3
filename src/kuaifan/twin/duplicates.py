"""Simulated eyes on duplicates (仿真查重): a person looks at a suggestion and decides.

What is one in truth is merged, once its second crew has been called back; where both were attended
already they are linked; what is not the same is dismissed.
"""

from __future__ import annotations

from typing import Final

from kuaifan.board.entities import Incident
from kuaifan.kernel.message import Command
from kuaifan.twin.audience import Hearer
from kuaifan.twin.draws import Stage
from kuaifan.twin.offices import dispatcher_of
from kuaifan.twin.world import World
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import kinship
from kuaifan.vocabulary import order as orders

LOOK_S: Final = (35.0, 0.6)
CALLED_BACK: Final = "duplicate"
ATTENDED: Final = frozenset({"on_scene", "handled"})


class Duplicates(Hearer):
    """Decides about every pair that is suggested (仿真查重)."""

    def __init__(self, world: World) -> None:
        self._world = world
        super().__init__({kinship.DuplicateSuggested: self._suggested})

    def _suggested(self, event: kinship.DuplicateSuggested, at_ms: int) -> None:
        self._look_later(event.incident_id, event.other_incident_id, at_ms)

    def resume(self, at_ms: int) -> None:
        """Look at every pair that stands."""
        for incident in self._world.board.incidents.values():
            for other_id in incident.duplicate_ids:
                if _number(other_id) < _number(incident.incident_id):
                    self._look_later(incident.incident_id, other_id, at_ms)

    def _look_later(self, incident_id: str, other_id: str, at_ms: int) -> None:
        later, first = sorted((incident_id, other_id), key=_number, reverse=True)
        luck_no, extra = self._world.luck_of_incident(later), _number(first)
        median_s, sigma = LOOK_S
        delay = self._world.draw_ms(
            luck_no, Stage.DUPLICATE, median_s=median_s, sigma=sigma, extra=extra
        )
        self._put(later, first, at_ms + delay)

    def _put(self, later: str, first: str, at_ms: int) -> None:
        incident = self._world.board.incidents.get(later)
        actor = dispatcher_of(incident.desk_id if incident else "city")
        self._world.agenda.put(lambda at: self._decide(later, first, at), actor=actor, at_ms=at_ms)

    def _decide(self, later: str, first: str, at_ms: int) -> Command | None:
        board = self._world.board
        one, other = board.incidents.get(later), board.incidents.get(first)
        if one is None or other is None or other.incident_id not in one.duplicate_ids:
            return None
        if one.is_over or other.is_over:
            return None
        if not self._world.are_same(later, first):
            return kinship.DismissDuplicate(
                incident_id=later, other_incident_id=first, reason="spoken with both callers"
            )
        return self._unite(one, other, at_ms)

    def _unite(self, later: Incident, first: Incident, at_ms: int) -> Command:
        """Call its crews back and merge, all in one go; what both were attended is left alone."""
        board, actor = self._world.board, dispatcher_of(later.desk_id)
        open_orders = [o for o in board.active_orders(later) if o.state != "fed_back"]
        if any(order.state in ATTENDED for order in open_orders):
            return kinship.DismissDuplicate(
                incident_id=later.incident_id,
                other_incident_id=first.incident_id,
                reason="both are attended already",
            )
        merge = incidents.MergeIncident(
            incident_id=later.incident_id, into_incident_id=first.incident_id
        )
        if not open_orders:
            return merge
        for order in open_orders[1:]:
            withdraw = orders.WithdrawUnit(order_id=order.order_id, reason=CALLED_BACK)
            self._world.post(withdraw, actor=actor, at_ms=at_ms)
        # The last step looks once more: meanwhile a crew may have been sent anew.
        self._put(later.incident_id, first.incident_id, at_ms)
        return orders.WithdrawUnit(order_id=open_orders[0].order_id, reason=CALLED_BACK)


def _number(incident_id: str) -> int:
    return int(incident_id[1:])
