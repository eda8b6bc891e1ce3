"""Which papers of the seat leave the board (反诈归档): a closed case with its accounts.

What their ledgers held is carried into the opening balance, so that the accounts on the board and
it are together what was ever lost.
"""

from __future__ import annotations

from kuaifan.board.seat_archive import Gone, Retires, Whose, whose_by_its_fields
from kuaifan.board.state import Board
from kuaifan.seats.anti_fraud.finding import slice_of
from kuaifan.seats.anti_fraud.papers import Account, AntiFraud, FraudCase


def is_case_over(_board: Board, case: FraudCase, _now_ms: int) -> bool:
    """Closed: nothing of it is held, awaited or claimed."""
    return not case.is_open


def is_account_over(board: Board, account: Account, _now_ms: int) -> bool:
    """Its case is closed, or has left before it."""
    case = slice_of(board).cases.get(account.incident_id)
    return case is None or not case.is_open


def whose_account(mine: AntiFraud, _account_id: str, account: Account) -> Whose:
    """Its case's."""
    case = mine.cases.get(account.incident_id)
    if case is None:
        return Whose(account.incident_id)
    return whose_by_its_fields(mine, case.incident_id, case)


def carry(left: Gone) -> None:
    """Into the opening balance."""
    left.mine.opening.add(left.paper.ledger)


def carry_back(come: Gone) -> None:
    """Out of it again."""
    come.mine.opening.add(come.paper.ledger, sign=-1)


RETIRES = (
    Retires(
        table="accounts",
        is_over=is_account_over,
        whose=whose_account,
        gone=carry,
        back=carry_back,
    ),
    Retires(table="cases", is_over=is_case_over),
)
