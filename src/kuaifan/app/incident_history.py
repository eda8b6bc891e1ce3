"""Earlier calls and incidents (历史警情), out of the read tables of the log.

A number is found by its keyed digest, a place by the index of the last 90 days. Only the few rows
that are listed are opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kuaifan.app.known_incidents import DAY_MS, DAYS, KnownIncidents
from kuaifan.app.live_desk import LiveDesk
from kuaifan.app.stored_rows import (
    PastCall,
    PastCase,
    PastOrder,
    age_of,
    find_sealed,
    find_stored,
    list_stored,
)
from kuaifan.geo.points import distance_m
from kuaifan.store.reading import LogReader
from kuaifan.web.case_scope import MayMeet, Whose, anybody
from kuaifan.web.desk import Past, PastIncident

MAX_LISTED: Final = 6
MAX_CALLS_READ: Final = 500
"""Of a number that rings all day, the last so many are looked at."""


class IncidentHistory:
    """What was before, of a number and around a place; see web.desk.PastFinder.

    Every method may be called from any thread.
    """

    def __init__(self, desk: LiveDesk, known: KnownIncidents) -> None:
        self._desk, self._known = desk, known

    def of_number(
        self, number: str, *, besides: str, now_ms: int, may_meet: MayMeet = anybody
    ) -> Past:
        """Earlier calls of a number and what came of them; besides: the call in the ear."""
        since_ms = now_ms - DAYS * DAY_MS
        with self._desk.open_reader() as reader:
            call_ids = sorted(reader.list_row_ids("calls", number), key=age_of)[-MAX_CALLS_READ:]
            found = (find_sealed(reader, "calls", call_id, PastCall) for call_id in call_ids)
            calls = [
                call
                for call in found
                if call is not None
                and call.call_id != besides
                and call.t0_ms >= since_ms
                and may_meet(Whose(desk_ids=(call.desk_id,)))
            ]
            ids = dict.fromkeys(call.incident_id for call in calls if call.incident_id)
            sealed = (find_sealed(reader, "incidents", each, PastCase) for each in ids)
            whole = (case for case in sealed if case is not None and case.state != "merged")
            cases = [case for case in whole if may_meet(Whose(desk_ids=case.desk_ids))]
            open_to_read = [case for case in cases if not case.is_restricted]
            newest = sorted(open_to_read, key=lambda each: -each.opened_at_ms)[:MAX_LISTED]
            return Past(
                days=DAYS,
                n_calls=len(calls),
                n_incidents=len(cases),
                n_restricted=len(cases) - len(open_to_read),
                incidents=self._rows(reader, [each.incident_id for each in newest], None),
            )

    def of_place(
        self, lat: float, lon: float, *, radius_m: int, now_ms: int, may_meet: MayMeet = anybody
    ) -> Past:
        """Earlier and open incidents around a place."""
        with self._desk.open_reader() as reader:
            around = self._known.list_near(reader, lat, lon, radius_m=radius_m, now_ms=now_ms)
            near = [each for each in around if may_meet(Whose(desk_ids=each.desk_ids))]
            open_to_read = [each.incident_id for each in near if not each.is_restricted]
            return Past(
                days=DAYS,
                n_incidents=len(near),
                n_restricted=len(near) - len(open_to_read),
                incidents=self._rows(reader, open_to_read[:MAX_LISTED], (lat, lon)),
            )

    def _rows(
        self, reader: LogReader, incident_ids: Sequence[str], at: tuple[float, float] | None
    ) -> tuple[PastIncident, ...]:
        cases = list_stored(reader, "incidents", incident_ids, PastCase)
        return tuple(self._row(reader, case, at) for case in cases)

    def _row(
        self, reader: LogReader, case: PastCase, at: tuple[float, float] | None
    ) -> PastIncident:
        known = self._desk.reference.types.get(case.last_type_code)
        metres = -1
        if at is not None:
            metres = round(distance_m(*at, to_lat=case.lat, to_lon=case.lon))
        return PastIncident(
            incident_id=case.incident_id,
            type_code=case.last_type_code,
            type_name=known.name_cn if known else case.last_type_code,
            priority=case.priority,
            state=case.state,
            disposition=case.disposition or _last_disposition(reader, case),
            opened_at_ms=case.opened_at_ms,
            n_calls=len(case.call_ids),
            distance_m=metres,
            address=case.address,
        )


def _last_disposition(reader: LogReader, case: PastCase) -> str:
    for order_id in reversed(case.order_ids):
        order = find_stored(reader, "orders", order_id, PastOrder)
        if order is not None and order.disposition:
            return order.disposition
    return ""
