"""Freezes a small log of this release (冻结日志): kept for ever, and folded by every later build.

    python tests/freeze_log.py            writes tests/data/logs/<version>/, once a release

A frozen log is never written over: what it holds is what desks out there hold.
"""

from __future__ import annotations

import contextlib
import random
from pathlib import Path
from typing import Any

import msgspec
from random_lives import live
from toy_city import Desk, corner, toy_reference

import kuaifan
from kuaifan.app.bench_life import lead_life
from kuaifan.app.rules import core_codec, core_rulebook, new_board
from kuaifan.board.state import Board
from kuaifan.kernel.engine import fold_item
from kuaifan.kernel.journal import State
from kuaifan.kernel.record import Record
from kuaifan.store.log_place import LogPlace
from kuaifan.store.opening import LogOptions, open_log
from kuaifan.vocabulary.call import RegisterCall

FROZEN = Path(__file__).parent / "data" / "logs"
CALLER = "13800138000"
SEED, N_STEPS, N_KINDS, N_CHOICES = 110, 180, 96, 60


def lived() -> list[Any]:
    """Records and sightings of a random life at a toy city, the same each time for one build."""
    rng = random.Random(SEED)  # noqa: S311 - a life, not a secret
    desk = Desk()
    desk.do(RegisterCall(line="110", caller_number=CALLER))
    desk.on_duty("P1", "P2", "S1", "T1")
    lat, lon = corner(4, 4)
    talk = lead_life("P1", lat=lat, lon=lon)
    command = next(talk)
    with contextlib.suppress(StopIteration):
        while True:
            command = talk.send(desk.do(command))
    steps = [
        (rng.randrange(N_KINDS), *(rng.randrange(N_CHOICES) for _ in range(3)))
        for _ in range(N_STEPS)
    ]
    for _ in live(desk, (steps, [])):
        pass
    return desk.journal.items


def write(place: LogPlace, items: list[Any]) -> None:
    """Write them as a desk would have, read tables and all."""
    rules, state = core_rulebook(), State(new_board(toy_reference()))
    options = LogOptions(city_hash=toy_reference().city_hash)
    with open_log(place, core_codec(), options) as journal:
        for item in items:
            fold_item(state, rules, item)
            if isinstance(item, Record):
                journal.append(item, rules.rows_of(state.board, item), None)
            else:
                journal.append_sighting(item)


def picture(state: State[Board]) -> dict[str, Any]:
    """What every later build must find in a log: who did what, in the words of the desk."""
    board = state.board
    return {
        "seq": state.head.seq,
        "calls": {call.call_id: call.state for call in board.calls.values()},
        "callers": {c.call_id: c.caller_number for c in board.calls.values() if c.caller_number},
        "incidents": {i.incident_id: [i.state, i.type_code] for i in board.incidents.values()},
        "orders": {o.order_id: [o.unit_id, o.state] for o in board.orders.values()},
        "units": {u.unit_id: u.status for u in board.units.values() if u.status != "off_duty"},
        "timers": sorted(timer.timer_id for timer in state.timers.save()),
    }


def main() -> None:
    """Freeze the release of today."""
    folder = FROZEN / kuaifan.__version__
    folder.mkdir(parents=True)
    items, state = lived(), State(new_board(toy_reference()))
    write(folder / "log.db", items)
    for item in items:
        fold_item(state, core_rulebook(), item)
    text = msgspec.json.format(msgspec.json.encode(picture(state)), indent=1)
    (folder / "picture.json").write_bytes(text + b"\n")


if __name__ == "__main__":
    main()
