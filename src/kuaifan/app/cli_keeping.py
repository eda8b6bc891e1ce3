"""`kuaifan retention` and `kuaifan person` (留存与个人信息): what is due, what is held of one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from kuaifan.app.printing import print_json, print_lines

retention = App(name="retention", help="What is over its term, and its erasure (留存期限).")
person = App(name="person", help="What is held about a person (个人信息).")
Json = Annotated[bool, Parameter(negative="", help="Print one JSON object.")]
WAIT_S = 60.0


@retention.command
def due(*, db: str, city: Path | None = None, json: Json = False) -> int:
    """List what is over its term (到期清单), and what of it is under a hold.

    The terms are those of city.toml: `calls`, `incidents` and `inputs`, in days.

    Parameters
    ----------
    db
        Database URL of a log that nobody serves.
    city
        Folder of its city, if not where the log says.
    """
    from kuaifan.app.eraser import Eraser
    from kuaifan.app.stopped_desk import engine_on

    with engine_on(db, city) as (live, folder):
        found = Eraser(lambda: live, folder.meta.retention_days).list_due()
    if json:
        print_json({"n_due": len(found), "due": found})
    else:
        print_lines([f"{each.kind} {each.id}{' (held)' if each.is_held else ''}" for each in found])
        print_lines([f"{len(found):,} over their term, {sum(e.is_held for e in found):,} held"])
    return 0


@retention.command
def apply(*, db: str, city: Path | None = None, json: Json = False) -> int:
    """Destroy the keys of what is over its term and not held (到期销毁); logged before it is done.

    A serving desk does so by itself, once a day.

    Parameters
    ----------
    db
        Database URL of a log that nobody serves.
    city
        Folder of its city, if not where the log says.
    """
    from kuaifan.app.eraser import Eraser
    from kuaifan.app.stopped_desk import engine_on

    with engine_on(db, city) as (live, folder):
        n_erased = Eraser(lambda: live, folder.meta.retention_days).erase_due()
    if json:
        print_json({"n_erased": n_erased})
    else:
        print_lines([f"{n_erased:,} keys destroyed; their records read as erased"])
    return 0


@person.command
def export(
    *,
    db: str,
    number: str,
    output: Annotated[Path, Parameter(name=["--output", "-o"])],
    by: str,
    purpose: Literal["complaint", "legal", "investigation"] = "legal",
    reason: str = "",
    city: Path | None = None,
) -> int:
    """Write down what is held about a caller's number (个人信息查阅), as .json or .html.

    Who asks, and what for, is written into the log first.

    Parameters
    ----------
    db
        Database URL of a log that nobody serves.
    number
        The telephone number.
    output
        File to write, ending in .json or .html (for printing).
    by
        Name of whoever answers the request.
    purpose
        What it is opened for.
    reason
        In words; sealed in the log.
    city
        Folder of its city, if not where the log says.
    """
    from kuaifan.app.person_export import find_person, write_person
    from kuaifan.app.stopped_desk import engine_on
    from kuaifan.kernel.errors import BadInputError
    from kuaifan.vocabulary.access import ReadRecord

    if output.suffix not in {".json", ".html"}:
        raise BadInputError(f"{output} is neither .json nor .html: give one of these")
    if not reason.strip():
        raise BadInputError("nothing is opened without a reason: give --reason in words")
    with engine_on(db, city) as (live, _):
        read = ReadRecord(person=by, what="person", purpose=purpose, reason=reason)
        live.submit(read, actor=f"user:{by}").wait(WAIT_S)
        at_ms = live.inbox.now_ms()
        with live.journal.open_reader() as reader:
            held = find_person(reader, number, person=by, purpose=purpose, at_ms=at_ms)
        write_person(held, output)
    n_calls, n_incidents = len(held.calls), len(held.incidents)
    print_lines([f"{output}: {n_calls:,} calls, {n_incidents:,} incidents"])
    return 0
