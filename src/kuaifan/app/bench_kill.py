"""Kills a live engine under load and starts it again (断电恢复), round after round on one log.

A child process runs the engine and prints what is sent and what is acknowledged; the parent kills
it with SIGKILL at a random moment, verifies the chain, and looks for every acknowledged key. What
was not answered is sent again with its key in the next round, as a client would.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from pathlib import Path
from time import monotonic
from typing import IO, Final

import msgspec

from kuaifan.app.bench_city import make_grid
from kuaifan.app.bench_kill_child import N_STREETS, make_reference
from kuaifan.app.bench_kill_fill import fill_log
from kuaifan.app.bench_log import bench_log
from kuaifan.app.byte_code import write_byte_code
from kuaifan.app.database import log_place
from kuaifan.app.rules import core_codec, core_rulebook, new_board
from kuaifan.board.reference import Reference
from kuaifan.board.state import Board
from kuaifan.city.folder import ROADS_FILE
from kuaifan.city.road_file import pack_roads
from kuaifan.kernel.journal import State
from kuaifan.store.log_place import LogPlace
from kuaifan.store.reading import LogReader
from kuaifan.store.recovery import recover
from kuaifan.store.verify import verify_log

CHILD: Final = "import gc; gc.disable(); from kuaifan.app.bench_kill_child import main; main()"
"""As `serve` starts: garbage is looked for once it serves."""
START_TIMEOUT_S: Final = 60.0
UNDER_LOAD_S: Final = (0.15, 0.6)
LAST_LEVEL: Final = 3


class KillFigures(msgspec.Struct, kw_only=True):
    """What `bench kill` prints (断电恢复): acked commands, what was lost or decided twice.

    timers_ok: every order that waits for a signature or a feedback has its timer after each
    recovery. restart: from the start of the process to the first durable acknowledgement that
    is shown on the screens; first
    recommendation: to the first one with units in it.
    """

    rounds: int
    acked: int = 0
    lost: int = 0
    doubled: int = 0
    chain_ok: bool = True
    timers_ok: bool = True
    restart_p50_s: float = 0.0
    restart_max_s: float = 0.0
    first_recommendation_p50_s: float = 0.0


def bench_kill(
    rounds: int, *, db: str = "sqlite", seed: int = 1, n_decisions: int = 0
) -> KillFigures:
    """Run in a temporary folder; db: sqlite, postgresql (a server of its own), or a URL.

    n_decisions: in the log before the first round; what it holds is then verified at the end only.
    """
    figures, rng = KillFigures(rounds=rounds), random.Random(seed)  # noqa: S311 - when to kill
    clients, restarts_s = Heard(), list[float]()
    recommended_s: list[float] = []
    with (
        tempfile.TemporaryDirectory(prefix="kuaifan-kill-") as folder,
        bench_log(db, Path(folder)) as url,
    ):
        log, again, roads = log_place(url), Path(folder) / "again.txt", Path(folder) / ROADS_FILE
        roads.write_bytes(pack_roads(make_grid(N_STREETS)))
        reference = make_reference(roads)
        if n_decisions:
            fill_log(log, reference, n_decisions)
        # As an installed program has it; who is told to write none would compile at every start.
        write_byte_code()
        for number in range(rounds):
            command = [sys.executable, "-c", CHILD, url, str(number), str(again), str(roads)]
            again.write_text("".join(f"{key} {text}\n" for key, text in clients.unanswered.items()))
            restart_s, recommend_s = _one_round(command, rng.uniform(*UNDER_LOAD_S), clients)
            restarts_s.append(restart_s)
            recommended_s.append(recommend_s)
            if n_decisions and number < rounds - 1:
                continue
            figures.chain_ok &= verify_log(log).ok
            figures.timers_ok &= _timers_stand(log, reference)
        figures.acked = len(clients.acked)
        _count_keys(log, clients.acked, figures)
    ordered = sorted(restarts_s)
    figures.restart_p50_s = round(ordered[len(ordered) // 2], 3)
    figures.restart_max_s = round(ordered[-1], 3)
    figures.first_recommendation_p50_s = round(sorted(recommended_s)[len(recommended_s) // 2], 3)
    return figures


class Heard:
    """What the clients have sent, and what they know to be done (已确认)."""

    def __init__(self) -> None:
        self.acked: dict[str, int] = {}
        self.unanswered: dict[str, str] = {}

    def read(self, stream: IO[str]) -> str:
        """Take in one whole line; its first letter, or '' at the end of the stream."""
        line = stream.readline()
        if not line.endswith("\n"):
            return ""
        kind, key, rest = line.split(" ", 2)
        if kind == "S":
            self.unanswered[key] = rest.strip()
        elif kind == "A":
            self.unanswered.pop(key, None)
            self.acked[key] = int(rest)
        return kind


def _one_round(command: list[str], load_s: float, clients: Heard) -> tuple[float, float]:
    """Start, let it work, kill; the seconds to the first answer and first recommendation."""
    began_s = monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:  # noqa: S603 - ourselves
        assert child.stdout is not None  # noqa: S101 - a pipe was asked for
        restart_s = _seconds_to("A", clients, child.stdout, began_s)
        recommend_s = _seconds_to("R", clients, child.stdout, began_s)
        until_s = monotonic() + load_s
        while monotonic() < until_s and clients.read(child.stdout):
            pass
        child.kill()
        # What the pipe still holds was said before the kill.
        while clients.read(child.stdout):
            pass
    return restart_s, recommend_s


def _seconds_to(wanted: str, clients: Heard, stream: IO[str], began_s: float) -> float:
    """Listen until a kind of line is heard."""
    while (heard := clients.read(stream)) != wanted:
        if not heard:
            raise RuntimeError(f"the engine ended before it said {wanted}")
    return monotonic() - began_s


def _timers_stand(log: LogPlace, reference: Reference) -> bool:
    """Every order that is waited for has its timer in the recovered state."""
    state = _recovered(log, reference)
    for order in state.board.orders.values():
        unsigned = order.state == "dispatched" and order.unsigned_level < LAST_LEVEL
        if unsigned and not state.timers.is_pending(f"unsigned:{order.order_id}"):
            return False
        late = order.state == "handled" and not order.feedback_overdue
        if late and not state.timers.is_pending(f"feedback:{order.order_id}"):
            return False
    return True


def _recovered(log: LogPlace, reference: Reference) -> State[Board]:
    with LogReader(log, core_codec()) as reader:
        return recover(reader, core_rulebook(), lambda: new_board(reference))


def _count_keys(log: LogPlace, acked: dict[str, int], figures: KillFigures) -> None:
    """Compare what was acknowledged with what the log holds."""
    found: dict[str, int] = {}
    with LogReader(log, core_codec()) as reader:
        for record in reader.read_records():
            if record.key is not None:
                figures.doubled += record.key in found
                found[record.key] = record.seq
    figures.lost = sum(found.get(key) != seq for key, seq in acked.items())
