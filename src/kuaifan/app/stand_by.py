"""Standing by (热备): a second desk waits until the first ends or falls silent."""

from __future__ import annotations

import time
from typing import Final

from kuaifan.app.printing import print_progress
from kuaifan.store.databases import database_at
from kuaifan.store.log_error import DatabaseGoneError, LogBusyError
from kuaifan.store.log_place import LogPlace

ASK_EVERY_S: Final = 1.0


def wait_until_free(place: LogPlace, *, silent_s: float) -> None:
    """Return when the log may be opened for writing; says once for whom it waits.

    silent_s: a writer tells each second that it lives; one not heard of for so long is ended.
    """
    said = ""
    while True:
        try:
            database_at(place).lock(take_over_after_s=silent_s).release()
        except (LogBusyError, DatabaseGoneError) as error:
            if not said:
                said = str(error)
                print_progress(f"standing by: {said}")
            time.sleep(ASK_EVERY_S)
        else:
            return
