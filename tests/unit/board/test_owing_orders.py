"""What a unit still owes is kept apart, for its shift asks: as a look at all would find it."""

from toy_city import FIGHT, Desk, corner

from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import unit as units


def owing(board):
    """As a look at every order finds it."""
    return {
        order.order_id
        for order in board.orders.values()
        if order.state == "handled" or order.withdrawal_unsigned
    }


def order_of(desk, unit_id, at):
    return desk.sent(desk.opened(FIGHT, corner(*at)), unit_id)


def test_what_is_owed_is_what_a_look_at_all_orders_finds_also_after_a_load():
    desk = Desk()
    desk.on_duty("P1", "P2")
    handled, void = order_of(desk, "P1", (4, 4)), order_of(desk, "P2", (1, 1))
    assert not desk.board.owing_order_ids
    desk.do(orders.AcknowledgeOrder(order_id=void))
    desk.do(orders.WithdrawUnit(order_id=void, reason="elsewhere"))
    for step in (orders.AcknowledgeOrder, orders.ReportArrival, orders.ReportHandled):
        desk.do(step(order_id=handled))
    assert set(desk.board.owing_order_ids) == owing(desk.board) == {handled, void}
    again = Desk()
    again.board.load(desk.board.snapshot())
    assert set(again.board.owing_order_ids) == {handled, void}
    ended = desk.do(units.EndShift(unit_id="P1")).events[-1]
    assert ended.order_ids == (handled,)
    desk.do(orders.AcknowledgeWithdrawal(order_id=void))
    incident_id = desk.board.orders[handled].incident_id
    desk.do(orders.GiveFeedback(order_id=handled, incident_id=incident_id, disposition="settled"))
    assert not desk.board.owing_order_ids
    assert not owing(desk.board)
