"""`kuaifan province` (省级汇总): many centres' logs, without people, in one place to ask."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from kuaifan.app.printing import print_json, print_lines

app = App(name="province", help="Read many centres' logs, without people (省级汇总).")
Json = Annotated[bool, Parameter(negative="", help="Print one JSON object.")]


@app.command
def pull(*, db: str, to: Path, centre: str, json: Json = False) -> int:
    """Ship what a centre has written since (省级汇总); exit 2 where its chain does not hold.

    Parameters
    ----------
    db
        Database URL of the centre's log.
    to
        Folder of all centres' segments.
    centre
        Name of the centre: letters a-z, digits, - and _.
    """
    from kuaifan.app.database import existing_log
    from kuaifan.store.province import ship

    shipped = ship(existing_log(db), to, centre=centre)
    if json:
        print_json({"centre": centre, "seq": shipped.seq, "hash": shipped.hash})
    else:
        print_lines([f"{centre}: shipped up to record {shipped.seq:,}, hash {shipped.hash}"])
    return 0


@app.command
def query(folder: Path, question: str, /, *, json: Json = False) -> int:
    """Answer a figure (省级指标: centres, incidents, types, arrival) or a SELECT over `events`.

    Parameters
    ----------
    folder
        Folder of all centres' segments.
    question
        Name of a figure, or a SELECT.
    """
    from kuaifan.store.province_tables import ask

    answer = ask(folder, question)
    if json:
        print_json(answer)
    else:
        rows = [answer.columns, *answer.rows]
        print_lines("\t".join("" if v is None else str(v) for v in row) for row in rows)
    return 0
