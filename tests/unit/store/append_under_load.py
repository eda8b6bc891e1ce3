"""Appends to a log as fast as it can and prints each acknowledged seq; run by the tests."""

from __future__ import annotations

import argparse
import itertools
import os
import resource
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from unit.store.toy_desk import CODEC, Case, Fixes, NoteCase

from kuaifan.kernel.journal import StorageError
from kuaifan.kernel.record import Record, Scope, Sighting
from kuaifan.kernel.rulebook import Row
from kuaifan.kernel.ticket import Ticket
from kuaifan.store.log_journal import LogJournal
from kuaifan.store.log_place import postgres_place
from kuaifan.store.opening import open_log


def append(journal: LogJournal, seq: int, input_no: int) -> None:
    """Append a record with a row, and a sighting before it."""
    record = Record(
        seq=seq,
        input_no=input_no + 2,
        at_ms=input_no,
        actor="load",
        scope=Scope("east"),
        command=NoteCase(case_id=f"C{seq % 50}", note=f"note {seq}"),
        key=f"key-{seq}",
    )
    journal.append_sighting(Sighting(input_no + 1, input_no, "gps", Fixes(places=(seq,))))
    ticket = Ticket()
    ticket.when_done(lambda answered, _error: answered and os.write(1, b"%d\n" % answered.seq))
    case = Case(f"C{seq % 50}", "title", "caller", ())
    journal.append(record, [Row("case", case.case_id, Scope("east"), case)], ticket)


def main() -> None:
    """Append until killed, or until the disk refuses; then show that it goes on refusing."""
    parser = argparse.ArgumentParser()
    parser.add_argument("log", help="a path, or a URL of PostgreSQL")
    parser.add_argument("--max-bytes", type=int, default=0)
    args = parser.parse_args()
    is_url = "://" in args.log
    journal = open_log(postgres_place(args.log) if is_url else Path(args.log), CODEC)
    head = journal.reader.head()
    if args.max_bytes:
        resource.setrlimit(resource.RLIMIT_FSIZE, (args.max_bytes, args.max_bytes))
    try:
        for n in itertools.count(1):
            append(journal, head.seq + n, head.input_no + 2 * n)
    except StorageError as error:
        print(error, flush=True)  # noqa: T201 - what the test reads
    try:
        journal.flush()
    except StorageError as error:
        print(error, flush=True)  # noqa: T201 - what the test reads


if __name__ == "__main__":
    main()
