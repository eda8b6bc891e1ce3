"""Random scripts for the toy machine (玩具机脚本): what is handed in, with the time since the last.

Short gaps and few names make ties, replaced timers, refusals and faults frequent.
"""

from __future__ import annotations

from hypothesis import strategies as st
from toy_machine import Break, Glimpse, LightFor, Machine, Press, PutOut, Spread, Whistle

from kuaifan.kernel.inbox import SimInbox
from kuaifan.kernel.message import Command, Observation

names = st.sampled_from(["a", "b"])
moments = st.integers(0, 6)
commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(Press, lamp_id=names, words=st.text(max_size=3)),
    st.builds(LightFor, lamp_id=names, for_ms=st.integers(-2, 6)),
    st.builds(PutOut, lamp_id=names),
    st.builds(Whistle, n_times=st.integers(1, 4), every_ms=moments),
    st.builds(Spread, n_deep=st.integers(0, 2), n_wide=st.integers(0, 2)),
    st.builds(Break, where=st.sampled_from(["decide", "fold", "react", "bomb", "rows", "nan"])),
)
glimpses: st.SearchStrategy[Observation] = st.builds(
    Glimpse, places=st.lists(st.sampled_from([0, 1, 1, 2, 7, 8]), max_size=3).map(tuple)
)
payloads = st.one_of(commands, commands, glimpses)
Script = list[tuple[int, Command | Observation]]
scripts: st.SearchStrategy[Script] = st.lists(st.tuples(st.integers(0, 3), payloads), max_size=14)


def put_script(inbox: SimInbox, script: Script) -> None:
    """Schedule a script from time zero on."""
    at_ms = 0
    for no, (gap_ms, payload) in enumerate(script):
        at_ms += gap_ms
        inbox.put(payload, actor=f"seat-{no}", at_ms=at_ms)


def play(script: Script) -> Machine:
    """Run a script on a new machine, to the last timer."""
    inbox = SimInbox(0)
    put_script(inbox, script)
    return Machine(inbox).run()
