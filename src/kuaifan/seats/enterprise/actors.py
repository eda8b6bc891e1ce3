"""Simulated people of the enterprise seat (仿真护企席): a register, three readers, who calls back.

The register of a simulation stands around the posts of its city, invented and the same for a seed.
Some read late or never, some firms do not answer, some matters stay unresolved, some matches are
wrong; the shares are ours and no statistics, but for who is content: 99.6 % (domain page, row 11).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from kuaifan.board.state import Board
from kuaifan.kernel.message import Command, Event
from kuaifan.seats.enterprise import words
from kuaifan.seats.enterprise.papers import HOUR_MS, MINUTE_MS, RANKS, SEAT_ID, Rank
from kuaifan.seats.enterprise.register_rules import COLUMNS
from kuaifan.vocabulary.item import ItemOpened
from kuaifan.vocabulary.unit import ShiftStarted

Draw = Callable[[str], float]
Later = Iterator[tuple[int, Command]]
OFFICER: Final = "护企席民警"
N_FIRMS: Final = 235
"""As many as one city lists."""
SPREAD_DEG: Final = 0.03
RADIUS_M: Final = 30
"""In a city of three million about 245 incidents a year are a firm's then (domain, row 37)."""
READ_MIN: Final[dict[Rank, tuple[float, float]]] = {
    "officer": (0.5, 9.0),
    "chief": (1.0, 14.0),
    "leader": (2.0, 45.0),
}
NEVER_READ: Final = 0.02
WRONG: Final = 0.03
NO_ANSWER: Final = 0.12
UNRESOLVED: Final = 0.08
NOT_SATISFIED: Final = 0.004
FAIRLY: Final = 0.2


def on_shift(board: Board, _event: ShiftStarted, _at_ms: int, draw: Draw) -> Later:
    """A city without a register gets one as its first crew comes to work."""
    if board.seats[SEAT_ID].n_firms:
        return
    posts = list(board.reference.posts.values())
    n_on_duty = sum(unit.status != "off_duty" for unit in board.units.values())
    if n_on_duty != 1 or not posts:
        return
    lines = [",".join(COLUMNS[:-1])]
    for i in range(N_FIRMS):
        post = posts[i % len(posts)]
        lat = post.lat + SPREAD_DEG * (draw(f"lat{i}") - 0.5)
        lon = post.lon + SPREAD_DEG * (draw(f"lon{i}") - 0.5)
        kind = "project" if i % 7 == 0 else "firm"
        name = f"{'项目' if kind == 'project' else '企业'}{i + 1:03d}"
        phone = f"0555{2_000_000 + i}"
        three = f"局领导{i % 9 + 1},所长{i % 40 + 1},民警{i % 120 + 1}"
        lines.append(f"{kind},{name},{lat:.6f},{lon:.6f},{RADIUS_M},{phone},{three}")
    yield MINUTE_MS, words.ImportFirms(table="\n".join(lines), by=OFFICER)


def on_matched(board: Board, event: words.FirmMatched, _at_ms: int, draw: Draw) -> Later:
    """Three read it, each in their time; the seat calls the firm back within a day or so."""
    incident_id = event.incident_id
    if draw("wrong") < WRONG:
        yield (
            _minutes(3 + 20 * draw("lift")),
            words.LiftMatch(
                incident_id=incident_id, why="wrong_match", reason="隔壁住户", by=OFFICER
            ),
        )
        return
    case = board.seats[SEAT_ID].cases[incident_id]
    for rank in RANKS:
        low, high = READ_MIN[rank]
        if draw(f"never{rank}") >= NEVER_READ:
            yield (
                _minutes(low + (high - low) * draw(f"read{rank}")),
                words.ReadNotice(notice_id=f"{incident_id}/{rank}", by=getattr(case, rank)),
            )
    yield _call_back(incident_id, draw, 0)


def _call_back(incident_id: str, draw: Draw, n_tries: int) -> tuple[int, Command]:
    mood = draw(f"mood{n_tries}")
    answer: words.Answer = (
        "no_answer"
        if draw(f"answer{n_tries}") < NO_ANSWER
        else "not_satisfied"
        if mood < NOT_SATISFIED
        else "fairly"
        if mood < FAIRLY
        else "satisfied"
    )
    after_ms = round((1 + (26 if not n_tries else 5) * draw(f"call{n_tries}")) * HOUR_MS)
    return after_ms, words.RecordFirmCallBack(
        incident_id=incident_id,
        answer=answer,
        unresolved=draw(f"settled{n_tries}") < UNRESOLVED,
        by=OFFICER,
    )


def on_called_back(board: Board, event: words.FirmCalledBack, _at_ms: int, draw: Draw) -> Later:
    """Nobody answered: once more."""
    if event.answer == "no_answer":
        n_tries = board.seats[SEAT_ID].cases[event.incident_id].n_tries
        yield _call_back(event.incident_id, draw, n_tries)


def on_unresolved(_board: Board, event: words.UnresolvedReported, _at_ms: int, draw: Draw) -> Later:
    """The leader closes it within days, now and then too late."""
    yield (
        round((6 + 90 * draw("leader")) * HOUR_MS),
        words.ResolveFirmCase(incident_id=event.incident_id, result="已协调解决", by=event.leader),
    )


def on_item(_board: Board, event: ItemOpened, _at_ms: int, draw: Draw) -> Later:
    """Whatever was forgotten is done in the end, by whoever looks at the list of what is owed."""
    if event.seat_id != SEAT_ID:
        return
    by, late = event.owner.owner_id, 1 + draw(f"late{event.subject_id}")
    if event.kind == "notice":
        yield _minutes(60 * late), words.ReadNotice(notice_id=event.subject_id, by=by)
    elif event.kind == "call_back":
        yield (
            round(40 * late * HOUR_MS),
            words.RecordFirmCallBack(incident_id=event.subject_id, answer="fairly", by=OFFICER),
        )
    else:
        yield (
            round(100 * late * HOUR_MS),
            words.ResolveFirmCase(incident_id=event.subject_id, result="已协调解决", by=by),
        )


def _minutes(minutes: float) -> int:
    return round(minutes * MINUTE_MS)


ACTORS: Final[Mapping[type[Event], Callable[[Board, Any, int, Draw], Later]]] = {
    ShiftStarted: on_shift,
    ItemOpened: on_item,
    words.FirmMatched: on_matched,
    words.FirmCalledBack: on_called_back,
    words.UnresolvedReported: on_unresolved,
}
