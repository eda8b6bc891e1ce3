"""Holds and erasures: one plausible command each (留存命令样例)."""

from matrix_row import row
from matrix_scene import PLACE

from kuaifan.vocabulary import complaint, keeping, overlay
from kuaifan.vocabulary import incident as incidents

COMPLAINT = "090102"
FAR_MS = 4_000_000_000_000
TOLD = {"person": "chen", "reason": "a court asks"}
PAST = {"incident_ids": ("J900",)}
"""Of the archive: the board does not know it."""


def _complaint(scene):
    scene.do(incidents.OpenIncident(type_code=COMPLAINT, lat=PLACE[0], lon=PLACE[1]))
    return list(scene.desk.board.incidents)[-1]


def _hold(scene):
    scene.do(keeping.HoldRecord(**TOLD, **PAST, until_ms=FAR_MS))
    return "H1"


def _asked(scene):
    scene.do(keeping.RequestErasure(**TOLD, **PAST, ground="request"))
    return "X1"


def _ordered(scene):
    scene.do(keeping.EraseExpired(**PAST))
    return "X1"


KEEPING_ROWS = (
    row(
        complaint.NameComplainedOf,
        lambda s: complaint.NameComplainedOf(incident_id=s.incident_id, unit_ids=()),
    ),
    row(
        complaint.NameComplainedOf,
        lambda s: complaint.NameComplainedOf(incident_id=_complaint(s), unit_ids=()),
        "of a complaint",
        "policy",
    ),
    row(
        overlay.MarkOverlay,
        lambda s: overlay.MarkOverlay(incident_id=s.incident_id, overlay="enterprise", by="lin"),
    ),
    row(
        keeping.HoldRecord,
        lambda s: keeping.HoldRecord(**TOLD, incident_ids=(s.incident_id,), until_ms=FAR_MS),
        "",
        "policy",
    ),
    row(
        keeping.HoldRecord,
        lambda _s: keeping.HoldRecord(**TOLD, until_ms=FAR_MS),
        "of nothing",
        "policy",
    ),
    row(
        keeping.ReleaseHold,
        lambda s: keeping.ReleaseHold(**TOLD, hold_id=_hold(s)),
        "",
        "policy",
    ),
    row(
        keeping.ReleaseHold,
        lambda _s: keeping.ReleaseHold(**TOLD, hold_id="H9"),
        "unknown",
        "policy",
    ),
    row(
        keeping.RequestErasure,
        lambda _s: keeping.RequestErasure(**TOLD, **PAST, ground="request"),
        "",
        "policy",
    ),
    row(
        keeping.RequestErasure,
        lambda s: keeping.RequestErasure(**TOLD, ground="request", incident_ids=(s.incident_id,)),
        "of what is in hand",
        "incident",
    ),
    row(
        keeping.DecideErasure,
        lambda s: keeping.DecideErasure(erasure_id=_asked(s), person="zhou", approves=True),
        "",
        "policy",
    ),
    row(
        keeping.DecideErasure,
        lambda s: keeping.DecideErasure(erasure_id=_asked(s), person="chen", approves=True),
        "one's own",
        "policy",
    ),
    row(
        keeping.EraseExpired,
        lambda _s: keeping.EraseExpired(**PAST),
        "",
        "policy",
    ),
    row(
        keeping.EraseExpired,
        lambda _s: keeping.EraseExpired(),
        "of nothing",
        "policy",
    ),
    row(
        keeping.ConfirmErasure,
        lambda s: keeping.ConfirmErasure(erasure_id=_ordered(s), n_erased=1),
        "",
        "policy",
    ),
    row(
        keeping.ConfirmErasure,
        lambda s: keeping.ConfirmErasure(erasure_id=_asked(s), n_erased=1),
        "before anybody agreed",
        "policy",
    ),
)
