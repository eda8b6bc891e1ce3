"""The team in the twin (仿真家暴专席): mostly in time, sometimes late, or before a closed door."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from kuaifan.board.day_tally import DAY_MS
from kuaifan.board.item_papers import Item
from kuaifan.board.items import HOUR_MS
from kuaifan.board.reference import MINUTE_MS
from kuaifan.board.state import Board
from kuaifan.kernel.message import Command, Event
from kuaifan.seats.domestic_violence import happened, words
from kuaifan.seats.domestic_violence.items_of import find_household_of
from kuaifan.seats.domestic_violence.papers import SEAT_ID, SceneFact, slice_of
from kuaifan.seats.domestic_violence.reactions import PAST_VIOLENCE
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import item as items

OFFICER: Final = "twin-dv"
LEADER: Final = "twin-leader"
SHARES: Final[tuple[tuple[SceneFact, float], ...]] = (
    ("slight_injury", 0.34),
    ("injury", 0.08),
    ("weapon", 0.06),
    ("strangling", 0.03),
    ("threat_to_kill", 0.05),
    ("child_present", 0.3),
    ("alcohol", 0.36),
)
"""How often a fact is found in a confirmed incident; our own guess, for want of a published one."""
CHANCES: Final[Mapping[str, float]] = {
    "in time": 0.9,
    "hit": 0.07,
    "unfounded": 0.18,
    "raised": 0.05,
    "met": 0.78,
    "away": 0.77,
    "safe": 0.95,
    "signs": 0.85,
    "helped": 0.8,
    "breach": 0.4,
    "letter": 0.35,
    "refer": 0.25,
    "order": 0.025,
}
"""How often each happens; away: of those not met, the others refuse."""
TALK_MS: Final = 8 * MINUTE_MS
Draw = Callable[[str], float]
Acts = Iterable[tuple[int, Command]]


def _happens(draw: Draw, name: str) -> bool:
    return draw(name) < CHANCES[name]


def on_item(
    board: Board, event: items.ItemOpened | items.ItemMoved, at_ms: int, draw: Draw
) -> Acts:
    """What the team does about an item: nine of ten before it is due."""
    item = board.items.get(event.item_id)
    if item is not None and item.kind == "task" and item.incident_id in slice_of(board).of_incident:
        return _correct_the_type(board, item)
    if item is None or item.seat_id != SEAT_ID:
        return ()
    act, luck = _ACTS.get(item.kind), _luck_of(board, item, at_ms, draw)
    if act is None:
        return ()
    left_ms = max(item.due_at_ms - at_ms, 2 * MINUTE_MS)
    share = luck("when") * (0.95 if _happens(luck, "in time") else 1.6)
    command = act(board, item.item_id, luck)
    if command is None:
        return ()
    wait_ms = max(MINUTE_MS, int(left_ms * share))
    first = [(wait_ms, command)]
    # Whoever hears that the talk goes on asks once more when it is over.
    return [*first, (wait_ms + TALK_MS, command)] if item.kind == "call_at_seat" else first


def _correct_the_type(board: Board, item: Item) -> Acts:
    """Whoever reviewed it does so again, and says that it is done."""
    types = board.reference.types.values()
    past = next((each for each in types if each.key == PAST_VIOLENCE), None)
    if past is None:
        return
    again = incidents.ReviewIncident(
        incident_id=item.incident_id, reviewer_id=LEADER, final_type_code=past.code
    )
    # The facts are still to be confirmed, which holds the incident open.
    yield 10 * MINUTE_MS, again
    yield 11 * MINUTE_MS, items.EndTask(item_id=item.item_id, outcome="done", by=LEADER)


def _luck_of(board: Board, item: Item, at_ms: int, draw: Draw) -> Draw:
    """Each visit has a luck of its own: a draw belongs to its incident and its name."""
    household = find_household_of(board, item)
    day = (at_ms - household.opened_at_ms) // DAY_MS if household else 0
    tries = slice_of(board).tries.get(item.item_id, 0)
    return lambda name: draw(f"{name} {item.kind} {item.stage} {day} {tries}")


def _take(_board: Board, item_id: str, _draw: Draw) -> Command:
    return words.TakeViolenceCall(item_id=item_id, how="told", by=OFFICER)


def _screen(_board: Board, item_id: str, draw: Draw) -> Command:
    hit: words.YesNo = "yes" if _happens(draw, "hit") else "no"
    return words.RecordScreening(
        item_id=item_id,
        hit=hit,
        threatened="no",
        controlled="no",
        afraid="no",
        children_harmed="no",
        by=OFFICER,
    )


def _confirm(board: Board, item_id: str, draw: Draw) -> Command:
    about = board.items[item_id].incident_id
    if _happens(draw, "unfounded"):
        return words.RejectViolence(
            incident_id=about, reason="双方陈述及现场均无暴力", by=OFFICER, approved_by=LEADER
        )
    facts = tuple(fact for fact, share in SHARES if draw(f"fact {fact}") < share)
    return words.ConfirmViolence(incident_id=about, facts=facts, by=OFFICER)


def _level(board: Board, item_id: str, draw: Draw) -> Command | None:
    household = find_household_of(board, board.items[item_id])
    if household is None or household.proposed == "":
        return None
    raised = household.proposed == "blue" and _happens(draw, "raised")
    return words.ConfirmAttention(
        household_id=household.household_id,
        level="orange" if raised else household.proposed,
        by=OFFICER,
        reason="本人情绪极度恐惧" if raised else "",
    )


def _visit(_board: Board, item_id: str, draw: Draw) -> Command:
    missed: words.VisitResult = "not_reached" if _happens(draw, "away") else "refused"
    result: words.VisitResult = "done" if _happens(draw, "met") else missed
    return words.RecordSafetyVisit(
        item_id=item_id, result=result, by=OFFICER, is_safe=_happens(draw, "safe")
    )


def _meet(_board: Board, item_id: str, draw: Draw) -> Command:
    return words.MeetInstead(
        item_id=item_id, by=OFFICER, note="当面了解情况", is_safe=_happens(draw, "safe")
    )


def _letter(board: Board, item_id: str, draw: Draw) -> Command:
    item = board.items[item_id]
    if item.stage == "to_tell":
        return words.TellCommittee(
            item_id=item_id, committee="居委会", received_by="网格员", by=OFFICER
        )
    served = slice_of(board).letters[item.subject_id].served
    signs = _happens(draw, "signs")
    return words.ServeWarning(
        item_id=item_id,
        party="respondent" if "victim" in served else "victim",
        is_signed=signs,
        by=OFFICER,
        witness="" if signs else "社区干部",
    )


def _refer(board: Board, item_id: str, draw: Draw) -> Command:
    if board.items[item_id].stage == "sent":
        return words.ReceiveReferral(item_id=item_id, receiver="值班人员", by=OFFICER)
    helped = _happens(draw, "helped")
    return words.EndReferral(
        item_id=item_id, outcome="helped" if helped else "declined", by=OFFICER
    )


def _judge(_board: Board, item_id: str, draw: Draw) -> Command:
    is_breach = _happens(draw, "breach")
    return words.JudgeProtectedCall(
        item_id=item_id,
        is_breach=is_breach,
        by=OFFICER,
        note="被申请人在场" if is_breach else "未见",
    )


_ACTS: Final[Mapping[str, Callable[[Board, str, Draw], Command | None]]] = {
    "call_at_seat": _take,
    "screening": _screen,
    "confirm": _confirm,
    "attention": _level,
    "visit": _visit,
    "safety_call": _meet,
    "letter": _letter,
    "referral": _refer,
    "protected_call": _judge,
}


def on_confirmed(board: Board, event: happened.ViolenceConfirmed, at_ms: int, draw: Draw) -> Acts:
    """A letter in one of three, a referral in one of four, an order in one of forty."""
    household = slice_of(board).households[event.household_id]
    acts: list[tuple[int, Command]] = []
    if _happens(draw, "letter"):
        letter = words.IssueWarning(
            incident_id=event.incident_id,
            number=f"告诫〔{event.incident_id}〕",
            facts="现场核实的家暴事实",
            by=OFFICER,
        )
        acts.append((2 * HOUR_MS, letter))
    if _happens(draw, "refer"):
        referral = words.ReferHousehold(
            household_id=household.household_id,
            to="womens_federation",
            what="心理疏导与法律咨询",
            by=OFFICER,
        )
        acts.append((4 * HOUR_MS, referral))
    if _happens(draw, "order") and household.is_placed and household.address:
        order = words.RegisterProtection(
            household_id=household.household_id,
            court="区人民法院",
            number=f"人保〔{event.incident_id}〕",
            address=household.address,
            lat=household.lat,
            lon=household.lon,
            from_ms=at_ms,
            until_ms=at_ms + 180 * 24 * HOUR_MS,
            by=OFFICER,
        )
        acts.append((48 * HOUR_MS, order))
    return acts


ACTORS: Final[Mapping[type[Event], Callable[..., Acts]]] = {
    items.ItemOpened: on_item,
    items.ItemMoved: on_item,
    happened.ViolenceConfirmed: on_confirmed,
}
