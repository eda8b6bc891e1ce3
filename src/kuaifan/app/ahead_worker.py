"""The process that looks an hour ahead (前瞻进程): never the desk's own.

`python -m kuaifan.app.ahead_worker CITY`. The state of the moment comes as the first line of its
standard input and stands in no file; what came of it is figures, written whole or not at all.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from kuaifan.app.planner_worker import DONE, FELL_SHORT, NICE, Listener, Told, end_with_desk, say
from kuaifan.app.scenario_files import FOLDER
from kuaifan.app.twin_ahead import AheadAsk, look_ahead
from kuaifan.city.folder import read_city
from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.whole_file import replace_file
from kuaifan.twin.ahead import SavedState

FILE: Final = "ahead.json"


class AheadTold(msgspec.Struct, frozen=True, kw_only=True):
    """What it is told (前瞻任务)."""

    ask: AheadAsk
    saved: SavedState


def main(arguments: list[str]) -> int:
    """Do what is asked; errors are said in a line, in both languages."""
    end_with_desk()
    with suppress(OSError):
        os.nice(NICE)
    told = msgspec.json.decode(sys.stdin.readline(), type=AheadTold)
    city, n_done = Path(arguments[0]), 0
    listener = Listener()

    def count(what: str) -> None:
        nonlocal n_done
        if listener.is_stopped:
            raise KeyboardInterrupt
        n_done += what.startswith("run ")
        listener.tell(Told(max(0, n_done - 1), told.ask.n_replications), always=True)

    try:
        found = look_ahead(told.saved, read_city(city), told.ask, count)
        (city / FOLDER).mkdir(parents=True, exist_ok=True)
        replace_file(city / FOLDER / FILE, msgspec.json.encode(found))
    except KeyboardInterrupt:
        say(Told(is_stopped=True))
        return FELL_SHORT
    except BadInputError as error:
        say(Told(error_zh=f"前瞻未能完成：{error}", error_en=str(error)))
        return FELL_SHORT
    say(Told(done=told.ask.n_replications, of=told.ask.n_replications))
    return DONE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
