"""`kuaifan backup` and `kuaifan restore` (备份与恢复)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from kuaifan.app.limits import within
from kuaifan.app.printing import print_json, print_lines

Json = Annotated[bool, Parameter(negative="", help="Print one JSON object.")]


def backup(
    *,
    db: str,
    output: Annotated[Path, Parameter(name=["--output", "-o"])],
    follow: Annotated[bool, Parameter(negative="")] = False,
    every: Annotated[float, within(0.1, 86_400)] = 1.0,
    json: Json = False,
) -> int:
    """Ship a log to a folder while the desk writes (备份); only what is new since last time.

    Texts stay sealed, and the master key is not in it: keep a copy of that elsewhere.

    Parameters
    ----------
    db
        Database URL of the log.
    output
        Folder of the backup; made where there is none, best on another disk or machine.
    follow
        Go on until stopped.
    every
        Seconds between two passes, with --follow.
    """
    from kuaifan.app.backup import back_up
    from kuaifan.app.backup import follow as follow_log

    if follow:
        follow_log(db, output, every_s=every)
    shipped = back_up(db, output)
    if json:
        print_json(shipped)
    else:
        print_lines([f"{shipped.seq:,} records are in {output}, head {shipped.hash}"])
    return 0


def restore(
    backup: Path,
    *,
    db: str,
    key: Path,
    to_seq: Annotated[int, within(0, 2**62)] | None = None,
    to: str | None = None,
    erasures: tuple[Path, ...] = (),
    city: Path | None = None,
    json: Json = False,
) -> int:
    """Bring a log back from its backup, into a new place (恢复); whole, or to an earlier moment.

    What was erased stays erased. Then serve the city with the same --db.

    Parameters
    ----------
    backup
        Folder of the backup.
    db
        Database URL of the new log; a place that holds one is refused.
    key
        Key file of the log; it is put beside the new one.
    to_seq
        Last record to bring back.
    to
        Last instant to bring back, with its offset: 2026-11-22T20:00:00+08:00.
    erasures
        Register of erasures (the file .erasures beside the old log), if it can be had.
    city
        Folder of the city; only if the backup does not know it, or it was moved.
    """
    from kuaifan.app.restore import RestoreWish
    from kuaifan.app.restore import restore as restore_log

    wish = RestoreWish(
        backup=backup, db=db, key=key, to_seq=to_seq, to_time=to, erasures=erasures, city=city
    )
    report = restore_log(wish)
    if json:
        print_json(report)
    else:
        print_lines(
            [
                f"{report.seq:,} records and {report.n_sightings:,} batches of positions are back",
                f"{report.n_keys:,} owners' keys, of which {report.n_erased:,} stay destroyed",
                f"{report.n_photos:,} photos",
            ]
        )
    return 0
