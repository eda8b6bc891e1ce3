"""Approvals on the board (批准): what waits for a supervisor, and what was said to it."""

from __future__ import annotations

import msgspec

from kuaifan.vocabulary.approval import ApprovalState, Asked, OfSeat
from kuaifan.vocabulary.free_words import IncidentReasonTold


class Approval(msgspec.Struct, kw_only=True):
    """A command that waits for another's consent (批准申请); not_done: why it could not be done."""

    approval_id: str
    person: str
    what: Asked
    asked_at_ms: int
    until_ms: int
    state: ApprovalState = "waiting"
    decided_by: str = ""
    answer: IncidentReasonTold = ""
    not_done_zh: str = ""
    not_done_en: str = ""
    of_seat: OfSeat | None = None
    seq: int = 0

    @property
    def incident_id(self) -> str:
        """Whose key its answer is sealed under in a snapshot."""
        return getattr(self.what, "incident_id", "")

    @property
    def call_id(self) -> str:
        """The call that it names, of which its words may be."""
        return getattr(self.what, "call_id", "")


class ApprovalPapers(msgspec.Struct, kw_only=True):
    """All of them (批准簿); the count is for their ids."""

    approvals: dict[str, Approval] = {}
    n_approvals: int = 0
