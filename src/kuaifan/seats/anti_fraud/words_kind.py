"""Another kind of fraud case in words (更正案件类别词汇)."""

from __future__ import annotations

from typing import Annotated

from kuaifan.kernel.message import Command, Event
from kuaifan.kernel.personal import Personal
from kuaifan.seats.anti_fraud.papers import CaseKind, Sealed
from kuaifan.vocabulary.call import Id, ShortText

SealedText = Annotated[ShortText, Personal("incident")]


class RetypeFraudCase(Command, frozen=True):
    """The facts show another kind of case (更正案件类别); clocks run on, the ledger stands."""

    incident_id: Id
    kind: CaseKind
    reason: SealedText
    by: ShortText


class FraudKindChanged(Event, frozen=True):
    """It is a case of another kind (案件类别已更正); was: before."""

    incident_id: str
    was: CaseKind
    kind: CaseKind
    reason: Sealed
    by: str
