"""What a seat says of itself is checked at the start (专席声明核对), each fault in a sentence."""

import pytest
from promises_seat import CODE, write_seat

from kuaifan.board.seat_check import admit_seats, rights_of_page, seat_of
from kuaifan.kernel.plugins import PluginError, find_plugins
from kuaifan.vocabulary.command_rights import find_right


def consents_to(told, said):
    return "    told=(", f'    consents=(Consent(zh="z", en="e", {told}),),\n    told=(', said


FAULTS = (
    ('seat_id="promises"', 'seat_id="others"', "says seat_id 'others'"),
    ('command="SayCalled"', 'command="SayCaled"', "there is no such command"),
    (
        'name="whom", zh="对象", en="whom", kind="person"',
        'name="who", zh="对象", en="whom", kind="person"',
        "'who' is no field of it; it has incident_id",
    ),
    (
        'on="incident",\n            fills="incident_id"',
        'on="incident",\n            fills="case_id"',
        "fills='case_id' is no field",
    ),
    ('fills="promise_id",', 'fills="promise_id",\n            by="who",', "by='who' is no field"),
    ('key="C"', 'key="P"', "key 'P' stands there twice"),
    ('key="C"', 'key="Ctrl+W"', "key 'Ctrl\\+W' is none"),
    ('kinds=("call",)', 'kinds=("cal",)', "there is no kind of item 'cal'; there are call"),
    (
        'stages=("promised",)',
        'stages=("prom",)',
        "there is no stage 'prom'; there are promised, called",
    ),
    ('table="kept",', 'table="all",', "there is no table 'all'; there are kept"),
    (
        'VIEWS = {"kept": rows}',
        'VIEWS = {"others": rows}',
        "VIEWS has no such function; it has others",
    ),
    (
        'Choice("kept", "已兑现", "kept"), Choice',
        'Choice("done", "已兑现", "kept"), Choice',
        "offers done; its command knows broken, kept",
    ),
    ("choices=HOW", "choices=()", "is a choice with 0 choices"),
    ('en="when", kind="instant"', 'en="when", kind="yes_no"', "its command takes no yes or no"),
    ('kind="minutes"', 'kind="minutes", required=False', "its command needs it"),
    (
        'Field(name="how", zh="结果", en="result", kind="choice", choices=HOW),',
        "",
        "nobody fills 'how'",
    ),
    ('over="ended",\n            interval', "interval", "a share has a denominator"),
    ("    tally: DayTally = msgspec.field(default_factory=DayTally)\n", "", "`tally: DayTally`"),
    ('readers=("dispatcher", "commander")', "readers=()", "nobody has its page"),
    ('(("StrikePromise", "command"),)', '(("Strike", "command"),)', "SEAT.rights names Strike"),
    ("    holds=True,\n", '    holds=True,\n    readers=("wall",),\n', "is read by wall"),
    (
        '("PromiseEnded", "承诺',
        '("Ended", "承诺',
        "SEAT.told names Ended, which is none",
    ),
    ("call {promise_id} promised", "call {promise} promised", "'promise'; it has promise_id"),
    ("call {promise_id} promised", "{whom} promised", "'whom', which is personal"),
    (
        "EVENTS = (Promised,",
        "INNER = (EndPromise,)\nEVENTS = (Promised,",
        "INNER says that nobody submits it",
    ),
    consents_to('command="Strike"', "SEAT.consents names Strike, which is none"),
    consents_to('command="EndPromise", field="who"', "'who' is no text of it"),
    consents_to('command="EndPromise", field="note", valid_ms=0', "a day at most"),
    consents_to('command="EndPromise", field="note"', "a form asks for 'note'"),
)


def found(folder, code=CODE):
    root = write_seat(folder, code)
    plugins = find_plugins("seats", folders=[root / "seats"])
    return plugins, next(each for each in plugins if each.plugin_id == "promises")


@pytest.mark.parametrize(("right", "wrong", "said"), FAULTS, ids=[each[2] for each in FAULTS])
def test_a_fault_in_a_declaration_stops_the_start_and_is_named(tmp_path, right, wrong, said):
    assert CODE.count(right) >= 1
    _, plugin = found(tmp_path, CODE.replace(right, wrong, 1))
    with pytest.raises(PluginError, match=said) as raised:
        admit_seats([plugin])
    assert "promises" in str(raised.value)


def test_a_seat_that_holds_gives_its_commands_their_rights(tmp_path):
    plugins, plugin = found(tmp_path)
    admit_seats(plugins)
    rights = {each.__name__: find_right(each) for each in plugin.commands}
    assert rights["StrikePromise"] == "command"
    assert rights["Promise"] == "keep_items"
    assert rights_of_page(plugin, seat_of(plugin)) == rights


def test_a_seat_of_a_plain_table_loads_and_has_no_page(tmp_path):
    code = '"""Odd (怪)."""\nSEAT = {"title": "怪席"}\n'
    plugins = find_plugins("seats", folders=[write_seat(tmp_path, code, "odd") / "seats"])
    admit_seats(plugins)
    odd = next(each for each in plugins if each.plugin_id == "odd")
    assert seat_of(odd) is None
