"""What must not be mediated (不适用调解), each with its clause.

The clauses are those of 公安机关办理行政案件程序规定 (§§178–186) and of the law against domestic
violence; a city's legal office confirms them before it goes live. The refusal says which it is.
"""

from __future__ import annotations

from typing import Final

from kuaifan.board.entities import Incident
from kuaifan.board.lookup import get_type
from kuaifan.board.state import Board
from kuaifan.kernel.message import Refused
from kuaifan.seats.mediation.words import Basis, OpenMediation

RULE: Final = "《公安机关办理行政案件程序规定》"
MINOR_OFFENCES: Final = frozenset(
    {"assault_past", "fight_in_progress", "property_damage", "noise", "dog", "other_public_order"}
)
"""Public-order types that are of the kind of §178, where they come of a private dispute."""
VIOLENT_HOMES: Final = frozenset({"dv_in_progress", "dv_past", "dv_order_breach", "abuse_neglect"})
VIOLENCE: Final = "domestic_violence"
"""The kind of warning letter (告诫书) that says so."""
TELLING: Final = (
    (
        "hired",
        "hired_assault",
        f"雇凶伤害他人，{RULE}第179条第（一）项不适用调解",
        "hired assault: clause 179 (1) does not allow it to be mediated",
    ),
    (
        "gang",
        "gang",
        f"结伙斗殴，{RULE}第179条第（二）项不适用调解",
        "a gang fight: clause 179 (2) does not allow it to be mediated",
    ),
    (
        "provocation",
        "provocation",
        f"寻衅滋事，{RULE}第179条第（二）项不适用调解",
        "provocation: clause 179 (2) does not allow it to be mediated",
    ),
    (
        "repeat_offender",
        "repeat_offender",
        f"多次实施违反治安管理行为，{RULE}第179条第（三）项不适用调解",
        "offended repeatedly: clause 179 (3) does not allow it to be mediated",
    ),
)
"""Field of the command, code, words."""


def refuse_barred(board: Board, incident: Incident) -> None:
    """Refuse what its type or its papers bar: criminal_case, domestic_violence, type_barred."""
    found = get_type(board, incident.type_code)
    named = f"警情 {incident.incident_id}（{found.name_cn}）"
    if found.class_key == "criminal":
        raise Refused(
            "criminal_case",
            f"{named}属刑事案件，不适用治安调解（{RULE}第178条仅限情节较轻的治安案件）",
            f"incident {incident.incident_id} is a criminal case: clause 178 allows minor "
            "public-order cases only",
        )
    if is_violent_home(board, incident):
        raise Refused(
            "domestic_violence",
            f"{named}已认定家庭暴力，不得以调解结案，应依《反家庭暴力法》第15、16条处置",
            f"incident {incident.incident_id} is confirmed domestic violence: it is never closed "
            "by mediation (law against domestic violence, articles 15 and 16)",
        )
    if found.class_key != "dispute" and found.key not in MINOR_OFFENCES:
        raise Refused(
            "type_barred",
            f"{named}不属民间纠纷引起的情节较轻行为，{RULE}第178条不适用调解",
            f"incident {incident.incident_id} is no minor offence out of a private dispute: "
            "clause 178 does not allow it to be mediated",
        )


def is_violent_home(board: Board, incident: Incident) -> bool:
    """Whether it is confirmed domestic violence: by type, by a warning letter, or by its facts."""
    found = get_type(board, incident.type_code)
    if found.key in VIOLENT_HOMES:
        return True
    letters = (board.orders[each].letter for each in incident.order_ids)
    if any(letter and letter.issued and letter.kind == VIOLENCE for letter in letters):
        return True
    return found.seat == "dv" and incident.facts.get("violence") == "yes"


def refuse_told(command: OpenMediation) -> None:
    """Refuse what was found out: hired_assault, gang, provocation, repeat_offender."""
    for field, code, zh, en in TELLING:
        if getattr(command, field):
            raise Refused(code, zh, en)


def check_basis(board: Board, incident: Incident, basis: Basis) -> None:
    """Refuse: basis_of_type. What is punishable is not mediated as if it were not."""
    if basis == "civil" and get_type(board, incident.type_code).class_key != "dispute":
        raise Refused(
            "basis_of_type",
            f"警情 {incident.incident_id} 是治安案件，须按治安调解办理",
            f"incident {incident.incident_id} is a public-order case: mediate it as one",
        )
