"""Pulling boards onto a desk's own machine (取回应急看板), each minute until stopped."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Final

import msgspec

from kuaifan.app.continuity_files import clear_old, keep_board
from kuaifan.app.printing import print_problem, print_progress
from kuaifan.gateway.continuity_fetch import PullError, pull_board
from kuaifan.kernel.errors import BadInputError

PERIOD_S: Final = 60
LAG_S: Final = 5
"""After the full minute, so that the server has made its board."""
MINUTE_MS: Final = 60_000
OK, FELL_SHORT = 0, 1
DESK_ID: Final = re.compile(r"[\w-]{1,64}")


class PullOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What to fetch and where to keep it (取回选项)."""

    url: str
    folder: Path
    desk_id: str = "city"
    hours: int = 72
    once: bool = False
    key: str = ""


def run_pull(options: PullOptions) -> int:
    """Fetch once, or each minute for ever; exit code 0 where a new one came and is kept, else 1."""
    if not DESK_ID.fullmatch(options.desk_id):
        raise BadInputError(f"--desk {options.desk_id!r} is no desk: give an id such as city")
    while True:
        is_kept = _pull(options)
        if options.once:
            return OK if is_kept else FELL_SHORT
        now_s = time.time()
        time.sleep(PERIOD_S - (now_s - LAG_S) % PERIOD_S)


def _pull(options: PullOptions) -> bool:
    try:
        pulled = pull_board(options.url, options.desk_id, options.key)
    except PullError as error:
        print_problem(f"no board: {error}; the last one kept stays in {options.folder}")
        return False
    try:
        path = keep_board(options.folder, pulled.board)
        clear_old(options.folder, options.desk_id, now_s=time.time(), hours=options.hours)
    except OSError as error:
        print_problem(f"the board came and cannot be kept in {options.folder}: {error}")
        return False
    if pulled.is_stale:
        minutes = pulled.age_ms // MINUTE_MS
        print_problem(f"{path} is {minutes} min old: the server makes no new boards; look after it")
        return False
    print_progress(f"kept {path}")
    return True
