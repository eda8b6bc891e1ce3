"""What a crew meets besides its orders (仿真现场): changes to sign, help wanted, danger, finds.

Draws belong to the incident and the unit, so the same scene turns out alike under any policy.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kuaifan.board.entities import Order
from kuaifan.kernel.message import Command, Event
from kuaifan.twin.audience import Act, Hearer
from kuaifan.twin.draws import Stage
from kuaifan.twin.speech import Speech
from kuaifan.twin.world import World, luck_of
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import emergency, reinforce
from kuaifan.vocabulary import order as orders

READ_S: Final = (11.0, 0.5)
HELP_S: Final = (150.0, 0.6)
HELP_SHARE: Final = {
    "criminal": 0.05,
    "public_order": 0.06,
    "dispute": 0.02,
    "road_traffic": 0.02,
    "fire_disaster": 0.08,
    "emergency_assistance": 0.03,
}
"""So often a crew finds that it needs another one, by class of type."""
HELP_SHARE_ELSE: Final = 0.01
DANGER_SHARE: Final = 1 / 4_500
"""About one officer emergency in a week of a city with 678 incidents a day."""
DANGER_S: Final = (240.0, 0.6)
FOUND_SHARE: Final = 0.008
"""Finds of patrols, as a share of handled calls: a few a day."""
FOUND_S: Final = (400.0, 0.5)
FINDS: Final = (
    "drunk_incapable",
    "road_obstruction",
    "stranded",
    "impaired_driving",
    "fight_in_progress",
    "found_person",
)
FINDERS: Final = frozenset({"patrol", "traffic"})
SPEAK_EVERY_S: Final = 1_500.0
"""A crew on the radio says that all is well before the desk has to ask."""


class Scenes(Hearer):
    """What crews meet with (仿真现场)."""

    def __init__(self, world: World, speech: Speech) -> None:
        self._world, self._speech = world, speech
        acts: dict[type[Event], Act] = {
            reinforce.OrderAmended: self._amended,
            orders.UnitArrived: self._arrived,
            orders.OrderWithdrawn: self._withdrawn,
            calls.CallRegistered: self._rang,
        }
        super().__init__(acts)

    def resume(self, order: Order, at_ms: int) -> None:
        """Sign what is not signed, and say that all is well."""
        if order.is_active and order.amendment_signed_no < order.amendment_no:
            self._read_later(order.order_id, at_ms)
        if order.state == "on_scene":
            self._speak_later(order.order_id, at_ms)

    def _amended(self, event: reinforce.OrderAmended, at_ms: int) -> None:
        self._read_later(event.order_id, at_ms)

    def _read_later(self, order_id: str, at_ms: int) -> None:
        def read(order: Order) -> Command | None:
            if order.amendment_signed_no >= order.amendment_no:
                return None
            if order.state == "dispatched" and not self._has_gps(order):
                # On the radio the first read-back is that of the order.
                return None
            return reinforce.AcknowledgeAmendment(
                order_id=order_id, amendment_no=order.amendment_no
            )

        order = self._world.board.orders[order_id]
        delay = self._draw(order, Stage.AMENDMENT, READ_S, order.amendment_no)
        self._while_active(order, read, at_ms + delay)

    def _withdrawn(self, event: orders.OrderWithdrawn, at_ms: int) -> None:
        """Who had the order signs that it is void."""
        if not event.must_sign:
            return
        order_id, unit_id = event.order_id, event.unit_id

        def read(_at_ms: int) -> Command | None:
            board = self._world.board
            order, unit = board.orders.get(order_id), board.units[unit_id]
            if order is None or not order.withdrawal_unsigned:
                return None
            now = board.orders.get(unit.order_id)
            if not unit.has_gps and now is not None and now.state == "dispatched":
                # On the radio a read-back would be that of the new order.
                return orders.AcknowledgeWithdrawal(order_id=order_id, source="voice")
            return self._speech.say(unit_id, orders.AcknowledgeWithdrawal(order_id=order_id))

        order = self._world.board.orders[order_id]
        delay = self._draw(order, Stage.AMENDMENT, READ_S, 0)
        actor = self._speech.actor_of(unit_id)
        self._world.agenda.put(read, actor=actor, at_ms=at_ms + delay)

    def _arrived(self, event: orders.UnitArrived, at_ms: int) -> None:
        order = self._world.board.orders[event.order_id]
        if order.t7_ms != at_ms or order.t7_source != event.source:
            return
        self._speak_later(event.order_id, at_ms)
        incident = self._world.board.incidents[event.incident_id]
        class_key = self._world.board.reference.types[incident.type_code].class_key
        share = HELP_SHARE.get(class_key, HELP_SHARE_ELSE)
        if len(incident.order_ids) == 1 and self._chance(order, Stage.BACKUP) < share:
            self._call_help_later(order, at_ms)
        if self._chance(order, Stage.EMERGENCY) < DANGER_SHARE:
            self._danger_later(order, at_ms)

    def _call_help_later(self, order: Order, at_ms: int) -> None:
        def call_help(order: Order) -> Command | None:
            incident = self._world.board.incidents[order.incident_id]
            if order.state != "on_scene" or incident.n_backup:
                return None
            return reinforce.RequestBackup(
                incident_id=order.incident_id, order_id=order.order_id, reason="too many for us"
            )

        delay = self._draw(order, Stage.BACKUP, HELP_S, 0)
        self._while_active(order, call_help, at_ms + delay)

    def _danger_later(self, order: Order, at_ms: int) -> None:
        def call_for_life(order: Order) -> Command | None:
            unit = self._world.board.units[order.unit_id]
            if unit.emergency_id:
                return None
            return emergency.DeclareEmergency(unit_id=unit.unit_id, declared_by=unit.call_sign)

        delay = self._draw(order, Stage.EMERGENCY, DANGER_S, 0)
        self._while_active(order, call_for_life, at_ms + delay)

    def _speak_later(self, order_id: str, at_ms: int) -> None:
        """All is well, every so often until the order is done; a crew with a phone presses it."""

        def speak(order: Order) -> Command | None:
            unit = self._world.board.units[order.unit_id]
            if order.state != "on_scene" or unit.order_id != order_id:
                return None
            self._speak_later(order_id, self._world.agenda.now_ms())
            if self._has_gps(order):
                return orders.ReportSafe(order_id=order_id)
            return self._speech.tell_safe(order.unit_id)

        order = self._world.board.orders[order_id]
        self._while_active(order, speak, at_ms + round(SPEAK_EVERY_S * 1000))

    def _rang(self, event: calls.CallRegistered, at_ms: int) -> None:
        """While somebody calls, a patrol elsewhere finds something by itself."""
        story, luck_no = self._world.find_story(event.call_id), luck_of(event.call_id)
        if story is None or story.kind != "effective":
            return
        luck = self._world.chance(luck_no, Stage.FOUND)
        if luck >= FOUND_SHARE:
            return
        finder = self._pick_finder(luck / FOUND_SHARE)
        if finder is None:
            return
        median_s, sigma = FOUND_S
        delay = self._world.draw_ms(luck_no, Stage.FOUND, median_s=median_s, sigma=sigma, extra=1)
        what = FINDS[int(luck / FOUND_SHARE * 1_000) % len(FINDS)]
        self._world.agenda.put(
            lambda _at_ms: self._find(finder, what),
            actor=self._speech.actor_of(finder),
            at_ms=at_ms + delay,
        )

    def _pick_finder(self, luck: float) -> str | None:
        units = [
            unit
            for unit in self._world.board.units.values()
            if unit.has_gps and unit.line in FINDERS and unit.status != "off_duty"
        ]
        return units[int(luck * len(units))].unit_id if units else None

    def _find(self, unit_id: str, what: str) -> Command | None:
        board = self._world.board
        unit, unit_i = board.units[unit_id], board.fleet.index[unit_id]
        is_free = board.fleet.available()[unit_i] and board.fleet.arc[unit_i] >= 0
        code = next((t.code for t in board.reference.types.values() if t.key == what), None)
        if not is_free or unit.emergency_id or code is None:
            return None
        return reinforce.SelfInitiate(unit_id=unit_id, type_code=code)

    def _while_active(
        self, order: Order, choose: Callable[[Order], Command | None], at_ms: int
    ) -> None:
        """Choose then, if the order is still active, and say it in the crew's own way."""
        order_id, unit_id = order.order_id, order.unit_id

        def act(_at_ms: int) -> Command | None:
            now = self._world.board.orders.get(order_id)
            command = choose(now) if now is not None and now.is_active else None
            return None if command is None else self._speech.say(unit_id, command)

        actor = self._speech.actor_of(unit_id)
        self._world.agenda.put(act, actor=actor, at_ms=at_ms)

    def _has_gps(self, order: Order) -> bool:
        return self._world.board.units[order.unit_id].has_gps

    def _chance(self, order: Order, stage: Stage) -> float:
        luck_no = self._world.luck_of_incident(order.incident_id)
        return self._world.chance(luck_no, stage, self._world.board.fleet.index[order.unit_id])

    def _draw(self, order: Order, stage: Stage, spread: tuple[float, float], extra: int) -> int:
        median_s, sigma = spread
        luck_no = self._world.luck_of_incident(order.incident_id)
        unit_i = self._world.board.fleet.index[order.unit_id]
        return self._world.draw_ms(
            luck_no, stage, median_s=median_s, sigma=sigma, extra=(extra + 1) * 10_000 + unit_i
        )
