"""Other services (联动部门): told at once, answered by name, refused to a person, asked again."""

import pytest
from toy_city import FIGHT, LOCKSMITH, START_MS, UNITS, Desk, corner, image, names

from kuaifan.seats.hotline.words import OfferTicket, ReofferTicket, ReturnTicket
from kuaifan.vocabulary.agency import (
    AGENCIES,
    ASKED_BY_PERSON,
    AcceptAgencyRequest,
    CallOffAgency,
    RefuseAgencyRequest,
    ReportAgencyArrival,
    RequestAgency,
)
from kuaifan.vocabulary.incident import (
    CloseIncident,
    OpenIncident,
    PlaceIncident,
    ReviewIncident,
    SettleByPhone,
    UpdateIncident,
)

FIRE, WAGES, DOMESTIC_PAST = "040101", "060106", "020104"
SCENE = corner(4, 4)


@pytest.fixture
def desk():
    desk = Desk()
    desk.on_duty(*UNITS)
    return desk


@pytest.fixture
def request_id(desk):
    return asked(desk, desk.opened(LOCKSMITH, SCENE), "119")


def asked(desk, incident_id, agency):
    command = RequestAgency(incident_id=incident_id, agency=agency, what="ladder")
    return desk.do(command).events[0].request_id


def agencies_of(desk, incident_id):
    requests = [desk.board.requests[i] for i in desk.board.incidents[incident_id].request_ids]
    return [request.agency for request in requests]


# --- told at once ----------------------------------------------------------------------------


def test_the_services_of_the_type_are_told_when_the_place_is_known(desk):
    incident_id = desk.opened(FIRE)
    assert agencies_of(desk, incident_id) == []
    record = desk.do(PlaceIncident(incident_id=incident_id, lat=SCENE[0], lon=SCENE[1]), at_s=30)
    assert names(record)[:3] == ["IncidentPlaced", "AgencyTold", "AgencyTold"]
    assert agencies_of(desk, incident_id) == ["119", "120"]
    request = desk.board.requests[f"{incident_id}-A1"]
    assert (request.state, request.told_at_ms) == ("told", START_MS + 30_000)
    assert request.seq == desk.board.incidents[incident_id].seq == record.seq


def test_a_corrected_place_tells_nobody_twice(desk):
    incident_id = desk.opened(FIRE, SCENE, at_s=1)
    record = desk.do(PlaceIncident(incident_id=incident_id, lat=SCENE[0], lon=SCENE[1]), at_s=2)
    assert "AgencyTold" not in names(record)
    assert agencies_of(desk, incident_id) == ["119", "120"]


def test_a_type_that_turns_graver_tells_the_services_it_adds(desk):
    incident_id = desk.opened(FIGHT, SCENE)
    assert agencies_of(desk, incident_id) == []
    desk.do(UpdateIncident(incident_id=incident_id, type_code=DOMESTIC_PAST))
    desk.do(UpdateIncident(incident_id=incident_id, type_code=FIRE))
    assert agencies_of(desk, incident_id) == ["women_fed", "119", "120"]


@pytest.mark.parametrize("type_code", [LOCKSMITH, WAGES])
def test_what_only_a_person_decides_is_not_told_by_itself(desk, type_code):
    assert desk.reference.types[type_code].agencies
    assert agencies_of(desk, desk.opened(type_code, SCENE)) == []


def test_every_service_that_a_type_names_is_known_and_every_exception_has_its_reason(desk):
    named = {name for each in desk.reference.types.values() for name in each.agencies}
    assert named <= AGENCIES.keys()
    assert ASKED_BY_PERSON.keys() <= AGENCIES.keys()
    assert all(ASKED_BY_PERSON.values())


# --- asked by a person -----------------------------------------------------------------------


def test_a_request_is_numbered_within_its_incident(desk):
    incident_id = desk.opened(LOCKSMITH, SCENE)
    assert [asked(desk, incident_id, name) for name in ("119", "gas")] == [
        f"{incident_id}-A1",
        f"{incident_id}-A2",
    ]
    assert desk.board.requests[f"{incident_id}-A1"].what == "ladder"


def test_an_unknown_service_incident_or_one_that_is_over_is_refused(desk):
    incident_id = desk.opened(LOCKSMITH, SCENE)
    assert desk.code(RequestAgency(incident_id=incident_id, agency="nobody")) == "unknown_agency"
    assert desk.code(RequestAgency(incident_id="J9", agency="119")) == "unknown_incident"
    desk.do(SettleByPhone(incident_id=incident_id, disposition="by_phone"))
    desk.do(ReviewIncident(incident_id=incident_id, reviewer_id="r"))
    assert desk.code(RequestAgency(incident_id=incident_id, agency="119")) == "incident_reviewed"
    desk.do(CloseIncident(incident_id=incident_id))
    assert desk.code(RequestAgency(incident_id=incident_id, agency="119")) == "incident_over"


def test_a_department_is_told_of_a_reviewed_incident_that_a_seat_holds_open(desk):
    """It returned the hand-over after the review: the next offer has to reach it too."""
    incident_id = desk.opened(LOCKSMITH, SCENE)
    desk.do(OfferTicket(incident_id=incident_id, to="12345", kind="help", by="a"))
    desk.do(SettleByPhone(incident_id=incident_id, disposition="by_phone"))
    desk.do(ReviewIncident(incident_id=incident_id, reviewer_id="r"))
    back = ReturnTicket(ticket_id="H1", code="not_theirs", reason="不属职责", by="b")
    desk.do(back)
    record = desk.do(ReofferTicket(ticket_id="H1", to="urban_mgmt", what="补充照片", by="a"))
    assert record.refused == ()
    assert "AgencyTold" in names(record)
    told = [desk.board.requests[each] for each in desk.board.incidents[incident_id].request_ids]
    assert [(each.agency, each.state) for each in told][-1] == ("urban_mgmt", "told")


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [AcceptAgencyRequest(request_id="J1-A1", by="b")],
        [ReportAgencyArrival(request_id="J1-A1")],
    ],
    ids=["told", "accepted", "arrived"],
)
def test_a_service_is_not_asked_twice_while_its_request_stands(desk, request_id, steps):
    for step in steps:
        desk.do(step)
    assert desk.code(RequestAgency(incident_id="J1", agency="119")) == "already_asked"
    assert request_id == "J1-A1"


@pytest.mark.parametrize(
    "step",
    [
        RefuseAgencyRequest(request_id="J1-A1", by="b", reason="no engine free"),
        CallOffAgency(request_id="J1-A1", reason="not needed"),
    ],
    ids=["refused", "called off"],
)
def test_a_service_that_refused_or_was_called_off_may_be_asked_again(desk, request_id, step):
    desk.do(step)
    assert asked(desk, "J1", "119") == "J1-A2"
    assert desk.board.requests[request_id].state in {"refused", "called_off"}


# --- its answers -----------------------------------------------------------------------------


def test_accepted_then_arrived_are_stamped(desk, request_id):
    desk.do(AcceptAgencyRequest(request_id=request_id, by="119 desk"), at_s=20)
    desk.do(ReportAgencyArrival(request_id=request_id), at_s=400)
    request = desk.board.requests[request_id]
    assert (request.state, request.by) == ("arrived", "119 desk")
    assert request.replied_at_ms == START_MS + 20_000
    assert request.arrived_at_ms == START_MS + 400_000


def test_an_arrival_without_a_receipt_is_a_jump_forward(desk, request_id):
    desk.do(ReportAgencyArrival(request_id=request_id), at_s=90)
    request = desk.board.requests[request_id]
    assert (request.state, request.replied_at_ms) == ("arrived", 0)


def test_a_refusal_goes_to_a_person_until_somebody_acts(desk, request_id):
    refuse = RefuseAgencyRequest(request_id=request_id, by="119 desk", reason="no engine free")
    assert names(desk.do(refuse)) == ["AgencyRefused", "AlarmRaised"]
    alarm = desk.board.alarms[f"agency_refused:{request_id}"]
    assert (alarm.incident_id, alarm.to, alarm.level) == ("J1", "dispatcher", 1)
    request = desk.board.requests[request_id]
    assert (request.state, request.by, request.reason) == (
        *("refused", "119 desk"),
        "no engine free",
    )
    record = desk.do(RequestAgency(incident_id="J1", agency="119"))
    assert "AlarmCleared" in names(record)
    assert desk.board.alarms == {}


ANSWERS = {
    "accept": AcceptAgencyRequest(request_id="J1-A1", by="b"),
    "refuse": RefuseAgencyRequest(request_id="J1-A1", by="b", reason="r"),
    "arrive": ReportAgencyArrival(request_id="J1-A1"),
    "call off": CallOffAgency(request_id="J1-A1", reason="r"),
}


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ("accept", "accept", "already_accepted"),
        ("accept", "refuse", "already_accepted"),
        ("refuse", "accept", "already_refused"),
        ("refuse", "arrive", "already_refused"),
        ("refuse", "call off", "already_refused"),
        ("arrive", "arrive", "already_arrived"),
        ("arrive", "call off", "already_arrived"),
        ("call off", "accept", "already_called_off"),
        ("call off", "call off", "already_called_off"),
    ],
)
def test_an_answer_does_not_go_back(desk, request_id, first, second, code):
    desk.do(ANSWERS[first])
    assert desk.code(ANSWERS[second]) == code
    assert request_id in desk.board.requests


def test_an_accepted_service_may_still_be_called_off(desk, request_id):
    desk.do(ANSWERS["accept"])
    desk.do(ANSWERS["call off"])
    assert desk.board.requests[request_id].state == "called_off"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (AcceptAgencyRequest(request_id="J1-A1", by=""), "no_name"),
        (AcceptAgencyRequest(request_id="J1-A1", by=" "), "no_name"),
        (RefuseAgencyRequest(request_id="J1-A1", by="", reason="r"), "no_name"),
        (CallOffAgency(request_id="J1-A1", reason=""), "reason_needed"),
        (AcceptAgencyRequest(request_id="J9-A1", by="b"), "unknown_request"),
        (RefuseAgencyRequest(request_id="J9-A1", by="b", reason="r"), "unknown_request"),
        (ReportAgencyArrival(request_id="J9-A1"), "unknown_request"),
        (CallOffAgency(request_id="J9-A1", reason="r"), "unknown_request"),
    ],
)
def test_an_answer_has_a_name_a_reason_and_a_request(desk, request_id, command, code):
    assert desk.code(command) == code
    assert desk.board.requests[request_id].state == "told"


# --- nothing is left without an owner --------------------------------------------------------


def test_an_incident_is_not_reviewed_while_a_service_has_not_answered(desk):
    record = desk.do(OpenIncident(type_code=LOCKSMITH, lat=SCENE[0], lon=SCENE[1]))
    incident_id = record.events[0].incident_id
    request_id = asked(desk, incident_id, "119")
    desk.do(SettleByPhone(incident_id=incident_id, disposition="by_phone"))
    review = ReviewIncident(incident_id=incident_id, reviewer_id="r")
    assert desk.code(review) == "agency_open"
    desk.do(CallOffAgency(request_id=request_id, reason="settled"))
    assert desk.do(review).refusal is None
    assert image(desk.rebuilt()) == image(desk.engine.state)
