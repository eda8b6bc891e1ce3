"""Folds of the fraud seat (反诈专席归并): what its events change, and what they count."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from kuaifan.board.state import Board
from kuaifan.kernel.message import Event
from kuaifan.seats.anti_fraud import words, words_kind
from kuaifan.seats.anti_fraud.finding import accounts_of, slice_of
from kuaifan.seats.anti_fraud.papers import Account, Entry, FraudCase


def case_opened(board: Board, event: words.FraudCaseOpened, at_ms: int) -> None:
    """A case; one that is only a dissuasion is none of the figures'."""
    mine = slice_of(board)
    mine.cases[event.incident_id] = FraudCase(
        incident_id=event.incident_id,
        kind=event.kind,
        reported_at_ms=event.reported_at_ms,
        opened_at_ms=at_ms,
        desk_id=event.desk_id,
        record_class=event.record_class,
        typed_as=event.kind,
    )
    if event.kind == "dissuasion":
        mine.tally.add(at_ms, "dissuasions")
    else:
        mine.tally.add(at_ms, "cases")
        mine.tally.add(at_ms, "payable", int(event.kind == "payable"))


def victim_noted(board: Board, event: words.VictimNoted, _at_ms: int) -> None:
    """Who it was."""
    case = slice_of(board).cases[event.incident_id]
    case.victim, case.victim_phone, case.proof = event.victim, event.phone, event.proof


def transfer_added(board: Board, event: words.TransferAdded, _at_ms: int) -> None:
    """A new account, or more that went to one that is known."""
    mine = slice_of(board)
    account = mine.accounts.get(event.account_id)
    if account is None:
        account = mine.accounts[event.account_id] = Account(
            account_id=event.account_id,
            incident_id=event.incident_id,
            number=event.number,
            bank=event.bank,
            holder=event.holder,
            payer_number=event.payer_number,
            payer_bank=event.payer_bank,
            payer_holder=event.payer_holder,
            channel=event.channel,
            transferred_at_ms=event.transferred_at_ms,
        )
        mine.cases[event.incident_id].account_ids.append(event.account_id)
    account.transfers.append((event.amount_fen, event.transferred_at_ms))


def money_moved(board: Board, event: words.MoneyMoved, at_ms: int) -> None:
    """The same entry in the account's ledger and in that of all cases."""
    mine = slice_of(board)
    account, case = mine.accounts[event.account_id], mine.cases[event.incident_id]
    for ledger in (account.ledger, mine.total):
        ledger.move(event.left, event.right, event.amount_fen)
    if case.is_open:
        case.entries.append(
            Entry(
                at_ms=at_ms,
                account_id=event.account_id,
                left=event.left,
                right=event.right,
                amount_fen=event.amount_fen,
                reason=event.reason,
                by=event.by,
            )
        )
    _count_money(board, event, at_ms)
    _end_holds(account)


def _count_money(board: Board, event: words.MoneyMoved, at_ms: int) -> None:
    tally = slice_of(board).tally
    if not event.left:
        tally.add(at_ms, "lost", event.amount_fen)
    elif not event.right:
        tally.add(at_ms, "lost", -event.amount_fen)
    if event.right in {"stopped", "frozen", "returned", "released"}:
        tally.add(at_ms, event.right, event.amount_fen)


def _end_holds(account: Account) -> None:
    if not account.ledger.stopped:
        account.stop_until_ms = 0
    if not account.ledger.frozen:
        account.freeze_until_ms = 0


def stop_requested(board: Board, event: words.StopRequested, at_ms: int) -> None:
    """It is with the bank; the first request of a case is what its clock was about."""
    mine = slice_of(board)
    account, case = mine.accounts[event.account_id], mine.cases[event.incident_id]
    account.n_requests += 1
    account.waiting_id, account.asked_at_ms = event.request_id, at_ms
    mine.tally.add(at_ms, "requests")
    if case.first_asked_at_ms or case.kind != "payable":
        return
    case.first_asked_at_ms = at_ms
    case.asked_in_time = at_ms - case.reported_at_ms <= mine.terms.request_ms
    # Counted on the day of the case, so that numerator and denominator are of the same days.
    mine.tally.add(case.opened_at_ms, "asked_in_time", int(case.asked_in_time))


def bank_answered(board: Board, event: words.BankAnswered, at_ms: int) -> None:
    """Answered; its entry of the ledger follows."""
    mine = slice_of(board)
    account = mine.accounts[event.account_id]
    account.waiting_id, account.answered_at_ms = "", at_ms
    account.last_answer, account.stop_until_ms = event.answer, event.until_ms
    account.stop_lapsed = False
    mine.tally.add(at_ms, "answers")
    mine.tally.add(at_ms, "stops", int(event.answer == "stopped"))


def stop_lapsed(board: Board, event: words.StopLapsed, at_ms: int) -> None:
    """It has to be asked for again before anything is frozen."""
    mine = slice_of(board)
    mine.accounts[event.account_id].stop_lapsed = True
    mine.tally.add(at_ms, "stops_lapsed")


def case_filed(board: Board, event: words.FraudCaseFiled, at_ms: int) -> None:
    """Filed."""
    case = slice_of(board).cases[event.incident_id]
    case.file_no, case.filed_at_ms = event.file_no, at_ms
    slice_of(board).tally.add(at_ms, "filed")


def money_frozen(board: Board, event: words.MoneyFrozen, at_ms: int) -> None:
    """Held until then; an account is counted once, however often it is renewed."""
    mine = slice_of(board)
    account = mine.accounts[event.account_id]
    mine.tally.add(at_ms, "accounts_frozen", int(not account.freeze_until_ms))
    account.freeze_until_ms, account.notice_no = event.until_ms, event.notice_no


def freeze_lapsed(board: Board, _event: words.FreezeLapsed, at_ms: int) -> None:
    """Nobody renewed it."""
    slice_of(board).tally.add(at_ms, "freezes_lapsed")


def claimed(board: Board, event: words.WrongFreezeClaimed, at_ms: int) -> None:
    """Nothing of it is returned before the claim is answered."""
    slice_of(board).accounts[event.account_id].is_claimed = True
    slice_of(board).tally.add(at_ms, "claims")


def release_proposed(board: Board, event: words.ReleaseProposed, _at_ms: int) -> None:
    """One of the two persons has said so."""
    account = slice_of(board).accounts[event.account_id]
    account.release_fen, account.release_by = event.amount_fen, event.by


def claim_answered(board: Board, event: words.ClaimAnswered, _at_ms: int) -> None:
    """Answered."""
    account = slice_of(board).accounts[event.account_id]
    account.is_claimed, account.release_fen, account.release_by = False, 0, ""


def unit_noted(board: Board, event: words.VictimUnitNoted, _at_ms: int) -> None:
    """Which unit is with the victim, or none again."""
    case = slice_of(board).cases[event.incident_id]
    is_back = event.step == "back"
    case.unit_id, case.order_id = ("", "") if is_back else (event.unit_id, event.order_id)


def dissuasion_ended(board: Board, event: words.DissuasionEnded, at_ms: int) -> None:
    """What was paid in spite of all is a case like every other, with its clock from now."""
    mine = slice_of(board)
    if event.outcome == "dissuaded":
        mine.tally.add(at_ms, "dissuaded")
    elif event.outcome == "paid":
        case = mine.cases[event.incident_id]
        case.kind, case.reported_at_ms, case.opened_at_ms = "payable", at_ms, at_ms
        mine.tally.add(at_ms, "cases")
        mine.tally.add(at_ms, "payable")


def case_closed(board: Board, event: words.FraudCaseClosed, at_ms: int) -> None:
    """Its sums stay; whatever names anybody leaves the board, the log keeps it sealed."""
    mine = slice_of(board)
    case = mine.cases[event.incident_id]
    if event.outcome in {"not_fraud", "merged"}:
        _uncount(board, case)
    case.closed_at_ms, case.outcome = at_ms, event.outcome
    case.victim = case.victim_phone = case.proof = ""
    case.entries = []
    for each in accounts_of(board, case):
        each.number = each.holder = each.payer_number = each.payer_holder = ""


def _uncount(board: Board, case: FraudCase) -> None:
    """It was no case: it is not counted on the day on which it was."""
    tally, day_ms = slice_of(board).tally, case.opened_at_ms
    if case.kind == "dissuasion":
        tally.add(day_ms, "dissuasions", -1)
        return
    tally.add(day_ms, "cases", -1)
    if case.kind == "payable":
        tally.add(day_ms, "payable", -1)
        tally.add(day_ms, "asked_in_time", -int(case.asked_in_time))


def kind_changed(board: Board, event: words_kind.FraudKindChanged, _at_ms: int) -> None:
    """Counted as what it is, on the day on which it was opened."""
    mine = slice_of(board)
    case = mine.cases[event.incident_id]
    _uncount(board, case)
    case.kind = case.typed_as = event.kind
    if event.kind == "dissuasion":
        mine.tally.add(case.opened_at_ms, "dissuasions")
        return
    mine.tally.add(case.opened_at_ms, "cases")
    if event.kind == "payable":
        mine.tally.add(case.opened_at_ms, "payable")
        mine.tally.add(case.opened_at_ms, "asked_in_time", int(case.asked_in_time))


def terms_set(board: Board, event: words.FraudTermsSet, _at_ms: int) -> None:
    """Other clocks from now on."""
    slice_of(board).terms = event.terms


EVOLVERS: Final[Mapping[type[Event], Callable[[Board, Any, int], None]]] = {
    words.FraudCaseOpened: case_opened,
    words.VictimNoted: victim_noted,
    words.TransferAdded: transfer_added,
    words.MoneyMoved: money_moved,
    words.StopRequested: stop_requested,
    words.BankAnswered: bank_answered,
    words.StopLapsed: stop_lapsed,
    words.FraudCaseFiled: case_filed,
    words.MoneyFrozen: money_frozen,
    words.FreezeLapsed: freeze_lapsed,
    words.WrongFreezeClaimed: claimed,
    words.ReleaseProposed: release_proposed,
    words.ClaimAnswered: claim_answered,
    words.VictimUnitNoted: unit_noted,
    words.DissuasionEnded: dissuasion_ended,
    words.FraudCaseClosed: case_closed,
    words.FraudTermsSet: terms_set,
    words_kind.FraudKindChanged: kind_changed,
}
