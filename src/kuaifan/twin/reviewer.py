"""A simulated reviewer (仿真评查员): looks at what is fed back, then closes it."""

from __future__ import annotations

from typing import Final

from kuaifan.board.entities import Incident
from kuaifan.kernel.message import Command, Event
from kuaifan.kernel.record import Record
from kuaifan.twin.audience import Act, Hearer
from kuaifan.twin.draws import Stage
from kuaifan.twin.offices import REVIEWER
from kuaifan.twin.world import World, left_of
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import item as items
from kuaifan.vocabulary import kinship
from kuaifan.vocabulary import order as orders

REVIEW_S: Final = (7_200.0, 0.6)
CLOSE_MS: Final = 300_000
AGAIN_MS: Final = 600_000
RETURNED_SHARE: Final = 0.02
REOPENED_SHARE: Final = 0.002
REOPEN_MS: Final = 3_600_000
RETURN_S: Final = (1_800.0, 0.6)


class Reviewer(Hearer):
    """Reviews some hours after the last feedback, and closes (仿真评查员)."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._returned: set[str] = set()
        acts: dict[type[Event], Act] = {
            orders.FeedbackGiven: self._fed_back,
            incidents.IncidentSettled: self._settled,
            incidents.IncidentReviewed: self._reviewed,
            incidents.IncidentClosed: self._closed,
            items.ItemClosed: self._item_closed,
        }
        super().__init__(acts)

    def refused(self, record: Record) -> None:
        """Look again at what could not be reviewed or closed yet."""
        if record.actor == REVIEWER and record.refusal is not None:
            self._look_again(record)

    def resume(self, at_ms: int) -> None:
        """Take up everything that waits for a review or a close."""
        for incident in self._world.board.incidents.values():
            if incident.state == "reviewed":
                self._close_later(incident.incident_id, at_ms)
            elif incident.is_complete:
                told_ms = [order.t9_ms for order in self._world.board.active_orders(incident)]
                self._review_later(incident.incident_id, at_ms, since_ms=max(told_ms, default=0))

    def _fed_back(self, event: orders.FeedbackGiven, at_ms: int) -> None:
        self._settled(event, at_ms)
        self._return_later(event, at_ms)

    def _settled(self, event: orders.FeedbackGiven | incidents.IncidentSettled, at_ms: int) -> None:
        if self._world.board.incidents[event.incident_id].is_complete:
            self._review_later(event.incident_id, at_ms, since_ms=at_ms)

    def _reviewed(self, event: incidents.IncidentReviewed, at_ms: int) -> None:
        self._close_later(event.incident_id, at_ms)

    def _closed(self, event: incidents.IncidentClosed, at_ms: int) -> None:
        self._reopen_later(event.incident_id, at_ms)

    def _item_closed(self, event: items.ItemClosed, at_ms: int) -> None:
        self._close_what_it_held(event.incident_id, at_ms)

    def _review_later(self, incident_id: str, at_ms: int, *, since_ms: int) -> None:
        luck_no = self._world.luck_of_incident(incident_id)
        median_s, sigma = REVIEW_S
        delay = self._world.draw_ms(luck_no, Stage.REVIEW, median_s=median_s, sigma=sigma)
        left_ms = left_of(delay, since_ms=since_ms, at_ms=at_ms)
        self._put_review(incident_id, at_ms + left_ms)

    def _put_review(self, incident_id: str, at_ms: int) -> None:
        review = _Review(self._world, incident_id)
        self._world.agenda.put(review, actor=REVIEWER, at_ms=at_ms)

    def _look_again(self, record: Record) -> None:
        """Something was still open, such as a service; what a seat holds is waited for instead."""
        command = record.command
        if isinstance(command, incidents.ReviewIncident):
            self._put_review(command.incident_id, record.at_ms + AGAIN_MS)
        elif isinstance(command, incidents.CloseIncident):
            is_held = record.refusal is not None and record.refusal.code == "items_open"
            if not is_held:
                self._close_later(command.incident_id, record.at_ms + AGAIN_MS)

    def _return_later(self, event: orders.FeedbackGiven, at_ms: int) -> None:
        """A few reports are sent back once, to be completed."""
        luck_no = self._world.luck_of_incident(event.incident_id)
        is_short = self._world.chance(luck_no, Stage.RETURNED) < RETURNED_SHARE
        if not is_short or event.order_id in self._returned:
            return
        self._returned.add(event.order_id)
        median_s, sigma = RETURN_S
        delay = self._world.draw_ms(
            luck_no, Stage.RETURNED, median_s=median_s, sigma=sigma, extra=1
        )
        returned = _Return(self._world, event.order_id)
        self._world.agenda.put(returned, actor=REVIEWER, at_ms=at_ms + delay)

    def _reopen_later(self, incident_id: str, at_ms: int) -> None:
        """Very few are opened again, once: the caller says that it has begun anew."""
        luck_no = self._world.luck_of_incident(incident_id)
        incident = self._world.board.incidents[incident_id]
        if incident.n_reopened or self._world.chance(luck_no, Stage.REOPEN) >= REOPENED_SHARE:
            return

        def reopen(_at_ms: int) -> Command | None:
            now = self._world.board.incidents.get(incident_id)
            is_closed = now is not None and now.state == "closed"
            reason = "it has begun anew"
            return kinship.ReopenIncident(incident_id, reason) if is_closed else None

        self._world.agenda.put(reopen, actor=REVIEWER, at_ms=at_ms + REOPEN_MS)

    def _close_what_it_held(self, incident_id: str, at_ms: int) -> None:
        """A seat's item was the last thing that an incident waited for, perhaps."""
        incident = self._world.board.incidents.get(incident_id)
        if incident is None or incident.state != "reviewed":
            return
        if not _is_held(self._world, incident):
            self._close_later(incident_id, at_ms)

    def _close_later(self, incident_id: str, at_ms: int) -> None:
        close = _Close(self._world, incident_id)
        self._world.agenda.put(close, actor=REVIEWER, at_ms=at_ms + CLOSE_MS)


class _Review:
    """A review, if the incident still waits for one."""

    def __init__(self, world: World, incident_id: str) -> None:
        self._world, self._incident_id = world, incident_id

    def __call__(self, _at_ms: int) -> Command | None:
        incident = self._world.board.incidents.get(self._incident_id)
        if incident is None or not incident.is_complete:
            return None
        return incidents.ReviewIncident(incident_id=self._incident_id, reviewer_id=REVIEWER)


class _Return:
    """A report sent back, if nobody has reviewed it meanwhile."""

    def __init__(self, world: World, order_id: str) -> None:
        self._world, self._order_id = world, order_id

    def __call__(self, _at_ms: int) -> Command | None:
        order = self._world.board.orders.get(self._order_id)
        incident = None if order is None else self._world.board.incidents.get(order.incident_id)
        if order is None or incident is None or order.state != "fed_back":
            return None
        if incident.state == "reviewed" or incident.is_over:
            return None
        return orders.ReturnFeedback(order_id=self._order_id, reason="who was there is not named")


class _Close:
    """A close, if the incident is reviewed and still open."""

    def __init__(self, world: World, incident_id: str) -> None:
        self._world, self._incident_id = world, incident_id

    def __call__(self, _at_ms: int) -> Command | None:
        incident = self._world.board.incidents.get(self._incident_id)
        if incident is None or incident.state != "reviewed":
            return None
        return incidents.CloseIncident(incident_id=self._incident_id)


def _is_held(world: World, incident: Incident) -> bool:
    """Whether a special seat still owes something for it."""
    return any(world.board.items[item_id].holds for item_id in incident.item_ids)
