"""Approvals: one plausible command each (批准命令样例)."""

from matrix_row import row

from kuaifan.vocabulary import approval
from kuaifan.vocabulary.incident import SetPriority


def _lower(scene):
    return SetPriority(incident_id=scene.incident_id, priority=4, reason="calm now")


def _asked(scene):
    scene.do(approval.AskApproval(person="li", what=_lower(scene)))
    return "AP1"


APPROVAL_ROWS = (
    row(
        approval.AskApproval,
        lambda s: approval.AskApproval(person="li", what=_lower(s)),
        "",
        "policy",
    ),
    row(
        approval.AskApproval,
        lambda s: approval.AskApproval(person=" ", what=_lower(s)),
        "by nobody",
        "policy",
    ),
    row(
        approval.GiveApproval,
        lambda s: approval.GiveApproval(approval_id=_asked(s), person="chen"),
        "",
        "policy",
    ),
    row(
        approval.GiveApproval,
        lambda s: approval.GiveApproval(approval_id=_asked(s), person="li"),
        "one's own",
        "policy",
    ),
    row(
        approval.RefuseApproval,
        lambda s: approval.RefuseApproval(approval_id=_asked(s), person="chen", reason="two armed"),
        "",
        "policy",
    ),
    row(
        approval.RefuseApproval,
        lambda s: approval.RefuseApproval(approval_id=_asked(s), person="chen", reason=" "),
        "without a reason",
        "policy",
    ),
    row(
        approval.ExpireApproval,
        lambda s: approval.ExpireApproval(approval_id=_asked(s)),
        "",
        "policy",
    ),
    row(
        approval.ExpireApproval,
        lambda _s: approval.ExpireApproval(approval_id="AP9"),
        "gone already",
        "policy",
    ),
)
