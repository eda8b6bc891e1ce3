"""An order's own commands by its state (命令×状态): what is meant, cell by cell.

The generated table of all commands is test_matrix; this one is written by hand.

`-` accepted and nothing to say; a capital letter begins an event, a small one a refusal.
"""

from typing import get_args

import msgspec
import pytest
from toy_city import FIGHT, UNITS, Desk, corner, image, names

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
