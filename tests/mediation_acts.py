"""What people at the mediation seat press (调解操作), for its tests."""

from toy_city import START_MS, corner

from kuaifan.seats.mediation import words

NEIGHBOURS, FAMILY, BEATEN = "060103", "060101", "020102"
H, D = 3_600, 86_400
TELL = {"hired": False, "gang": False, "repeat_offender": False, "provocation": False}


def keep_room(**more):
    given = {"room_id": "R1", "name": "老骥调解室", "address": "前卫街 1 号", "is_open": True}
    return words.KeepMediationRoom(**{**given, "by": "所长", **more})


def keep_mediator(**more):
    given = {"mediator_id": "T1", "name": "老骥", "kind": "retired_officer", "is_active": True}
    return words.KeepMediator(**{**given, "by": "所长", "room_id": "R1", **more})


def ask(incident_id, basis="civil", **more):
    return words.OpenMediation(
        incident_id=incident_id,
        basis=basis,
        partner_kind=more.pop("partner_kind", "community"),
        partner="洞山社区居委会",
        party_a="张某",
        party_b="李某",
        by="王警官",
        **{**TELL, **more},
    )


def opened(desk, type_code=NEIGHBOURS, basis="civil", **more):
    incident_id = desk.opened(type_code, corner(4, 2))
    return desk.do(ask(incident_id, basis, **more)).events[0].mediation_id


def consent(mediation_id, side, *, says=True):
    return words.RecordMediationConsent(
        mediation_id=mediation_id, side=side, consents=says, how="签字", by="王警官"
    )


def willing(desk, *args, **more):
    mediation_id = opened(desk, *args, **more)
    for side in ("a", "b"):
        desk.do(consent(mediation_id, side))
    return mediation_id


def book(mediation_id, from_s, minutes=60, **more):
    given = {"room_id": "R1", "mediator_id": "T1", **more}
    return words.BookMediation(
        mediation_id=mediation_id,
        from_ms=START_MS + from_s * 1_000,
        n_minutes=minutes,
        by="王警官",
        **given,
    )


def hold(mediation_id, outcome, **more):
    return words.HoldMediation(
        mediation_id=mediation_id,
        outcome=outcome,
        where="老骥调解室",
        mediator="老骥",
        by="王警官",
        **more,
    )


def sign(mediation_id, days=10, **more):
    given = {"signed_a": True, "signed_b": True, "signed_mediator": True, **more}
    return words.SignMediation(
        mediation_id=mediation_id,
        terms="赔偿 800 元，恢复原状",
        perform_by_ms=START_MS + days * D * 1_000,
        by="王警官",
        **given,
    )


def check(mediation_id, *, performed):
    return words.CheckPerformance(mediation_id=mediation_id, performed=performed, by="王警官")


def end(mediation_id, why, note="说明"):
    return words.EndMediation(mediation_id=mediation_id, why=why, by="王警官", note=note)
