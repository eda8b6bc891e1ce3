"""The hand-over seat lives for a quarter: exactly one has each ticket, and nothing is nobody's."""

from random import Random

import pytest
from hotline_acts import (
    LAMP,
    D,
    H,
    accept,
    again,
    agree,
    answer,
    close,
    decide,
    give_back,
    inbound,
    keep,
    offer,
    ring,
    start,
    urge,
)
from seat_life import Watch, live
from toy_city import START_MS, Desk, corner, image

from kuaifan.board.day_tally import day_of
from kuaifan.seats.hotline import ACTORS, words
from kuaifan.seats.hotline.kinds import KINDS
from kuaifan.vocabulary import alarm
from kuaifan.vocabulary import incident as incidents

HANDING = (
    words.TicketOffered, words.TicketAccepted, words.TicketReturned, words.TicketDecided,
    words.TicketKept,
)  # fmt: skip


@pytest.fixture(name="desk")
def fixture_desk():
    made = Desk()
    yield made
    assert image(made.rebuilt()) == image(made.engine.state)


def owed(desk):
    own = (item for item in desk.board.items.values() if item.seat_id == "hotline")
    return sorted((item.kind, item.stage) for item in own)


def tally(desk, name):
    day = day_of(START_MS)
    return desk.board.seats["hotline"].tally.sum(name, day, day + 400)


def test_simulated_people_reach_every_end_and_leave_nothing_owed(desk):
    begun = []
    for n in range(130):
        lat, lon = corner(n % 8, 2)
        lamp = incidents.OpenIncident(type_code=LAMP, lat=lat, lon=lon)
        begun.append(desk.do(lamp, at_s=n * H))
    seen = live(desk, ACTORS, KINDS, begun, until_s=60 * D)
    made = {type(each) for each in seen}
    assert made >= set(HANDING) | {words.TicketUrged, words.TicketReceived}
    assert {e.outcome for e in seen if isinstance(e, words.TicketClosed)} >= {"solved"}
    assert {e.in_time for e in seen if isinstance(e, words.TicketAnswered)} == {True, False}
    assert any(isinstance(each, alarm.AlarmRaised) and each.kind == "item" for each in seen)
    assert not owed(desk)
    assert 0 < tally(desk, "returned") < tally(desk, "offered")
    assert tally(desk, "solved") <= tally(desk, "closed") <= tally(desk, "accepted")


@pytest.mark.parametrize("seed", range(3))
def test_whatever_people_press_exactly_one_side_has_it_and_it_changes_by_a_receipt(desk, seed):
    rng = Random(seed)  # noqa: S311 - luck, no secret
    watch = Watch(desk, KINDS)
    ids = [desk.opened(LAMP, corner(4, n)) for n in range(3)]
    holders = {}
    for step in range(150):
        tickets = desk.board.seats["hotline"].tickets
        press = any_press(rng, ids, rng.choice([*tickets, "H1"]))
        record = desk.do(press, at_s=step * H)
        watch.look(record)
        handed = {each.ticket_id for each in record.events if isinstance(each, HANDING)}
        for ticket in tickets.values():
            before = holders.setdefault(ticket.ticket_id, ticket.holder)
            assert ticket.holder in {"us", "them"}
            assert before == ticket.holder or ticket.ticket_id in handed
            holders[ticket.ticket_id] = ticket.holder
            is_theirs = ticket.direction == "in" and ticket.state == "returned"
            is_owed = ticket.item_id in desk.board.items
            assert is_owed == (ticket.state != "closed" and not is_theirs), ticket


def any_press(rng, incident_ids, ticket_id):
    """Something that somebody might press, whether it fits or not."""
    presses = (
        lambda: offer(rng.choice(incident_ids), rng.choice(("12345", "urban_mgmt"))),
        lambda: inbound(f"GD-{rng.randrange(4)}", danger=rng.random() < 0.3),
        lambda: accept(ticket_id),
        lambda: accept(ticket_id),
        lambda: give_back(ticket_id),
        lambda: again(ticket_id, rng.choice(("12345", "sanitation"))),
        lambda: keep(ticket_id),
        lambda: decide(ticket_id, rng.choice(("us", "them"))),
        lambda: agree(ticket_id, "nobody"),
        lambda: start(ticket_id),
        lambda: answer(ticket_id),
        lambda: ring(ticket_id, rng.choice(("satisfied", "not", "unreached"))),
        lambda: close(ticket_id),
        lambda: urge(ticket_id),
    )
    return rng.choice(presses)()
