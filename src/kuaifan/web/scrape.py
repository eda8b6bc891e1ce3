"""What /metrics tells (监控指标): queues, streams and the log; nobody's name, number or place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from kuaifan.board.call_view_rows import CallRow
from kuaifan.board.view_rows import IncidentRow
from kuaifan.web.desk import Parts
from kuaifan.web.metrics import Labels, gauge
from kuaifan.web.stream import Pump
from kuaifan.web.view_store import ViewStore

if TYPE_CHECKING:
    from kuaifan.web.front import Front

METRICS_PATH: Final = "/metrics"
PRIORITIES: Final = range(1, 6)


def list_metrics(parts: Parts, pump: Pump, front: Front) -> list[str]:
    """All lines."""
    desk, now_ms = parts.desk, parts.desk.clock()[0]
    health = desk.health()
    return [
        *gauge("kuaifan_ready", "1 where commands are taken.", float(health.is_ready)),
        *gauge("kuaifan_log_head_seq", "Last record that is shown.", health.seq),
        *_queues(desk.store, now_ms),
        *gauge("kuaifan_consoles", "Open streams.", len(pump.screens)),
        *gauge("kuaifan_consoles_dropped", "Streams cut off since the start.", pump.n_cut),
        *pump.fan_out.lines(),
        *gauge("kuaifan_urgent_under_way", "Commands under way.", front.shedder.n_urgent),
        *gauge("kuaifan_heavy_under_way", "What gives way, under way.", front.shedder.n_heavy),
        *front.metrics(),
        *(parts.figures() if parts.figures is not None else ()),
    ]


def _queues(store: ViewStore, now_ms: int) -> list[str]:
    rows = [shown.row for shown in store.rows("incidents").values()]
    waiting = [row for row in rows if isinstance(row, IncidentRow) and row.is_waiting]
    calls = [shown.row for shown in store.rows("calls").values()]
    ringing = [row for row in calls if isinstance(row, CallRow) and row.state == "ringing"]
    oldest, n_waiting = _by_priority(waiting, now_ms)
    ring_s = max((now_ms - row.t0_ms for row in ringing), default=0) / 1_000
    return [
        *gauge("kuaifan_queue_age_seconds", "Oldest incident that waits for a unit.", oldest),
        *gauge("kuaifan_queue_length", "Incidents that wait for a unit.", n_waiting),
        *gauge("kuaifan_calls_ringing", "Calls that nobody has answered yet.", len(ringing)),
        *gauge("kuaifan_ring_age_seconds", "The longest of them.", ring_s),
    ]


def _by_priority(
    waiting: list[IncidentRow], now_ms: int
) -> tuple[Mapping[Labels, float], Mapping[Labels, float]]:
    ages: dict[Labels, float] = {}
    counts: dict[Labels, float] = {}
    for priority in PRIORITIES:
        key = (("priority", str(priority)),)
        since_ms = [now_ms - row.opened_at_ms for row in waiting if row.priority == priority]
        ages[key], counts[key] = max(since_ms, default=0) / 1_000, len(since_ms)
    return ages, counts
