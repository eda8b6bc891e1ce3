"""Services are told though the incident has left the screens, or a person is told they were not."""

from toy_city import START_MS

from kuaifan.gateway.agency_wishes import AskedIncident, agency_effects
from kuaifan.kernel.record import Record, Scope
from kuaifan.vocabulary.agency import AgencyCalledOff, AgencyTold, CallOffAgency


class Desk:
    """A desk whose log has this incident, or nothing of it."""

    def __init__(self, **incident):
        self.incident = incident

    def find_incident(self, incident_id):
        assert incident_id == "J1"
        known = {"type_code": "040101", "record_class": "ordinary", "priority": 1}
        return AskedIncident(**known, **self.incident) if self.incident else None

    def type_name(self, type_code):
        return f"name of {type_code}"

    def find_asked(self, incident_id, request_id):
        return {("J1", "J1-A1"): "fire"}.get((incident_id, request_id), "")


def effects(*events, desk=None):
    record = Record(
        seq=7,
        input_no=7,
        at_ms=START_MS,
        actor="seat:A",
        scope=Scope("city", "open"),
        command=CallOffAgency(request_id="J1-A1", reason="r"),
        events=events,
    )
    return list(agency_effects(record, desk or Desk()))


def told(**incident):
    event = AgencyTold(request_id="J1-A1", incident_id="J1", agency="fire", what="two hurt")
    (effect,) = effects(event, desk=Desk(**incident))
    return effect


def test_a_service_is_called_off_though_the_incident_is_closed():
    off = AgencyCalledOff(request_id="J1-A1", incident_id="J1", reason="r", agency="fire")
    (effect,) = effects(off)
    assert (effect.channel, effect.is_gone) == ("fire", False)
    assert effect.fields == {"command": "call_off", "request_id": "J1-A1", "incident_id": "J1"}


def test_a_request_that_cannot_be_made_any_more_is_a_persons_and_not_forgotten():
    for effect in (told(), told(state="closed", address="x")):
        assert (effect.channel, effect.request_id, effect.is_gone) == ("fire", "J1-A1", True)


def test_a_request_of_a_case_that_was_merged_meanwhile_says_where_and_what():
    effect = told(state="merged", address="河东路 1 号", lat=31.2, lon=120.6, arc=4)
    assert not effect.is_gone
    wanted = {"type": "name of 040101", "address": "河东路 1 号", "lat": 31.2, "what": "two hurt"}
    assert {name: effect.fields[name] for name in wanted} == wanted


def test_of_a_restricted_record_no_service_learns_the_kind():
    desk = Desk(state="dispatched", address="x")
    desk.find_incident = lambda _id: AskedIncident("100301", "restricted", 1, "dispatched", "x")
    event = AgencyTold(request_id="J1-A1", incident_id="J1", agency="fire", what="")
    (effect,) = effects(event, desk=desk)
    assert (effect.fields["type_code"], effect.fields["type"]) == ("", "")
    assert effect.fields["lat"] is None


def test_an_old_call_off_goes_to_whom_the_log_says_was_asked():
    off = AgencyCalledOff(request_id="J1-A1", incident_id="J1", reason="r")
    (effect,) = effects(off)
    assert (effect.channel, effect.what) == ("fire", "call_off")
    assert effects(AgencyCalledOff(request_id="J1-A9", incident_id="J1", reason="r")) == []
