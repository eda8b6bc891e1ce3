"""Mediation lives for a quarter: every end is reached, and nothing is owed by nobody."""

from random import Random

import pytest
from mediation_acts import (
    BEATEN,
    FAMILY,
    NEIGHBOURS,
    D,
    H,
    ask,
    book,
    check,
    consent,
    end,
    hold,
    keep_mediator,
    keep_room,
    sign,
)
from seat_life import Watch, live
from toy_city import START_MS, Desk, corner, image

from kuaifan.board.day_tally import day_of
from kuaifan.seats.mediation import ACTORS, words
from kuaifan.seats.mediation.kinds import KINDS
from kuaifan.vocabulary import alarm
from kuaifan.vocabulary import order as orders


@pytest.fixture(name="desk")
def fixture_desk():
    made = Desk()
    made.on_duty("P1")
    made.do(keep_room())
    made.do(keep_mediator())
    yield made
    assert image(made.rebuilt()) == image(made.engine.state)


def owed(desk):
    own = (item for item in desk.board.items.values() if item.seat_id == "mediation")
    return sorted((item.kind, item.stage) for item in own)


def tally(desk, name):
    day = day_of(START_MS)
    return desk.board.seats["mediation"].tally.sum(name, day, day + 400)


def test_simulated_people_reach_every_end_and_leave_nothing_owed(desk):
    begun = []
    for n in range(100):
        incident_id = desk.opened(NEIGHBOURS if n % 3 else BEATEN, corner(n % 8, 2), at_s=n * H)
        begun.append(fed_back(desk, incident_id, "P1"))
    seen = live(desk, ACTORS, KINDS, begun, until_s=120 * D)
    ends = {each.why for each in seen if isinstance(each, words.MediationEnded)}
    assert ends >= {"failed", "refused"}
    checked = {each.performed for each in seen if isinstance(each, words.PerformanceChecked)}
    assert checked == {True, False}
    outcomes = {each.outcome for each in seen if isinstance(each, words.MediationHeld)}
    assert outcomes == {"agreed", "failed", "no_show"}
    assert any(isinstance(each, words.MediationTakenToCase) for each in seen)
    assert any(isinstance(each, alarm.AlarmRaised) and each.kind == "item" for each in seen)
    assert not owed(desk)
    assert 0 < tally(desk, "agreed") < tally(desk, "mediated")


def fed_back(desk, incident_id, unit_id):
    """The record of a crew's feedback."""
    order_id = desk.sent(incident_id, unit_id)
    desk.do(orders.ReportHandled(order_id=order_id))
    feedback = orders.GiveFeedback(
        order_id=order_id, incident_id=incident_id, disposition="mediated"
    )
    return desk.do(feedback)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_people_press_no_item_is_without_owner_or_skips_a_stage(desk, seed):
    rng = Random(seed)  # noqa: S311 - luck, no secret
    watch = Watch(desk, KINDS)
    ids = [desk.opened(code, corner(4, 2)) for code in (NEIGHBOURS, BEATEN, FAMILY)]
    for step in range(120):
        cases = [*desk.board.seats["mediation"].cases, "M1"]
        watch.look(desk.do(any_press(rng, ids, rng.choice(cases)), at_s=step * H))
    for case in desk.board.seats["mediation"].cases.values():
        assert case.outcome or case.item_id in desk.board.items


def any_press(rng, incident_ids, mediation_id):
    """Something that somebody might press, whether it fits or not."""
    presses = (
        lambda: ask(rng.choice(incident_ids), rng.choice(("civil", "public_order"))),
        lambda: consent(mediation_id, rng.choice("ab"), says=rng.random() < 0.9),
        lambda: book(mediation_id, rng.randrange(400) * H),
        lambda: hold(mediation_id, rng.choice(("agreed", "failed", "no_show"))),
        lambda: sign(mediation_id, rng.randrange(20), performed_at_once=rng.random() < 0.3),
        lambda: check(mediation_id, performed=rng.random() < 0.5),
        lambda: words.TellCivilRoute(mediation_id=mediation_id, how="当面", by="赵警官"),
        lambda: words.TakeMediationToCase(mediation_id=mediation_id, case_no="1", by="赵警官"),
        lambda: end(mediation_id, rng.choice(("failed", "fled", "withdrawn"))),
    )
    return rng.choice(presses)()
