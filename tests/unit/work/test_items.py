"""Items: one owner, one due time, one ladder; late once at each rung, and never lost."""

import pytest
from toy_city import EAST_DESK, FIGHT, START_MS, Desk, corner, image

from kuaifan.vocabulary import alarm
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import item as items
from kuaifan.vocabulary.item import Owner
from kuaifan.work.review_items import on_due

HOUR_S = 3_600
SUN = Owner("person", "Sun")


@pytest.fixture
def desk():
    made = Desk()
    made.on_duty("P1", "P2")
    yield made
    assert image(made.rebuilt()) == image(made.engine.state)


def due(at_s):
    return START_MS + at_s * 1_000


def task(desk, *, to=SUN, due_s=HOUR_S, incident_id=""):
    """A task about an incident; returns its item's id."""
    about = incident_id or desk.opened(FIGHT, corner(4, 2))
    given = items.GiveTask(
        incident_id=about, text="问物业要录像", to=to, due_at_ms=due(due_s), by="Li"
    )
    return desk.do(given).events[0].item_id


def raised(records):
    """(level, addressee) of the alarms about items that some records raised."""
    events = (event for record in records for event in record.events)
    found = (e for e in events if isinstance(e, alarm.AlarmRaised) and e.kind == "item")
    return [(each.level, each.to) for each in found]


def test_a_late_item_rings_once_at_each_rung_and_the_last_is_a_leader(desk):
    item_id = task(desk)
    assert raised(desk.run_until(HOUR_S - 1)) == []
    assert raised(desk.run_until(48 * HOUR_S)) == [
        (1, "dispatcher"),
        (2, "supervisor"),
        (3, "leader"),
    ]
    assert desk.board.alarms[f"item:{item_id}"].level == 3
    desk.do(items.EndTask(item_id=item_id, outcome="done", by="Sun"))
    assert f"item:{item_id}" not in desk.board.alarms
    assert not desk.board.items


def test_an_item_that_is_put_off_is_late_by_its_new_date_only(desk):
    item_id = task(desk)
    desk.run_until(HOUR_S + 60)
    assert f"item:{item_id}" in desk.board.alarms
    later = items.PostponeItem(
        item_id=item_id, due_at_ms=due(9 * HOUR_S), by="Sun", reason="明日开门"
    )
    desk.do(later)
    assert f"item:{item_id}" not in desk.board.alarms
    assert raised(desk.run_until(9 * HOUR_S - 1)) == []
    assert raised(desk.run_until(9 * HOUR_S)) == [(1, "dispatcher")]


def test_it_is_put_off_three_times_at_most_and_never_into_the_past(desk):
    item_id = task(desk)
    for n in range(1, 4):
        later = due(HOUR_S + n)
        desk.do(items.PostponeItem(item_id=item_id, due_at_ms=later, by="Sun", reason="r"))
    again = items.PostponeItem(item_id=item_id, due_at_ms=due(5 * HOUR_S), by="Sun", reason="r")
    assert desk.code(again) == "postponed_enough"
    other = task(desk)
    early = items.PostponeItem(item_id=other, due_at_ms=due(60), by="Sun", reason="r")
    assert desk.code(early) == "no_due_time"
    silent = items.PostponeItem(item_id=other, due_at_ms=due(2 * HOUR_S), by="Sun")
    assert desk.code(silent) == "reason_needed"


def test_an_item_goes_from_hand_to_hand_with_its_due_time(desk):
    item_id = task(desk)
    desk.do(items.TakeItem(item_id=item_id, by="Qian"))
    assert desk.board.items[item_id].owner == Owner("person", "Qian")
    assert desk.code(items.TakeItem(item_id=item_id, by="Qian")) == "same_owner"
    on = items.HandOnItem(
        item_id=item_id, to=Owner("desk", EAST_DESK), by="Qian", reason="他们辖区"
    )
    desk.do(on)
    item = desk.board.items[item_id]
    assert (item.owner, item.due_at_ms) == (Owner("desk", EAST_DESK), due(HOUR_S))


@pytest.mark.parametrize(
    ("owner", "code"),
    [
        (Owner("unit", "P9999"), "unknown_unit"),
        (Owner("desk", "nowhere"), "unknown_desk"),
        (Owner("seat", "anti_fraud"), "other_seat"),
        (Owner("person", "  "), "no_owner"),
    ],
)
def test_nobody_who_is_not_there_owes_anything(desk, owner, code):
    item_id = task(desk)
    on = items.HandOnItem(item_id=item_id, to=owner, by="Sun", reason="r")
    assert desk.code(on) == code
    assert desk.board.items[item_id].owner == SUN


def test_a_closed_item_is_gone_and_cannot_be_moved(desk):
    item_id = task(desk)
    dropped = items.EndTask(item_id=item_id, outcome="dropped", by="Sun")
    assert desk.code(dropped) == "reason_needed"
    desk.do(items.EndTask(item_id=item_id, outcome="dropped", by="Sun", note="不再需要"))
    assert desk.code(items.TakeItem(item_id=item_id, by="Qian")) == "unknown_item"
    assert not any(timer.timer_id == f"item:{item_id}" for timer in desk.engine.state.timers.save())


def test_what_is_owed_for_a_merged_incident_is_owed_for_the_other(desk):
    one, other = desk.opened(FIGHT, corner(4, 2)), desk.opened(FIGHT, corner(4, 3))
    item_id = task(desk, incident_id=one)
    desk.do(incidents.MergeIncident(incident_id=one, into_incident_id=other))
    assert desk.board.items[item_id].incident_id == other
    assert desk.board.incidents[one].item_ids == []
    assert desk.board.incidents[other].item_ids == [item_id]


def test_whoever_has_a_long_name_takes_an_item_too(desk):
    item_id = task(desk)
    name = f"{'城' * 160}（wang）"
    assert desk.do(items.TakeItem(item_id=item_id, by=name)).fault is None
    assert desk.board.items[item_id].owner == Owner("person", name)


def test_what_is_opened_and_closed_in_one_breath_sets_no_clock(desk):
    opened = desk.do(
        items.GiveTask(
            incident_id=desk.opened(FIGHT, corner(4, 2)),
            text="问",
            to=SUN,
            due_at_ms=due(HOUR_S),
            by="Li",
        )
    ).events[0]
    desk.do(items.EndTask(item_id=opened.item_id, outcome="done", by="Li"))
    assert on_due(desk.board, opened, START_MS) == []
