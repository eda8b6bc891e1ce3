"""The money (止付、冻结、返还): asked for, stopped, frozen, returned, or let go.

Never more than is there, and never held past its time.
"""

from __future__ import annotations

from kuaifan.board.asking import is_same_person, need_name, need_reason
from kuaifan.board.item_papers import Item
from kuaifan.board.items import close_item, find_item, move_item
from kuaifan.board.state import Board
from kuaifan.kernel.message import CancelTimer, Event, Refused, SetTimer
from kuaifan.kernel.rulebook import Follow
from kuaifan.seats.anti_fraud import words
from kuaifan.seats.anti_fraud.finding import (
    accounts_of,
    close_owed,
    entry,
    get_account,
    get_open_account,
    need_amount,
    open_owed,
    slice_of,
)
from kuaifan.seats.anti_fraud.kinds import (
    BANK_ANSWER,
    CLAIM,
    FILING,
    FREEZE_END,
    FREEZE_ORDER,
    STOP_REQUEST,
)
from kuaifan.seats.anti_fraud.papers import SEAT_ID, Account

MAX_STOP_MS = 7 * 86_400_000
"""A bank that says it holds money longer than that without a freeze has misread the form."""


def request_stop(board: Board, command: words.RequestStop, now_ms: int) -> list[Event]:
    """The bank is asked; not twice for the same money."""
    account = get_open_account(board, command.account_id)
    need_name(command.by)
    if account.waiting_id:
        raise Refused(
            "asked_already",
            f"账户 {account.account_id} 的止付请求 {account.waiting_id} 已发出，待银行反馈",
            f"request {account.waiting_id} for {account.account_id} is out; wait for the bank",
        )
    if account.ledger.stopped:
        raise Refused(
            "stop_running",
            f"账户 {account.account_id} 止付中，请先出具冻结通知",
            f"a stop payment holds on {account.account_id}; issue the freeze notice first",
        )
    amount_fen = need_amount(account.ledger.gone, 0, "未追回", "gone")
    case, terms = slice_of(board).cases[account.incident_id], slice_of(board).terms
    requested = words.StopRequested(
        incident_id=account.incident_id,
        account_id=account.account_id,
        request_id=f"{account.account_id}-{account.n_requests + 1}",
        number=account.number,
        bank=account.bank,
        holder=account.holder,
        amount_fen=amount_fen,
        transferred_at_ms=account.transferred_at_ms,
        channel=account.channel,
        by=command.by,
    )
    others = [each for each in accounts_of(board, case) if each is not account]
    is_last = all(each.n_requests or not each.ledger.gone for each in others)
    return [
        requested,
        *(close_owed(board, STOP_REQUEST, case.incident_id, "asked", by=command.by) * is_last),
        open_owed(
            board, BANK_ANSWER, case, now_ms + terms.answer_ms, subject_id=account.account_id
        ),
    ]


def take_answer(board: Board, command: words.TakeBankAnswer, now_ms: int) -> list[Event]:
    """What the bank says: money held from now on, or the reason why not."""
    account = _get_asked(board, command.request_id)
    need_name(command.by)
    until_ms = 0
    if command.answer == "stopped":
        until_ms = _until_ms(board, command, now_ms)
        if not command.amount_fen:
            raise Refused("no_amount", "须填写止付金额", "say how much the bank holds")
        need_amount(account.ledger.gone, command.amount_fen, "未追回", "gone")
    elif command.answer == "refused":
        need_reason(command.reason)
    answered = words.BankAnswered(
        incident_id=account.incident_id,
        account_id=account.account_id,
        request_id=command.request_id,
        answer=command.answer,
        amount_fen=command.amount_fen if until_ms else 0,
        until_ms=until_ms,
        reason=command.reason.strip(),
        by=command.by,
    )
    told = [
        answered,
        *close_owed(board, BANK_ANSWER, account.account_id, command.answer, by=command.by),
    ]
    return told + (_held(board, account, command, until_ms, now_ms) if until_ms else [])


def _held(
    board: Board,
    account: Account,
    command: words.TakeBankAnswer,
    until_ms: int,
    now_ms: int,
) -> list[Event]:
    """The money is stopped, and both the file and the notice are due while it is."""
    case = slice_of(board).cases[account.incident_id]
    due_ms = max(now_ms + 1, until_ms - slice_of(board).terms.stop_lead_ms)
    held: list[Event] = [
        entry(account.account_id, "stopped", command.amount_fen, by=command.by),
        open_owed(board, FREEZE_ORDER, case, due_ms, subject_id=account.account_id),
    ]
    filing = find_item(board, FILING, case.incident_id)
    if filing is not None and filing.due_at_ms > due_ms:
        held.append(move_item(FILING, filing, filing.stage, by=command.by, due_at_ms=due_ms))
    return held


def _until_ms(board: Board, command: words.TakeBankAnswer, now_ms: int) -> int:
    until_ms = command.until_ms or now_ms + slice_of(board).terms.stop_ms
    if not now_ms < until_ms <= now_ms + MAX_STOP_MS:
        raise Refused(
            "bad_until",
            "止付截止时间须晚于现在，且不超过 7 天",
            "a stop payment ends after now, and within 7 days",
        )
    return until_ms


def _get_asked(board: Board, request_id: str) -> Account:
    """The account of a request that is not answered, or refuse: unknown_request, answered."""
    account = slice_of(board).accounts.get(request_id.rpartition("-")[0])
    number = request_id.rpartition("-")[2]
    is_ours = account is not None and number.isdecimal() and number.isascii()
    if account is None or not is_ours or not 1 <= int(number) <= account.n_requests:
        raise Refused(
            "unknown_request",
            f"没有止付请求 {request_id}",
            f"there is no request to stop payment {request_id}",
        )
    if account.waiting_id != request_id:
        raise Refused(
            "answered",
            f"止付请求 {request_id} 银行已反馈",
            f"the bank has answered request {request_id} already",
        )
    return account


def lapse_stop(board: Board, command: words.LapseStop, now_ms: int) -> list[Event]:
    """Nobody froze it in time: the bank holds it no longer."""
    account = get_account(board, command.account_id)
    _refuse_early(account.stop_until_ms, now_ms)
    if not account.ledger.stopped:
        return []
    return [
        entry(account.account_id, "stop_lapsed", account.ledger.stopped, by=SEAT_ID),
        words.StopLapsed(incident_id=account.incident_id, account_id=account.account_id),
        *close_owed(board, FREEZE_ORDER, account.account_id, "lapsed", by=SEAT_ID),
        *_end_claim(board, account, account.ledger.frozen),
    ]


def freeze(board: Board, command: words.FreezeMoney, now_ms: int) -> list[Event]:
    """A notice for what is stopped; the case is filed before, and the stop payment still runs."""
    account = get_open_account(board, command.account_id)
    _need_notice(command.by, command.notice_no)
    case, terms = slice_of(board).cases[account.incident_id], slice_of(board).terms
    if not case.file_no:
        raise Refused(
            "not_filed",
            f"案件 {case.incident_id} 尚未立案，不能冻结",
            f"case {case.incident_id} is not filed; file it before anything is frozen",
        )
    if account.stop_lapsed or (account.stop_until_ms and now_ms >= account.stop_until_ms):
        raise Refused(
            "stop_expired",
            f"账户 {account.account_id} 的止付已失效，请重新请求止付",
            f"the stop payment on {account.account_id} has run out; ask the bank again",
        )
    stopped_fen = account.ledger.stopped
    amount_fen = need_amount(stopped_fen, command.amount_fen, "止付", "stopped")
    until_ms = account.freeze_until_ms or now_ms + terms.freeze_ms
    frozen = words.MoneyFrozen(
        incident_id=case.incident_id,
        account_id=account.account_id,
        notice_no=command.notice_no.strip(),
        until_ms=until_ms,
        is_renewal=False,
        by=command.by,
    )
    told: list[Event] = [
        entry(account.account_id, "frozen", amount_fen, by=command.by),
        frozen,
    ]
    if amount_fen == stopped_fen:
        told += close_owed(board, FREEZE_ORDER, account.account_id, "frozen", by=command.by)
    if not account.freeze_until_ms:
        due_ms = until_ms - terms.freeze_lead_ms
        told.append(open_owed(board, FREEZE_END, case, due_ms, subject_id=account.account_id))
    return told


def renew_freeze(board: Board, command: words.RenewFreeze, now_ms: int) -> list[Event]:
    """Another term from the end of this one; once a term, and before it is over."""
    account = get_open_account(board, command.account_id)
    _need_notice(command.by, command.notice_no)
    terms = slice_of(board).terms
    item = find_item(board, FREEZE_END, account.account_id)
    if item is None or not account.ledger.frozen:
        raise Refused(
            "not_frozen",
            f"账户 {account.account_id} 没有冻结中的资金",
            f"nothing is frozen on {account.account_id}",
        )
    if account.freeze_until_ms - now_ms > terms.freeze_ms // 2:
        raise Refused(
            "too_early",
            f"账户 {account.account_id} 的冻结期限未过半，不能续冻",
            f"the freeze on {account.account_id} has more than half of its term to run",
        )
    until_ms = account.freeze_until_ms + terms.freeze_ms
    renewed = words.MoneyFrozen(
        incident_id=account.incident_id,
        account_id=account.account_id,
        notice_no=command.notice_no.strip(),
        until_ms=until_ms,
        is_renewal=True,
        by=command.by,
    )
    due_ms = until_ms - terms.freeze_lead_ms
    return [renewed, move_item(FREEZE_END, item, "frozen", by=command.by, due_at_ms=due_ms)]


def lapse_freeze(board: Board, command: words.LapseFreeze, now_ms: int) -> list[Event]:
    """Nobody renewed it: the money is free."""
    account = get_account(board, command.account_id)
    _refuse_early(account.freeze_until_ms, now_ms)
    if not account.ledger.frozen:
        return []
    return [
        entry(account.account_id, "freeze_lapsed", account.ledger.frozen, by=SEAT_ID),
        words.FreezeLapsed(incident_id=account.incident_id, account_id=account.account_id),
        *close_owed(board, FREEZE_END, account.account_id, "lapsed", by=SEAT_ID),
        *_end_claim(board, account, account.ledger.stopped),
    ]


def return_money(board: Board, command: words.ReturnMoney, _now_ms: int) -> list[Event]:
    """Back with the victim: out of a freeze, or paid back later, even after the case was closed."""
    account = get_account(board, command.account_id)
    need_name(command.by)
    if command.source == "gone":
        need_amount(account.ledger.gone, command.amount_fen, "未追回", "gone")
        return [entry(account.account_id, "paid_back", command.amount_fen, by=command.by)]
    get_open_account(board, command.account_id)
    frozen_fen = account.ledger.frozen
    need_amount(frozen_fen, command.amount_fen, "冻结", "frozen")
    if account.is_claimed:
        raise Refused(
            "claim_open",
            f"账户 {account.account_id} 的误冻申诉尚未核查，不能返还",
            f"a claim about {account.account_id} is open; answer it before money is returned",
        )
    told: list[Event] = [entry(account.account_id, "returned", command.amount_fen, by=command.by)]
    if command.amount_fen == frozen_fen:
        told += close_owed(board, FREEZE_END, account.account_id, "returned", by=command.by)
    return told


def claim(board: Board, command: words.ClaimWrongFreeze, now_ms: int) -> list[Event]:
    """Art.20: what is held wrongly is let go in time; until then somebody owes an answer."""
    account = get_open_account(board, command.account_id)
    need_name(command.by)
    need_reason(command.reason)
    if account.is_claimed:
        raise Refused(
            "claimed_already",
            f"账户 {account.account_id} 的误冻申诉正在核查",
            f"a claim about {account.account_id} is being checked already",
        )
    need_amount(account.ledger.held, 0, "止付或冻结", "stopped or frozen")
    case = slice_of(board).cases[account.incident_id]
    claimed = words.WrongFreezeClaimed(
        incident_id=account.incident_id,
        account_id=account.account_id,
        reason=command.reason,
        by=command.by,
    )
    due_ms = now_ms + slice_of(board).terms.claim_ms
    return [claimed, open_owed(board, CLAIM, case, due_ms, subject_id=account.account_id)]


def propose_release(board: Board, command: words.ProposeRelease, now_ms: int) -> list[Event]:
    """One person says that it was held wrongly, and why; nothing moves yet."""
    account = get_open_account(board, command.account_id)
    item = _get_claim(board, account)
    need_name(command.by)
    need_reason(command.reason)
    held_fen = account.ledger.held
    amount_fen = need_amount(held_fen, command.amount_fen, "止付或冻结", "stopped or frozen")
    proposed = words.ReleaseProposed(
        incident_id=account.incident_id,
        account_id=account.account_id,
        amount_fen=amount_fen,
        reason=command.reason,
        by=command.by.strip(),
    )
    due_ms = max(now_ms + 1, item.due_at_ms)
    return [proposed, move_item(CLAIM, item, "to_confirm", by=command.by, due_at_ms=due_ms)]


def confirm_release(board: Board, command: words.ConfirmRelease, _now_ms: int) -> list[Event]:
    """A second person agrees, and the money is let go."""
    account = get_open_account(board, command.account_id)
    item = _get_claim(board, account)
    need_name(command.by)
    if not account.release_by:
        raise Refused(
            "not_proposed",
            f"账户 {account.account_id} 尚未提请解除",
            f"nobody has proposed to let the money on {account.account_id} go",
        )
    if is_same_person(command.by, account.release_by):
        raise Refused(
            "second_person_needed",
            f"解除冻结须由 {account.release_by} 以外的另一人确认",
            f"letting money go takes a second person beside {account.release_by}",
        )
    return [
        *_released(board, account, command.by),
        _answered(account, "released", by=command.by),
        close_item(CLAIM, item, "released", by=command.by),
    ]


def keep_hold(board: Board, command: words.KeepHold, _now_ms: int) -> list[Event]:
    """It is held rightly."""
    account = get_open_account(board, command.account_id)
    item = _get_claim(board, account)
    need_name(command.by)
    need_reason(command.reason)
    return [
        _answered(account, "kept", by=command.by, reason=command.reason),
        close_item(CLAIM, item, "kept", by=command.by),
    ]


def _get_claim(board: Board, account: Account) -> Item:
    item = find_item(board, CLAIM, account.account_id)
    if item is None:
        raise Refused(
            "no_claim",
            f"账户 {account.account_id} 没有误冻申诉，请先登记",
            f"nobody claims that {account.account_id} is held wrongly; note the claim first",
        )
    return item


def _answered(
    account: Account, outcome: words.ClaimOutcome, *, by: str, reason: str = ""
) -> words.ClaimAnswered:
    return words.ClaimAnswered(
        incident_id=account.incident_id,
        account_id=account.account_id,
        outcome=outcome,
        reason=reason,
        by=by,
    )


def _released(board: Board, account: Account, by: str) -> list[Event]:
    """The frozen money first: it would be held longest."""
    ledger, account_id = account.ledger, account.account_id
    left_fen = min(account.release_fen, ledger.held)
    from_frozen = min(left_fen, ledger.frozen)
    from_stopped = left_fen - from_frozen
    told: list[Event] = []
    if from_frozen:
        told.append(entry(account_id, "released", from_frozen, by=by))
    if from_stopped:
        told.append(entry(account_id, "released", from_stopped, by=by, back=True))
    if from_frozen and from_frozen == ledger.frozen:
        told += close_owed(board, FREEZE_END, account_id, "released", by=by)
    if from_stopped and from_stopped == ledger.stopped:
        told += close_owed(board, FREEZE_ORDER, account_id, "released", by=by)
    return told


def on_answered(_board: Board, event: words.BankAnswered, _now_ms: int) -> list[Follow]:
    """A stop payment ends by itself."""
    if not event.until_ms:
        return []
    lapse = words.LapseStop(account_id=event.account_id)
    return [SetTimer(_stop_timer(event.account_id), event.until_ms, lapse)]


def on_frozen(_board: Board, event: words.MoneyFrozen, _now_ms: int) -> list[Follow]:
    """A freeze too."""
    lapse = words.LapseFreeze(account_id=event.account_id)
    return [SetTimer(_freeze_timer(event.account_id), event.until_ms, lapse)]


def on_moved(board: Board, event: words.MoneyMoved, _now_ms: int) -> list[Follow]:
    """Where nothing is held any more, nothing can run out."""
    ledger = slice_of(board).accounts[event.account_id].ledger
    follow: list[Follow] = []
    if event.left == "stopped" and not ledger.stopped:
        follow.append(CancelTimer(_stop_timer(event.account_id)))
    if event.left == "frozen" and not ledger.frozen:
        follow.append(CancelTimer(_freeze_timer(event.account_id)))
    return follow


def _stop_timer(account_id: str) -> str:
    return f"fraud_stop:{account_id}"


def _freeze_timer(account_id: str) -> str:
    return f"fraud_freeze:{account_id}"


def _end_claim(board: Board, account: Account, still_held_fen: int) -> list[Event]:
    """What ran out needs no release; a claim about it is answered by that."""
    item = find_item(board, CLAIM, account.account_id)
    if item is None or still_held_fen:
        return []
    answered = _answered(account, "released", by=SEAT_ID)
    return [answered, close_item(CLAIM, item, "released", by=SEAT_ID)]


def _refuse_early(until_ms: int, now_ms: int) -> None:
    """Only time ends it: refuse not_due."""
    if until_ms and now_ms < until_ms:
        raise Refused("not_due", "止付或冻结尚未到期", "the stop payment or freeze still runs")


def _need_notice(by: str, notice_no: str) -> None:
    need_name(by)
    need_name(notice_no, zh="须填写冻结通知书编号", en="give the number of the freeze notice")
