"""Linked cases (关联案件): accepted with a receipt, filed in time, extended with consent, ended."""

from __future__ import annotations

from typing import Final

from kuaifan.board.asking import is_same_person, need_name, need_reason
from kuaifan.board.day_tally import DAY_MS
from kuaifan.board.items import HOUR_MS, close_item, get_item, move_item, open_item
from kuaifan.board.letters import wants_letter
from kuaifan.board.lookup import get_incident
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Rules
from kuaifan.vocabulary.item import Owner

from .clearing import papers_of
from .kinds import CASE
from .papers import Case
from .words_case import (
    AskCaseExtension,
    CaseEnded,
    CaseExtended,
    CaseExtensionAsked,
    CaseExtensionRefused,
    CaseFiled,
    CaseLinked,
    CaseReceiptGiven,
    DecideCaseExtension,
    EndCase,
    ExtendCheck,
    FileCase,
    GiveCaseReceipt,
    LawQualityReported,
    LinkCase,
    ReportLawQuality,
)

ENDS: Final = {
    ("criminal", False): ("not_filed", "handed_over"),
    ("criminal", True): ("cleared", "withdrawn", "handed_over"),
    ("public_order", False): ("not_filed", "handed_over"),
    ("public_order", True): ("decided", "mediated", "withdrawn", "handed_over"),
}
"""How a case of a kind may end, before it is filed and after."""
NEXT_STAGE: Final = {
    "checking": "checking_long",
    "filed": "extended",
    "extended": "extended_again",
}
"""Where more time needs somebody's consent."""
WITH_REASON: Final = frozenset({"not_filed", "handed_over", "withdrawn"})


def link_case(board: Board, command: LinkCase, now_ms: int) -> list[Event]:
    """The incident is a case from now on (受案)."""
    incident = get_incident(board, command.incident_id)
    papers = papers_of(board)
    need_name(command.by, command.officer)
    if incident.state == "merged":
        raise Refused(
            "incident_over",
            f"警情 {incident.incident_id} 已并入 {incident.merged_into}，请关联该警情",
            f"incident {incident.incident_id} lives on in {incident.merged_into}; link that one",
        )
    if not command.number.strip():
        raise Refused("no_case_number", "须填写案件编号", "give the number of the case")
    known = papers.cases_of.get(incident.incident_id, ())
    if any(papers.cases[each].number == command.number for each in known):
        raise Refused(
            "case_linked_already",
            f"案件 {command.number} 已关联警情 {incident.incident_id}",
            f"case {command.number} is linked to {incident.incident_id} already",
        )
    case_id = f"C{papers.n_cases + 1}"
    terms = papers.terms
    is_criminal = command.kind == "criminal"
    span_ms = terms.decide_days * DAY_MS if is_criminal else terms.receipt_h * HOUR_MS
    opened = open_item(
        board,
        CASE,
        owner=Owner("person", command.officer.strip()),
        due_at_ms=now_ms + span_ms,
        incident_id=incident.incident_id,
        subject_id=case_id,
    )
    linked = CaseLinked(
        case_id=case_id,
        incident_id=incident.incident_id,
        kind=command.kind,
        number=command.number,
        officer=command.officer,
        by=command.by,
        item_id=opened.item_id,
        receipt_given=command.receipt_given,
    )
    return [opened, linked]


def give_receipt(board: Board, command: GiveCaseReceipt, _now_ms: int) -> list[Event]:
    """The receipt of acceptance (受案回执)."""
    case = get_case(board, command.case_id)
    need_name(command.by)
    if case.receipt_at_ms:
        raise Refused(
            "receipt_given",
            f"案件 {case.number} 已给回执",
            f"the receipt of case {case.number} was given already",
        )
    return [CaseReceiptGiven(case_id=case.case_id, incident_id=case.incident_id, by=command.by)]


def extend_check(board: Board, command: ExtendCheck, _now_ms: int) -> list[Event]:
    """Seven days to check before filing (延长审查), counted from acceptance."""
    case = get_open_case(board, command.case_id)
    need_name(command.by)
    need_reason(command.reason)
    if case.kind != "criminal" or case.stage != "accepted":
        raise _no_more(case)
    due_at_ms = case.accepted_at_ms + papers_of(board).terms.check_days * DAY_MS
    return _extended(board, case, "checking", due_at_ms, command.by, command.reason)


def ask_extension(board: Board, command: AskCaseExtension, _now_ms: int) -> list[Event]:
    """More time that needs consent (申请延期)."""
    case = get_open_case(board, command.case_id)
    need_name(command.by)
    need_reason(command.reason)
    if case.stage not in NEXT_STAGE:
        raise _no_more(case)
    if case.asked_by:
        raise Refused(
            "asked_already",
            f"案件 {case.number} 的延期已由 {case.asked_by} 申请，待审批",
            f"{case.asked_by} has asked for more time for case {case.number} already",
        )
    return [
        CaseExtensionAsked(
            case_id=case.case_id,
            incident_id=case.incident_id,
            reason=command.reason,
            by=command.by,
        )
    ]


def decide_extension(board: Board, command: DecideCaseExtension, _now_ms: int) -> list[Event]:
    """Another person consents (审批延期)."""
    case = get_open_case(board, command.case_id)
    need_name(command.by)
    if not case.asked_by:
        raise Refused(
            "nothing_asked",
            f"案件 {case.number} 没有待批的延期",
            f"nobody has asked for more time for case {case.number}",
        )
    if is_same_person(command.by, case.asked_by):
        raise Refused(
            "same_person",
            "申请人不能审批自己的延期",
            "whoever asks for more time does not agree to it",
        )
    if not command.agrees:
        need_reason(command.reason)
        return [
            CaseExtensionRefused(
                case_id=case.case_id,
                incident_id=case.incident_id,
                reason=command.reason,
                by=command.by,
            )
        ]
    terms, stage = papers_of(board).terms, NEXT_STAGE[case.stage]
    due_at_ms = case.accepted_at_ms + terms.check_long_days * DAY_MS
    if stage != "checking_long":
        first = terms.order_days if case.kind == "public_order" else terms.work_days
        n_more = 1 if stage == "extended" else 2
        due_at_ms = case.filed_at_ms + (first + n_more * terms.extension_days) * DAY_MS
    return _extended(board, case, stage, due_at_ms, command.by, command.reason)


def file_case(board: Board, command: FileCase, now_ms: int) -> list[Event]:
    """Filed (立案): its time begins to run."""
    case = get_open_case(board, command.case_id)
    need_name(command.by)
    terms = papers_of(board).terms
    days = terms.order_days if case.kind == "public_order" else terms.work_days
    item = get_item(board, case.item_id, CASE)
    return [
        move_item(CASE, item, "filed", by=command.by, due_at_ms=now_ms + days * DAY_MS),
        CaseFiled(case_id=case.case_id, incident_id=case.incident_id, by=command.by),
    ]


def end_case(board: Board, command: EndCase, _now_ms: int) -> list[Event]:
    """How it ended (结案), by what its kind and stage allow."""
    case = get_open_case(board, command.case_id)
    need_name(command.by)
    may = ENDS[case.kind, bool(case.filed_at_ms)]
    if command.outcome not in may:
        words = "、".join(CASE.outcomes[each][0] for each in may)
        raise Refused(
            "wrong_end",
            f"案件 {case.number} 现阶段只能：{words}",
            f"case {case.number} may end now as: {', '.join(may)}",
        )
    if command.outcome in WITH_REASON:
        need_reason(command.reason)
    incident = board.incidents.get(case.incident_id)
    if command.outcome == "mediated" and incident is not None:
        type_code = incident.final_type_code or incident.type_code
        if wants_letter(board.reference.types[type_code]):
            raise Refused(
                "never_mediated",
                f"案件 {case.number} 属已确认的家庭暴力，不得以调解结案，请改选其他结果",
                f"case {case.number} is of confirmed domestic violence, which is never closed by "
                "mediation: end it another way",
            )
    item = get_item(board, case.item_id, CASE)
    return [
        close_item(CASE, item, command.outcome, by=command.by, note=command.reason),
        CaseEnded(
            case_id=case.case_id,
            incident_id=case.incident_id,
            outcome=command.outcome,
            by=command.by,
        ),
    ]


def report_quality(board: Board, command: ReportLawQuality, _now_ms: int) -> list[Event]:
    """It did not hold before procurator, court or review (执法质量)."""
    case = get_case(board, command.case_id)
    need_name(command.by)
    if not case.filed_at_ms:
        raise Refused(
            "not_filed_yet", f"案件 {case.number} 未立案", f"case {case.number} was never filed"
        )
    if command.code in case.quality:
        raise Refused(
            "reported_already",
            f"案件 {case.number} 的该项结果已登记",
            f"this was reported of case {case.number} already",
        )
    if not command.document.strip():
        raise Refused("no_document", "须填写文书号", "give the number of the document")
    return [
        LawQualityReported(
            case_id=case.case_id,
            incident_id=case.incident_id,
            code=command.code,
            document=command.document,
            by=command.by,
        )
    ]


def get_case(board: Board, case_id: str) -> Case:
    """Return a case, or refuse: unknown_case."""
    case = papers_of(board).cases.get(case_id)
    if case is None:
        raise Refused("unknown_case", f"没有案件 {case_id}", f"there is no case {case_id}")
    return case


def get_open_case(board: Board, case_id: str) -> Case:
    """Return a case that has not ended, or refuse: unknown_case, case_over."""
    case = get_case(board, case_id)
    if case.outcome is not None:
        raise Refused(
            "case_over",
            f"案件 {case.number} 已结：{CASE.outcomes[case.outcome][0]}",
            f"case {case.number} has ended: {CASE.outcomes[case.outcome][1]}",
        )
    return case


def _no_more(case: Case) -> Refused:
    stage_zh, stage_en = CASE.words[case.stage]
    return Refused(
        "no_more_time",
        f"案件 {case.number} 为“{stage_zh}”，不能再延长",
        f"case {case.number} is {stage_en}: there is no more time for it",
    )


def _extended(
    board: Board, case: Case, stage: str, due_at_ms: int, by: str, reason: str
) -> list[Event]:
    item = get_item(board, case.item_id, CASE)
    return [
        move_item(CASE, item, stage, by=by, due_at_ms=due_at_ms, note=reason),
        CaseExtended(
            case_id=case.case_id,
            incident_id=case.incident_id,
            stage=stage,
            due_at_ms=due_at_ms,
            by=by,
        ),
    ]


RULES: Final = Rules[Board](
    deciders={
        LinkCase: link_case,
        GiveCaseReceipt: give_receipt,
        ExtendCheck: extend_check,
        AskCaseExtension: ask_extension,
        DecideCaseExtension: decide_extension,
        FileCase: file_case,
        EndCase: end_case,
        ReportLawQuality: report_quality,
    }
)
