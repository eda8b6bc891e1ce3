"""The case (涉诈案件): opened with its incident, its victim and transfers told, filed, closed."""

from __future__ import annotations

from typing import Final

from kuaifan.board.asking import need_name, need_reason
from kuaifan.board.entities import Incident
from kuaifan.board.items import find_item, list_items
from kuaifan.board.lookup import get_open_incident
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.personal import is_erased
from kuaifan.kernel.rulebook import Follow
from kuaifan.seats.anti_fraud import words
from kuaifan.seats.anti_fraud.finding import (
    accounts_of,
    close_owed,
    drop_owed,
    entry,
    get_open_account,
    get_open_case,
    need_amount,
    open_owed,
    slice_of,
    yuan,
)
from kuaifan.seats.anti_fraud.kinds import (
    DISSUASION,
    FILING,
    ON_THE_PHONE,
    RECOVERY,
    STOP_REQUEST,
)
from kuaifan.seats.anti_fraud.papers import SEAT_ID, Account, CaseKind, FraudCase
from kuaifan.vocabulary import incident as incidents

KIND_OF_TYPE: Final[dict[str, CaseKind]] = {
    "telecom_fraud_payable": "payable",
    "telecom_fraud_cold": "cold",
    "fraud_dissuasion": "dissuasion",
}
MAX_ACCOUNTS: Final = 200
"""More accounts than one case has ever had; beyond it somebody types into the wrong one."""
CLOCK_SLACK_MS: Final = 120_000
"""A caller's clock may be a little ahead of ours."""


def open_case(board: Board, command: words.OpenFraudCase, now_ms: int) -> list[Event]:
    """The seat's clocks begin; those of the first minutes from the report itself."""
    incident = get_open_incident(board, command.incident_id)
    kind = kind_of(board, incident)
    if kind is None:
        raise Refused(
            "not_fraud",
            f"警情 {incident.incident_id} 不是电信网络诈骗类别，请先改类别",
            f"the type of incident {incident.incident_id} is no telecom fraud; change it first",
        )
    if command.incident_id in slice_of(board).cases:
        raise Refused(
            "case_exists",
            f"警情 {incident.incident_id} 已有涉诈案件",
            f"incident {incident.incident_id} is a case of the fraud seat already",
        )
    opened = words.FraudCaseOpened(
        incident_id=incident.incident_id,
        kind=kind,
        reported_at_ms=_reported_at_ms(board, incident),
        desk_id=incident.desk_id,
        record_class=incident.record_class,
        by=command.by,
    )
    return [opened, *_first_items(board, opened, now_ms)]


def _first_items(board: Board, opened: words.FraudCaseOpened, now_ms: int) -> list[Event]:
    terms = slice_of(board).terms
    case = FraudCase(
        incident_id=opened.incident_id,
        kind=opened.kind,
        reported_at_ms=opened.reported_at_ms,
        opened_at_ms=now_ms,
        desk_id=opened.desk_id,
        record_class=opened.record_class,
    )
    if opened.kind == "dissuasion":
        talking = is_on_the_phone(board, board.incidents[opened.incident_id])
        line_ms = terms.talk_ms if talking else terms.call_again_ms
        return [
            open_owed(board, DISSUASION, case, now_ms + terms.send_ms),
            open_owed(board, ON_THE_PHONE, case, now_ms + line_ms, nth=2),
        ]
    filing = open_owed(board, FILING, case, now_ms + terms.file_ms)
    if opened.kind == "cold":
        return [filing]
    due_ms = max(now_ms + 1, opened.reported_at_ms + terms.request_ms)
    return [filing, open_owed(board, STOP_REQUEST, case, due_ms, nth=2)]


def note_victim(board: Board, command: words.NoteVictim, _now_ms: int) -> list[Event]:
    """Who was cheated; what was told before is replaced."""
    case = get_open_case(board, command.incident_id)
    need_name(command.by)
    need_name(command.victim, zh="须填写受害人姓名", en="say who was cheated")
    return [
        words.VictimNoted(
            incident_id=case.incident_id,
            victim=command.victim.strip(),
            phone=command.phone.strip(),
            proof=command.proof.strip(),
            by=command.by,
        )
    ]


def add_transfer(board: Board, command: words.AddTransfer, now_ms: int) -> list[Event]:
    """Where the money went; the same transfer is not told twice."""
    case = get_open_case(board, command.incident_id)
    need_name(command.by)
    number = _clean_number(command.number)
    _check_time(command.transferred_at_ms, now_ms)
    known = _find_account(board, case, number)
    if known is not None:
        _refuse_twin(known, command)
    elif len(case.account_ids) >= MAX_ACCOUNTS:
        raise Refused(
            "too_many_accounts",
            f"警情 {case.incident_id} 已登记 {MAX_ACCOUNTS} 个账户，其余账户须另立关联警情登记",
            f"the case of {case.incident_id} has {MAX_ACCOUNTS} accounts, as many as there may be: "
            "open another incident, linked to it, for the rest",
        )
    account_id = known.account_id if known else f"{case.incident_id}-{len(case.account_ids) + 1}"
    added = words.TransferAdded(
        incident_id=case.incident_id,
        account_id=account_id,
        number=number,
        bank=command.bank.strip(),
        holder=command.holder.strip(),
        payer_number=command.payer_number.replace(" ", ""),
        payer_bank=command.payer_bank.strip(),
        payer_holder=command.payer_holder.strip(),
        amount_fen=command.amount_fen,
        transferred_at_ms=command.transferred_at_ms,
        channel=command.channel,
        by=command.by,
    )
    told = entry(account_id, "reported", command.amount_fen, by=command.by)
    return [added, told, *_to_ask_again(board, case, now_ms)]


def correct_loss(board: Board, command: words.CorrectLoss, _now_ms: int) -> list[Event]:
    """Another amount; never less than what is held or came back."""
    account = get_open_account(board, command.account_id)
    need_name(command.by)
    need_reason(command.reason)
    more_fen = command.lost_fen - account.ledger.lost
    if not more_fen:
        raise Refused(
            "same_amount",
            f"账户 {account.account_id} 的损失已是 {yuan(command.lost_fen)} 元",
            f"the loss of {account.account_id} is {yuan(command.lost_fen)} yuan already",
        )
    if more_fen < 0:
        need_amount(account.ledger.gone, -more_fen, "未追回", "gone")
    corrected = words.LossCorrected(
        incident_id=account.incident_id,
        account_id=account.account_id,
        reason=command.reason,
        by=command.by,
    )
    moved = entry(account.account_id, "corrected", abs(more_fen), by=command.by, back=more_fen < 0)
    return [corrected, moved]


def waive_stop(board: Board, command: words.WaiveStop, _now_ms: int) -> list[Event]:
    """Nothing could be stopped: cash, or an account nobody can name."""
    case = get_open_case(board, command.incident_id)
    need_name(command.by)
    need_reason(command.reason)
    if find_item(board, STOP_REQUEST, case.incident_id) is None:
        raise Refused(
            "no_stop_owed",
            f"案件 {case.incident_id} 没有待发出的止付请求",
            f"no request to stop payment is owed for {case.incident_id}",
        )
    waived = words.StopWaived(incident_id=case.incident_id, reason=command.reason, by=command.by)
    return [waived, *close_owed(board, STOP_REQUEST, case.incident_id, "waived", by=command.by)]


def file_case(board: Board, command: words.FileFraudCase, now_ms: int) -> list[Event]:
    """Filed once; from then on money may be frozen, and somebody looks after its recovery."""
    case = get_open_case(board, command.incident_id)
    need_name(command.by)
    need_name(command.file_no, zh="须填写立案编号", en="give the number of the file")
    if case.kind == "dissuasion":
        raise Refused(
            "nothing_paid",
            f"案件 {case.incident_id} 尚在劝阻，未发生损失",
            f"case {case.incident_id} is a dissuasion: nothing was paid yet",
        )
    if case.file_no:
        raise Refused(
            "filed_already",
            f"案件 {case.incident_id} 已立案（{case.file_no}）",
            f"case {case.incident_id} is filed already as {case.file_no}",
        )
    filed = words.FraudCaseFiled(
        incident_id=case.incident_id, file_no=command.file_no.strip(), by=command.by
    )
    due_ms = now_ms + slice_of(board).terms.recovery_ms
    return [
        filed,
        *close_owed(board, FILING, case.incident_id, "filed", by=command.by),
        open_owed(board, RECOVERY, case, due_ms),
    ]


def close_case(board: Board, command: words.CloseFraudCase, _now_ms: int) -> list[Event]:
    """Nothing is held or awaited any more; or it was no fraud, or is told in another case."""
    case = get_open_case(board, command.incident_id)
    _refuse_held(board, case)
    entries: list[Event] = []
    if command.outcome == "done":
        need_name(command.by)
        _refuse_unfinished(board, case)
    elif command.outcome == "not_fraud":
        need_name(command.by)
        need_reason(command.reason)
        entries = [
            entry(each.account_id, "not_fraud", each.ledger.gone, by=command.by)
            for each in accounts_of(board, case)
            if each.ledger.gone
        ]
    elif case.account_ids:
        raise Refused(
            "money_told",
            f"案件 {case.incident_id} 已登记账户，不能并案关闭",
            f"case {case.incident_id} has accounts: it cannot end as merged",
        )
    closed = words.FraudCaseClosed(
        incident_id=case.incident_id,
        outcome=command.outcome,
        reason=command.reason,
        by=command.by,
    )
    outcome = "done" if command.outcome == "done" else "dropped"
    return [*entries, *drop_owed(board, case, outcome, by=command.by or SEAT_ID), closed]


def _refuse_held(board: Board, case: FraudCase) -> None:
    """Refuse: money_held, answer_awaited, claim_open."""
    for each in accounts_of(board, case):
        if each.ledger.held:
            raise Refused(
                "money_held",
                f"账户 {each.account_id} 尚有 {yuan(each.ledger.held)} 元止付或冻结中",
                f"{yuan(each.ledger.held)} yuan on {each.account_id} are stopped or frozen",
            )
        if each.waiting_id:
            raise Refused(
                "answer_awaited",
                f"止付请求 {each.waiting_id} 银行尚未反馈",
                f"the bank has not answered request {each.waiting_id}",
            )


def _refuse_unfinished(board: Board, case: FraudCase) -> None:
    """Refuse: items_open, for anything but the recovery itself."""
    owed = [
        each for each in list_items(board, SEAT_ID, case.incident_id) if each.kind != RECOVERY.kind
    ]
    if owed:
        raise Refused(
            "items_open",
            f"案件 {case.incident_id} 尚有未办结事项："
            + "、".join(f"{each.item_id} {each.title_zh}" for each in owed),
            f"case {case.incident_id} has open items: "
            + ", ".join(f"{each.item_id} {each.title_en}" for each in owed),
        )


def on_typed(
    board: Board,
    event: incidents.IncidentOpened | incidents.IncidentUpdated,
    _now_ms: int,
) -> list[Follow]:
    """An incident of the seat's types is a case at once."""
    incident = board.incidents[event.incident_id]
    known = event.incident_id in slice_of(board).cases
    if known or incident.is_over or kind_of(board, incident) is None:
        return []
    return [words.OpenFraudCase(incident_id=event.incident_id)]


def on_merged(board: Board, event: incidents.IncidentMerged, _now_ms: int) -> list[Follow]:
    """A second call about the same fraud needs no case of its own, as long as it told no money."""
    case = slice_of(board).cases.get(event.incident_id)
    if case is None or not case.is_open or case.account_ids:
        return []
    if event.into_incident_id not in slice_of(board).cases:
        return []
    return [words.CloseFraudCase(incident_id=event.incident_id, outcome="merged")]


def kind_of(board: Board, incident: Incident) -> CaseKind | None:
    """The kind that the type of an incident means, None for a type of other matters."""
    incident_type = board.reference.types.get(incident.type_code)
    return KIND_OF_TYPE.get(incident_type.key) if incident_type else None


def _reported_at_ms(board: Board, incident: Incident) -> int:
    """When somebody first rang about it; without a call, when it was opened."""
    rang = [board.calls[each].t0_ms for each in incident.call_ids if each in board.calls]
    return min([*rang, incident.opened_at_ms])


def is_on_the_phone(board: Board, incident: Incident) -> bool:
    """Whether somebody talks about it just now."""
    calls = (board.calls.get(each) for each in incident.call_ids)
    return any(call is not None and call.state == "talking" for call in calls)


def _clean_number(text: str) -> str:
    number = text.replace(" ", "").replace("-", "")
    if not number:
        raise Refused("no_number", "须填写收款账号", "give the number of the account paid to")
    return number


def _check_time(transferred_at_ms: int, now_ms: int) -> None:
    if transferred_at_ms > now_ms + CLOCK_SLACK_MS:
        raise Refused(
            "in_the_future", "转账时间不能晚于现在", "a transfer cannot lie in the future"
        )


def _find_account(board: Board, case: FraudCase, number: str) -> Account | None:
    same = (each for each in accounts_of(board, case) if not is_erased(each.number))
    return next((each for each in same if each.number == number), None)


def _refuse_twin(account: Account, command: words.AddTransfer) -> None:
    """Refuse: same_transfer. Two presses are not two losses."""
    told = (command.amount_fen, command.transferred_at_ms)
    if told in account.transfers:
        raise Refused(
            "same_transfer",
            f"账户 {account.account_id} 已登记同一时间、同一金额的转账",
            f"account {account.account_id} has a transfer of this amount at this time already",
        )


def _to_ask_again(board: Board, case: FraudCase, now_ms: int) -> list[Event]:
    """More money to stop: the request is owed again, where the money may still be there."""
    if case.kind != "payable" or find_item(board, STOP_REQUEST, case.incident_id) is not None:
        return []
    due_ms = now_ms + slice_of(board).terms.request_ms
    return [open_owed(board, STOP_REQUEST, case, due_ms)]
