"""Papers of a major incident (重大警情材料): who was told when, who keeps the log, what is owed."""

from __future__ import annotations

from typing import Annotated

import msgspec

from kuaifan.kernel.personal import Personal
from kuaifan.vocabulary.free_words import IncidentReasonTold


class UpReport(msgspec.Struct, kw_only=True):
    """One report up (上报记录); received_at_ms 0: the receipt is still owed."""

    report_no: int
    target: str
    by: str
    text: Annotated[str, Personal("incident")]
    at_ms: int
    received_by: str = ""
    received_at_ms: int = 0


class AfterAction(msgspec.Struct, kw_only=True):
    """Something owed afterwards (后续事项); done_at_ms 0: it is owed still."""

    item_no: int
    what: Annotated[str, Personal("incident")]
    owner: str
    due_at_ms: int
    by: str
    done_by: str = ""
    done_at_ms: int = 0


class MajorCase(msgspec.Struct, kw_only=True):
    """What being a major incident has come to (重大警情处置); ended_at_ms 0: it still is one."""

    reason: IncidentReasonTold = ""
    declared_by: str = ""
    declared_at_ms: int = 0
    ended_by: str = ""
    ended_at_ms: int = 0
    keeper: str = ""
    keeper_at_ms: int = 0
    reports: list[UpReport] = []
    items: list[AfterAction] = []

    @property
    def n_owed(self) -> int:
        """How many items nobody has ticked."""
        return sum(not item.done_at_ms for item in self.items)
