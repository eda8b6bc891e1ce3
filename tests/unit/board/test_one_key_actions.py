"""What a key does at once (一键操作): only what can be taken back, or does no harm."""

import pytest

from kuaifan.app.rules import installed_plugins
from kuaifan.board.seat_check import seat_of

TAKEN_BACK = {
    "RequestStop": "a stop is released again, and a minute's delay loses the money",
    "SendToVictim": "the order is withdrawn like any other",
    "ReviewAttention": "the rule is run once more over the same facts",
}
"""Why an action that asks for nothing may be done by its key at once."""
ACTIONS = [
    pytest.param(action, id=f"{plugin.plugin_id}-{action.command}")
    for plugin in installed_plugins()
    if (seat := seat_of(plugin)) is not None
    for action in seat.actions
    # One on an incident asks which.
    if not action.fields and action.on != "incident"
]


@pytest.mark.parametrize("action", ACTIONS)
def test_what_cannot_be_taken_back_asks_once(action):
    assert action.sure != (action.command in TAKEN_BACK), action.command


def test_no_reason_is_left_over():
    assert TAKEN_BACK.keys() <= {each.values[0].command for each in ACTIONS}
    assert len(ACTIONS) > 8
