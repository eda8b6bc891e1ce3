"""Backups of a log (备份): once, or each second until stopped."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from kuaifan.app.database import existing_log
from kuaifan.app.printing import print_problem, print_progress
from kuaifan.kernel.journal import StorageError
from kuaifan.store.backup import Shipper
from kuaifan.store.backup_format import Shipped
from kuaifan.store.log_place import LogPlace

AGAIN_S: Final = 5.0


def back_up(db: str, folder: Path) -> Shipped:
    """Ship what is new once; raises BadInputError, or StorageError where the server is gone."""
    with Shipper(existing_log(db), folder) as shipper:
        return shipper.ship()


def follow(
    db: str,
    folder: Path,
    *,
    every_s: float,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Ship what is new again and again until stopped.

    A database or a disk that does not answer is said once and asked again. What can never come
    right (another log, a damaged one) ends it.
    """
    place, said = existing_log(db), ""
    while True:
        try:
            _follow(place, folder, every_s=every_s, sleep=sleep, is_back=bool(said))
        except (StorageError, OSError) as error:
            if str(error) != said:
                said = str(error)
                print_problem(f"{said}; trying again every {AGAIN_S:g} s")
            sleep(AGAIN_S)


def _follow(
    place: LogPlace,
    folder: Path,
    *,
    every_s: float,
    sleep: Callable[[float], None],
    is_back: bool,
) -> None:
    with Shipper(place, folder) as shipper:
        shipped = shipper.ship()
        word = "going on" if is_back else "following"
        print_progress(f"{word} from record {shipped.seq:,}; Ctrl-C stops it")
        while True:
            sleep(every_s)
            shipper.ship()
