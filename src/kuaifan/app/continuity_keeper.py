"""Boards kept each minute (应急看板): sealed, off the engine's thread, whatever the clock's speed.

It reads what screens are shown, that is only what is durable. A folder that cannot be written is
said once and tried again the next minute: the desk goes on.
"""

from __future__ import annotations

import threading
import time
from functools import cached_property
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from kuaifan.app.continuity_files import clear_old, keep_board
from kuaifan.app.live_desk import LiveDesk
from kuaifan.app.printing import print_problem
from kuaifan.board.reference import Desk
from kuaifan.board.sealed_board import SealedBoard
from kuaifan.kernel.errors import BadInputError
from kuaifan.vocabulary.phone_book import EmergencyPhone
from kuaifan.web.continuity_print import Sheet, print_board
from kuaifan.web.continuity_seal import BoardSealer
from kuaifan.web.view_store import Rows

PERIOD_S: Final = 60
MIN_PASSPHRASE_CHARS: Final = 12
OTHERS_MAY: Final = 0o077


class ContinuityOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How boards are kept (应急看板选项); folder None: only the latest, for seats that fetch it."""

    passphrase_file: Path
    folder: Path | None = None
    hours: int = 24


class BoardKeeper:
    """Makes and keeps the boards of all desks (看板保存); see web.continuity.Boards.

    phones: numbers to ring when the system is gone.
    """

    def __init__(
        self,
        desk: LiveDesk,
        options: ContinuityOptions,
        *,
        zone: ZoneInfo,
        phones: list[EmergencyPhone],
    ) -> None:
        self._desk, self._options, self._zone, self._phones = desk, options, zone, phones
        self._passphrase = read_passphrase(options.passphrase_file)
        self._latest: dict[str, SealedBoard] = {}
        self._is_stopping = threading.Event()
        self._said: dict[str, str] = {}
        self._thread = threading.Thread(target=self._run, name="boards", daemon=True)

    @cached_property
    def _sealer(self) -> BoardSealer:
        # Half a second of work: on the thread of the boards, not on the way to the first answer.
        return BoardSealer(self._passphrase)

    def start(self) -> None:
        """Make the first ones now, then each minute of the wall's time."""
        self._thread.start()

    def stop(self) -> None:
        """End after the board under way."""
        self._is_stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def find_latest(self, desk_id: str) -> SealedBoard | None:
        """The last board of a desk."""
        return self._latest.get(desk_id)

    def keep_all(self, at_s: float) -> None:
        """Make a board of every desk, as of the wall's time; one that fails stops none other."""
        _, rows = self._desk.store.snapshot()
        for desk in self._desk.reference.desks.values():
            try:
                board = self._make(desk, rows, at_s)
            except Exception as error:  # noqa: BLE001 - the next minute must have its boards
                # Its kind only: a message might quote what was to be sealed.
                fault = type(error).__name__
                self._say(desk.desk_id, f"no board of desk {desk.desk_id} could be made: {fault}")
                continue
            self._said.pop(desk.desk_id, None)
            self._latest[desk.desk_id] = board
            self._write(board, at_s)

    def _make(self, desk: Desk, rows: Rows, at_s: float) -> SealedBoard:
        reference = self._desk.reference
        sheet = Sheet(
            desk_id=desk.desk_id,
            rows=rows,
            phones=self._phones,
            posts={post.post_id: post.name for post in reference.posts.values()},
            zone=self._zone,
            now_ms=self._desk.clock()[0],
        )
        return self._sealer.seal(
            print_board(sheet),
            desk_id=desk.desk_id,
            desk_name=desk.name,
            taken_at_ms=round(at_s * 1000),
            zone=self._zone,
        )

    def _write(self, board: SealedBoard, at_s: float) -> None:
        folder = self._options.folder
        if folder is None:
            return
        try:
            keep_board(folder, board)
            clear_old(folder, board.desk_id, now_s=at_s, hours=self._options.hours)
        except OSError as error:
            self._say("", f"the continuity board cannot be kept: {error}")
        else:
            self._said.pop("", None)

    def _say(self, about: str, text: str) -> None:
        if text != self._said.get(about):
            self._said[about] = text
            print_problem(text)

    def _run(self) -> None:
        while not self._is_stopping.is_set():
            at_s = time.time()
            self.keep_all(at_s)
            self._is_stopping.wait(PERIOD_S - at_s % PERIOD_S)


def read_passphrase(path: Path) -> str:
    """The passphrase in a file that only its owner may read; BadInputError says what is wrong."""
    try:
        text, mode = path.read_text(encoding="utf-8").strip(), path.stat().st_mode
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError(f"the passphrase file {path} cannot be read: {error}") from None
    if mode & OTHERS_MAY:
        raise BadInputError(f"others may read {path}: run `chmod 600 {path}`")
    if len(text) < MIN_PASSPHRASE_CHARS:
        raise BadInputError(
            f"the passphrase in {path} has {len(text)} characters: "
            f"give at least {MIN_PASSPHRASE_CHARS}, such as four words"
        )
    return text
