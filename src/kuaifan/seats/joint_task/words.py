"""What is said of joint work (合成作战用语): who is asked, what they answer, how it ends."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from kuaifan.kernel.message import Command, Event
from kuaifan.kernel.personal import Personal
from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.free_words import IncidentReason, IncidentReasonTold

from .terms import TermName

Branch = Literal[
    "criminal",
    "traffic",
    "cyber",
    "drugs",
    "forensics",
    "economic",
    "public_order",
    "food_drug_environment",
    "command",
]
"""刑侦, 交警, 网安, 禁毒, 技侦勘查, 经侦, 治安, 食药环, 情报指挥."""
Supervision = Literal["none", "city", "province", "ministry"]
"""Who watches the case (督办级别): 市局, 省厅, 部督."""
Urgency = Literal["urgent", "usual"]
Branches = Annotated[tuple[Branch, ...], msgspec.Meta(max_length=9)]
Answer = Annotated[str, Personal("incident")]


class OpenJointTask(Command, frozen=True):
    """An incident asks branches (发起合成作战).

    branches empty: those that the type of the incident suggests. lead: who holds it together.
    """

    incident_id: Id
    what: IncidentReason
    lead: ShortText
    by: ShortText
    urgency: Urgency = "usual"
    branches: Branches = ()


class AskBranch(Command, frozen=True):
    """One more branch is asked (增请警种)."""

    task_id: Id
    branch: Branch
    what: IncidentReason
    by: ShortText


class AcceptBranch(Command, frozen=True):
    """The branch takes it, and says who (警种受领)."""

    item_id: Id
    officer: ShortText
    by: ShortText


class AnswerBranch(Command, frozen=True):
    """What the branch found or did (警种答复)."""

    item_id: Id
    result: IncidentReason
    by: ShortText


class RefuseBranch(Command, frozen=True):
    """The branch says why it cannot; a leader decides (警种退回)."""

    item_id: Id
    reason: IncidentReason
    by: ShortText


class InsistBranch(Command, frozen=True):
    """The leader: it is the branch's all the same (指定办理)."""

    item_id: Id
    reason: IncidentReason
    by: ShortText


class WithdrawBranch(Command, frozen=True):
    """The branch is not needed any more, and why (撤回请求)."""

    item_id: Id
    reason: IncidentReason
    by: ShortText


class SetSupervision(Command, frozen=True):
    """Who watches the case (挂牌督办), by which document."""

    task_id: Id
    level: Supervision
    document: ShortText
    by: ShortText


class LinkJointCase(Command, frozen=True):
    """The case it is about (关联案件)."""

    task_id: Id
    number: ShortText
    by: ShortText


class CloseJointTask(Command, frozen=True):
    """Every branch has answered or was withdrawn (合成作战办结)."""

    task_id: Id
    summary: IncidentReason
    by: ShortText


class SetJointTerm(Command, frozen=True):
    """Another time of the seat's (调整合成作战时限), within its bounds."""

    name: TermName
    value: int
    by: ShortText


class JointTaskOpened(Event, frozen=True):
    """Branches work on an incident together (合成作战已发起)."""

    task_id: str
    incident_id: str
    what: IncidentReasonTold
    lead: str
    urgency: Urgency
    item_id: str
    by: str


class BranchAsked(Event, frozen=True):
    """A branch is asked (已请警种)."""

    task_id: str
    incident_id: str
    branch: Branch
    item_id: str
    what: IncidentReasonTold
    by: str


class BranchAccepted(Event, frozen=True):
    """It takes it (警种已受领)."""

    task_id: str
    incident_id: str
    branch: Branch
    item_id: str
    officer: str


class BranchAnswered(Event, frozen=True):
    """It has answered (警种已答复); is_late: after its time."""

    task_id: str
    incident_id: str
    branch: Branch
    result: Answer
    is_late: bool
    by: str


class BranchRefused(Event, frozen=True):
    """It says that it cannot (警种已退回)."""

    task_id: str
    incident_id: str
    branch: Branch
    item_id: str
    reason: IncidentReasonTold
    by: str


class BranchInsisted(Event, frozen=True):
    """It is its all the same (已指定办理)."""

    task_id: str
    incident_id: str
    branch: Branch
    item_id: str
    by: str


class BranchWithdrawn(Event, frozen=True):
    """It is not asked any more (请求已撤回)."""

    task_id: str
    incident_id: str
    branch: Branch
    reason: IncidentReasonTold
    by: str


class SupervisionSet(Event, frozen=True):
    """It is watched (已挂牌督办)."""

    task_id: str
    incident_id: str
    level: Supervision
    document: str
    by: str


class JointCaseLinked(Event, frozen=True):
    """The case is known (已关联案件)."""

    task_id: str
    incident_id: str
    number: str
    by: str


class JointTaskClosed(Event, frozen=True):
    """It is over (合成作战已办结)."""

    task_id: str
    incident_id: str
    summary: IncidentReasonTold
    by: str


class JointTermSet(Event, frozen=True):
    """Another time holds (合成作战时限已调整)."""

    name: TermName
    value: int
    by: str


COMMANDS = (
    *(OpenJointTask, AskBranch, AcceptBranch, AnswerBranch, RefuseBranch, InsistBranch),
    *(WithdrawBranch, SetSupervision, LinkJointCase, CloseJointTask),
    SetJointTerm,
)
EVENTS = (
    *(JointTaskOpened, BranchAsked, BranchAccepted, BranchAnswered, BranchRefused),
    *(BranchInsisted, BranchWithdrawn, SupervisionSet, JointCaseLinked, JointTaskClosed),
    JointTermSet,
)
