"""What a twin run came to (运行结果): counts, response times with their definitions, refusals.

Percentiles are nearest-rank over what is stamped; what is not stamped is counted and shown, never
dropped (domain §3.1).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

import msgspec

from kuaifan.board.entities import Incident
from kuaifan.board.state import Board
from kuaifan.kernel.record import Record, Sighting
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary.unit import FixBatch


class Spread(msgspec.Struct, frozen=True):
    """Median and 90th percentile of some seconds, with how many there are (分位数)."""

    n: int
    p50_s: float | None
    p90_s: float | None


class PriorityFigures(msgspec.Struct, frozen=True):
    """Closed incidents of one priority that were attended (按等级).

    response_s: first arrival minus answer, the caller's view; unit_response_s: minus the first
    order. on_target: share of unit responses within the target of their area, None without one.
    """

    n_incidents: int
    n_without_arrival: int
    response_s: Spread
    unit_response_s: Spread
    on_target: float | None


class RunFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of one run (运行结果).

    n_open: calls that had not ended and incidents that were not closed when the run ended.
    """

    n_calls: int
    n_incidents: int
    n_closed: int
    n_open: int
    n_by_phone: int
    n_orders: int
    n_withdrawn: int
    n_recommendations: int
    n_first_choice: int
    n_unsigned_alarms: int
    n_feedback_overdue: int
    n_fixes: int
    n_records: int
    refusals: dict[str, int]
    faults: dict[str, int]
    by_priority: dict[str, PriorityFigures]


class Tally:
    """Counts while the run goes on (计数)."""

    def __init__(self) -> None:
        self.events: Counter[str] = Counter()
        self.refusals: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.n_first_choice = self.n_by_phone = self.n_fixes = self.n_records = 0
        self.response_ms: dict[int, list[int]] = defaultdict(list)
        self.unit_response_ms: dict[int, list[int]] = defaultdict(list)
        self.on_target: dict[int, list[bool]] = defaultdict(list)
        self.attended: Counter[int] = Counter()
        self.unstamped: Counter[int] = Counter()

    @property
    def n_open(self) -> int:
        """Calls and incidents not yet brought to their end."""
        events = self.events
        talking = events["CallRegistered"] - events["CallEnded"] - events["CallAbandoned"]
        return talking + (
            events["IncidentOpened"] - events["IncidentClosed"] - events["IncidentMerged"]
        )

    def count(self, board: Board, record: Record) -> None:
        """Take a record into account."""
        self.n_records += 1
        if record.refusal is not None:
            self.refusals[f"{type(record.command).__name__}: {record.refusal.code}"] += 1
        if record.fault is not None:
            self.faults[record.fault] += 1
        for item in record.refused:
            self.refusals[f"{type(item.command).__name__}: {item.refusal.code}"] += 1
        for event in record.events:
            self.events[type(event).__name__] += 1
            if isinstance(event, orders.UnitAssigned) and event.rank == 1:
                self.n_first_choice += 1
            elif isinstance(event, incidents.IncidentClosed):
                self._closed(board, board.incidents[event.incident_id])

    def count_fixes(self, sighting: Sighting) -> None:
        """Take a batch of fixes into account."""
        if isinstance(sighting.observation, FixBatch):
            self.n_fixes += len(sighting.observation.unit_ids)

    def figures(self) -> RunFigures:
        """What has been counted."""
        events = self.events
        return RunFigures(
            n_calls=events[calls.CallRegistered.__name__],
            n_incidents=events[incidents.IncidentOpened.__name__],
            n_closed=events[incidents.IncidentClosed.__name__],
            n_open=self.n_open,
            n_by_phone=self.n_by_phone,
            n_orders=events[orders.UnitAssigned.__name__],
            n_withdrawn=events[orders.OrderWithdrawn.__name__],
            n_recommendations=events[incidents.RecommendationMade.__name__],
            n_first_choice=self.n_first_choice,
            n_unsigned_alarms=events[orders.OrderUnsigned.__name__],
            n_feedback_overdue=events[orders.FeedbackOverdue.__name__],
            n_fixes=self.n_fixes,
            n_records=self.n_records,
            refusals=dict(sorted(self.refusals.items())),
            faults=dict(sorted(self.faults.items())),
            by_priority={f"P{priority}": self._of(priority) for priority in sorted(self.attended)},
        )

    def _closed(self, board: Board, incident: Incident) -> None:
        if incident.settled:
            self.n_by_phone += 1
            return
        priority, sent = incident.priority, board.active_orders(incident)
        self.attended[priority] += 1
        arrived_ms = min((order.t7_ms for order in sent if order.t7_ms), default=0)
        if not arrived_ms:
            self.unstamped[priority] += 1
            return
        unit_ms = arrived_ms - min(order.t4_ms for order in sent)
        self.unit_response_ms[priority].append(unit_ms)
        if answered := _answered_at_ms(board, incident):
            self.response_ms[priority].append(arrived_ms - answered)
        if target := board.reference.target_ms(priority, incident.area_class):
            self.on_target[priority].append(unit_ms <= target)

    def _of(self, priority: int) -> PriorityFigures:
        met = self.on_target[priority]
        return PriorityFigures(
            n_incidents=self.attended[priority],
            n_without_arrival=self.unstamped[priority],
            response_s=spread(self.response_ms[priority]),
            unit_response_s=spread(self.unit_response_ms[priority]),
            on_target=round(sum(met) / len(met), 4) if met else None,
        )


def spread(durations_ms: Sequence[int]) -> Spread:
    """Nearest-rank median and 90th percentile in seconds."""
    ordered = sorted(durations_ms)
    return Spread(len(ordered), _rank_s(ordered, 0.5), _rank_s(ordered, 0.9))


def _rank_s(ordered: Sequence[int], share: float) -> float | None:
    return ordered[math.ceil(share * len(ordered)) - 1] / 1000 if ordered else None


def _answered_at_ms(board: Board, incident: Incident) -> int:
    answered = (board.calls[call_id].t2_ms for call_id in incident.call_ids)
    return min((at_ms for at_ms in answered if at_ms), default=0)
