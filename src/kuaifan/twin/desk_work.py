"""What dispatchers do besides sending (仿真指挥席): hand over, sign for it, fill a circle."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kuaifan.board.entities import Order
from kuaifan.board.reference import CITY_DESK
from kuaifan.kernel.message import Command, Event
from kuaifan.twin.audience import Act, Hearer
from kuaifan.twin.draws import Stage
from kuaifan.twin.offices import dispatcher_of
from kuaifan.twin.world import World
from kuaifan.vocabulary import alarm as alarms
from kuaifan.vocabulary import desk as desks
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import unit as units
from kuaifan.vocabulary.unit import AVAILABLE_STATUSES

OFFER_S: Final = (30.0, 0.5)
SIGN_S: Final = (22.0, 0.6)
REFUSED_SHARE: Final = 0.05
FILL_S: Final = (40.0, 0.5)
FILLED_SHARE: Final = 0.8
RELEASE_MS: Final = 15_000
HELD_MS: Final = 3_600_000
SENT: Final = frozenset({"handled", "fed_back", "reviewed"})


class DeskWork(Hearer):
    """Hand-overs between desks, move-ups, and crews called back (仿真指挥席)."""

    def __init__(self, world: World) -> None:
        self._world = world
        acts: dict[type[Event], Act] = {
            alarms.AlarmRaised: self._raised,
            desks.HandOverOffered: self._offered,
            units.MoveUpSuggested: self._suggested,
            units.UnitMovedUp: self._moved,
            orders.OrderHandled: self._handled,
        }
        super().__init__(acts)

    def resume(self, at_ms: int) -> None:
        """Sign for what is offered, and offer what lies on another desk's ground."""
        for incident in self._world.board.incidents.values():
            if incident.to_desk_id:
                self._sign_later(incident.incident_id, incident.to_desk_id, at_ms)
            elif f"other_desk_ground:{incident.incident_id}" in self._world.board.alarms:
                self._offer_later(incident.incident_id, at_ms)
        for unit_id in self._world.board.moved_up_unit_ids:
            post_id = self._world.board.units[unit_id].post_id
            self._send_home_later(unit_id, post_id, at_ms)

    def _raised(self, event: alarms.AlarmRaised, at_ms: int) -> None:
        if event.kind == "other_desk_ground":
            self._offer_later(event.incident_id, at_ms)

    def _offer_later(self, incident_id: str, at_ms: int) -> None:
        world = self._world

        def offer(_at_ms: int) -> Command | None:
            incident = world.board.incidents.get(incident_id)
            if incident is None or incident.is_over or incident.to_desk_id:
                return None
            ground = incident.ground_desk_id or CITY_DESK
            if ground == incident.desk_id or incident.state in SENT:
                return None
            return desks.HandOverIncident(
                incident_id=incident_id, to_desk_id=ground, reason="on your ground"
            )

        incident = world.board.incidents[incident_id]
        delay = self._draw(incident_id, OFFER_S, 1)
        world.agenda.put(offer, actor=dispatcher_of(incident.desk_id), at_ms=at_ms + delay)

    def _offered(self, event: desks.HandOverOffered, at_ms: int) -> None:
        self._sign_later(event.incident_id, event.to_desk_id, at_ms)

    def _sign_later(self, incident_id: str, desk_id: str, at_ms: int) -> None:
        by = dispatcher_of(desk_id)
        luck = self._world.chance(self._world.luck_of_incident(incident_id), Stage.HAND_OVER, 3)
        answer: Command = (
            desks.RefuseHandOver(incident_id=incident_id, by=by, reason="your crew is there")
            if luck < REFUSED_SHARE
            else desks.AcceptHandOver(incident_id=incident_id, by=by)
        )

        def sign(_at_ms: int) -> Command | None:
            incident = self._world.board.incidents.get(incident_id)
            is_offered = incident is not None and incident.to_desk_id == desk_id
            return answer if is_offered else None

        delay = self._draw(incident_id, SIGN_S, 2)
        self._world.agenda.put(sign, actor=by, at_ms=at_ms + delay)

    def _handled(self, event: orders.OrderHandled, at_ms: int) -> None:
        """Those who are there are done: whoever is still driving there is called back."""
        incident = self._world.board.incidents[event.incident_id]
        for order in self._list_driving(event.incident_id):
            self._world.agenda.put(
                self._release(event.incident_id, order.order_id),
                actor=dispatcher_of(incident.desk_id),
                at_ms=at_ms + RELEASE_MS,
            )

    def _release(self, incident_id: str, order_id: str) -> Callable[[int], Command | None]:
        def release(_at_ms: int) -> Command | None:
            driving = {order.order_id for order in self._list_driving(incident_id)}
            if order_id not in driving:
                return None
            return orders.WithdrawUnit(order_id=order_id, reason="not needed any more")

        return release

    def _list_driving(self, incident_id: str) -> list[Order]:
        """Orders not there yet, where nobody is on scene; none while anybody is."""
        incident = self._world.board.incidents.get(incident_id)
        sent = [] if incident is None else self._world.board.active_orders(incident)
        bound = [order for order in sent if order.is_active]
        is_needed = any(order.state == "on_scene" for order in bound)
        return [] if is_needed or len(bound) == len(sent) else bound

    def _suggested(self, event: units.MoveUpSuggested, at_ms: int) -> None:
        """Most suggestions are followed, if the unit is still free then."""
        world, fleet_i = self._world, self._world.board.fleet.index[event.unit_id]
        luck_no = at_ms // 1_000
        if world.chance(luck_no, Stage.MOVE_UP, fleet_i) >= FILLED_SHARE:
            return
        median_s, sigma = FILL_S
        delay = world.draw_ms(
            luck_no, Stage.MOVE_UP, median_s=median_s, sigma=sigma, extra=1_000 + fleet_i
        )

        def fill(_at_ms: int) -> Command | None:
            unit = world.board.units[event.unit_id]
            is_free = unit.status in AVAILABLE_STATUSES and not unit.order_id
            if not is_free or unit.emergency_id or unit.post_id == event.post_id:
                return None
            return units.MoveUp(
                unit_id=event.unit_id, post_id=event.post_id, reason="circle left empty"
            )

        desk_id = world.board.units[event.unit_id].desk_id
        world.agenda.put(fill, actor=dispatcher_of(desk_id), at_ms=at_ms + delay)

    def _moved(self, event: units.UnitMovedUp, at_ms: int) -> None:
        """After a while the circle is held by its own again, and the unit is sent home."""
        unit = self._world.board.units[event.unit_id]
        if event.post_id != unit.home_post_id:
            self._send_home_later(event.unit_id, event.post_id, at_ms)

    def _send_home_later(self, unit_id: str, post_id: str, at_ms: int) -> None:
        def send_home(now_ms: int) -> Command | None:
            unit = self._world.board.units[unit_id]
            if unit.post_id != post_id or unit.status == "off_duty":
                return None
            if unit.order_id or unit.emergency_id or unit.status not in AVAILABLE_STATUSES:
                self._send_home_later(unit_id, post_id, now_ms)
                return None
            return units.MoveUp(
                unit_id=unit_id, post_id=unit.home_post_id, reason="circle held again"
            )

        desk_id = self._world.board.units[unit_id].desk_id
        self._world.agenda.put(send_home, actor=dispatcher_of(desk_id), at_ms=at_ms + HELD_MS)

    def _draw(self, incident_id: str, spread: tuple[float, float], extra: int) -> int:
        median_s, sigma = spread
        luck_no = self._world.luck_of_incident(incident_id)
        return self._world.draw_ms(
            luck_no, Stage.HAND_OVER, median_s=median_s, sigma=sigma, extra=extra
        )
