"""What the log says of a change (回看): counted by the stamps of each incident and order."""

from functools import partial

import pytest
from toy_city import FIGHT, START_MS, Desk, corner

from kuaifan.board.setting_history import DAY_MS, History
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import setting
from kuaifan.vocabulary.paper import EnterPaperCard, PaperOrder, ReserveCardNumbers

SIGNED = {"by": "Li", "reason": "order 12", "changes": ()}
DAY_S = DAY_MS // 1_000


def attend(desk, *, signed_s, moving_s, arrived_s):
    """An incident with an order whose crew takes so long for each step."""
    incident_id = desk.opened(FIGHT, corner(4, 4))
    order_id = desk.sent(incident_id, "P1")
    sent_s = desk.now_s
    for command, after_s in (
        (orders.AcknowledgeOrder, signed_s),
        (orders.ReportEnRoute, signed_s + moving_s),
        (orders.ReportArrival, arrived_s),
    ):
        desk.do(command(order_id=order_id), at_s=sent_s + after_s)
    desk.fed_back(order_id)
    return incident_id


@pytest.fixture
def told():
    """Two incidents two days apart, and what judges a change by them."""
    desk = Desk()
    desk.on_duty("P1")
    first = attend(desk, signed_s=10, moving_s=50, arrived_s=200)
    desk.run_until(desk.now_s + 2 * DAY_S)
    attend(desk, signed_s=40, moving_s=5, arrived_s=100)
    history = History()
    for record in desk.journal.records:
        history.add(record)
    now_ms = desk.inbox.now_ms()

    def judge(event):
        found = history.judge(desk.board.reference, event, from_ms=START_MS, to_ms=now_ms)
        return [(each.n, each.missed_old, each.missed_new) for each in found]

    judge.priority = next(
        event.priority
        for record in desk.journal.records
        for event in record.events
        if getattr(event, "incident_id", "") == first and hasattr(event, "priority")
    )
    judge.type = desk.reference.types[FIGHT]
    return judge


def test_arrivals_are_counted_by_the_old_time_and_the_new_for_a_day_and_all_that_there_is(told):
    event = setting.ArrivalTargetChanged(
        **SIGNED, desk_id="", area_class="urban", priority=told.priority, target_ms=90_000
    )
    # The toy city promises three minutes for this priority; arrivals took 200 and 100 seconds.
    assert told.priority == 3
    assert told(event) == [(1, 0, 1), (2, 1, 2)]


def test_signatures_and_wheels_are_counted_from_the_stamps_of_orders(told):
    unsigned = setting.ClockChanged(**SIGNED, clock="unsigned", levels=(20_000, 40_000, 60_000))
    assert told(unsigned) == [(1, 1, 1), (2, 1, 1)]
    moving = setting.ClockChanged(**SIGNED, clock="not_moving", levels=(30_000,))
    assert told(moving) == [(1, 0, 0), (2, 0, 1)]


def test_what_a_phone_says_of_the_time_is_what_is_counted():
    desk = Desk()
    desk.on_duty("P1")
    order_id = desk.sent(desk.opened(FIGHT, corner(4, 4), at_s=100), "P1", at_s=100)
    for command, said_s in (
        (orders.ReportArrival, 160),
        (orders.AcknowledgeOrder, 110),
        (orders.ReportEnRoute, 130),
    ):
        said_ms = START_MS + said_s * 1_000
        assert desk.do(command(order_id=order_id, device_at_ms=said_ms), at_s=900).events
    reference, history = desk.board.reference, History()
    for record in desk.journal.records:
        history.add(record)

    def missed(event):
        (past,) = history.judge(reference, event, from_ms=START_MS, to_ms=START_MS + DAY_MS)
        return past.n, past.missed_new

    clock = partial(setting.ClockChanged, **SIGNED)
    assert missed(clock(clock="unsigned", levels=(11_000, 20_000, 30_000))) == (1, 0)
    assert missed(clock(clock="not_moving", levels=(21_000,))) == (1, 0)
    arrival = setting.ArrivalTargetChanged(
        **SIGNED, desk_id="", area_class="urban", priority=3, target_ms=61_000
    )
    assert missed(arrival) == (1, 0)


def test_a_card_from_paper_is_counted_by_its_own_times():
    desk = Desk()
    desk.do(ReserveCardNumbers(n_cards=1, by="Zhao"))
    lat, lon = corner(4, 4)
    stamps = {
        f"{stage}_at_ms": START_MS + said_s * 1_000
        for stage, said_s in (("sent", 70), ("signed", 80), ("en_route", 90), ("handled", 300))
    }
    card = EnterPaperCard(
        incident_id="J1", type_code=FIGHT, called_at_ms=START_MS + 60_000, by="Qian",
        lat=lat, lon=lon, orders=(PaperOrder(unit_id="P1", **stamps),),
    )  # fmt: skip
    assert desk.do(card, at_s=40_000).refusal is None
    history = History()
    for record in desk.journal.records:
        history.add(record)
    event = setting.FirstOrderTargetChanged(**SIGNED, desk_id="", priority=3, target_ms=9_000)
    reference, to_ms = desk.board.reference, START_MS + 41_000_000
    (past,) = history.judge(reference, event, from_ms=START_MS, to_ms=to_ms)
    assert (past.n, past.missed_new) == (1, 1)
    late = history.judge(reference, event, from_ms=START_MS + 100_000, to_ms=to_ms)
    assert [each.n for each in late] == [0]


def test_a_type_is_counted_and_a_clock_without_stamps_is_not(told):
    changed = setting.IncidentTypeChanged(**SIGNED, value=told.type, is_retired=True)
    assert told(changed) == [(1, None, None), (2, None, None)]
    emergency = setting.ClockChanged(**SIGNED, clock="emergency", levels=(10, 20, 30))
    assert told(emergency) == []


def test_first_orders_are_counted_from_the_place_known(told):
    event = setting.FirstOrderTargetChanged(
        **SIGNED, desk_id="", priority=told.priority, target_ms=5_000
    )
    assert [n for n, _, _ in told(event)] == [1, 2]
