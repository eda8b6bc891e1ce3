"""A simulated reviewer (仿真评查员): looks at what is fed back, then closes it."""

from __future__ import annotations

from typing import Final

from kuaifan.kernel.message import Command
from kuaifan.kernel.record import Record
from kuaifan.twin.draws import Stage
from kuaifan.twin.world import World
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders

REVIEW_S: Final = (7_200.0, 0.6)
CLOSE_MS: Final = 300_000
REVIEWER: Final = "sim:reviewer"


class Reviewer:
    """Reviews some hours after the last feedback, and closes (仿真评查员)."""

    def __init__(self, world: World) -> None:
        self._world = world

    def follow(self, record: Record) -> None:
        """Do what the record asks of the reviewer."""
        for event in record.events:
            if isinstance(event, orders.FeedbackGiven | incidents.IncidentSettled):
                if self._world.board.incidents[event.incident_id].is_complete:
                    self._review_later(event.incident_id, record.at_ms)
            elif isinstance(event, incidents.IncidentReviewed):
                self._close_later(event.incident_id, record.at_ms)

    def resume(self, at_ms: int) -> None:
        """Take up everything that waits for a review or a close."""
        for incident in self._world.board.incidents.values():
            if incident.state == "reviewed":
                self._close_later(incident.incident_id, at_ms)
            elif incident.is_complete:
                self._review_later(incident.incident_id, at_ms)

    def _review_later(self, incident_id: str, at_ms: int) -> None:
        luck_no = self._world.luck_of_incident(incident_id)
        median_s, sigma = REVIEW_S
        delay = self._world.draw_ms(luck_no, Stage.REVIEW, median_s=median_s, sigma=sigma)
        review = _Review(self._world, incident_id)
        self._world.agenda.put(review, actor=REVIEWER, at_ms=at_ms + delay)

    def _close_later(self, incident_id: str, at_ms: int) -> None:
        close = _Close(self._world, incident_id)
        self._world.agenda.put(close, actor=REVIEWER, at_ms=at_ms + CLOSE_MS)


class _Review:
    """A review, if the incident still waits for one."""

    def __init__(self, world: World, incident_id: str) -> None:
        self._world, self._incident_id = world, incident_id

    def __call__(self, _at_ms: int) -> Command | None:
        if self._world.board.incidents[self._incident_id].state not in {"fed_back", "handled"}:
            return None
        return incidents.ReviewIncident(incident_id=self._incident_id, reviewer_id=REVIEWER)


class _Close:
    """A close, if the incident is reviewed and still open."""

    def __init__(self, world: World, incident_id: str) -> None:
        self._world, self._incident_id = world, incident_id

    def __call__(self, _at_ms: int) -> Command | None:
        if self._world.board.incidents[self._incident_id].state != "reviewed":
            return None
        return incidents.CloseIncident(incident_id=self._incident_id)
