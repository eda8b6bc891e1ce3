"""Simulated crews (仿真警组): sign, go, drive the roads, arrive, handle, feed back, go home."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Any, Final

from kuaifan.board.driving import NORMAL_PROFILE, profile_of
from kuaifan.board.entities import Order
from kuaifan.kernel.message import Command, Event
from kuaifan.kernel.record import Record
from kuaifan.roads.lines import ArcLines
from kuaifan.roads.ride import Ride
from kuaifan.roads.travel import RoadPosition
from kuaifan.twin.draws import Stage
from kuaifan.twin.radios import RADIOS, Radios
from kuaifan.twin.world import World
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import unit as units
from kuaifan.vocabulary.order import OrderState

SIGN_S: Final = (9.0, 0.55)
"""98.6 % sign within 30 s; Chinese cities publish 98 to 99 % (measured.md §4)."""
TURNOUT_S: Final = (40.0, 0.5)
BUTTON_S: Final = (12.0, 0.6)
SERVICE_SIGMA: Final = 0.6
DEFAULT_SERVICE_MIN: Final = 25.0
PAPERWORK_S: Final = (540.0, 0.7)
CREW: Final = "sim:crew:"
NOT_GONE: Final[tuple[OrderState, ...]] = ("dispatched", "acknowledged")
NOT_DONE: Final[tuple[OrderState, ...]] = (*NOT_GONE, "en_route", "on_scene")


class Crews:
    """All crews on duty (仿真警组)."""

    def __init__(self, world: World, radios: Radios, lines: ArcLines) -> None:
        self._world, self._radios, self._lines = world, radios, lines
        self._handlers: dict[type[Event], Callable[[Any, int], None]] = {
            units.ShiftStarted: self._started,
            units.ShiftEnded: self._ended,
            orders.UnitAssigned: self._assigned,
            orders.UnitEnRoute: self._en_route,
            orders.UnitArrived: self._arrived,
            orders.OrderHandled: self._handled,
            orders.OrderWithdrawn: self._withdrawn,
            orders.FeedbackReturned: self._returned,
        }

    def follow(self, record: Record) -> None:
        """Do what the record asks of the crews."""
        for event in record.events:
            handler = self._handlers.get(type(event))
            if handler is not None:
                handler(event, record.at_ms)

    def resume(self, at_ms: int) -> None:
        """Take up every unit and order as the board has them."""
        board = self._world.board
        for unit in board.units.values():
            if unit.status == "off_duty" and not unit.order_id:
                continue
            self._radios.stand(unit.unit_id, self._marker_of(unit.unit_id), at_ms)
        self.take_over(board.units, at_ms)

    def take_over(self, unit_ids: Container[str], at_ms: int) -> None:
        """Crews go on with the orders of some units, and drive them home, as they stand."""
        board = self._world.board
        for order in list(board.orders.values()):
            if order.unit_id in unit_ids:
                self._resume_order(order, at_ms)
        for unit in board.units.values():
            if unit.unit_id in unit_ids and unit.status == "returning" and not unit.order_id:
                self._go_home(unit.unit_id, at_ms)

    def _resume_order(self, order: Order, at_ms: int) -> None:
        if order.state in NOT_GONE:
            self._sign_and_go(order.order_id, order.incident_id, order.unit_id, at_ms)
        elif order.state == "en_route":
            self._drive_there(order.order_id, order.incident_id, at_ms)
        elif order.state == "on_scene":
            self._serve(order.order_id, order.incident_id, order.unit_id, at_ms)
        elif order.state == "handled":
            self._write_up(order.order_id, order.incident_id, order.unit_id, at_ms)

    def _marker_of(self, unit_id: str) -> RoadPosition:
        fleet, unit_i = self._world.board.fleet, self._unit_i(unit_id)
        if fleet.arc[unit_i] < 0:
            return self._home_of(unit_id)
        return RoadPosition(int(fleet.arc[unit_i]), int(fleet.fraction_ppm[unit_i]))

    def _started(self, event: units.ShiftStarted, at_ms: int) -> None:
        self._radios.stand(event.unit_id, self._home_of(event.unit_id), at_ms)

    def _ended(self, event: units.ShiftEnded, _at_ms: int) -> None:
        self._radios.switch_off(event.unit_id)

    def _assigned(self, event: orders.UnitAssigned, at_ms: int) -> None:
        self._sign_and_go(event.order_id, event.incident_id, event.unit_id, at_ms)

    def _sign_and_go(self, order_id: str, incident_id: str, unit_id: str, at_ms: int) -> None:
        """Sign, then turn the wheels; what happens before the wheels turn is not driven yet."""
        unit_i, call_no = self._unit_i(unit_id), self._call_no(incident_id)
        median_s, sigma = SIGN_S
        sign_ms = self._draw(call_no, Stage.SIGN, median_s, sigma, unit_i)
        median_s, sigma = TURNOUT_S
        turnout_ms = self._draw(call_no, Stage.TURNOUT, median_s, sigma, unit_i)
        signed_at_ms = at_ms + sign_ms
        sign = orders.AcknowledgeOrder(order_id=order_id)
        self._report(order_id, sign, signed_at_ms, before=("dispatched",))
        go = orders.ReportEnRoute(order_id=order_id)
        self._report(order_id, go, signed_at_ms + turnout_ms, before=NOT_GONE)

    def _en_route(self, event: orders.UnitEnRoute, at_ms: int) -> None:
        self._drive_there(event.order_id, event.incident_id, at_ms)

    def _drive_there(self, order_id: str, incident_id: str, at_ms: int) -> None:
        unit_id = self._world.board.orders[order_id].unit_id
        incident = self._world.board.incidents[incident_id]
        target = RoadPosition(incident.arc, incident.fraction_ppm)
        ends_at_ms = self._drive(unit_id, target, at_ms, profile=profile_of(incident))
        call_no, unit_i = self._call_no(incident_id), self._unit_i(unit_id)
        median_s, sigma = BUTTON_S
        press_ms = self._draw(call_no, Stage.BUTTON, median_s, sigma, unit_i)
        stop = _Stop(self._world, self._radios, order_id, unit_id)
        self._world.agenda.put(stop, actor=RADIOS, at_ms=ends_at_ms)
        press = orders.ReportArrival(order_id=order_id)
        self._report(order_id, press, ends_at_ms + press_ms, before=NOT_DONE)

    def _arrived(self, event: orders.UnitArrived, at_ms: int) -> None:
        order = self._world.board.orders[event.order_id]
        if order.t7_ms != at_ms or order.t7_source != event.source:
            return
        self._serve(event.order_id, event.incident_id, order.unit_id, at_ms)

    def _serve(self, order_id: str, incident_id: str, unit_id: str, at_ms: int) -> None:
        service_ms = self._service_ms(incident_id, self._unit_i(unit_id))
        done = orders.ReportHandled(order_id=order_id)
        self._report(order_id, done, at_ms + service_ms, before=NOT_DONE)

    def _handled(self, event: orders.OrderHandled, at_ms: int) -> None:
        self._write_up(event.order_id, event.incident_id, event.unit_id, at_ms)
        self._go_home(event.unit_id, at_ms)

    def _write_up(self, order_id: str, incident_id: str, unit_id: str, at_ms: int) -> None:
        call_no, unit_i = self._call_no(incident_id), self._unit_i(unit_id)
        median_s, sigma = PAPERWORK_S
        paper_ms = self._draw(call_no, Stage.PAPERWORK, median_s, sigma, unit_i)
        feedback = orders.GiveFeedback(
            order_id=order_id, incident_id=incident_id, disposition="handled"
        )
        self._report(order_id, feedback, at_ms + paper_ms, before=("handled",))

    def _returned(self, event: orders.FeedbackReturned, at_ms: int) -> None:
        unit_id = self._world.board.orders[event.order_id].unit_id
        self._write_up(event.order_id, event.incident_id, unit_id, at_ms)

    def _withdrawn(self, event: orders.OrderWithdrawn, at_ms: int) -> None:
        self._go_home(event.unit_id, at_ms)

    def _go_home(self, unit_id: str, at_ms: int) -> None:
        ends_at_ms = self._drive(unit_id, self._home_of(unit_id), at_ms, profile=NORMAL_PROFILE)
        park = _Park(self._radios, unit_id, ends_at_ms)
        self._world.agenda.put(park, actor=RADIOS, at_ms=ends_at_ms)
        home = _Home(self._world, self._radios, unit_id)
        self._world.agenda.put(home, actor=_crew(unit_id), at_ms=ends_at_ms)

    def _drive(self, unit_id: str, target: RoadPosition, at_ms: int, *, profile: int) -> int:
        origin = self._radios.position_at(unit_id, at_ms) or self._home_of(unit_id)
        path = self._world.board.reference.travel.path(origin, target, profile=profile)
        ride = Ride(self._lines, path, profile=profile)
        return self._radios.drive(unit_id, ride, at_ms).ends_at_ms

    def _service_ms(self, incident_id: str, unit_i: int) -> int:
        recorded_ms = self._world.recorded_service_ms(incident_id)
        if recorded_ms is not None:
            return max(1_000, recorded_ms)
        board = self._world.board
        incident_type = board.reference.types[board.incidents[incident_id].type_code]
        median_s = 60.0 * (incident_type.service_median_min or DEFAULT_SERVICE_MIN)
        return self._draw(
            self._call_no(incident_id), Stage.SERVICE, median_s, SERVICE_SIGMA, unit_i
        )

    def _home_of(self, unit_id: str) -> RoadPosition:
        post = self._world.board.reference.posts[self._world.board.units[unit_id].home_post_id]
        return RoadPosition(post.arc, post.fraction_ppm)

    def _unit_i(self, unit_id: str) -> int:
        return self._world.board.fleet.index[unit_id]

    def _call_no(self, incident_id: str) -> int:
        return self._world.luck_of_incident(incident_id)

    def _draw(self, call_no: int, stage: Stage, median_s: float, sigma: float, unit_i: int) -> int:
        return self._world.draw_ms(call_no, stage, median_s=median_s, sigma=sigma, extra=unit_i)

    def _report(
        self, order_id: str, command: Command, at_ms: int, *, before: tuple[OrderState, ...]
    ) -> None:
        """Report later, if the order still stands at one of these states then."""
        unit_id = self._world.board.orders[order_id].unit_id
        report = _IfStill(self._world, order_id, command, before)
        self._world.agenda.put(report, actor=_crew(unit_id), at_ms=at_ms)


class _IfStill:
    """A report that a crew makes only while its order stands at certain states."""

    def __init__(
        self, world: World, order_id: str, command: Command, before: tuple[OrderState, ...]
    ) -> None:
        self._world, self._order_id = world, order_id
        self._command, self._before = command, before

    def __call__(self, _at_ms: int) -> Command | None:
        state = self._world.board.orders[self._order_id].state
        return self._command if state in self._before else None


class _Stop:
    """The car stands at its incident and its radio says so, unless it was called back."""

    def __init__(self, world: World, radios: Radios, order_id: str, unit_id: str) -> None:
        self._world, self._radios = world, radios
        self._order_id, self._unit_id = order_id, unit_id

    def __call__(self, at_ms: int) -> None:
        driving = self._radios.find_ride(self._unit_id)
        order = self._world.board.orders[self._order_id]
        if order.is_active and driving is not None and driving.ends_at_ms <= at_ms:
            here = driving.ride.position_at(driving.ride.travel_ms)
            self._radios.stand(self._unit_id, here, at_ms)


class _Park:
    """The car stands at its post and its radio says so, unless it was sent elsewhere."""

    def __init__(self, radios: Radios, unit_id: str, ends_at_ms: int) -> None:
        self._radios, self._unit_id, self._ends_at_ms = radios, unit_id, ends_at_ms

    def __call__(self, at_ms: int) -> None:
        driving = self._radios.find_ride(self._unit_id)
        if driving is not None and driving.ends_at_ms == self._ends_at_ms:
            here = driving.ride.position_at(driving.ride.travel_ms)
            self._radios.stand(self._unit_id, here, at_ms)


class _Home:
    """The crew says that it is back, unless it was sent elsewhere or went off duty on the way."""

    def __init__(self, world: World, radios: Radios, unit_id: str) -> None:
        self._world, self._radios, self._unit_id = world, radios, unit_id

    def __call__(self, _at_ms: int) -> Command | None:
        unit = self._world.board.units[self._unit_id]
        is_driving = self._radios.find_ride(self._unit_id) is not None
        if is_driving or unit.status != "returning" or unit.order_id:
            return None
        return units.SetUnitStatus(unit_id=self._unit_id, status="at_post")


def _crew(unit_id: str) -> str:
    return f"{CREW}{unit_id}"
