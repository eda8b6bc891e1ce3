"""The engine twin with no more than the fast kernel knows (简化引擎仿真): for the identity test.

The desk's own engine, rules and ranking decide; the people are plain. An incident opens as it is
called in, what is recommended is sent at once, every offer to turn round or move up is taken,
crews need the turn-out, road time and time on scene of their call and nothing else, radios say
where a unit counts as being (see `kernel_layout`). What happens at one moment happens in the
order of the kernel.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeVar

import numpy as np

from kuaifan.board.entities import Incident
from kuaifan.board.road_times import times_to
from kuaifan.board.state import Board
from kuaifan.kernel.engine import Engine
from kuaifan.kernel.inbox import Arrival
from kuaifan.kernel.message import Command, Event
from kuaifan.kernel.record import Record
from kuaifan.policy.scoring import UNREACHABLE_MS
from kuaifan.roads.lines import ArcLines
from kuaifan.roads.travel import RoadPosition
from kuaifan.twin import kernel_layout as at
from kuaifan.twin.dispatcher import WORTH_TURNING_MS
from kuaifan.twin.kernel_city import PlainCall
from kuaifan.twin.kernel_run import KernelRules
from kuaifan.twin.offices import CREW, DISPATCHER, RADIOS, ROSTER, SUPERVISOR
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import reinforce
from kuaifan.vocabulary import unit as units
from kuaifan.vocabulary.unit import FixBatch

E = TypeVar("E", bound=Event)
BEAT_MS: Final = 60_000
"""Radios speak so often that no fix is ever old."""
DRIVING_MPS: Final = 10.0
"""Faster than a unit that has arrived."""
POSITION: Final = -1
"""What a radio says of half a drive comes before all else at its moment."""


class PlainOrder(NamedTuple):
    """One order as it went out (派警记录): the call's number, -1 for none; the unit; when; how."""

    call_i: int
    unit_id: str
    at_ms: int
    how: int


class _Unit:
    """Where a unit counts as being and what it does next (警组)."""

    def __init__(self, home: RoadPosition) -> None:
        self.here = self.goes_to = home
        self.version, self.fix_at_ms, self.order_id = 0, 0, ""
        self.is_driving = False


class PlainRun:
    """One run on an engine of its own (简化引擎仿真).

    engine: before its first input but `EngineStarted` and, where one is wanted, `UsePolicy`.
    """

    def __init__(
        self, engine: Engine[Board], calls: Sequence[PlainCall], rules: KernelRules
    ) -> None:
        self._engine, self._calls, self._rules = engine, calls, rules
        self._start_ms = calls[0].at_ms
        self._lines = ArcLines(engine.board.reference.network)
        self._heap: list[tuple[int, int, int, int, Callable[[int], None]]] = []
        self._counter = 0
        self._call_of: dict[str, int] = {}
        self._ids = engine.board.fleet.unit_ids
        self._units = {unit_id: _Unit(self._post_of(unit_id)) for unit_id in self._ids}
        self._back: dict[str, int] = {}
        self.orders: list[PlainOrder] = []

    def run(self) -> list[PlainOrder]:
        """Run every call and what comes of it; the orders in the order they went out."""
        for unit_id, unit in self._units.items():
            start = units.StartShift(unit_id=unit_id, n_officers=2)
            self._submit(start, ROSTER, self._start_ms)
            self._tell(unit_id, unit.here, self._start_ms)
        call_i = 0
        while call_i < len(self._calls) or self._heap:
            call_at_ms = self._calls[call_i].at_ms if call_i < len(self._calls) else at.NEVER
            if self._heap and self._heap[0][0] <= call_at_ms:
                now_ms, _, _, _, act = heapq.heappop(self._heap)
                act(now_ms)
            else:
                self._open(call_i, call_at_ms)
                call_i += 1
        return self.orders

    # --- the desk ---------------------------------------------------------------------------

    def _open(self, call_i: int, now_ms: int) -> None:
        self._beat(now_ms)
        call = self._calls[call_i]
        opened = incidents.OpenIncident(type_code=call.type_code, lat=call.lat, lon=call.lon)
        record = self._submit(opened, DISPATCHER, now_ms)
        incident_id = _event(record, incidents.IncidentOpened).incident_id
        self._call_of[incident_id] = call_i
        advice = _find_event(record, incidents.RecommendationMade)
        if advice is not None and self._follow(advice, now_ms):
            self._look_at_queue(now_ms)

    def _look_at_queue(self, now_ms: int) -> None:
        """Everything that waits is ranked anew, by priority and age, until nobody turns round."""
        again = True
        while again:
            again, last = False, (0, -1)
            while (incident := self._next_waiting(last)) is not None:
                last = self._key(incident)
                recommend = incidents.RecommendUnits(incident_id=incident.incident_id)
                record = self._submit(recommend, DISPATCHER, now_ms)
                advice = _find_event(record, incidents.RecommendationMade)
                again |= advice is not None and self._follow(advice, now_ms)

    def _next_waiting(self, last: tuple[int, int]) -> Incident | None:
        board = self._engine.board
        waiting = (board.incidents[incident_id] for incident_id in board.waiting)
        later = (incident for incident in waiting if self._key(incident) > last)
        return min(later, key=self._key, default=None)

    def _key(self, incident: Incident) -> tuple[int, int]:
        return incident.priority, self._call_of[incident.incident_id]

    def _follow(self, advice: incidents.RecommendationMade, now_ms: int) -> bool:
        """Send the team; whether a unit was turned round in place of its last."""
        if advice.incident_id not in self._engine.board.waiting:
            return False
        team = list(advice.team)
        turned = self._find_to_turn(advice, team)
        if turned is not None:
            team = team[:-1]
            divert = reinforce.DivertUnit(
                unit_id=turned,
                incident_id=advice.incident_id,
                reason="more urgent",
                approved_by=SUPERVISOR,
            )
            self._send(divert, now_ms, at.TURNED)
        for unit_id in team:
            assign = orders.AssignUnit(incident_id=advice.incident_id, unit_id=unit_id)
            self._send(assign, now_ms, at.SENT)
        return turned is not None

    def _find_to_turn(self, advice: incidents.RecommendationMade, team: list[str]) -> str | None:
        if not self._rules.can_divert or not advice.diversions:
            return None
        best = advice.diversions[0]
        travel_ms = {each.unit_id: each.travel_ms for each in advice.candidates}
        free_ms = min((travel_ms[unit_id] for unit_id in team), default=None)
        is_worth = free_ms is None or best.travel_ms + WORTH_TURNING_MS < free_ms
        return best.unit_id if is_worth else None

    def _send(
        self, command: orders.AssignUnit | reinforce.DivertUnit, now_ms: int, how: int
    ) -> None:
        record = self._submit(command, DISPATCHER, now_ms)
        assigned = _event(record, orders.UnitAssigned)
        call_i, unit_id = self._call_of[assigned.incident_id], assigned.unit_id
        self._note(call_i, unit_id, now_ms, how)
        self._go(assigned, now_ms)
        suggested = _find_event(record, units.MoveUpSuggested)
        if suggested is not None and self._rules.can_move_up:
            self._move_up(suggested, now_ms)

    def _note(self, call_i: int, unit_id: str, now_ms: int, how: int) -> None:
        self.orders.append(PlainOrder(call_i, unit_id, now_ms - self._start_ms, how))

    def _move_up(self, event: units.MoveUpSuggested, now_ms: int) -> None:
        if self._post_of(event.unit_id) == self._position_of(event.post_id):
            # It is on its way home, and that is the circle left empty.
            return
        self._stand_at(event.unit_id, event.post_id, now_ms)
        circles = [post.post_id for post in self._engine.board.reference.circle_posts]
        self._note(-1 - circles.index(event.post_id), event.unit_id, now_ms, at.MOVED)
        self._go_back_later(event.unit_id, now_ms)

    def _go_back_later(self, unit_id: str, now_ms: int) -> None:
        self._back[unit_id] = self._back.get(unit_id, 0) + 1
        version = self._back[unit_id]

        def go_back(at_ms: int) -> None:
            if self._back[unit_id] != version:
                return
            if not self._is_free(unit_id):
                self._go_back_later(unit_id, at_ms)
                return
            home_post_id = self._engine.board.units[unit_id].home_post_id
            self._stand_at(unit_id, home_post_id, at_ms)
            self._note(-1, unit_id, at_ms, at.SENT_HOME)

        self._at(now_ms + at.HELD_MS, at.GOES_BACK, unit_id, go_back)

    def _stand_at(self, unit_id: str, post_id: str, now_ms: int) -> None:
        move = units.MoveUp(unit_id=unit_id, post_id=post_id, reason="a circle is empty")
        self._submit(move, DISPATCHER, now_ms)
        self._drive_to_post(unit_id, now_ms)

    # --- the street -------------------------------------------------------------------------

    def _go(self, assigned: orders.UnitAssigned, now_ms: int) -> None:
        order_id, unit_id = assigned.order_id, assigned.unit_id
        call = self._calls[self._call_of[assigned.incident_id]]
        incident = self._engine.board.incidents[assigned.incident_id]
        self._submit(orders.AcknowledgeOrder(order_id=order_id), CREW + unit_id, now_ms)
        self._submit(orders.ReportEnRoute(order_id=order_id), CREW + unit_id, now_ms)
        there = RoadPosition(incident.arc, incident.fraction_ppm)
        left_at_ms, drive_ms = now_ms + call.turnout_ms, assigned.travel_ms
        self._set_out(unit_id, there, left_at_ms + max(1, drive_ms // 2))
        unit = self._units[unit_id]
        unit.order_id, version = order_id, unit.version

        def finish(at_ms: int) -> None:
            if unit.version == version:
                self._finish(unit_id, order_id, at_ms)

        def arrive(at_ms: int) -> None:
            if unit.version == version:
                self._submit(orders.ReportArrival(order_id=order_id), CREW + unit_id, at_ms)
                unit.is_driving = False
                self._at(at_ms + call.service_ms, at.IS_DONE, unit_id, finish)

        self._at(left_at_ms + drive_ms, at.ARRIVES, unit_id, arrive)

    def _finish(self, unit_id: str, order_id: str, now_ms: int) -> None:
        self._beat(now_ms)
        self._submit(orders.ReportHandled(order_id=order_id), CREW + unit_id, now_ms)
        self._drive_to_post(unit_id, now_ms)
        self._look_at_queue(now_ms)

    def _drive_to_post(self, unit_id: str, now_ms: int) -> None:
        board, unit = self._engine.board, self._units[unit_id]
        there = self._post_of(unit_id)
        row = np.array([board.fleet.index[unit_id]])
        drive_ms = int(times_to(board, row, there, is_urgent=False)[0])
        if drive_ms >= UNREACHABLE_MS:
            drive_ms = at.ON_FOOT_MS
        self._set_out(unit_id, there, now_ms + max(1, drive_ms // 2))
        version = unit.version

        def be_home(at_ms: int) -> None:
            if unit.version == version:
                unit.is_driving = False
                at_post = units.SetUnitStatus(unit_id=unit_id, status="at_post")
                self._submit(at_post, CREW + unit_id, at_ms)

        self._at(now_ms + drive_ms, at.IS_HOME, unit_id, be_home)

    def _set_out(self, unit_id: str, there: RoadPosition, half_at_ms: int) -> None:
        """From half of the drive on the unit counts as there."""
        unit = self._units[unit_id]
        unit.version += 1
        unit.is_driving, version = True, unit.version

        def pass_half(at_ms: int) -> None:
            if unit.version == version:
                self._tell(unit_id, there, at_ms)

        self._at(half_at_ms, POSITION, unit_id, pass_half)

    def _beat(self, now_ms: int) -> None:
        """Whoever has not spoken for a while says where he is."""
        for unit_id, unit in self._units.items():
            if now_ms - unit.fix_at_ms >= BEAT_MS:
                self._tell(unit_id, unit.here, now_ms)

    def _tell(self, unit_id: str, here: RoadPosition, now_ms: int) -> None:
        unit = self._units[unit_id]
        unit.here, unit.fix_at_ms = here, now_ms
        place = self._lines.places_at([here.arc], [here.fraction_ppm])
        fix = FixBatch(
            unit_ids=(unit_id,),
            fix_at_ms=(now_ms,),
            lat=(float(place.lat[0]),),
            lon=(float(place.lon[0]),),
            arc=(here.arc,),
            fraction_ppm=(here.fraction_ppm,),
            speed_mps=(DRIVING_MPS if unit.is_driving else 0.0,),
            heading_deg=(0,),
        )
        self._engine.submit(Arrival(now_ms, RADIOS, fix))

    # --- the machine ------------------------------------------------------------------------

    def _is_free(self, unit_id: str) -> bool:
        fleet = self._engine.board.fleet
        return bool(fleet.available()[fleet.index[unit_id]])

    def _at(self, at_ms: int, kind: int, unit_id: str, act: Callable[[int], None]) -> None:
        unit_i = self._engine.board.fleet.index[unit_id]
        heapq.heappush(self._heap, (at_ms, kind, unit_i, self._counter, act))
        self._counter += 1

    def _submit(self, command: Command, actor: str, now_ms: int) -> Record:
        """Have a command decided; it must not be refused."""
        found = list[Record]()
        watchers = self._engine.watchers
        watchers.append(found.append)
        try:
            self._engine.submit(Arrival(now_ms, actor, command))
        finally:
            watchers.pop()
        record = found[-1]
        if record.refusal is not None:
            raise ValueError(f"{type(command).__name__} was refused: {record.refusal.reason_en}")
        return record

    def _post_of(self, unit_id: str) -> RoadPosition:
        return self._position_of(self._engine.board.units[unit_id].post_id)

    def _position_of(self, post_id: str) -> RoadPosition:
        post = self._engine.board.reference.posts[post_id]
        return RoadPosition(post.arc, post.fraction_ppm)


def _find_event(record: Record, kind: type[E]) -> E | None:
    return next((event for event in record.events if isinstance(event, kind)), None)


def _event(record: Record, kind: type[E]) -> E:
    found = _find_event(record, kind)
    if found is None:
        raise LookupError(f"no {kind.__name__} came of {type(record.command).__name__}")
    return found
