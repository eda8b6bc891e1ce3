"""Warning letters in a feedback (告诫书核对): complete where issued, reasoned where not."""

from __future__ import annotations

from typing import Final

from kuaifan.board.entities import Order
from kuaifan.board.state import Board
from kuaifan.kernel.message import Refused
from kuaifan.vocabulary.incident_types import IncidentType
from kuaifan.vocabulary.letter import LETTER_FOLLOWUP, WarningLetter

MEDIATED: Final = "mediated"
"""Of the results in vocabulary/disposition.py."""


def asks_letter(board: Board, order: Order) -> bool:
    """Whether a feedback has to say what was decided: domestic violence, and nobody has said."""
    incident = board.incidents[order.incident_id]
    if not wants_letter(board.reference.types[incident.type_code]):
        return False
    others = (board.orders[each] for each in incident.order_ids if each != order.order_id)
    return all(other.letter is None for other in others)


def wants_letter(incident_type: IncidentType) -> bool:
    """Whether one feedback at least of a type says what was decided about a letter."""
    return LETTER_FOLLOWUP in incident_type.followups


def check_letter(board: Board, order: Order, letter: WarningLetter | None) -> None:
    """Refuse: letter_needed, letter_incomplete, letter_reason."""
    if letter is not None:
        check_whole(letter)
    elif asks_letter(board, order):
        raise letter_needed(order.incident_id)


def refuse_mediated(incident_type: IncidentType, disposition: str) -> None:
    """Refuse dv_not_mediated: domestic violence is never closed by mediation (反家庭暴力法)."""
    if disposition == MEDIATED and wants_letter(incident_type):
        raise Refused(
            "dv_not_mediated",
            "家庭暴力警情不得以调解结案，请选择其他处理结果",
            "domestic violence is never closed by mediation: choose another result",
        )


def check_whole(letter: WarningLetter) -> None:
    """Refuse: letter_incomplete, letter_reason."""
    if letter.issued and not (letter.kind and letter.number.strip()):
        raise Refused(
            "letter_incomplete",
            "已出具告诫书的，须填写种类和文号",
            "a warning letter that was issued has a kind and a number",
        )
    if not letter.issued and not letter.reason.strip():
        raise Refused(
            "letter_reason",
            "未出具告诫书的，须写明理由",
            "say why no warning letter was issued",
        )


def letter_needed(incident_id: str) -> Refused:
    """The refusal of a feedback that says nothing of a letter where somebody has to."""
    return Refused(
        "letter_needed",
        f"警情 {incident_id} 属家庭暴力，反馈须写明是否出具告诫书",
        f"incident {incident_id} is domestic violence: say whether a warning letter was issued",
    )
