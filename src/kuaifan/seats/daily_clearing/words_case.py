"""What is said of a linked case (案件用语): accepted, filed, extended, decided, and how it held."""

from __future__ import annotations

from typing import Literal

from kuaifan.kernel.message import Command, Event
from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.free_words import IncidentReason, IncidentReasonTold

CaseKind = Literal["criminal", "public_order"]
CaseEnd = Literal["decided", "cleared", "mediated", "withdrawn", "not_filed", "handed_over"]
QualityCode = Literal[
    "no_arrest_absolute", "no_charge_absolute", "acquitted", "suit_lost", "decision_corrected"
]
"""绝对不捕, 绝对不诉, 无罪, 行政诉讼败诉, 行政复议纠错: each ought to be nought."""


class LinkCase(Command, frozen=True):
    """An incident becomes a case (受案); number: of the case system."""

    incident_id: Id
    kind: CaseKind
    number: ShortText
    officer: ShortText
    by: ShortText
    receipt_given: bool = False


class GiveCaseReceipt(Command, frozen=True):
    """The receipt was given to who reported (受案回执)."""

    case_id: Id
    by: ShortText


class ExtendCheck(Command, frozen=True):
    """Seven days instead of three, as something has to be checked before filing (延长审查)."""

    case_id: Id
    reason: IncidentReason
    by: ShortText


class AskCaseExtension(Command, frozen=True):
    """More time that somebody else has to agree to (申请延期).

    Thirty days of checking before filing; once filed, thirty more, twice at most.
    """

    case_id: Id
    reason: IncidentReason
    by: ShortText


class DecideCaseExtension(Command, frozen=True):
    """Another person agrees, or says why not (审批延期)."""

    case_id: Id
    agrees: bool
    by: ShortText
    reason: IncidentReason = ""


class FileCase(Command, frozen=True):
    """The case is filed (立案)."""

    case_id: Id
    by: ShortText


class EndCase(Command, frozen=True):
    """The case is decided, cleared, or not ours (结案); a reason where it was not filed."""

    case_id: Id
    outcome: CaseEnd
    by: ShortText
    reason: IncidentReason = ""


class ReportLawQuality(Command, frozen=True):
    """Procurator, court or reviewing body found against it (执法质量结果)."""

    case_id: Id
    code: QualityCode
    document: ShortText
    by: ShortText


class CaseLinked(Event, frozen=True):
    """A case was accepted (已受案)."""

    case_id: str
    incident_id: str
    kind: CaseKind
    number: str
    officer: str
    by: str
    item_id: str
    receipt_given: bool


class CaseReceiptGiven(Event, frozen=True):
    """The receipt was given (受案回执已交付)."""

    case_id: str
    incident_id: str
    by: str


class CaseExtensionAsked(Event, frozen=True):
    """More time was asked for (延期待批)."""

    case_id: str
    incident_id: str
    reason: IncidentReasonTold
    by: str


class CaseExtensionRefused(Event, frozen=True):
    """No more time (延期未批)."""

    case_id: str
    incident_id: str
    reason: IncidentReasonTold
    by: str


class CaseExtended(Event, frozen=True):
    """It has more time (期限已延长); by: who agreed, or who checks for seven days."""

    case_id: str
    incident_id: str
    stage: str
    due_at_ms: int
    by: str


class CaseFiled(Event, frozen=True):
    """It is filed (已立案)."""

    case_id: str
    incident_id: str
    by: str


class CaseEnded(Event, frozen=True):
    """It came to an end (已结案)."""

    case_id: str
    incident_id: str
    outcome: CaseEnd
    by: str


class LawQualityReported(Event, frozen=True):
    """It did not hold (执法质量结果已登记)."""

    case_id: str
    incident_id: str
    code: QualityCode
    document: str
    by: str


COMMANDS = (
    *(LinkCase, GiveCaseReceipt, ExtendCheck, AskCaseExtension, DecideCaseExtension),
    *(FileCase, EndCase, ReportLawQuality),
)
EVENTS = (
    *(CaseLinked, CaseReceiptGiven, CaseExtensionAsked, CaseExtensionRefused, CaseExtended),
    *(CaseFiled, CaseEnded, LawQualityReported),
)
