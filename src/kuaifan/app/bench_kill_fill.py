"""A long log before the first kill (长日志): so that a restart is measured with years behind it.

Most decisions are the simplest there is; some hundred incidents stand on the board, as on that of a
city with two days of work on it.
"""

from __future__ import annotations

from typing import Final

from kuaifan.app.bench_core import Clients
from kuaifan.app.live import LiveEngine
from kuaifan.app.live_desk import LiveDesk
from kuaifan.board.reference import Reference
from kuaifan.store.log_place import LogPlace

N_LIVES: Final = 2_000
N_AT_ONCE: Final = 400


def fill_log(log: LogPlace, reference: Reference, n_decisions: int) -> None:
    """Write so many decisions, and end in good order."""

    def leave() -> None:
        raise RuntimeError("the engine broke while the log was filled")

    desk = LiveDesk(lambda: LiveEngine(log, reference), reference, on_crash=leave)
    desk.start()
    clients = Clients(desk.live, reference)
    clients.start_shifts()
    clients.run(clients.lives(min(N_LIVES, n_decisions // 100)), N_AT_ONCE)
    left = n_decisions - desk.live.engine.state.head.seq
    clients.run(clients.statuses(max(0, left)), N_AT_ONCE)
    desk.stop()
