"""Response times of a run (响应时间): by priority, and by priority and area against the target."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

import msgspec

from kuaifan.board.entities import Incident
from kuaifan.board.state import Board


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


class AreaFigures(msgspec.Struct, frozen=True):
    """The same for one priority in one class of area (按等级与区域), with its target."""

    n_incidents: int
    n_without_arrival: int
    response_s: Spread
    unit_response_s: Spread
    target_s: float | None
    on_target: float | None


Key = tuple[int, str]
"""Priority and area class."""


class ResponseTally:
    """Collects the times of every incident that was attended (响应时间)."""

    def __init__(self) -> None:
        self._response_ms: dict[Key, list[int]] = defaultdict(list)
        self._unit_ms: dict[Key, list[int]] = defaultdict(list)
        self._met: dict[Key, list[bool]] = defaultdict(list)
        self._attended: dict[Key, int] = defaultdict(int)
        self._unstamped: dict[Key, int] = defaultdict(int)
        self._target_ms: dict[Key, int] = {}

    def closed(self, board: Board, incident: Incident) -> None:
        """An incident is closed that units were sent to."""
        key, sent = (incident.priority, incident.area_class), board.active_orders(incident)
        if not sent:
            return
        self._attended[key] += 1
        arrived_ms = min((order.t7_ms for order in sent if order.t7_ms), default=0)
        if not arrived_ms:
            self._unstamped[key] += 1
            return
        unit_ms = arrived_ms - min(order.t4_ms for order in sent)
        self._unit_ms[key].append(unit_ms)
        if answered := _answered_at_ms(board, incident):
            self._response_ms[key].append(arrived_ms - answered)
        if target := board.reference.target_ms(*key, incident.desk_id):
            self._met[key].append(unit_ms <= target)
            self._target_ms.setdefault(key, board.reference.target_ms(*key))

    def by_priority(self) -> dict[str, PriorityFigures]:
        """One row a priority."""
        found = {}
        for priority in sorted({key[0] for key in self._attended}):
            keys = [key for key in self._attended if key[0] == priority]
            found[f"P{priority}"] = PriorityFigures(
                n_incidents=sum(self._attended[key] for key in keys),
                n_without_arrival=sum(self._unstamped[key] for key in keys),
                response_s=spread([ms for key in keys for ms in self._response_ms[key]]),
                unit_response_s=spread([ms for key in keys for ms in self._unit_ms[key]]),
                on_target=_share([met for key in keys for met in self._met[key]]),
            )
        return found

    def by_area(self) -> dict[str, AreaFigures]:
        """One row a priority and class of area, such as `P1 urban`."""
        return {
            f"P{key[0]} {key[1]}": AreaFigures(
                n_incidents=self._attended[key],
                n_without_arrival=self._unstamped[key],
                response_s=spread(self._response_ms[key]),
                unit_response_s=spread(self._unit_ms[key]),
                target_s=self._target_ms[key] / 1000 if key in self._target_ms else None,
                on_target=_share(self._met[key]),
            )
            for key in sorted(self._attended)
        }


def spread(durations_ms: Sequence[int]) -> Spread:
    """Nearest-rank median and 90th percentile in seconds."""
    ordered = sorted(durations_ms)
    return Spread(len(ordered), _rank_s(ordered, 0.5), _rank_s(ordered, 0.9))


def _rank_s(ordered: Sequence[int], share: float) -> float | None:
    return ordered[math.ceil(share * len(ordered)) - 1] / 1000 if ordered else None


def _share(met: Sequence[bool]) -> float | None:
    return round(sum(met) / len(met), 4) if met else None


def _answered_at_ms(board: Board, incident: Incident) -> int:
    found = (board.calls.get(call_id) for call_id in incident.call_ids)
    return min((call.t2_ms for call in found if call is not None and call.t2_ms), default=0)
