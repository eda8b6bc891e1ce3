"""Tables of the fraud seat (反诈专席表): cases, accounts, what banks owe, entries, years."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final

import msgspec

from kuaifan.board.day_tally import EPOCH, DayTally
from kuaifan.board.state import Board
from kuaifan.seats.anti_fraud.finding import accounts_of, living_incident, slice_of
from kuaifan.seats.anti_fraud.ledger import EntryReason, Ledger, Side
from kuaifan.seats.anti_fraud.papers import MINUTE_MS, CaseKind, Channel, FraudCase, Sealed

PER_PEOPLE: Final = 10_000
N_SHOWN: Final = 4


class CaseRow(msgspec.Struct, frozen=True, kw_only=True):
    """An open case (在办案件行); asked_after_min: from the report to the first request."""

    row_id: str
    incident_id: str
    desk_id: str
    record_class: str
    kind: CaseKind
    reported_at_ms: int
    victim: Sealed
    victim_phone: Sealed
    lost_fen: int
    held_fen: int
    returned_fen: int
    asked_after_min: int | None
    file_no: str
    unit_id: str


class AccountRow(msgspec.Struct, frozen=True, kw_only=True):
    """An account of an open case (收款账户行)."""

    row_id: str
    incident_id: str
    desk_id: str
    record_class: str
    number: Sealed
    bank: str
    holder: Sealed
    channel: Channel
    transferred_at_ms: int
    gone_fen: int
    stopped_fen: int
    stop_until_ms: int
    frozen_fen: int
    freeze_until_ms: int
    returned_fen: int
    released_fen: int


class RequestRow(msgspec.Struct, frozen=True, kw_only=True):
    """A request that a bank has not answered (待反馈行)."""

    row_id: str
    incident_id: str
    desk_id: str
    record_class: str
    bank: str
    amount_fen: int
    asked_at_ms: int


class EntryRow(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the ledger (分录行)."""

    row_id: str
    incident_id: str
    desk_id: str
    record_class: str
    at_ms: int
    account_id: str
    left: Side
    right: Side
    amount_fen: int
    reason: EntryReason
    by: str


class YearRow(msgspec.Struct, frozen=True, kw_only=True):
    """A year in sums (年度行); empty or None where the residents are not known."""

    row_id: str
    incident_id: str
    desk_id: str
    record_class: str
    n_cases: int
    n_residents: int
    cases_per_10k: str
    lost_fen: int
    lost_per_10k_fen: int | None
    stopped_fen: int
    frozen_fen: int
    returned_fen: int
    returned_share: float | None


def cases(board: Board) -> Iterator[CaseRow]:
    """Open cases, the newest first."""
    for case in _open_cases(board):
        sums = _sums(board, case)
        asked_ms = case.first_asked_at_ms - case.reported_at_ms
        yield CaseRow(
            row_id=case.incident_id,
            incident_id=case.incident_id,
            desk_id=_desk_of(board, case),
            record_class=case.record_class,
            kind=case.kind,
            reported_at_ms=case.reported_at_ms,
            victim=case.victim,
            victim_phone=case.victim_phone,
            lost_fen=sums.lost,
            held_fen=sums.held,
            returned_fen=sums.returned,
            asked_after_min=asked_ms // MINUTE_MS if case.first_asked_at_ms else None,
            file_no=case.file_no,
            unit_id=case.unit_id,
        )


def short_number(number: str) -> str:
    """An account's number as a screen shows it (账号脱敏): enough to tell two apart, no more.

    The whole of it goes to the bank with the request, and stands in the record with its purpose.
    """
    if len(number) <= 2 * N_SHOWN:
        return number and f"····{number[-2:]}"
    return f"{number[:N_SHOWN]}····{number[-N_SHOWN:]}"


def accounts(board: Board) -> Iterator[AccountRow]:
    """Accounts of open cases."""
    for case in _open_cases(board):
        for account in accounts_of(board, case):
            ledger = account.ledger
            yield AccountRow(
                row_id=account.account_id,
                incident_id=case.incident_id,
                desk_id=_desk_of(board, case),
                record_class=case.record_class,
                number=short_number(account.number),
                bank=account.bank,
                holder=account.holder,
                channel=account.channel,
                transferred_at_ms=account.transferred_at_ms,
                gone_fen=ledger.gone,
                stopped_fen=ledger.stopped,
                stop_until_ms=account.stop_until_ms,
                frozen_fen=ledger.frozen,
                freeze_until_ms=account.freeze_until_ms,
                returned_fen=ledger.returned,
                released_fen=ledger.released,
            )


def requests(board: Board) -> Iterator[RequestRow]:
    """What the banks have not answered."""
    for case in _open_cases(board):
        for account in accounts_of(board, case):
            if account.waiting_id:
                yield RequestRow(
                    row_id=account.waiting_id,
                    incident_id=case.incident_id,
                    desk_id=_desk_of(board, case),
                    record_class=case.record_class,
                    bank=account.bank,
                    amount_fen=account.ledger.gone,
                    asked_at_ms=account.asked_at_ms,
                )


def ledger(board: Board) -> Iterator[EntryRow]:
    """Entries of open cases, the newest of each case first."""
    for case in _open_cases(board):
        for i, each in reversed(list(enumerate(case.entries))):
            yield EntryRow(
                row_id=f"{case.incident_id}/{i}",
                incident_id=case.incident_id,
                desk_id=_desk_of(board, case),
                record_class=case.record_class,
                at_ms=each.at_ms,
                account_id=each.account_id,
                left=each.left,
                right=each.right,
                amount_fen=each.amount_fen,
                reason=each.reason,
                by=each.by,
            )


def years(board: Board) -> Iterator[YearRow]:
    """Cases per 10,000 residents and the share returned, year by year, the newest first."""
    mine = slice_of(board)
    found = sorted({_year_of(day) for day in mine.tally.days}, reverse=True)
    for year in found:
        yield _year_row(mine.tally, year, mine.terms.n_residents)


def _year_row(tally: DayTally, year: int, n_residents: int) -> YearRow:
    first, last = _first_day(year), _first_day(year + 1) - 1
    sums = {
        name: tally.sum(name, first, last)
        for name in ("cases", "lost", "stopped", "frozen", "returned")
    }
    per = PER_PEOPLE / n_residents if n_residents else None
    return YearRow(
        row_id=str(year),
        incident_id="",
        desk_id="city",
        record_class="ordinary",
        n_cases=sums["cases"],
        n_residents=n_residents,
        cases_per_10k="" if per is None else f"{sums['cases'] * per:.2f}",
        lost_fen=sums["lost"],
        lost_per_10k_fen=None if per is None else round(sums["lost"] * per),
        stopped_fen=sums["stopped"],
        frozen_fen=sums["frozen"],
        returned_fen=sums["returned"],
        returned_share=sums["returned"] / sums["lost"] if sums["lost"] > 0 else None,
    )


def _year_of(day: int) -> int:
    return date.fromordinal(EPOCH + day).year


def _first_day(year: int) -> int:
    return date(year, 1, 1).toordinal() - EPOCH


def _open_cases(board: Board) -> Iterator[FraudCase]:
    return (each for each in reversed(slice_of(board).cases.values()) if each.is_open)


def _sums(board: Board, case: FraudCase) -> Ledger:
    total = Ledger()
    for account in accounts_of(board, case):
        for name in Ledger.__struct_fields__:
            setattr(total, name, getattr(total, name) + getattr(account.ledger, name))
    return total


def _desk_of(board: Board, case: FraudCase) -> str:
    incident = living_incident(board, case.incident_id)
    return incident.desk_id if incident else case.desk_id


VIEWS: Final[Mapping[str, Callable[[Board], Iterator[msgspec.Struct]]]] = {
    "cases": cases,
    "accounts": accounts,
    "requests": requests,
    "ledger": ledger,
    "years": years,
}
