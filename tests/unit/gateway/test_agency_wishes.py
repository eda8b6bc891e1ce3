"""Services are told though the incident has left the screens, or a person is told they were not."""

from toy_city import START_MS

from kuaifan.gateway.agency_wishes import agency_effects
from kuaifan.kernel.record import Record, Scope
from kuaifan.vocabulary.agency import AgencyCalledOff, AgencyTold, CallOffAgency


class Closed:
    """A desk on whose screens no incident is any more."""

    def find_incident(self, _incident_id):
        return None


def effects(*events):
    record = Record(
        seq=7,
        input_no=7,
        at_ms=START_MS,
        actor="seat:A",
        scope=Scope("city", "open"),
        command=CallOffAgency(request_id="J1-A1", reason="r"),
        events=events,
    )
    return list(agency_effects(record, Closed()))


def test_a_service_is_called_off_though_the_incident_is_closed():
    off = AgencyCalledOff(request_id="J1-A1", incident_id="J1", reason="r", agency="fire")
    (effect,) = effects(off)
    assert (effect.channel, effect.is_gone) == ("fire", False)
    assert effect.fields == {"command": "call_off", "request_id": "J1-A1", "incident_id": "J1"}


def test_a_request_that_cannot_be_made_any_more_is_a_persons_and_not_forgotten():
    (effect,) = effects(AgencyTold(request_id="J1-A1", incident_id="J1", agency="fire", what=""))
    assert (effect.channel, effect.request_id, effect.is_gone) == ("fire", "J1-A1", True)
