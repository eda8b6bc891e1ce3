"""Rows of the matrix for settings (设置样例): one that is taken, one that is not."""

from matrix_row import row
from toy_city import FIGHT

from kuaifan.vocabulary import setting

SIGNED = {"by": "Li", "reason": "order 12"}


def _rows(command, good, bad, label):
    """A change as it should be, and one that is refused."""
    return (
        row(command, lambda _s: command(**SIGNED, **good), "", *_kinds(command)),
        row(command, lambda _s: command(**SIGNED, **(good | bad)), label, *_kinds(command)),
    )


def _kinds(command):
    return () if command is setting.ChangeUnitProfile else ("policy",)


SETTING_ROWS = (
    *_rows(setting.ChangeIncidentType, {"code": FIGHT, "priority": 1}, {"plan": "Z9"}, "no plan"),
    *_rows(
        setting.ChangeArrivalTarget,
        {"area_class": "urban", "priority": 1, "target_s": 90},
        {"target_s": 1},
        "too short",
    ),
    *_rows(
        setting.ChangeFirstOrderTarget,
        {"priority": 1, "target_s": 20},
        {"target_s": 1},
        "too short",
    ),
    *_rows(
        setting.ChangeClock,
        {"clock": "unsigned", "levels": (20, 40, 60)},
        {"levels": (20, 40)},
        "a level missing",
    ),
    *_rows(
        setting.ChangeResponsePlan, {"code": "C1", "at_least": 2}, {"at_least": 0}, "for no unit"
    ),
    *_rows(
        setting.ChangeSeatProfile,
        {"seat_id": "S9", "is_new": True, "number": "09"},
        {"is_new": False},
        "unknown",
    ),
    *_rows(
        setting.ChangeTemplate,
        {"template_id": "t1", "is_new": True, "use": "safety", "text_zh": "请远离"},
        {"text_zh": ""},
        "without words",
    ),
    *_rows(setting.ChangePolicyRules, {"proof_days": 60}, {"proof_days": 30}, "as it is"),
    row(
        setting.ChangeUnitProfile,
        lambda s: setting.ChangeUnitProfile(**SIGNED, unit_id=s.unit_id, skills=("armed",)),
    ),
)
