"""Simulated crews (仿真警组): sign, go, drive the roads, arrive, handle, feed back, go home."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Final

from kuaifan.board.driving import is_urgent
from kuaifan.board.entities import Order
from kuaifan.board.road_times import profile_of, way_between
from kuaifan.kernel.message import Command, Event
from kuaifan.roads.lines import ArcLines
from kuaifan.roads.network import UNREACHABLE_MS
from kuaifan.roads.ride import Ride
from kuaifan.roads.travel import RoadPosition
from kuaifan.twin.audience import Act, Hearer
from kuaifan.twin.crew_choices import NOT_DONE, NOT_GONE, Home, IfStill, Park, Press, Stop
from kuaifan.twin.draws import Stage
from kuaifan.twin.offices import RADIOS
from kuaifan.twin.radios import Radios
from kuaifan.twin.scenes import Scenes
from kuaifan.twin.speech import Speech
from kuaifan.twin.world import World, left_of
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import unit as units
from kuaifan.vocabulary.letter import LETTER_FOLLOWUP, WarningLetter
from kuaifan.vocabulary.order import OrderState

SIGN_S: Final = (9.0, 0.55)
"""98.6 % sign within 30 s; Chinese cities publish 98 to 99 % (measured.md §4)."""
TURNOUT_S: Final = (40.0, 0.5)
BUTTON_S: Final = (12.0, 0.6)
SERVICE_SIGMA: Final = 0.6
DEFAULT_SERVICE_MIN: Final = 25.0
PAPERWORK_S: Final = (540.0, 0.7)
ON_FOOT_MS: Final = 900_000
SHORT_SHARE: Final = 0.03
"""Feedbacks of a few words; no city publishes how many: our guess [U]."""
SHORT_STORY: Final = "已处理"
PARTIES: Final = (orders.Party(role="caller"),)


class Crews(Hearer):
    """All crews on duty (仿真警组).

    scenes: what they meet with, which hears of each record before they do.
    """

    def __init__(self, world: World, radios: Radios, lines: ArcLines) -> None:
        self._world, self._radios, self._lines = world, radios, lines
        self._speech = Speech(world)
        self.scenes = Scenes(world, self._speech)
        acts: dict[type[Event], Act] = {
            units.ShiftStarted: self._started,
            units.ShiftEnded: self._ended,
            units.UnitMovedUp: self._moved_up,
            incidents.IncidentPlaced: self._placed,
            orders.UnitAssigned: self._assigned,
            orders.UnitEnRoute: self._en_route,
            orders.UnitArrived: self._arrived,
            orders.OrderHandled: self._handled,
            orders.OrderWithdrawn: self._withdrawn,
            orders.FeedbackReturned: self._returned,
        }
        super().__init__(acts)

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
                self.scenes.resume(order, at_ms)
        for unit in board.units.values():
            if (
                unit.unit_id in unit_ids
                and not unit.order_id
                and unit.status
                in {
                    "returning",
                    "standby",
                }
            ):
                self._go_home(unit.unit_id, at_ms)

    def _resume_order(self, order: Order, at_ms: int) -> None:
        is_waiting_beside = order.beside and self._world.board.units[order.unit_id].order_id != (
            order.order_id
        )
        if order.state in NOT_GONE and is_waiting_beside:
            self._sign(order.order_id, order.incident_id, order.unit_id, at_ms)
        elif order.state in NOT_GONE:
            self._sign_and_go(order.order_id, order.incident_id, order.unit_id, at_ms)
        elif order.state == "en_route":
            self._drive_there(order.order_id, order.incident_id, at_ms)
        elif order.state == "on_scene":
            self._serve(order, at_ms)
        elif order.state == "handled":
            since_ms = 0 if order.returned_reason else order.t8_ms
            self._write_up(order, at_ms, since_ms=since_ms)

    def _marker_of(self, unit_id: str) -> RoadPosition:
        fleet, unit_i = self._world.board.fleet, self._unit_i(unit_id)
        if fleet.arc[unit_i] < 0:
            return self._home_of(unit_id)
        return RoadPosition(int(fleet.arc[unit_i]), int(fleet.fraction_ppm[unit_i]))

    def _started(self, event: units.ShiftStarted, at_ms: int) -> None:
        self._radios.stand(event.unit_id, self._home_of(event.unit_id), at_ms)

    def _ended(self, event: units.ShiftEnded, _at_ms: int) -> None:
        self._radios.switch_off(event.unit_id)

    def _moved_up(self, event: units.UnitMovedUp, at_ms: int) -> None:
        """The unit is to stand elsewhere: it drives there as it would drive home."""
        self._go_home(event.unit_id, at_ms)

    def _placed(self, event: incidents.IncidentPlaced, at_ms: int) -> None:
        """It turns out to be elsewhere: who is under way goes there, on scene too."""
        board = self._world.board
        incident = board.incidents[event.incident_id]
        for order_id in incident.order_ids:
            order = board.orders[order_id]
            if order.state == "en_route":
                self._drive_there(order_id, event.incident_id, at_ms)

    def _assigned(self, event: orders.UnitAssigned, at_ms: int) -> None:
        order = self._world.board.orders[event.order_id]
        if order.is_active and order.state != "on_scene":
            self._resume_order(order, at_ms)

    def _sign(self, order_id: str, incident_id: str, unit_id: str, at_ms: int) -> int:
        unit_i, call_no = self._unit_i(unit_id), self._call_no(incident_id)
        median_s, sigma = SIGN_S
        signed_at_ms = at_ms + self._draw(call_no, Stage.SIGN, median_s, sigma, unit_i)
        sign = orders.AcknowledgeOrder(order_id=order_id)
        self._report(order_id, sign, signed_at_ms, before=("dispatched",))
        return signed_at_ms

    def _sign_and_go(self, order_id: str, incident_id: str, unit_id: str, at_ms: int) -> None:
        """Sign, then turn the wheels; what happens before the wheels turn is not driven yet."""
        unit_i, call_no = self._unit_i(unit_id), self._call_no(incident_id)
        signed_at_ms = self._sign(order_id, incident_id, unit_id, at_ms)
        median_s, sigma = TURNOUT_S
        turnout_ms = self._draw(call_no, Stage.TURNOUT, median_s, sigma, unit_i)
        go = orders.ReportEnRoute(order_id=order_id)
        self._report(order_id, go, signed_at_ms + turnout_ms, before=NOT_GONE)

    def _en_route(self, event: orders.UnitEnRoute, at_ms: int) -> None:
        self._drive_there(event.order_id, event.incident_id, at_ms)

    def _drive_there(self, order_id: str, incident_id: str, at_ms: int) -> None:
        unit_id = self._world.board.orders[order_id].unit_id
        incident = self._world.board.incidents[incident_id]
        target = RoadPosition(incident.arc, incident.fraction_ppm)
        if not incident.is_placed:
            target = self._radios.position_at(unit_id, at_ms) or self._home_of(unit_id)
        ends_at_ms = self._drive(unit_id, target, at_ms, in_haste=is_urgent(incident))
        call_no, unit_i = self._call_no(incident_id), self._unit_i(unit_id)
        median_s, sigma = BUTTON_S
        press_ms = self._draw(call_no, Stage.BUTTON, median_s, sigma, unit_i)
        stop = Stop(self._world, self._radios, order_id, unit_id)
        self._world.agenda.put(stop, actor=RADIOS, at_ms=ends_at_ms)
        press = Press(self._world, self._radios, self._speech, order_id)
        actor = self._speech.actor_of(unit_id)
        self._world.agenda.put(press, actor=actor, at_ms=ends_at_ms + press_ms)

    def _arrived(self, event: orders.UnitArrived, at_ms: int) -> None:
        order = self._world.board.orders[event.order_id]
        if order.t7_ms != at_ms or order.t7_source != event.source:
            return
        self._serve(order, at_ms)

    def _serve(self, order: Order, at_ms: int) -> None:
        """Work on scene; a crew that goes on with it has done what it did since it arrived."""
        service_ms = self._service_ms(order.incident_id, self._unit_i(order.unit_id))
        left_ms = left_of(service_ms, since_ms=order.t7_ms, at_ms=at_ms)
        done = orders.ReportHandled(order_id=order.order_id)
        self._report(order.order_id, done, at_ms + left_ms, before=NOT_DONE)

    def _handled(self, event: orders.OrderHandled, at_ms: int) -> None:
        self._write_up(self._world.board.orders[event.order_id], at_ms, since_ms=at_ms)
        self._go_on(event.unit_id, at_ms)

    def _go_on(self, unit_id: str, at_ms: int) -> None:
        """To the order beside, if there is one; else home."""
        following = self._world.board.orders.get(self._world.board.units[unit_id].order_id)
        if following is None:
            self._go_home(unit_id, at_ms)
        elif following.beside and following.state in NOT_GONE:
            self._resume_order(following, at_ms)

    def _write_up(self, order: Order, at_ms: int, *, since_ms: int) -> None:
        order_id, incident_id = order.order_id, order.incident_id
        call_no, unit_i = self._call_no(incident_id), self._unit_i(order.unit_id)
        median_s, sigma = PAPERWORK_S
        whole_ms = self._draw(call_no, Stage.PAPERWORK, median_s, sigma, unit_i)
        paper_ms = left_of(whole_ms, since_ms=since_ms, at_ms=at_ms)

        def write() -> orders.GiveFeedback:
            return orders.GiveFeedback(
                order_id=order_id,
                incident_id=incident_id,
                disposition="handled",
                story=self._story(incident_id, unit_i),
                parties=PARTIES,
                letter=self._letter(incident_id),
            )

        # A dispute that is found to be violence meanwhile asks for a letter, too.
        self._report(order_id, write(), at_ms + paper_ms, before=("handled",), anew=write)

    def _story(self, incident_id: str, unit_i: int) -> str:
        """A line on what was found; some write too little, and the review finds it."""
        luck = self._world.chance(self._call_no(incident_id), Stage.STORY, unit_i)
        if luck < SHORT_SHARE:
            return SHORT_STORY
        board = self._world.board
        name = board.reference.types[board.incidents[incident_id].type_code].name_cn
        return f"到场核实系{name}，经询问双方并现场处置，已告知后续办理途径"

    def _letter(self, incident_id: str) -> WarningLetter | None:
        """What a simulated crew says of a warning letter, where the type asks."""
        board = self._world.board
        incident_type = board.reference.types[board.incidents[incident_id].type_code]
        if LETTER_FOLLOWUP not in incident_type.followups:
            return None
        return WarningLetter(issued=False, reason="仿真警情")

    def _returned(self, event: orders.FeedbackReturned, at_ms: int) -> None:
        self._write_up(self._world.board.orders[event.order_id], at_ms, since_ms=at_ms)

    def _withdrawn(self, event: orders.OrderWithdrawn, at_ms: int) -> None:
        self._go_on(event.unit_id, at_ms)

    def _go_home(self, unit_id: str, at_ms: int) -> None:
        ends_at_ms = self._drive(unit_id, self._home_of(unit_id), at_ms, in_haste=False)
        park = Park(self._radios, unit_id, ends_at_ms)
        self._world.agenda.put(park, actor=RADIOS, at_ms=ends_at_ms)
        home = Home(self._world, self._radios, self._speech, unit_id)
        actor = self._speech.actor_of(unit_id)
        self._world.agenda.put(home, actor=actor, at_ms=ends_at_ms)

    def _drive(self, unit_id: str, target: RoadPosition, at_ms: int, *, in_haste: bool) -> int:
        board = self._world.board
        origin = self._radios.position_at(unit_id, at_ms) or self._home_of(unit_id)
        profile = profile_of(board, unit_id, is_urgent=in_haste)
        path, now_ms = way_between(board, origin, target, profile=profile)
        if path.travel_ms >= UNREACHABLE_MS or not path.arcs:
            # Every way is closed: the car stays, the crew walks.
            self._radios.stand(unit_id, origin, at_ms)
            return at_ms + ON_FOOT_MS
        ride = Ride(self._lines, path, profile=profile, arcs_ms=now_ms)
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
        """The post where the unit is to stand: its own, or one it was moved up to."""
        unit, posts = self._world.board.units[unit_id], self._world.board.reference.posts
        post = posts.get(unit.post_id) or posts[unit.home_post_id]
        return RoadPosition(post.arc, post.fraction_ppm)

    def _unit_i(self, unit_id: str) -> int:
        return self._world.board.fleet.index[unit_id]

    def _call_no(self, incident_id: str) -> int:
        return self._world.luck_of_incident(incident_id)

    def _draw(self, call_no: int, stage: Stage, median_s: float, sigma: float, unit_i: int) -> int:
        return self._world.draw_ms(call_no, stage, median_s=median_s, sigma=sigma, extra=unit_i)

    def _report(
        self,
        order_id: str,
        command: Command,
        at_ms: int,
        *,
        before: tuple[OrderState, ...],
        anew: Callable[[], Command] | None = None,
    ) -> None:
        """Report later, if the order still stands at one of these states then."""
        unit_id = self._world.board.orders[order_id].unit_id
        report = IfStill(self._world, self._speech, order_id, command, before, anew)
        actor = self._speech.actor_of(unit_id, command)
        self._world.agenda.put(report, actor=actor, at_ms=at_ms)
