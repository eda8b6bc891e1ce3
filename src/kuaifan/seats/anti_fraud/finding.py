"""Finding cases and accounts of the fraud seat, or refusing in words (查找); opening its items."""

from __future__ import annotations

from collections.abc import Iterator

from kuaifan.board.entities import Incident
from kuaifan.board.items import ItemKind, close_item, find_item, list_items, open_item
from kuaifan.board.lookup import get_incident
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.seats.anti_fraud.kinds import KINDS
from kuaifan.seats.anti_fraud.ledger import ENTRY_SIDES, EntryReason
from kuaifan.seats.anti_fraud.papers import SEAT_ID, Account, AntiFraud, FraudCase
from kuaifan.seats.anti_fraud.words import MoneyMoved
from kuaifan.vocabulary import item as items
from kuaifan.vocabulary.item import Owner

SEAT = Owner("seat", SEAT_ID)
KIND_OF = {kind.kind: kind for kind in KINDS}


def slice_of(board: Board) -> AntiFraud:
    """The seat's own part of the board."""
    mine: AntiFraud = board.seats[SEAT_ID]
    return mine


def get_case(board: Board, incident_id: str) -> FraudCase:
    """Return a case, or refuse: unknown_case, unknown_incident."""
    found = slice_of(board).cases.get(incident_id)
    if found is None:
        get_incident(board, incident_id)
        raise Refused(
            "unknown_case",
            f"警情 {incident_id} 没有涉诈案件，请先建立",
            f"incident {incident_id} is no case of the fraud seat; open one first",
        )
    return found


def get_open_case(board: Board, incident_id: str) -> FraudCase:
    """Return a case that the seat still works on, or refuse: case_closed."""
    case = get_case(board, incident_id)
    if not case.is_open:
        raise Refused(
            "case_closed",
            f"涉诈案件 {incident_id} 已结，不能再办理",
            f"the fraud case of {incident_id} is closed",
        )
    return case


def get_account(board: Board, account_id: str) -> Account:
    """Return an account that money went to, or refuse: unknown_account."""
    found = slice_of(board).accounts.get(account_id)
    if found is None:
        raise Refused(
            "unknown_account",
            f"没有收款账户 {account_id}，请先登记转账",
            f"there is no account {account_id}; enter the transfer first",
        )
    return found


def get_open_account(board: Board, account_id: str) -> Account:
    """Return an account of an open case, or refuse: unknown_account, case_closed."""
    account = get_account(board, account_id)
    get_open_case(board, account.incident_id)
    return account


def accounts_of(board: Board, case: FraudCase) -> Iterator[Account]:
    """Its accounts in the order in which they were told."""
    known = slice_of(board).accounts
    return (known[each] for each in case.account_ids if each in known)


def living_incident(board: Board, incident_id: str) -> Incident | None:
    """The incident as it lives on, after merging; None once it has left the board."""
    incident = board.incidents.get(incident_id)
    while incident is not None and incident.merged_into:
        incident = board.incidents.get(incident.merged_into)
    return incident


def open_owed(
    board: Board,
    kind: ItemKind,
    case: FraudCase,
    due_at_ms: int,
    *,
    subject_id: str = "",
    nth: int = 1,
) -> items.ItemOpened:
    """An item of the seat about a case or one of its accounts; nth: of one command's."""
    incident = living_incident(board, case.incident_id)
    # A closed incident takes nothing more on; its money is followed all the same.
    holds = incident is not None and not incident.is_over
    return open_item(
        board,
        kind,
        owner=SEAT,
        due_at_ms=due_at_ms,
        incident_id=incident.incident_id if incident and holds else "",
        subject_id=subject_id or case.incident_id,
        desk_id=incident.desk_id if incident else case.desk_id,
        nth=nth,
    )


def close_owed(
    board: Board, kind: ItemKind, subject_id: str, outcome: str, *, by: str
) -> list[Event]:
    """The end of an item, where it is open."""
    item = find_item(board, kind, subject_id)
    return [] if item is None else [close_item(kind, item, outcome, by=by)]


def drop_owed(board: Board, case: FraudCase, outcome: str, *, by: str) -> list[Event]:
    """The end of everything that is owed for the case itself."""
    return [
        close_item(KIND_OF[each.kind], each, outcome, by=by)
        for each in list_items(board, SEAT_ID, case.incident_id)
    ]


def entry(
    account_id: str, reason: EntryReason, amount_fen: int, *, by: str, back: bool = False
) -> MoneyMoved:
    """An entry of the ledger; back: the other way, of a reason that has two."""
    left, right = ENTRY_SIDES[reason][int(back)]
    return MoneyMoved(
        incident_id=account_id.rpartition("-")[0],
        account_id=account_id,
        left=left,
        right=right,
        amount_fen=amount_fen,
        reason=reason,
        by=by,
    )


def need_amount(is_there_fen: int, amount_fen: int, zh: str, en: str) -> int:
    """The amount asked for, 0 for all; refuse more_than_is_there, nothing_there."""
    if not is_there_fen:
        raise Refused("nothing_there", f"该账户没有{zh}的资金", f"nothing is {en} on it")
    if amount_fen > is_there_fen:
        raise Refused(
            "more_than_is_there",
            f"{zh}的资金只有 {yuan(is_there_fen)} 元，不能超出",
            f"only {yuan(is_there_fen)} yuan are {en}",
        )
    return amount_fen or is_there_fen


def yuan(fen: int) -> str:
    """An amount as people write it."""
    return f"{fen // 100:,}.{fen % 100:02d}"
