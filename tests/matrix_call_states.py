"""States of a call (来电状态), each built by commands alone, on a toy desk."""

from __future__ import annotations

from matrix_scene import CREW_SEAT, DAY_S, PLACE
from toy_city import (
    FIGHT,
)

from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import (
    missed,
)
from kuaifan.vocabulary import talk as talks


def _ringing(scene):
    scene.ids["call_id"] = scene.desk.rang()


def _offered(scene):
    _ = scene.seat_id
    _ringing(scene)


def _silent(scene):
    scene.do(missed.ReportSilence(call_id=scene.call_id))


def _skipped(n):
    def build(scene):
        _silent(scene)
        scene.do(talks.LocateCaller(call_id=scene.call_id, **_at(PLACE)))
        for _ in range(n):
            scene.do(missed.SkipSilentStep(call_id=scene.call_id, reason="no use"))

    return build


def _at(place):
    return {"lat": place[0], "lon": place[1], "uncertainty_m": 50, "source": "handset"}


def _by_call(*makes):
    """A talking call, then some commands about it."""

    def build(scene):
        for make in makes:
            scene.do(make(scene.call_id))

    return build


def _to_119(call_id):
    return talks.TransferCall(call_id=call_id, to_kind="agency", to_id="119", reason="fire")


def _hang_up(call_id):
    return calls.HangUpCall(call_id=call_id)


def _abandoned(scene):
    _ringing(scene)
    scene.do(_hang_up(scene.call_id))


def _called_back(scene):
    _abandoned(scene)
    scene.do(missed.CallBack(call_id=scene.call_id, seat_id=CREW_SEAT))


def _missed_cleared(scene):
    _abandoned(scene)
    clear = missed.ClearMissedCall(call_id=scene.call_id, cleared_by="Zhao", reason="child")
    scene.do(clear)


def _call_retired(scene):
    _missed_cleared(scene)
    scene.desk.run_until(scene.desk.now_s + 8 * DAY_S)


def _with_incident(scene):
    scene.ids["incident_id"] = scene.desk.opened(FIGHT, PLACE, call_id=scene.call_id)


CALLS = {
    "unknown": lambda s: s.ids.update(call_id="C99"),
    "ringing": _ringing,
    "offered": _offered,
    "talking": _by_call(lambda c: calls.UpdateCall(call_id=c)),
    "held": _by_call(lambda c: talks.HoldCall(call_id=c)),
    "being transferred": _by_call(_to_119),
    "taken by 119": _by_call(_to_119, lambda c: talks.AcceptTransfer(call_id=c, by="119 desk")),
    "three-way": _by_call(lambda c: talks.AddParty(call_id=c, kind="interpreter", name="Ma")),
    "with incident": _with_incident,
    "silent: listening": _silent,
    "silent: call back": _skipped(1),
    "silent: text link": _skipped(2),
    "silent: send unit": _skipped(3),
    "never ring": _by_call(lambda c: missed.FlagNeverRing(call_id=c, reason="he is there")),
    "texted": _by_call(lambda c: talks.SendText(call_id=c, text="where are you")),
    "ended": _by_call(_hang_up),
    "abandoned": _abandoned,
    "being called back": _called_back,
    "cleared": _missed_cleared,
    "retired": _call_retired,
}
