"""Simulated people of the mediation seat (仿真调解): most agree, some refuse, some stay away.

Every dispute is mediated, 纠纷调解率 100 %, and 97.8 % of what is mediated is agreed, 调处率
(domain page, row 62: the room of retired officers; row 61 tells 90 % and more). The other shares
are ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from kuaifan.board.day_tally import DAY_MS
from kuaifan.board.items import HOUR_MS
from kuaifan.board.reference import MINUTE_MS
from kuaifan.board.state import Board
from kuaifan.kernel.message import Command
from kuaifan.seats.mediation import words
from kuaifan.seats.mediation.clauses import MINOR_OFFENCES
from kuaifan.seats.mediation.lookup import slice_of
from kuaifan.seats.mediation.papers import SEAT_ID, Mediation
from kuaifan.vocabulary import item as items
from kuaifan.vocabulary import order as orders

Draw = Callable[[str], float]
Says = Iterable[tuple[int, Command]]
BY: Final = "调解员"
ROOM_NAMES: Final = (
    *("老骥", "春风", "和顺", "明理", "同心", "邻里", "连心", "平安"),
    *("百姓", "和谐", "公道", "暖心", "阳光", "和风", "知心", "睦邻"),
)
"""Enough for a city of three million: each has eight hours a day."""
N_HOURS: Final = 8
"""Of a day, from nine o'clock by the city's clock."""
NINE_MS: Final = HOUR_MS
P_DISPUTE, P_AGREE_1, P_AGREE_2 = 1.0, 0.93, 0.6
"""With two in five agreed on the spot, 97.8 % in all."""
P_OFFENCE, P_CONSENT = 0.15, 0.97
P_NO_SHOW, P_AT_ONCE, P_PERFORMED, P_LATE, P_GIVES_UP = 0.04, 0.4, 0.93, 0.08, 0.2
SIDES: Final[tuple[words.Side, ...]] = ("a", "b")
PARTNERS: Final[tuple[tuple[words.PartnerKind, str], ...]] = (
    ("community", "社区居委会"),
    ("community", "社区居委会"),
    ("hospital", "医调委"),
    ("lawyer", "司法所"),
)


def on_feedback(board: Board, event: orders.FeedbackGiven, _at_ms: int, draw: Draw) -> Says:
    """The crew proposes to mediate what is a dispute."""
    incident = board.incidents.get(event.incident_id)
    if incident is None:
        return
    found = board.reference.types[incident.type_code]
    is_dispute = found.class_key == "dispute"
    wanted = P_DISPUTE if is_dispute else P_OFFENCE * (found.key in MINOR_OFFENCES)
    if draw("mediation opens") >= wanted:
        return
    if not slice_of(board).rooms:
        yield from ((0, each) for each in _register())
    kind, partner = PARTNERS[int(draw("mediation partner") * len(PARTNERS))]
    is_gang = not is_dispute and draw("mediation gang") < P_LATE
    yield (
        1 + int(draw("mediation soon") * MINUTE_MS),
        words.OpenMediation(
            incident_id=event.incident_id,
            basis="civil" if is_dispute else "public_order",
            partner_kind=kind,
            partner=partner,
            party_a="甲",
            party_b="乙",
            hired=False,
            gang=is_gang,
            repeat_offender=False,
            provocation=False,
            by=BY,
        ),
    )


def on_item(
    board: Board, event: items.ItemOpened | items.ItemMoved, at_ms: int, draw: Draw
) -> Says:
    """Whatever stands somewhere is somebody's next step; so also after a restart."""
    item = board.items.get(event.item_id)
    if item is None or item.seat_id != SEAT_ID:
        return
    paper = slice_of(board).cases[item.subject_id]
    step = CASE[item.stage] if item.kind == "case" else STEPS[item.kind]
    yield from step(board, paper, at_ms, draw)


def _consent(_board: Board, paper: Mediation, _at_ms: int, draw: Draw) -> Says:
    """Both are asked; some say no, some are asked late."""
    wait_ms = int(draw("consent wait") * 8 * HOUR_MS)
    late_ms = 30 * HOUR_MS if draw("consent late") < P_LATE else 0
    for side in SIDES:
        yield (
            wait_ms + late_ms + (side == "b") * HOUR_MS,
            words.RecordMediationConsent(
                mediation_id=paper.mediation_id,
                side=side,
                consents=draw(f"consent {side}") < P_CONSENT,
                how="签字",
                by=BY,
            ),
        )


def _ready(board: Board, paper: Mediation, at_ms: int, draw: Draw) -> Says:
    """With both, an hour is booked, or they are reconciled on the spot."""
    if not paper.attempts and draw("mediation on the spot") < P_AT_ONCE:
        yield HOUR_MS, _held(paper.mediation_id, "agreed", "现场")
        return
    yield from _book(board, paper.mediation_id, at_ms, draw(f"hour {len(paper.attempts)}"))


def _booked(_board: Board, paper: Mediation, at_ms: int, draw: Draw) -> Says:
    """They come, or not; the second time fewer agree."""
    nth = len(paper.attempts) + 1
    outcome: words.AttemptEnd = "failed"
    if draw(f"no show {nth}") < P_NO_SHOW:
        outcome = "no_show"
    elif draw(f"agree {nth}") < (P_AGREE_2 if paper.second_by_ms else P_AGREE_1):
        outcome = "agreed"
    late_ms = 5 * HOUR_MS if draw(f"record late {nth}") < P_LATE else 0
    until_ms = paper.booking.until_ms if paper.booking else at_ms
    yield max(0, until_ms - at_ms) + late_ms, _held(paper.mediation_id, outcome, "老骥调解室")


def _again(board: Board, paper: Mediation, at_ms: int, draw: Draw) -> Says:
    """After a failure some give up, others try again."""
    if draw("gives up") < P_GIVES_UP:
        yield DAY_MS, words.EndMediation(mediation_id=paper.mediation_id, why="failed", by=BY)
        return
    yield from _book(board, paper.mediation_id, at_ms, draw(f"hour {len(paper.attempts)}"))


def _signing(_board: Board, paper: Mediation, at_ms: int, draw: Draw) -> Says:
    """Signed within hours, and often performed there and then."""
    days = 1 + int(draw("perform days") * 20)
    yield (
        int(draw("sign wait") * 6 * HOUR_MS) + MINUTE_MS,
        words.SignMediation(
            mediation_id=paper.mediation_id,
            terms="赔偿损失，互不追究",
            perform_by_ms=at_ms + days * DAY_MS,
            signed_a=True,
            signed_b=True,
            signed_mediator=True,
            performed_at_once=draw("performed at once") < P_AT_ONCE,
            by=BY,
        ),
    )


def _performance(_board: Board, paper: Mediation, at_ms: int, draw: Draw) -> Says:
    """Checked on the day after; some are checked late, some were not performed."""
    late_ms = 2 * DAY_MS if draw("check late") < P_LATE else 0
    yield (
        max(0, paper.perform_by_ms - at_ms) + 2 * HOUR_MS + late_ms,
        words.CheckPerformance(
            mediation_id=paper.mediation_id, performed=draw("performed") < P_PERFORMED, by=BY
        ),
    )


def _to_case(_board: Board, paper: Mediation, at_ms: int, draw: Draw) -> Says:
    """The case gets a number."""
    case_no = f"治立字{at_ms // DAY_MS}-{paper.mediation_id}"
    take = words.TakeMediationToCase(
        mediation_id=paper.mediation_id, case_no=case_no, by="办案民警"
    )
    yield 6 * HOUR_MS + (DAY_MS if draw("route late") < P_LATE else 0), take


def _to_court(_board: Board, paper: Mediation, _at_ms: int, draw: Draw) -> Says:
    """The parties are told."""
    tell = words.TellCivilRoute(mediation_id=paper.mediation_id, how="当面告知", by=BY)
    yield 2 * HOUR_MS + (DAY_MS if draw("route late") < P_LATE else 0), tell


def _register() -> Iterator[Command]:
    """Rooms, each with a retired officer."""
    for n, name in enumerate(ROOM_NAMES, start=1):
        yield words.KeepMediationRoom(
            room_id=f"R{n}", name=f"{name}调解室", address=f"前卫街 {n} 号", is_open=True, by=BY
        )
        yield words.KeepMediator(
            mediator_id=f"T{n}",
            name=f"退休民警 {n}",
            kind="retired_officer",
            is_active=True,
            by=BY,
            room_id=f"R{n}",
        )


def _book(board: Board, mediation_id: str, at_ms: int, share: float) -> Says:
    """The first free hour from the next day on, in a room that luck names."""
    mine = slice_of(board)
    rooms = [each.room_id for each in mine.rooms.values() if each.is_open]
    people = [each.mediator_id for each in mine.mediators.values() if each.is_active]
    if not rooms or not people:
        return
    n = int(share * min(len(rooms), len(people)))
    taken = {
        each.booking.from_ms
        for each in mine.cases.values()
        if each.booking is not None
        and (each.booking.room_id == rooms[n] or each.booking.mediator_id == people[n])
    }
    morning_ms = (at_ms // DAY_MS + 1) * DAY_MS + NINE_MS
    hours = (
        morning_ms + day * DAY_MS + hour * HOUR_MS for day in range(30) for hour in range(N_HOURS)
    )
    from_ms = next((each for each in hours if each not in taken), morning_ms)
    # Two who book in the same instant would ask for the same hour.
    yield (
        1 + int(share * MINUTE_MS),
        words.BookMediation(
            mediation_id=mediation_id,
            room_id=rooms[n],
            mediator_id=people[n],
            from_ms=from_ms,
            n_minutes=50,
            by=BY,
        ),
    )


def _held(mediation_id: str, outcome: words.AttemptEnd, where: str) -> words.HoldMediation:
    return words.HoldMediation(
        mediation_id=mediation_id, outcome=outcome, where=where, mediator="老骥", by=BY
    )


Step = Callable[[Board, Mediation, int, Draw], Says]
CASE: Final[Mapping[str, Step]] = {
    "consent": _consent,
    "ready": _ready,
    "booked": _booked,
    "again": _again,
    "booked_again": _booked,
    "signing": _signing,
}
STEPS: Final[Mapping[str, Step]] = {
    "performance": _performance,
    "case_route": _to_case,
    "civil_route": _to_court,
}
ACTORS: Final[Mapping[type, Callable[[Board, Any, int, Draw], Says]]] = {
    orders.FeedbackGiven: on_feedback,
    items.ItemOpened: on_item,
    items.ItemMoved: on_item,
}
