"""Orders, units and the rest: one plausible command each (派警与其他命令样例)."""

from matrix_row import row
from matrix_scene import FAR_PLACE
from policy_proofs import proof
from toy_city import BURGLARY, EAST_DESK, corner

from kuaifan.vocabulary import agency, alarm, desk, emergency, premise, reinforce
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import road as roads
from kuaifan.vocabulary import undo as undos
from kuaifan.vocabulary import unit as units
from kuaifan.vocabulary import voice as voices

LAT, LON = FAR_PLACE


def _check(kind, subject_kind, field):
    return row(
        alarm.CheckClock,
        lambda s: alarm.CheckClock(kind=kind, subject_id=getattr(s, field), level=1),
        kind,
        subject_kind,
    )


def _said(word):
    """What a crew says on the radio, typed by the dispatcher."""
    return row(
        voices.EnterVoiceReport,
        lambda s: voices.EnterVoiceReport(
            text=f"call {s.unit_id} {word}", entered_by="Sun", lat=LAT, lon=LON
        ),
        word,
        "unit",
    )


def _danger(text):
    told = {"text": text, "radius_m": 50, "by": "Sun", "days": 30}
    return premise.AddPremiseNote(kind="other_danger", lat=LAT, lon=LON, **told)


ORDER_ROWS = (
    row(
        orders.AssignUnit,
        lambda s: orders.AssignUnit(incident_id=s.incident_id, unit_id=s.unit_id),
    ),
    row(
        reinforce.DivertUnit,
        lambda s: reinforce.DivertUnit(
            unit_id=s.unit_id, incident_id=s.incident_id, reason="more urgent", approved_by="chief"
        ),
        "",
        "unit",
    ),
    row(
        reinforce.DivertUnit,
        lambda s: reinforce.DivertUnit(
            unit_id=s.unit_under_way,
            incident_id=s.incident_id,
            reason="more urgent",
            approved_by="chief",
        ),
        "",
        "incident",
    ),
    row(
        orders.WithdrawUnit, lambda s: orders.WithdrawUnit(order_id=s.order_id, reason="not needed")
    ),
    row(orders.AcknowledgeWithdrawal, lambda s: orders.AcknowledgeWithdrawal(order_id=s.order_id)),
    row(orders.AcknowledgeOrder, lambda s: orders.AcknowledgeOrder(order_id=s.order_id)),
    row(orders.ReportEnRoute, lambda s: orders.ReportEnRoute(order_id=s.order_id)),
    row(orders.ReportArrival, lambda s: orders.ReportArrival(order_id=s.order_id), "button"),
    row(
        orders.ReportArrival,
        lambda s: orders.ReportArrival(order_id=s.order_id, source="gps"),
        "position",
    ),
    row(orders.ReportSafe, lambda s: orders.ReportSafe(order_id=s.order_id)),
    row(orders.ReportHandled, lambda s: orders.ReportHandled(order_id=s.order_id)),
    row(
        orders.GiveFeedback,
        lambda s: orders.GiveFeedback(
            order_id=s.order_id, incident_id=s.incident_id, disposition="handled"
        ),
        "",
        "order",
    ),
    row(
        orders.ReturnFeedback,
        lambda s: orders.ReturnFeedback(order_id=s.order_id, reason="who was there?"),
    ),
    row(orders.CheckUnsigned, lambda s: orders.CheckUnsigned(order_id=s.order_id, level=1)),
    row(orders.CheckFeedback, lambda s: orders.CheckFeedback(order_id=s.order_id)),
    row(
        reinforce.AcknowledgeAmendment,
        lambda s: reinforce.AcknowledgeAmendment(order_id=s.order_id, amendment_no=1),
    ),
    row(
        reinforce.RequestBackup,
        lambda s: reinforce.RequestBackup(
            incident_id=s.incident_id, order_id=s.order_id, reason="crowd"
        ),
        "by its crew",
        "order",
    ),
)
UNIT_ROWS = (
    row(units.StartShift, lambda s: units.StartShift(unit_id=s.unit_id, n_officers=2)),
    row(units.EndShift, lambda s: units.EndShift(unit_id=s.unit_id)),
    row(units.SetUnitStatus, lambda s: units.SetUnitStatus(unit_id=s.unit_id, status="meal")),
    row(
        units.HandOverShift,
        lambda s: units.HandOverShift(
            unit_id=s.unit_id, n_officers=2, handed_by="Zhao", taken_by="Qian", approved_by="chief"
        ),
    ),
    row(voices.ConfirmPosition, lambda s: voices.ConfirmPosition(unit_id=s.unit_id)),
    row(units.SuggestMoveUp, lambda _s: units.SuggestMoveUp(), "", "unit"),
    row(units.MoveUp, lambda s: units.MoveUp(unit_id=s.unit_id, post_id="SB-S", reason="empty")),
    row(
        units.DeclineMoveUp,
        lambda s: units.DeclineMoveUp(unit_id=s.unit_id, post_id="SB-N", by="Sun"),
    ),
    row(
        reinforce.SelfInitiate,
        lambda s: reinforce.SelfInitiate(unit_id=s.unit_id, type_code=BURGLARY),
    ),
    row(
        emergency.DeclareEmergency,
        lambda s: emergency.DeclareEmergency(unit_id=s.unit_id, declared_by="Sun", source="desk"),
    ),
    *(_said(word) for word in ("收到", "出发", "到", "完", "在", "增援", "紧急", "归队", "平安")),
)
OTHER_ROWS = (
    row(
        agency.AcceptAgencyRequest,
        lambda s: agency.AcceptAgencyRequest(request_id=s.request_id, by="119 desk"),
    ),
    row(
        agency.RefuseAgencyRequest,
        lambda s: agency.RefuseAgencyRequest(
            request_id=s.request_id, by="119 desk", reason="no engine"
        ),
    ),
    row(
        agency.ReportAgencyArrival,
        lambda s: agency.ReportAgencyArrival(request_id=s.request_id),
    ),
    row(
        agency.CallOffAgency,
        lambda s: agency.CallOffAgency(request_id=s.request_id, reason="it is out"),
    ),
    row(
        emergency.TakeUpEmergency,
        lambda s: emergency.TakeUpEmergency(emergency_id=s.emergency_id, by="Zhao"),
    ),
    row(
        emergency.ConfirmVoiceContact,
        lambda s: emergency.ConfirmVoiceContact(emergency_id=s.emergency_id, by="Zhao"),
    ),
    row(
        emergency.EndEmergency,
        lambda s: emergency.EndEmergency(emergency_id=s.emergency_id, by="Qian", reason="safe"),
        "by a second person",
    ),
    row(
        emergency.EndEmergency,
        lambda s: emergency.EndEmergency(emergency_id=s.emergency_id, by="Zhao", reason="safe"),
        "by who spoke",
    ),
    row(alarm.TakeUpAlarm, lambda s: alarm.TakeUpAlarm(alarm_id=s.alarm_id, by="Zhao")),
    row(alarm.ClearAlarm, lambda s: alarm.ClearAlarm(alarm_id=s.alarm_id)),
    row(
        alarm.RaiseAlarm,
        lambda s: alarm.RaiseAlarm(kind="agency_refused", subject_id=s.alarm_id.partition(":")[2]),
        "",
        "alarm",
    ),
    _check("queue", "incident", "incident_id"),
    _check("hand_over", "incident", "incident_id"),
    _check("backup", "incident", "incident_id"),
    _check("not_moving", "order", "order_id"),
    _check("eta_passed", "order", "order_id"),
    _check("silent_on_scene", "order", "order_id"),
    _check("amendment", "order", "order_id"),
    _check("agency", "request", "request_id"),
    _check("transfer", "call", "call_id"),
    _check("call_back", "call", "call_id"),
    _check("emergency", "emergency", "emergency_id"),
    row(
        desk.UsePolicy,
        lambda _s: desk.UsePolicy(
            policy="station_first",
            approved_by="chief",
            desk_id=EAST_DESK,
            proof=proof("station_first", desk_id=EAST_DESK),
        ),
        "approved",
        "policy",
    ),
    row(
        desk.UsePolicy,
        lambda _s: desk.UsePolicy(policy="station_first", approved_by="chief"),
        "held against nothing",
        "policy",
    ),
    row(
        desk.RunShadowPolicy,
        lambda _s: desk.RunShadowPolicy(policy="nearest", by="li", reason="trial"),
        "",
        "policy",
    ),
    row(
        desk.RunShadowPolicy,
        lambda _s: desk.RunShadowPolicy(policy="", by="li", reason="over"),
        "none runs",
        "policy",
    ),
    row(
        desk.UsePolicy,
        lambda _s: desk.UsePolicy(policy="station_first", approved_by=""),
        "by nobody",
        "policy",
    ),
    row(undos.Undo, lambda s: undos.Undo(seq=s.seq), "", "action"),
    row(
        roads.CloseRoad,
        lambda _s: roads.CloseRoad(points=(corner(4, 2.5),), reason="works", by="Sun", minutes=60),
        "",
        "closure",
    ),
    row(
        roads.CloseRoad,
        lambda _s: roads.CloseRoad(points=((39.9, 116.4),), reason="works", by="Sun", minutes=60),
        "far away",
        "closure",
    ),
    row(
        roads.SlowRoad,
        lambda _s: roads.SlowRoad(
            points=(corner(4, 2.5),), percent=50, reason="fog", by="Sun", minutes=60
        ),
        "",
        "closure",
    ),
    row(
        roads.SlowRoad,
        lambda _s: roads.SlowRoad(
            points=((39.9, 116.4),), percent=50, reason="fog", by="Sun", minutes=60
        ),
        "far away",
        "closure",
    ),
    row(roads.OpenRoad, lambda s: roads.OpenRoad(closure_id=s.closure_id, by="Sun")),
    row(roads.ExpireClosure, lambda s: roads.ExpireClosure(closure_id=s.closure_id)),
    row(roads.UseWeights, lambda _s: roads.UseWeights(), "", "closure"),
    row(roads.UpdateEtas, lambda _s: roads.UpdateEtas(), "", "closure"),
    row(premise.AddPremiseNote, lambda _s: _danger("a deep pit"), "", "premise"),
    row(
        premise.AddPremiseNote,
        lambda _s: _danger("he has a criminal record"),
        "of a person",
        "premise",
    ),
    row(
        premise.EndPremiseNote,
        lambda s: premise.EndPremiseNote(note_id=s.note_id, by="Sun", reason="gone"),
    ),
    row(premise.ExpirePremiseNote, lambda s: premise.ExpirePremiseNote(note_id=s.note_id)),
)
