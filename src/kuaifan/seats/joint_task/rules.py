"""Joint work (合成作战): each branch answers within its time, and nothing ends before all have."""

from __future__ import annotations

from typing import Final

from kuaifan.board.asking import need_name, need_reason
from kuaifan.board.item_papers import Item
from kuaifan.board.items import close_item, get_item, move_item, open_item
from kuaifan.board.lookup import get_open_incident
from kuaifan.board.seat_terms import check_term
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Rules
from kuaifan.vocabulary.item import Owner

from .kinds import BRANCH, BRANCH_WORDS, SEAT_ID, TASK
from .papers import BranchPart, JointPapers, JointTask
from .routing import suggest
from .terms import TERMS
from .words import (
    AcceptBranch,
    AnswerBranch,
    AskBranch,
    BranchAccepted,
    BranchAnswered,
    BranchAsked,
    BranchInsisted,
    BranchRefused,
    BranchWithdrawn,
    CloseJointTask,
    InsistBranch,
    JointCaseLinked,
    JointTaskClosed,
    JointTaskOpened,
    JointTermSet,
    LinkJointCase,
    OpenJointTask,
    RefuseBranch,
    SetJointTerm,
    SetSupervision,
    SupervisionSet,
    WithdrawBranch,
)

SEAT: Final = Owner("seat", SEAT_ID)


def papers_of(board: Board) -> JointPapers:
    """What the seat keeps on this board."""
    papers: JointPapers = board.seats[SEAT_ID]
    return papers


def open_task(board: Board, command: OpenJointTask, now_ms: int) -> list[Event]:
    """An incident asks branches (发起合成作战); those its type suggests where none is named."""
    incident = get_open_incident(board, command.incident_id)
    papers = papers_of(board)
    need_name(command.by, command.lead)
    need_reason(command.what)
    running = [t for t in papers.tasks.values() if t.incident_id == incident.incident_id]
    if running:
        raise Refused(
            "task_runs",
            f"警情 {incident.incident_id} 已有合成作战 {running[0].task_id}，请增请警种",
            f"joint task {running[0].task_id} runs for {incident.incident_id}: ask one more branch",
        )
    branches = command.branches or suggest(board.reference.types[incident.type_code])
    if not branches:
        raise Refused(
            "no_branch",
            "该类警情没有默认警种，请指定",
            "the type of this incident suggests no branch: name one",
        )
    task_id = f"H{papers.n_tasks + 1}"
    opened = open_item(
        board,
        TASK,
        owner=Owner("person", command.lead.strip()),
        due_at_ms=now_ms + papers.terms.task_ms(command.urgency),
        incident_id=incident.incident_id,
        subject_id=task_id,
    )
    told = JointTaskOpened(
        task_id=task_id,
        incident_id=incident.incident_id,
        what=command.what,
        lead=command.lead,
        urgency=command.urgency,
        item_id=opened.item_id,
        by=command.by,
    )
    asked: list[Event] = []
    for nth, branch in enumerate(dict.fromkeys(branches), 2):
        due_at_ms = now_ms + papers.terms.accept_ms(command.urgency)
        item = open_item(
            board,
            BRANCH,
            owner=SEAT,
            due_at_ms=due_at_ms,
            incident_id=incident.incident_id,
            subject_id=f"{task_id}-{branch}",
            nth=nth,
        )
        asked += [
            item,
            BranchAsked(
                task_id=task_id,
                incident_id=incident.incident_id,
                branch=branch,
                item_id=item.item_id,
                what=command.what,
                by=command.by,
            ),
        ]
    return [opened, told, *asked]


def ask(board: Board, command: AskBranch, now_ms: int) -> list[Event]:
    """One more (增请警种); one that has answered may be asked again."""
    task = get_task(board, command.task_id)
    need_name(command.by)
    need_reason(command.what)
    part = task.parts.get(command.branch)
    if part is not None and not part.outcome:
        raise Refused(
            "asked_already",
            f"{BRANCH_WORDS[command.branch][0]} 已在合成作战 {task.task_id} 中，尚未答复",
            f"{BRANCH_WORDS[command.branch][1]} is asked in {task.task_id} already",
        )
    item = open_item(
        board,
        BRANCH,
        owner=SEAT,
        due_at_ms=now_ms + papers_of(board).terms.accept_ms(task.urgency),
        incident_id=task.incident_id,
        subject_id=f"{task.task_id}-{command.branch}",
    )
    asked = BranchAsked(
        task_id=task.task_id,
        incident_id=task.incident_id,
        branch=command.branch,
        item_id=item.item_id,
        what=command.what,
        by=command.by,
    )
    return [item, asked]


def accept(board: Board, command: AcceptBranch, now_ms: int) -> list[Event]:
    """The branch takes it (受领): from here on it is a person's."""
    item, task, part = get_part(board, command.item_id)
    need_name(command.by, command.officer)
    moved = move_item(
        BRANCH,
        item,
        "working",
        by=command.by,
        due_at_ms=now_ms + papers_of(board).terms.answer_ms(task.urgency),
        owner=Owner("person", command.officer.strip()),
    )
    accepted = BranchAccepted(
        task_id=task.task_id,
        incident_id=task.incident_id,
        branch=part.branch,
        item_id=item.item_id,
        officer=command.officer,
    )
    return [moved, accepted]


def answer(board: Board, command: AnswerBranch, now_ms: int) -> list[Event]:
    """What it found (答复), by the branch that has taken it."""
    item, task, part = get_part(board, command.item_id)
    need_name(command.by)
    need_reason(command.result)
    if item.stage != "working":
        raise Refused(
            "not_accepted",
            f"{BRANCH_WORDS[part.branch][0]} 尚未受领，不能答复",
            f"{BRANCH_WORDS[part.branch][1]} has not taken it: who answers takes it first",
        )
    return [
        close_item(BRANCH, item, "answered", by=command.by, note=command.result),
        BranchAnswered(
            task_id=task.task_id,
            incident_id=task.incident_id,
            branch=part.branch,
            result=command.result,
            is_late=now_ms > item.due_at_ms,
            by=command.by,
        ),
    ]


def refuse(board: Board, command: RefuseBranch, now_ms: int) -> list[Event]:
    """It says why it cannot (退回); whose it is then is decided within the hour."""
    item, task, part = get_part(board, command.item_id)
    need_name(command.by)
    need_reason(command.reason)
    moved = move_item(
        BRANCH,
        item,
        "refused",
        by=command.by,
        due_at_ms=now_ms + papers_of(board).terms.decide_ms,
        owner=Owner("person", task.lead),
        note=command.reason,
    )
    told = BranchRefused(
        task_id=task.task_id,
        incident_id=task.incident_id,
        branch=part.branch,
        item_id=item.item_id,
        reason=command.reason,
        by=command.by,
    )
    return [moved, told]


def insist(board: Board, command: InsistBranch, now_ms: int) -> list[Event]:
    """A leader says that it is the branch's (指定办理)."""
    item, task, part = get_part(board, command.item_id)
    need_name(command.by)
    need_reason(command.reason)
    moved = move_item(
        BRANCH,
        item,
        "insisted",
        by=command.by,
        due_at_ms=now_ms + papers_of(board).terms.accept_ms(task.urgency),
        owner=SEAT,
        note=command.reason,
    )
    told = BranchInsisted(
        task_id=task.task_id,
        incident_id=task.incident_id,
        branch=part.branch,
        item_id=item.item_id,
        by=command.by,
    )
    return [moved, told]


def withdraw(board: Board, command: WithdrawBranch, _now_ms: int) -> list[Event]:
    """Not needed any more (撤回请求), with the reason."""
    item, task, part = get_part(board, command.item_id)
    need_name(command.by)
    need_reason(command.reason)
    return [
        close_item(BRANCH, item, "withdrawn", by=command.by, note=command.reason),
        BranchWithdrawn(
            task_id=task.task_id,
            incident_id=task.incident_id,
            branch=part.branch,
            reason=command.reason,
            by=command.by,
        ),
    ]


def supervise(board: Board, command: SetSupervision, _now_ms: int) -> list[Event]:
    """Who watches it (挂牌督办)."""
    task = get_task(board, command.task_id)
    need_name(command.by)
    if task.supervision == command.level:
        raise Refused("nothing_changed", "督办级别未变", "it is watched by them already")
    if not command.document.strip():
        raise Refused("no_document", "须填写文书号", "give the number of the document")
    return [
        SupervisionSet(
            task_id=task.task_id,
            incident_id=task.incident_id,
            level=command.level,
            document=command.document,
            by=command.by,
        )
    ]


def link(board: Board, command: LinkJointCase, _now_ms: int) -> list[Event]:
    """The case (关联案件)."""
    task = get_task(board, command.task_id)
    need_name(command.by)
    if not command.number.strip():
        raise Refused("no_case_number", "须填写案件编号", "give the number of the case")
    if task.case_number == command.number:
        raise Refused("linked_already", "该案件已关联", "this case is linked already")
    return [
        JointCaseLinked(
            task_id=task.task_id,
            incident_id=task.incident_id,
            number=command.number,
            by=command.by,
        )
    ]


def close_task(board: Board, command: CloseJointTask, _now_ms: int) -> list[Event]:
    """Over (办结), once nobody owes an answer; a case that is watched is named first."""
    task = get_task(board, command.task_id)
    need_name(command.by)
    need_reason(command.summary)
    silent = [part.branch for part in task.parts.values() if not part.outcome]
    if silent:
        zh = "、".join(BRANCH_WORDS[each][0] for each in silent)
        en = ", ".join(BRANCH_WORDS[each][1] for each in silent)
        raise Refused(
            "branches_open",
            f"{zh} 尚未答复，须答复或撤回后办结",
            f"{en} has not answered: an answer, or a withdrawal with a reason, comes first",
        )
    if task.supervision != "none" and not task.case_number:
        raise Refused(
            "case_missing",
            "挂牌督办的须先关联案件",
            "a case that is watched is named before the task ends",
        )
    item = get_item(board, task.item_id, TASK)
    return [
        close_item(TASK, item, "done", by=command.by, note=command.summary),
        JointTaskClosed(
            task_id=task.task_id,
            incident_id=task.incident_id,
            summary=command.summary,
            by=command.by,
        ),
    ]


def set_term(board: Board, command: SetJointTerm, _now_ms: int) -> list[Event]:
    """Another time (调整合成作战时限); what runs keeps the due time it has."""
    need_name(command.by)
    check_term(TERMS, command.name, command.value, getattr(papers_of(board).terms, command.name))
    return [JointTermSet(name=command.name, value=command.value, by=command.by)]


def get_task(board: Board, task_id: str) -> JointTask:
    """Return a task that runs, or refuse: unknown_task."""
    if (task := papers_of(board).tasks.get(task_id)) is None:
        raise Refused(
            "unknown_task",
            f"没有合成作战 {task_id}，或已办结",
            f"there is no joint task {task_id}, or it is over",
        )
    return task


def get_part(board: Board, item_id: str) -> tuple[Item, JointTask, BranchPart]:
    """Return what a branch owes, or refuse: unknown_item, other_kind."""
    item = get_item(board, item_id, BRANCH)
    task_id, _, branch = item.subject_id.partition("-")
    task = get_task(board, task_id)
    return item, task, task.parts[branch]


RULES: Final = Rules[Board](
    deciders={
        OpenJointTask: open_task,
        AskBranch: ask,
        AcceptBranch: accept,
        AnswerBranch: answer,
        RefuseBranch: refuse,
        InsistBranch: insist,
        WithdrawBranch: withdraw,
        SetSupervision: supervise,
        LinkJointCase: link,
        CloseJointTask: close_task,
        SetJointTerm: set_term,
    }
)
