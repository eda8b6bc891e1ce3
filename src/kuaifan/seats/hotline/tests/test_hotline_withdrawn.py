"""What was handed over of an incident that turns out to be nothing is asked no more, and told."""

import pytest
from hotline_acts import (
    LAMP,
    D,
    H,
    accept,
    answer,
    decide,
    give_back,
    inbound,
    offer,
    offered,
    start,
)
from seat_life import handled
from toy_city import Desk, corner, image, names

from kuaifan.board.seat_words import codes_of, fill
from kuaifan.gateway.agency_wishes import agency_effects
from kuaifan.seats.hotline import words
from kuaifan.seats.hotline.form import SEAT
from kuaifan.seats.hotline.views import list_tickets
from kuaifan.vocabulary import agency
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import item as items


@pytest.fixture(name="desk")
def fixture_desk():
    made = Desk()
    made.on_duty("P1", "P2")
    yield made
    assert image(made.rebuilt()) == image(made.engine.state)


class NobodyKnows:
    """The stored incidents, where none is asked for: what is called off needs its number alone."""

    def find_incident(self, incident_id):
        raise AssertionError(incident_id)

    def type_name(self, type_code):
        raise AssertionError(type_code)

    def find_asked(self, incident_id, request_id):
        raise AssertionError((incident_id, request_id))


def ticket(desk, ticket_id="H1"):
    return desk.board.seats["hotline"].tickets[ticket_id]


def settled(desk, incident_id, disposition):
    return desk.do(incidents.SettleByPhone(incident_id=incident_id, disposition=disposition))


def owed(desk):
    return [each.kind for each in desk.board.items.values() if each.seat_id == "hotline"]


def n_counted(desk, name):
    days = desk.board.seats["hotline"].tally.days.values()
    return sum(each.get(name, 0) for each in days)


@pytest.mark.parametrize("disposition", ["called_off", "false_alarm", "gone"])
def test_an_incident_that_was_nothing_leaves_no_open_offer_on_either_side(desk, disposition):
    ticket_id = offered(desk, what="路灯不亮")
    incident_id = ticket(desk).incident_id
    record = settled(desk, incident_id, disposition)
    assert [e.why for e in record.events if isinstance(e, words.TicketWithdrawn)] == [disposition]
    assert [e.outcome for e in record.events if isinstance(e, items.ItemClosed)] == ["withdrawn"]
    # Here: the ticket is over and says how; nothing is owed, nothing will ring.
    assert (ticket(desk).state, ticket(desk).outcome) == ("closed", "withdrawn")
    [row] = list_tickets(desk.board)
    assert (row.row_id, row.state, row.outcome) == (ticket_id, "closed", "withdrawn")
    assert owed(desk) == []
    assert n_counted(desk, "withdrawn") == 1
    # There: its own line is told not to come.
    [request_id] = desk.board.incidents[incident_id].request_ids
    assert desk.board.requests[request_id].state == "called_off"
    [effect] = agency_effects(record, NobodyKnows())
    assert (effect.channel, effect.what) == ("12345", "call_off")
    assert effect.fields["request_id"] == request_id
    # And so the case can go its way.
    for step in (
        incidents.ReviewIncident(incident_id=incident_id, reviewer_id="r"),
        incidents.CloseIncident(incident_id=incident_id),
    ):
        assert desk.do(step).refusal is None


@pytest.mark.parametrize("disposition", ["referred", "handled", "by_phone", "other"])
def test_what_may_still_be_the_departments_stands(desk, disposition):
    offered(desk)
    record = settled(desk, ticket(desk).incident_id, disposition)
    assert names(record) == ["IncidentSettled"]
    assert (ticket(desk).state, owed(desk)) == ("offered", ["offer"])


def test_a_crew_that_finds_nothing_withdraws_it_and_one_that_finds_a_lamp_does_not(desk):
    for lot, disposition in enumerate(("gone", "handled")):
        incident_id = desk.opened(LAMP, corner(4, 2 + lot))
        desk.do(offer(incident_id))
        handled(desk, incident_id, disposition=disposition)
    # `handled` has the department sign first: what is worked on is withdrawn too.
    assert (ticket(desk, "H1").state, ticket(desk, "H1").outcome) == ("closed", "withdrawn")
    assert ticket(desk, "H2").state == "accepted"
    # It owed no answer, so it is not one that was not given.
    assert n_counted(desk, "accepted") == 1


@pytest.mark.parametrize("n_returns", [1, 3])
def test_what_came_back_need_be_neither_offered_again_nor_decided(desk, n_returns):
    ticket_id = offered(desk)
    desk.do(words.SetHotlineTerms(by="赵局", n_returns=2 if n_returns == 1 else 1))
    desk.do(give_back(ticket_id))
    assert ticket(desk).state == ("returned" if n_returns == 1 else "deciding")
    settled(desk, ticket(desk).incident_id, "called_off")
    assert (ticket(desk).outcome, owed(desk)) == ("withdrawn", [])
    assert desk.code(decide(ticket_id, "us")) == "ticket_closed"


def test_an_answer_that_was_given_is_kept(desk):
    ticket_id = offered(desk)
    for step in (accept(ticket_id), start(ticket_id), answer(ticket_id)):
        desk.do(step)
    settled(desk, ticket(desk).incident_id, "gone")
    assert (ticket(desk).state, ticket(desk).answer) == ("answered", "路灯已修复")


def test_who_closes_it_has_the_last_word_about_what_is_still_worked_on(desk):
    ticket_id = offered(desk)
    desk.do(accept(ticket_id))
    incident_id = ticket(desk).incident_id
    settled(desk, incident_id, "referred")
    desk.do(incidents.ReviewIncident(incident_id=incident_id, reviewer_id="r"))
    desk.do(incidents.CloseIncident(incident_id=incident_id, disposition="called_off"), at_s=D)
    assert (ticket(desk).state, ticket(desk).outcome) == ("closed", "withdrawn")


def test_of_two_hand_overs_of_one_matter_that_of_the_main_incident_stands(desk):
    first, second = (desk.opened(LAMP, corner(4, 2)) for _ in range(2))
    for incident_id, to in ((first, "12345"), (second, "12345"), (second, "urban_mgmt")):
        desk.do(offer(incident_id, to))
    record = desk.do(incidents.MergeIncident(incident_id=second, into_incident_id=first))
    assert [e.ticket_id for e in record.events if isinstance(e, words.TicketWithdrawn)] == ["H2"]
    assert [ticket(desk, each).state for each in ("H1", "H2", "H3")] == [
        *("offered", "closed", "offered"),
    ]
    off = [each for each in record.events if isinstance(each, agency.AgencyCalledOff)]
    assert [(each.incident_id, each.agency) for each in off] == [(second, "12345")]


def test_what_came_in_is_answered_whatever_was_found(desk):
    desk.do(inbound())
    settled(desk, ticket(desk).incident_id, "false_alarm")
    assert (ticket(desk).state, owed(desk)) == ("offered", ["offer"])


def test_it_may_be_handed_over_anew(desk):
    offered(desk)
    incident_id = ticket(desk).incident_id
    settled(desk, incident_id, "gone")
    desk.do(offer(incident_id), at_s=H)
    assert ticket(desk, "H2").state == "offered"
    states = [desk.board.requests[e].state for e in desk.board.incidents[incident_id].request_ids]
    assert states == ["called_off", "told"]


@pytest.mark.parametrize(
    ("why", "zh", "en"),
    [
        ("called_off", "报警人撤销", "called off by the caller"),
        ("false_alarm", "虚假警情", "false alarm"),
        ("gone", "到场未发现", "nothing found on arrival"),
        ("merged", "已并入另一警情", "merged into another incident"),
    ],
)
def test_the_timeline_says_it_in_words(why, zh, en):
    [sentences] = [each[1:] for each in SEAT.told if each[0] == "TicketWithdrawn"]
    event = words.TicketWithdrawn(ticket_id="H1", incident_id="I1", why=why)
    assert fill(sentences, event, codes_of(SEAT)) == (
        f"工单 H1 撤回：{zh}，已通知对方",
        f"ticket H1 withdrawn: {en}; the other side is told",
    )
