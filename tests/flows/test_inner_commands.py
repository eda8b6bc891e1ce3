"""Commands of plug-ins from outside: inner ones are refused, the others have a right."""

import pytest
from web_desk import Served

from kuaifan.app.rules import asked_commands, installed_plugins
from kuaifan.board.seat_check import name_of, seat_of
from kuaifan.vocabulary.command_rights import find_right

PLUGINS = [each for each in installed_plugins() if each.commands]
BY_RULE = ("a reaction asks", "a rule asks", "a timer asks", "submitted by a timer")
TOO_BY_A_PERSON = ("or a person", "a reaction asks too", "a rule asks too", "or a person does")


def test_each_inner_command_is_refused_from_the_web_in_words(tmp_path):
    with Served(tmp_path) as desk, desk.client() as client:
        for command in (each for plugin in PLUGINS for each in plugin.inner):
            reply = client.post(f"/v1/commands/{name_of(command)}", json={})
            assert (reply.status_code, reply.json()["code"]) == (404, "inner_command"), command
            assert name_of(command) in reply.json()["reason_zh"]


@pytest.mark.parametrize("plugin", PLUGINS, ids=[each.plugin_id for each in PLUGINS])
def test_each_other_command_has_a_right_and_is_served(plugin):
    served = set(asked_commands())
    for command in plugin.commands:
        if command in plugin.inner:
            assert command not in served
        else:
            assert command in served
            assert find_right(command) is not None, command


@pytest.mark.parametrize("plugin", PLUGINS, ids=[each.plugin_id for each in PLUGINS])
def test_what_only_rules_ask_for_is_said_to_be_inner(plugin):
    """By its own sentence, and by what the page offers: a form for each that a person submits."""
    seat = seat_of(plugin)
    offered = {each.command for each in seat.actions} if seat else set()
    for command in plugin.commands:
        said = (command.__doc__ or "").partition("\n")[0]
        is_ruled = any(words in said for words in BY_RULE)
        if is_ruled and not any(words in said for words in TOO_BY_A_PERSON):
            assert command in plugin.inner, command
        if command in plugin.inner:
            assert name_of(command) not in offered
            assert "by" not in command.__struct_fields__, "nobody acts in what a rule asks for"
