"""What crews decide when the moment comes (仿真警组抉择): report, stop, park, be back.

Each looks at the board first: an order may have been withdrawn, a crew sent elsewhere meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kuaifan.board.entities import Unit
from kuaifan.kernel.message import Command
from kuaifan.twin.radios import Radios
from kuaifan.twin.speech import Speech
from kuaifan.twin.world import World
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import unit as units
from kuaifan.vocabulary.order import OrderState

NOT_GONE: Final[tuple[OrderState, ...]] = ("dispatched", "acknowledged")
NOT_DONE: Final[tuple[OrderState, ...]] = (*NOT_GONE, "en_route", "on_scene")
EMERGENCY_WAIT_MS: Final = 60_000


class IfStill:
    """A report that a crew makes only while its order stands at certain states.

    While its officers are in danger a crew reports nothing done. anew: writes the report when its
    moment comes, for what it tells of may have become something else meanwhile.
    """

    def __init__(
        self,
        world: World,
        speech: Speech,
        order_id: str,
        command: Command,
        before: tuple[OrderState, ...],
        anew: Callable[[], Command] | None = None,
    ) -> None:
        self._world, self._speech, self._order_id = world, speech, order_id
        self._command, self._before, self._anew = command, before, anew

    def __call__(self, at_ms: int) -> Command | None:
        """The report, or nothing."""
        order = self._world.board.orders.get(self._order_id)
        if order is None or order.state not in self._before:
            return None
        unit = self._world.board.units[order.unit_id]
        if unit.emergency_id and isinstance(self._command, orders.ReportHandled):
            actor = self._speech.actor_of(order.unit_id)
            self._world.agenda.put(self, actor=actor, at_ms=at_ms + EMERGENCY_WAIT_MS)
            return None
        if _cannot_say(unit, self._order_id, self._command):
            return None
        return self._speech.say(order.unit_id, self._anew() if self._anew else self._command)


def _cannot_say(unit: Unit, order_id: str, command: Command) -> bool:
    """On the radio everything said is about the order that the unit works on."""
    is_spoken = not unit.has_gps and not isinstance(command, orders.GiveFeedback)
    return is_spoken and unit.order_id != order_id


class Press:
    """The crew says that it is there, unless it was turned round on the way."""

    def __init__(self, world: World, radios: Radios, speech: Speech, order_id: str) -> None:
        self._world, self._radios, self._speech = world, radios, speech
        self._order_id = order_id

    def __call__(self, _at_ms: int) -> Command | None:
        """The arrival, or nothing."""
        order = self._world.board.orders.get(self._order_id)
        if order is None or order.state not in NOT_DONE or order.t7_button_ms:
            return None
        is_driving = self._radios.find_ride(order.unit_id) is not None
        if is_driving and order.state == "en_route":
            return None
        press = orders.ReportArrival(order_id=self._order_id)
        if _cannot_say(self._world.board.units[order.unit_id], self._order_id, press):
            return None
        return self._speech.say(order.unit_id, press)


class Stop:
    """The car stands at its incident and its radio says so, unless it was called back."""

    def __init__(self, world: World, radios: Radios, order_id: str, unit_id: str) -> None:
        self._world, self._radios = world, radios
        self._order_id, self._unit_id = order_id, unit_id

    def __call__(self, at_ms: int) -> None:
        """Stand, if the ride is over."""
        driving = self._radios.find_ride(self._unit_id)
        order = self._world.board.orders.get(self._order_id)
        if order is None or not order.is_active:
            return
        if driving is not None and driving.ends_at_ms <= at_ms:
            here = driving.ride.position_at(driving.ride.travel_ms)
            self._radios.stand(self._unit_id, here, at_ms)


class Park:
    """The car stands at its post and its radio says so, unless it was sent elsewhere."""

    def __init__(self, radios: Radios, unit_id: str, ends_at_ms: int) -> None:
        self._radios, self._unit_id, self._ends_at_ms = radios, unit_id, ends_at_ms

    def __call__(self, at_ms: int) -> None:
        """Stand at the post, if the ride is over."""
        driving = self._radios.find_ride(self._unit_id)
        if driving is not None and driving.ends_at_ms == self._ends_at_ms:
            here = driving.ride.position_at(driving.ride.travel_ms)
            self._radios.stand(self._unit_id, here, at_ms)


class Home:
    """The crew says that it is back, unless it was sent elsewhere or went off duty on the way."""

    def __init__(self, world: World, radios: Radios, speech: Speech, unit_id: str) -> None:
        self._world, self._radios, self._speech = world, radios, speech
        self._unit_id = unit_id

    def __call__(self, _at_ms: int) -> Command | None:
        """Back at the post, or nothing."""
        unit = self._world.board.units[self._unit_id]
        is_driving = self._radios.find_ride(self._unit_id) is not None
        if is_driving or unit.order_id or unit.status not in {"returning", "standby"}:
            return None
        at_post = units.SetUnitStatus(unit_id=self._unit_id, status="at_post")
        return self._speech.say(self._unit_id, at_post)
