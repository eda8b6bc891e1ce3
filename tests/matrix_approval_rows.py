"""Approvals: one plausible command each (批准命令样例)."""

from matrix_row import row

from kuaifan.vocabulary import approval
from kuaifan.vocabulary.incident import SetPriority


def _lower(scene):
    return SetPriority(incident_id=scene.incident_id, priority=4, reason="calm now")


def _asked(scene):
    scene.do(approval.AskApproval(person="li", what=_lower(scene)))
    return "AP1"


def _given(scene):
    approval_id = _asked(scene)
    scene.do(approval.GiveApproval(approval_id=approval_id, person="chen"))
    return approval_id


def _in_vain(approval_id):
    return approval.NoteNotDone(
        approval_id=approval_id, code="gone", reason_zh="已办结", reason_en="it is closed"
    )


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
    row(approval.NoteNotDone, lambda s: _in_vain(_given(s)), "", "policy"),
    row(approval.NoteNotDone, lambda s: _in_vain(_asked(s)), "not consented to", "policy"),
)
