"""Whatever is pressed at a seat in the wrong order is refused in words: every command of all ten.

Each command is made from its type, with ids that nobody has. What a refusal of one seat's own looks
like is in that seat's tests; here nothing passes by that nobody thought of.
"""

import pytest
from hotline_acts import give_back, inbound
from made_commands import made
from seat_life import closed, handled, off_the_board
from toy_city import BURGLARY, DOMESTIC, Desk, corner, image

from kuaifan.app.rules import installed_plugins
from kuaifan.seats.anti_fraud import words as fraud
from kuaifan.seats.callback import words as callback
from kuaifan.seats.daily_clearing import words_case as cases
from kuaifan.seats.domestic_violence import words as violence
from kuaifan.seats.enterprise import words as enterprise
from kuaifan.seats.hotline import words as hotline
from kuaifan.vocabulary.call import AnswerCall

FAMILY = "060101"
WHO = {"by": "王警官"}

SEATS = [each for each in installed_plugins() if each.kind == "seats"]
COMMANDS = [
    pytest.param(each, id=f"{seat.plugin_id}-{each.__name__}")
    for seat in SEATS
    for each in seat.commands
]
BY = [each for each in COMMANDS if "by" in each.values[0].__struct_fields__]
ABOUT = [each for each in COMMANDS if "incident_id" in each.values[0].__struct_fields__]
BEGINS = {
    *("AddFirm", "KeepMediationRoom", "KeepMediator", "RegisterSchool", "SetSchoolCalendar"),
    *("PutMaterial", "OpenMeeting", "LogComplaint", "ReceiveFeedback"),
    *("SetCallBackTerm", "SetViolenceTerm"),
}
"""What needs nothing that is there already."""
QUIET = {
    *("RetireComplaint", "RetireTicket", "RetireMediation", "ClearIncident", "MergeHappenings"),
    *("PlaceHousehold", "ReviewAttention", "NoteProtectedCall", "WatchSchoolAlarm", "CheckGuards"),
}
"""A rule's or a timer's: nothing to do is as good as a refusal."""
ON_CLOSED = {"LinkCameraFile", "AgreeCallBack", "SendTrackLink", "LinkCase", "OpenGrievance"}
ON_CLOSED |= {"LeaveCallBack", "OweCallBack", "AddDefect"}
"""What is done about an incident that is over, too."""


@pytest.fixture(name="desk", scope="module")
def fixture_desk():
    desk = Desk()
    desk.on_duty("P1", "P2")
    yield desk
    assert image(desk.rebuilt()) == image(desk.engine.state)


def in_words(record):
    """Whether a record is a refusal that somebody at the desk can read, in both languages."""
    assert record.fault is None, record.fault
    no = record.refusal
    if no is None:
        return False
    assert any("\u4e00" <= each <= "\u9fff" for each in no.reason_zh), no
    assert len(no.reason_en) > 8, no
    return True


def test_every_seat_is_here():
    assert len(SEATS) == 10
    assert len(COMMANDS) > 150


@pytest.mark.parametrize("command", COMMANDS)
def test_what_names_nothing_that_there_is_is_refused_in_words(desk, command):
    name = command.__name__
    if name in BEGINS or name == "RunDailyClearing":
        return
    record = desk.do(made(command))
    assert in_words(record) != (name in QUIET and not record.events), record.events


@pytest.mark.parametrize("command", BY)
def test_nobody_acts_without_a_name(desk, command):
    if command.__name__ not in QUIET:
        assert in_words(desk.do(made(command, by="  ")))


@pytest.mark.parametrize("command", ABOUT)
def test_an_incident_that_has_left_is_not_worked_on(command, gone):
    desk, incident_id = gone
    record = desk.do(made(command, incident_id=incident_id))
    assert in_words(record) or not record.events, record.events


@pytest.mark.parametrize("command", ABOUT)
def test_an_incident_that_is_closed_takes_nothing_new_on(command, closed_one):
    desk, incident_id = closed_one
    n_items = len(desk.board.items)
    record = desk.do(made(command, incident_id=incident_id))
    if command.__name__ not in ON_CLOSED:
        assert in_words(record) or len(desk.board.items) <= n_items, record.events


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.values[0].__name__ in BEGINS])
def test_a_double_press_changes_nothing_twice(desk, command):
    again = made(command)
    first, second = desk.do(again), desk.do(again)
    assert in_words(second) or not second.events or _is_another(first, second), second.events


def _is_another(first, second):
    """Two complaints, two meetings: each with an id of its own."""
    ids = [
        [str(getattr(e, name)) for e in r.events for name in e.__struct_fields__ if "_id" in name]
        for r in (first, second)
    ]
    return ids[0] != ids[1]


@pytest.fixture(name="gone", scope="module")
def fixture_gone():
    desk = Desk()
    desk.on_duty("P1", "P2")
    incident_id = desk.opened(BURGLARY, corner(4, 2))
    off_the_board(desk, incident_id)
    return desk, incident_id


@pytest.fixture(name="closed_one", scope="module")
def fixture_closed_one():
    desk = Desk()
    desk.on_duty("P1", "P2")
    incident_id = desk.opened(BURGLARY, corner(4, 2))
    handled(desk, incident_id)
    closed(desk, incident_id)
    assert desk.board.incidents[incident_id].state == "closed"
    return desk, incident_id


# --- what only one seat refuses, and no test of its own told before ----------------------------


def at_home(desk):
    call_id = desk.rang()
    desk.do(AnswerCall(call_id=call_id, seat_id="1"))
    return desk.opened(DOMESTIC, corner(4, 2), call_id=call_id)


def of_violence(desk):
    incident_id = at_home(desk)
    home = f"{incident_id}-H"
    facts = violence.ConfirmViolence(incident_id=incident_id, facts=("injury",), **WHO)
    desk.do(facts)
    taken = next(each for each in desk.board.items.values() if each.kind == "call_at_seat")
    yield "same_facts", facts
    yield "same_household", made(violence.JoinHouseholds, household_id=home, into_household_id=home)
    yield "letter_incomplete", made(violence.IssueWarning, incident_id=incident_id, number=" ")
    yield "no_text", made(violence.ReferHousehold, household_id=home, what=" ")
    yield "not_joined", violence.TakeViolenceCall(item_id=taken.item_id, how="joined", **WHO)


def of_firms(_desk):
    firm = {"lat": 32.607, "lon": 117.006, "radius_m": 150}
    yield "bad_phone", made(enterprise.AddFirm, **firm, phone="12")
    yield "bad_dates", made(enterprise.AddFirm, **firm, valid_from_ms=2, valid_to_ms=1)


def of_tickets(desk):
    desk.do(inbound())
    desk.do(give_back("H1"))
    yield "not_ours_to_say", made(hotline.KeepTicket, ticket_id="H1")


def of_call_backs(desk):
    desk.opened(FAMILY, corner(4, 2))
    item = next(each for each in desk.board.items.values() if each.kind == "screening")
    yield "other_kind", made(callback.RecordCallBackAnswer, item_id=item.item_id)


def of_cases(desk):
    incident_id = desk.opened(BURGLARY, corner(4, 2))
    yield "no_case_number", made(cases.LinkCase, incident_id=incident_id, number=" ")
    linked = made(cases.LinkCase, incident_id=incident_id, kind="criminal", number="A1")
    case_id = next(e.case_id for e in desk.do(linked).events if hasattr(e, "case_id"))
    yield "not_filed_yet", made(cases.ReportLawQuality, case_id=case_id)
    desk.do(made(cases.GiveCaseReceipt, case_id=case_id))
    desk.do(made(cases.FileCase, case_id=case_id))
    yield "no_document", made(cases.ReportLawQuality, case_id=case_id, document=" ")


def of_money(desk):
    incident_id = desk.opened("010301", corner(4, 2))
    transfer = made(fraud.AddTransfer, incident_id=incident_id, number="6217", amount_fen=100)
    account_id = desk.do(transfer).events[0].account_id
    desk.do(fraud.RequestStop(account_id=account_id, **WHO))
    close = fraud.CloseFraudCase(incident_id=incident_id, outcome="done", **WHO)
    yield "answer_awaited", close


@pytest.mark.parametrize(
    "told", [of_violence, of_firms, of_tickets, of_call_backs, of_cases, of_money]
)
def test_each_of_these_is_said_by_its_own_name(told):
    desk = Desk()
    desk.on_duty("P1")
    for code, command in told(desk):
        assert desk.code(command) == code
    assert image(desk.rebuilt()) == image(desk.engine.state)
