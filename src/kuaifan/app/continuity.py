"""Boards kept each minute (应急看板): sealed, off the engine's thread, whatever the clock's speed.

It reads what screens are shown, that is only what is durable. A folder that cannot be written is
said once and tried again the next minute: the desk goes on.
"""

from __future__ import annotations

import csv
import threading
import time
from functools import cached_property
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from kuaifan.app.board_files import clear_old, keep_board
from kuaifan.app.live_desk import LiveDesk
from kuaifan.app.printing import print_problem
from kuaifan.board.sealed_board import SealedBoard
from kuaifan.kernel.errors import BadInputError
from kuaifan.web.board_print import Phone, Sheet, print_board
from kuaifan.web.board_seal import BoardSealer

PERIOD_S: Final = 60
MIN_PASSPHRASE_CHARS: Final = 12
OTHERS_MAY: Final = 0o077
PHONES_FILE: Final = "phones.csv"
PHONE_COLUMNS: Final = ("desk_id", "name", "number")


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
        self, desk: LiveDesk, options: ContinuityOptions, *, zone: ZoneInfo, phones: list[Phone]
    ) -> None:
        self._desk, self._options, self._zone, self._phones = desk, options, zone, phones
        self._passphrase = read_passphrase(options.passphrase_file)
        self._latest: dict[str, SealedBoard] = {}
        self._is_stopping = threading.Event()
        self._said = ""
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
        """Make a board of every desk, as of the wall's time."""
        _, rows = self._desk.store.snapshot()
        now_ms, _speed = self._desk.clock()
        posts = {post.post_id: post.name for post in self._desk.reference.posts.values()}
        for desk in self._desk.reference.desks.values():
            sheet = Sheet(
                desk_id=desk.desk_id,
                rows=rows,
                phones=self._phones,
                posts=posts,
                zone=self._zone,
                now_ms=now_ms,
            )
            board = self._sealer.seal(
                print_board(sheet),
                desk_id=desk.desk_id,
                desk_name=desk.name,
                taken_at_ms=round(at_s * 1000),
                zone=self._zone,
            )
            self._latest[desk.desk_id] = board
            self._write(board, at_s)

    def _write(self, board: SealedBoard, at_s: float) -> None:
        folder = self._options.folder
        if folder is None:
            return
        try:
            keep_board(folder, board)
            clear_old(folder, board.desk_id, now_s=at_s, hours=self._options.hours)
        except OSError as error:
            self._say(f"the continuity board cannot be kept: {error}")
        else:
            self._said = ""

    def _say(self, text: str) -> None:
        if text != self._said:
            self._said = text
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


def read_phones(city: Path) -> list[Phone]:
    """Numbers of the city's phones.csv (desk_id, name, number), if there is such a file."""
    path = city / PHONES_FILE
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if not set(PHONE_COLUMNS) <= set(reader.fieldnames or ()):
            raise BadInputError(f"{path} needs the columns {', '.join(PHONE_COLUMNS)}")
        return [Phone(*((row[name] or "").strip() for name in PHONE_COLUMNS)) for row in reader]
