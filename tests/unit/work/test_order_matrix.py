"""Command by state (命令×状态): every order command in every order state has one named answer.

`-` accepted and nothing to say; a capital letter begins an event, a small one a refusal.
"""

from typing import get_args

import msgspec
import pytest
from toy_city import FIGHT, UNITS, Desk, corner, image, names

from kuaifan import vocabulary
from kuaifan.vocabulary.incident import (
    CloseIncident,
    IncidentState,
    MergeIncident,
    PlaceIncident,
    ReviewIncident,
)
from kuaifan.vocabulary.order import (
    AcknowledgeOrder,
    CheckFeedback,
    CheckUnsigned,
    GiveFeedback,
    OrderState,
    ReportArrival,
    ReportEnRoute,
    ReportHandled,
    ReturnFeedback,
    WithdrawUnit,
)

STATES = get_args(OrderState)
ORDER_ID = "J1-1"
COMMANDS = [
    AcknowledgeOrder(order_id=ORDER_ID),
    ReportEnRoute(order_id=ORDER_ID),
    ReportArrival(order_id=ORDER_ID),
    ReportHandled(order_id=ORDER_ID),
    GiveFeedback(order_id=ORDER_ID, incident_id="J1", disposition="d"),
    ReturnFeedback(order_id=ORDER_ID, reason="r"),
    WithdrawUnit(order_id=ORDER_ID, reason="r"),
    CheckUnsigned(order_id=ORDER_ID, level=1),
    CheckFeedback(order_id=ORDER_ID),
]
# One cell per state, in the order of STATES.
EXPECTED = {
    "AcknowledgeOrder": ["OrderAcknowledged", *5 * ["already_acknowledged"], "order_withdrawn"],
    "ReportEnRoute": [*2 * ["UnitEnRoute"], *4 * ["already_en_route"], "order_withdrawn"],
    "ReportArrival": [*3 * ["UnitArrived"], *3 * ["already_on_scene"], "order_withdrawn"],
    "ReportHandled": [*4 * ["OrderHandled"], *2 * ["already_handled"], "order_withdrawn"],
    "GiveFeedback": [
        *4 * ["not_handled"],
        *("FeedbackGiven", "already_fed_back", "order_withdrawn"),
    ],
    "ReturnFeedback": [*5 * ["nothing_to_return"], "FeedbackReturned", "order_withdrawn"],
    "WithdrawUnit": [*4 * ["OrderWithdrawn"], *2 * ["order_done"], "order_withdrawn"],
    "CheckUnsigned": ["OrderUnsigned", *6 * ["-"]],
    "CheckFeedback": [*4 * ["-"], "FeedbackOverdue", "-", "order_withdrawn"],
}


def desk_with_order(state):
    """A desk with one incident whose one order is in a state."""
    desk = Desk()
    desk.on_duty(*UNITS)
    desk.sent(desk.opened(FIGHT, corner(4, 4)), "P2")
    reached = {
        "acknowledged": AcknowledgeOrder(order_id=ORDER_ID),
        "en_route": ReportEnRoute(order_id=ORDER_ID),
        "on_scene": ReportArrival(order_id=ORDER_ID),
        "handled": ReportHandled(order_id=ORDER_ID),
        "withdrawn": WithdrawUnit(order_id=ORDER_ID, reason="r"),
    }
    if state == "fed_back":
        desk.fed_back(ORDER_ID)
    elif state in reached:
        desk.do(reached[state])
    assert desk.board.orders[ORDER_ID].state == state
    return desk


def answer(record):
    """The refusal's code, or the first event's name, or a dash."""
    if record.refusal is not None:
        return record.refusal.code
    return names(record)[0] if names(record) else "-"


def test_the_table_has_every_command_about_an_order_and_every_state():
    about = {c.__name__ for c in vocabulary.COMMANDS if "order_id" in c.__struct_fields__}
    assert set(EXPECTED) == about == {type(command).__name__ for command in COMMANDS}
    assert all(len(row) == len(STATES) for row in EXPECTED.values())


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: type(c).__name__)
def test_every_cell_gives_its_event_or_its_refusal(command, state):
    desk = desk_with_order(state)
    before = msgspec.msgpack.encode(desk.board.orders[ORDER_ID])
    record = desk.do(command)
    assert answer(record) == EXPECTED[type(command).__name__][STATES.index(state)]
    if record.refusal is not None:
        assert msgspec.msgpack.encode(desk.board.orders[ORDER_ID]) == before
        assert record.refusal.reason_zh
    assert image(desk.rebuilt()) == image(desk.engine.state)


# --- incidents: every cell is answered -------------------------------------------------------


def desk_with_incident(state):
    """A desk whose incident J1 is in a state; J2 stands beside it."""
    lat, lon = corner(4, 4)
    if state in STATES:
        desk = desk_with_order(state)
        desk.opened(FIGHT, (lat, lon))
        return desk
    desk = desk_with_order("fed_back") if state in {"reviewed", "closed"} else Desk()
    if state not in {"reviewed", "closed"}:
        desk.opened(FIGHT)
    desk.opened(FIGHT, (lat, lon))
    ways = {
        "registered": [],
        "queued": [PlaceIncident(incident_id="J1", lat=lat, lon=lon)],
        "merged": [MergeIncident(incident_id="J1", into_incident_id="J2")],
        "reviewed": [ReviewIncident(incident_id="J1", reviewer_id="r")],
        "closed": [
            ReviewIncident(incident_id="J1", reviewer_id="r"),
            CloseIncident(incident_id="J1"),
        ],
    }
    for command in ways[state]:
        desk.do(command)
    return desk


FIELDS = {
    "call_id": "C1",
    "incident_id": "J1",
    "into_incident_id": "J2",
    "unit_id": "P1",
    "type_code": FIGHT,
    "final_type_code": FIGHT,
    "lat": corner(1, 1)[0],
    "lon": corner(1, 1)[1],
    "priority": 2,
}
ABOUT_INCIDENTS = [
    command
    for command in vocabulary.COMMANDS
    if "incident_id" in command.__struct_fields__ and "order_id" not in command.__struct_fields__
]


@pytest.mark.parametrize("state", get_args(IncidentState))
@pytest.mark.parametrize("command", ABOUT_INCIDENTS, ids=lambda c: c.__name__)
def test_every_incident_command_is_answered_in_every_incident_state(command, state):
    desk = desk_with_incident(state)
    assert desk.board.incidents["J1"].state == state
    desk.rang()
    fields = {name: FIELDS.get(name, "text") for name in command.__struct_fields__}
    if "painted_seq" in fields:
        fields["painted_seq"] = 0
    record = desk.do(command(**fields))
    assert record.events or record.refusal
    if state in {"closed", "merged"}:
        assert record.refusal.code == "incident_over"
    assert image(desk.rebuilt()) == image(desk.engine.state)
