"""`kuaifan doctor` (体检): is this machine fit to serve a desk."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from kuaifan.app.printing import print_json, print_lines

MARKS = {"ok": "ok  ", "warn": "WARN", "bad": "BAD "}


def doctor(
    *,
    db: str,
    city: Path | None = None,
    anchor: Path | None = None,
    backup: Path | None = None,
    tls: Path | None = None,
    json: Annotated[bool, Parameter(negative="", help="Print one JSON object.")] = False,
) -> int:
    """Look at disk, clock, database, log, keys, backup and more (体检); exit 1 if anything is bad.

    A line each, with what to do. Changes nothing, and may be run while the desk serves.

    Parameters
    ----------
    db
        Database URL of the log.
    city
        Folder of the city.
    anchor
        Second place where the head of the log is noted.
    backup
        Folder of its backup.
    tls
        Certificate (PEM) that the desk, or the proxy before it, shows.
    """
    from kuaifan.app.doctor import DoctorOptions, examine, judge

    found = examine(DoctorOptions(db=db, city=city, anchor=anchor, backup=backup, tls=tls))
    overall = judge(found)
    if json:
        print_json({"overall": overall, "findings": found})
    else:
        cures = [f": {each.cure}" if each.cure else "" for each in found]
        print_lines(
            f"{MARKS[each.state]} {each.name}: {each.said}{cure}"
            for each, cure in zip(found, cures, strict=True)
        )
    return 0 if overall == "fit" else 1
