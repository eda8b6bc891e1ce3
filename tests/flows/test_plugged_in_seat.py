"""A seat added as a folder (插件专席) decides, folds and reacts with no edit elsewhere."""

from textwrap import dedent

from memory_journal import MemoryJournal
from toy_city import Desk

from kuaifan.app.rules import core_codec, core_rulebook
from kuaifan.board.state import Board
from kuaifan.kernel.engine import Engine
from kuaifan.kernel.inbox import Arrival, SimInbox
from kuaifan.kernel.journal import State
from kuaifan.kernel.plugins import find_all_plugins
from kuaifan.vocabulary.call import RegisterCall

SEAT_CODE = '''
"""A seat that counts calls (计数席)."""
from kuaifan.kernel.message import Command, Event
from kuaifan.vocabulary.call import CallRegistered

class TallyCall(Command, frozen=True):
    """Count a call (计数)."""
    call_id: str

class CallTallied(Event, frozen=True):
    """A call was counted (已计数)."""
    call_id: str

def tally(board, command, now_ms):
    return [CallTallied(call_id=command.call_id)]

def tallied(board, event, at_ms):
    board.seats["tally"] = board.seats.get("tally", 0) + 1

def on_registered(board, event, now_ms):
    return [TallyCall(call_id=event.call_id)]

SEAT = {"id": "tally", "name_cn": "计数席"}
COMMANDS = (TallyCall,)
EVENTS = (CallTallied,)
DECIDERS = {TallyCall: tally}
EVOLVERS = {CallTallied: tallied}
REACTIONS = {CallRegistered: [on_registered]}
'''


def test_a_seat_in_a_folder_takes_part_in_the_cascade(tmp_path):
    folder = tmp_path / "tally"
    folder.mkdir()
    (folder / "__init__.py").write_text(dedent(SEAT_CODE), encoding="utf-8")
    plugins = find_all_plugins(folders={"seats": [tmp_path]})
    reference = Desk().reference
    rules, codec, journal = core_rulebook(plugins), core_codec(plugins), MemoryJournal()
    inbox = SimInbox(0)
    engine = Engine(
        State(Board(reference)),
        rules,
        codec,
        inbox,
        journal,
        restore=lambda: journal.restore(rules, lambda: Board(reference)),
    )
    engine.submit(Arrival(1, "test", RegisterCall(line="110")))
    record = journal.records[-1]
    assert [type(event).__name__ for event in record.events] == ["CallRegistered", "CallTallied"]
    assert engine.board.seats["tally"] == 1
    assert codec.decode_record(codec.encode(record)) == record
