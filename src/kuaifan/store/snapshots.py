"""Snapshots of the state (快照): a shortcut for recovery, never the truth.

The engine's thread only encodes; opening, sealing and storing happen elsewhere. A snapshot counts
only under the build that made it, and only if the log still holds the record it was taken at.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Any, Final, Protocol, TypeVar, get_type_hints, runtime_checkable

import msgspec

from kuaifan.kernel.journal import Head, State
from kuaifan.kernel.record import GENESIS_HASH
from kuaifan.kernel.rulebook import BoardLike
from kuaifan.kernel.timers import SavedTimer
from kuaifan.store.connection import Connection
from kuaifan.store.master_key import MasterKey
from kuaifan.store.reading import LogReader, SavedSnapshot
from kuaifan.store.sealing import Sealer

KEPT: Final = 2
DAYS_KEPT: Final = 7
"""Of so many days with any the last one of each is kept besides, for who asks about a moment."""
DAY_MS: Final = 86_400_000
B = TypeVar("B", bound=BoardLike)


@runtime_checkable
class SavesItself(Protocol):
    """A board that can be stored and restored (可快照的态势).

    The return annotation of `snapshot` is the struct type that `load` takes; a board whose type
    depends on its plug-ins says it as `snapshot_type`.
    """

    seq: int

    def snapshot(self) -> msgspec.Struct:
        """Copy the board into a struct that msgspec can encode."""

    def load(self, snapshot: Any, /) -> None:  # noqa: ANN401 - the board's own snapshot type
        """Become what the struct says; raises ValueError for one of another shape."""


class SnapshotTimer(msgspec.Struct, frozen=True):
    """A pending timer with its command as JSON, so that what is personal in it can be sealed."""

    due_at_ms: int
    set_no: int
    timer_id: str
    command: msgspec.Raw


class TimerList(msgspec.Struct, frozen=True):
    """The pending timers of a snapshot (待触发定时器)."""

    pending: tuple[SnapshotTimer, ...]


class Content(msgspec.Struct, frozen=True):
    """What is in a snapshot (快照内容)."""

    board: msgspec.Raw
    timers: msgspec.Raw


class Taken(msgspec.Struct, frozen=True):
    """A state as encoded on the engine's thread (已取快照); board: JSON, not sealed yet."""

    head: Head
    build: str
    board_type: type[msgspec.Struct]
    board: bytes
    timers: TimerList


def take_snapshot(state: State[Any], build: str, encode: Callable[[Any], bytes]) -> Taken:
    """Encode a state where it stands still; costs the encoding of the board, no more.

    Raises TypeError for a board that cannot save itself.
    """
    board = state.board
    if not isinstance(board, SavesItself):
        raise TypeError(f"{type(board).__name__} has no snapshot() and load()")
    timers = tuple(
        SnapshotTimer(t.due_at_ms, t.set_no, t.timer_id, msgspec.Raw(t.command))
        for t in state.timers.save()
    )
    head = Head(state.head.seq, state.head.input_no, state.head.at_ms)
    return Taken(head, build, _board_type(board), encode(board.snapshot()), TimerList(timers))


def seal_snapshot(taken: Taken, sealer: Sealer) -> bytes:
    """Seal what is personal in a snapshot, text by text, so that an erasure reaches it too."""
    owners = sealer.owners(f"snapshot:{taken.head.seq}")
    board = msgspec.json.decode(taken.board, type=taken.board_type)
    parts = (sealer.encode_struct(board, owners), sealer.encode_struct(taken.timers, owners))
    return msgspec.json.encode(Content(*map(msgspec.Raw, parts)))


def store_snapshot(connection: Connection, taken: Taken, body: bytes, master: MasterKey) -> None:
    """Store a sealed snapshot; drop all but the newest ones and the last of each of some days."""
    head = taken.head
    with connection.transaction():
        link = connection.execute("SELECT hash FROM records WHERE seq = ?", (head.seq,)).fetchone()
        chain_hash = link[0] if link else GENESIS_HASH
        mac = master.snapshot_mac(_signed(head, taken.build, chain_hash, body))
        connection.execute(
            "INSERT INTO snapshots (seq, input_no, at_ms, build, chain_hash, body, mac) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (head.seq, head.input_no, head.at_ms, taken.build, chain_hash, body, mac),
        )
        connection.execute(
            "DELETE FROM snapshots WHERE snapshot_no NOT IN "
            "(SELECT snapshot_no FROM snapshots ORDER BY snapshot_no DESC LIMIT ?) "
            "AND snapshot_no NOT IN (SELECT MAX(snapshot_no) FROM snapshots "
            "GROUP BY at_ms / ? ORDER BY MAX(snapshot_no) DESC LIMIT ?)",
            (KEPT, DAY_MS, DAYS_KEPT),
        )


def any_head(_head: Head) -> bool:
    """Every one will do (不限)."""
    return True


def find_saved_state(
    log: LogReader,
    new_board: Callable[[], B],
    build: str,
    *,
    will_do: Callable[[Head], bool] = any_head,
) -> State[B] | None:
    """Return the state of the newest snapshot that will do and holds, or None if there is none.

    A snapshot of another build, of a log that was cut since, or forged, is passed over.
    """
    for saved in log.read_snapshots():
        if saved.build == build and will_do(saved.head) and _is_genuine(saved, log.master):
            state = State(new_board())
            if _fill(state, log.open_json(saved.body)):
                state.head = saved.head
                return state
    return None


def _fill(state: State[Any], body: bytes) -> bool:
    board = state.board
    if not isinstance(board, SavesItself):
        return False
    try:
        content = msgspec.json.decode(body, type=Content)
        timers = msgspec.json.decode(content.timers, type=TimerList)
        board.load(msgspec.json.decode(content.board, type=_board_type(board)))
    except (msgspec.MsgspecError, ValueError):
        return False
    state.timers.load(
        [SavedTimer(t.due_at_ms, t.set_no, t.timer_id, bytes(t.command)) for t in timers.pending]
    )
    return True


def _is_genuine(saved: SavedSnapshot, master: MasterKey) -> bool:
    signed = _signed(saved.head, saved.build, saved.chain_hash, saved.body)
    is_ours = hmac.compare_digest(saved.mac, master.snapshot_mac(signed))
    return is_ours and saved.chain_hash == saved.log_hash


def _signed(head: Head, build: str, chain_hash: bytes, body: bytes) -> bytes:
    about = b"%d %d %d %d:" % (head.seq, head.input_no, head.at_ms, len(build.encode()))
    return about + build.encode() + chain_hash + body


def _board_type(board: SavesItself) -> type[msgspec.Struct]:
    own: type[msgspec.Struct] | None = getattr(board, "snapshot_type", None)
    said: type[msgspec.Struct] = get_type_hints(type(board).snapshot)["return"]
    return own or said
