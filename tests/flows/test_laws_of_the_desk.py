"""Laws that hold in every life (不变量): random commands, valid and not, in any order."""

import re
from collections import Counter

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from random_acts import gone_from
from random_lives import any_command, life, live
from toy_city import UNITS, Desk, corner, image, tables_of

from kuaifan.kernel.message import Event, Refused
from kuaifan.vocabulary.unit import AVAILABLE_STATUSES

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ORDERLY = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def manned_desk():
    desk = Desk()
    desk.on_duty("P1", "P2", "S1", "T1")
    for spot in ((4, 4), (1, 6)):
        desk.opened("020302", corner(*spot), call_id=desk.rang())
    desk.sent("J1", "P1")
    return desk


def run(desk, drawn):
    for _ in live(desk, drawn):
        pass


# --- what holds after every input ------------------------------------------------------------


def check_units(board):
    """No unit is bound by two active orders but beside, and what binds it is what it says."""
    for unit in board.units.values():
        active = [o for o in board.orders.values() if o.unit_id == unit.unit_id and o.is_active]
        bound_by = [unit.order_id, *unit.beside_order_ids] if unit.order_id else []
        assert sorted(o.order_id for o in active) == sorted(bound_by)
        assert all(board.orders[order_id].beside for order_id in unit.beside_order_ids)
        assert unit.order_id or not unit.beside_order_ids
        is_free = not active and not unit.emergency_id
        ready = is_free and unit.status in AVAILABLE_STATUSES
        assert bool(board.fleet.available()[board.fleet.index[unit.unit_id]]) == ready


def check_stamps(board):
    """Stamps of an order that exist are in order, and so are those of a call."""
    for order in board.orders.values():
        stamps = (order.t4_ms, order.t5_ms, order.t6_ms, order.t7_ms, order.t8_ms, order.t9_ms)
        there = [stamp for stamp in stamps if stamp]
        assert there == sorted(there)
        seen = [at_ms for at_ms in (order.t7_gps_ms, order.t7_button_ms) if at_ms]
        assert order.t7_ms == min(seen, default=0)
    for call in board.calls.values():
        there = [t for t in (call.t0_ms, call.t1_ms, call.t2_ms, call.t3_ms) if t]
        assert there == sorted(there)


def is_short(board, incident):
    """Placed, open, due, and units or hard skills missing while the work is not done."""
    live = [board.orders[order_id] for order_id in incident.order_ids]
    live = [order for order in live if order.state != "withdrawn"]
    again = bool(incident.n_reopened) and len(live) < incident.n_needed
    over = live and not any(order.is_active for order in live)
    done = incident.settled or (over and not again)
    due = incident.arc >= 0 and (bool(live) or not incident.scheduled_at_ms)
    open_ = not incident.t10_ms and incident.state != "reviewed" and not done
    return due and open_ and (len(live) < incident.n_needed or lacks_skill(board, incident, live))


def lacks_skill(board, incident, live):
    """Whether fewer units with a hard skill were sent than the plan and the back-up ask for."""
    plan = board.reference.find_plan(incident.plan)
    asked = Counter(incident.extra_skills)
    asked.update({each.skill: each.n for each in plan.capabilities if not each.is_wish})
    sent = Counter(skill for order in live for skill in board.units[order.unit_id].skills)
    return bool(incident.n_needed) and any(sent[skill] < n for skill, n in asked.items())


def check_queues(board):
    """The queue holds the short incidents and no others; the ringing calls likewise."""
    short = {i.incident_id for i in board.incidents.values() if is_short(board, i)}
    assert set(board.waiting) == short
    ringing = [call.call_id for call in board.calls.values() if call.state == "ringing"]
    assert list(board.ringing) == ringing


def check_calls(board):
    """A call is heard under one incident, and that incident knows it."""
    for incident in board.incidents.values():
        if incident.state != "merged":
            of_calls = [
                c.call_id for c in board.calls.values() if c.incident_id == incident.incident_id
            ]
            assert sorted(incident.call_ids) == sorted(of_calls)


def check_timers(state):
    """A reminder is set exactly while somebody has to be reminded."""
    board, pending = state.board, {timer.timer_id for timer in state.timers.save()}
    last = len(board.reference.clocks.unsigned_ms)
    for order in board.orders.values():
        unsigned = order.state == "dispatched" and order.unsigned_level < last
        assert (f"unsigned:{order.order_id}" in pending) == unsigned
        if f"feedback:{order.order_id}" in pending:
            assert order.state == "handled"


def check_all(desk):
    check_units(desk.board)
    check_stamps(desk.board)
    check_queues(desk.board)
    check_calls(desk.board)
    check_timers(desk.engine.state)


@ORDERLY
@given(life)
def test_the_laws_hold_after_every_input_of_every_life(drawn):
    desk = manned_desk()
    for _ in live(desk, drawn):
        check_all(desk)


def versions(board):
    """Every entity's last seq, and its content without it."""
    found = {}
    for table in ("calls", "incidents", "orders", "units"):
        for row_id, entity in getattr(board, table).items():
            content = msgspec.to_builtins(entity)
            for photo in content.get("photos", ()):
                # A look is counted; it is no change that another seat's decision clashes with.
                photo.pop("n_reads")
            found[table, row_id] = (content.pop("seq"), content)
    return found


@ORDERLY
@given(life)
def test_whatever_a_record_changes_carries_the_number_of_that_record(drawn):
    desk = manned_desk()
    before = versions(desk.board)
    n_records = len(desk.journal.records)
    for _ in live(desk, drawn):
        after = versions(desk.board)
        new = {record.seq for record in desk.journal.records[n_records:]}
        changed = {key for key in after if after[key][1] != before.get(key, (0, None))[1]}
        assert [key for key in sorted(changed) if after[key][0] not in new] == []
        before, n_records = after, len(desk.journal.records)


# --- what the log is worth -------------------------------------------------------------------


@ORDERLY
@given(life)
def test_folding_the_log_from_an_empty_board_gives_the_live_board(drawn):
    desk = manned_desk()
    run(desk, drawn)
    assert image(desk.rebuilt()) == image(desk.engine.state)


@ORDERLY
@given(life)
def test_the_read_tables_say_what_the_board_says(drawn):
    desk = manned_desk()
    run(desk, drawn)
    kept, kept_units = {}, {}
    for (table, row_id), (scope, body) in desk.journal.tables.items():
        if table == "units":
            kept_units[row_id] = body
        else:
            kept[table, row_id] = ((scope.jurisdiction, scope.record_class), body)
    shown = tables_of(desk.board)
    assert {row: kept[row] for row in shown} == shown
    # What has left the board stays in the tables, and nothing else does.
    gone = {("incidents", incident_id) for incident_id in gone_from(desk)}
    assert {row for row in kept.keys() - shown.keys() if row[0] == "incidents"} == gone
    on_board = {u: msgspec.msgpack.encode(desk.board.units[u]) for u in kept_units}
    assert kept_units == on_board


@ORDERLY
@given(life)
def test_records_are_numbered_in_time_order_and_survive_their_encoding(drawn):
    desk = manned_desk()
    run(desk, drawn)
    records = desk.journal.records
    assert [record.seq for record in records] == list(range(1, len(records) + 1))
    assert [r.at_ms for r in records] == sorted(r.at_ms for r in records)
    for record in records:
        data = desk.codec.encode(record)
        assert desk.codec.encode(desk.codec.decode_record(data)) == data


# --- every command is answered ---------------------------------------------------------------


@pytest.fixture(scope="module")
def busy_desk():
    """Calls, incidents and orders in many states, so that drawn ids often exist."""
    desk = Desk()
    desk.on_duty(*UNITS)
    for _ in range(3):
        desk.rang()
    first = desk.opened("010101", corner(4, 4), call_id="C1")
    done = desk.sent(first, "P1")
    desk.sent(first, "P2")
    desk.fed_back(done)
    second = desk.opened("020302", corner(1, 1), call_id="C2")
    desk.sent(second, "P3")
    desk.opened("020302")
    return desk


@settings(
    max_examples=500,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(any_command)
def test_any_command_is_accepted_or_refused_in_words_and_deciding_changes_nothing(
    busy_desk, command
):
    before = image(busy_desk.engine.state)
    events, refused = answer(busy_desk, command)
    if refused is not None:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", refused.code)
        assert CHINESE.search(refused.reason_zh)
        assert refused.reason_en
    assert all(isinstance(event, Event) for event in events)
    assert image(busy_desk.engine.state) == before


def answer(desk, command):
    """What the rules say: events, or a refusal; anything else fails the test."""
    try:
        return desk.rules.decide(desk.board, command, desk.inbox.now_ms()), None
    except Refused as refused:
        return [], refused
