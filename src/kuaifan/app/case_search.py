"""Incidents and units by what people say of them (检索): number, call sign, words of the address.

A number is a look-up. Addresses are sealed, each under its incident's key, so that words of one are
looked for in the newest rows, up to a limit that the answer names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kuaifan.app.known_incidents import DAY_MS, KnownIncidents
from kuaifan.app.live_desk import LiveDesk
from kuaifan.app.stored_rows import PastCase, list_stored
from kuaifan.board.view_rows import UnitRow
from kuaifan.kernel.personal import is_erased
from kuaifan.store.reading import LogReader
from kuaifan.web.case_scope import MayMeet, Whose, anybody
from kuaifan.web.search_rows import FoundCases, FoundIncident, FoundUnit

DAYS: Final = 30
MAX_LOOKED: Final = 3_000
"""Rows opened for one question: about a day of a large city, some tenths of a second."""
MAX_LISTED: Final = 12
MIN_WORD_CHARS: Final = 2
"""A single character of an address is in nearly all of them."""
NUMBER: Final = re.compile(r"[Jj]?\s*0*(\d{1,12})")


class CaseFinder:
    """Finds what is on the board and what has left it; see web.search_rows.CaseSearch.

    May be called from any thread: each call reads for itself.
    """

    def __init__(self, desk: LiveDesk, known: KnownIncidents) -> None:
        self._desk, self._known = desk, known

    def __call__(self, text: str, *, now_ms: int, may_meet: MayMeet = anybody) -> FoundCases:
        """By number, by call sign, by words of the address."""
        with self._desk.open_reader() as reader:
            by_number = self._find_number(reader, text)
            looked = list(self._newest(reader, text, now_ms))
            words = text.split()
            by_words = [case for case in looked if _has(case, words)]
            cases = {
                case.incident_id: case
                for case in (*by_number, *by_words)
                if may_meet(Whose(desk_ids=case.desk_ids))
            }
        return FoundCases(
            incidents=tuple(self._row(case) for case in list(cases.values())[:MAX_LISTED]),
            units=tuple(self._list_units(text, may_meet))[:MAX_LISTED],
            n_looked=len(looked),
            looked_from_ms=looked[-1].opened_at_ms if looked else 0,
        )

    def _find_number(self, reader: LogReader, text: str) -> list[PastCase]:
        number = NUMBER.fullmatch(text)
        incident_ids = [f"J{int(number[1])}"] if number else []
        return list(list_stored(reader, "incidents", incident_ids, PastCase))

    def _newest(self, reader: LogReader, text: str, now_ms: int) -> Iterator[PastCase]:
        """Incidents of the last days, newest first; none for what can be no word of an address."""
        words = text.split()
        if NUMBER.fullmatch(text) or not any(len(word) >= MIN_WORD_CHARS for word in words):
            return
        since_ms = now_ms - DAYS * DAY_MS
        newest = self._known.list_newest(reader, limit=MAX_LOOKED, now_ms=now_ms)
        recent = (each.incident_id for each in newest if each.opened_at_ms >= since_ms)
        yield from list_stored(reader, "incidents", recent, PastCase)

    def _row(self, case: PastCase) -> FoundIncident:
        is_open = self._desk.store.find("incidents", case.incident_id) is not None
        if case.is_restricted and not is_open:
            return _number_only(case)
        code = case.last_type_code
        known = self._desk.reference.types.get(code)
        return FoundIncident(
            incident_id=case.incident_id,
            type_code=code,
            type_name=known.name_cn if known else code,
            priority=case.priority,
            state=case.state,
            is_open=is_open,
            is_restricted=False,
            opened_at_ms=case.opened_at_ms,
            closed_at_ms=case.t10_ms,
            merged_into=case.merged_into,
            disposition=case.disposition,
            n_calls=len(case.call_ids),
            n_orders=len(case.order_ids),
            address=case.address,
        )

    def _list_units(self, text: str, may_meet: MayMeet) -> Iterator[FoundUnit]:
        """Units whose id or call sign holds the text, or ends with its digits."""
        said = text.upper()
        for unit_id, profile in self._desk.reference.units.items():
            if said not in unit_id.upper() and said not in profile.call_sign.upper():
                continue
            if not may_meet(Whose(desk_ids=(profile.desk_id,), unit_ids=(unit_id,))):
                continue
            shown = self._desk.store.find("units", unit_id)
            row = shown.row if shown else None
            state, incident_id = (
                (row.state, row.incident_id) if isinstance(row, UnitRow) else ("", "")
            )
            yield FoundUnit(
                unit_id=unit_id,
                call_sign=profile.call_sign,
                state=state,
                incident_id=incident_id,
            )


def _number_only(case: PastCase) -> FoundIncident:
    """A restricted record that is over: that it can be opened again, and nothing of what it was."""
    return FoundIncident(
        incident_id=case.incident_id,
        type_code="",
        type_name="",
        priority=0,
        state=case.state,
        is_open=False,
        is_restricted=True,
        opened_at_ms=case.opened_at_ms,
        closed_at_ms=case.t10_ms,
        merged_into=case.merged_into,
        disposition="",
        n_calls=0,
        n_orders=0,
        address="",
    )


def _has(case: PastCase, words: list[str]) -> bool:
    """Whether every word is in the address; a restricted record is found by its number only."""
    if case.is_restricted or not case.address or is_erased(case.address):
        return False
    return all(word in case.address for word in words)
