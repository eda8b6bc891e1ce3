"""Which papers of the seat leave the board (家暴归档): a closed household with its papers.

An open one keeps its whole history: address, incidents, letters, orders. A household cannot be
closed under a protection order, so that no address leaves while a court protects it.
"""

from __future__ import annotations

from kuaifan.board.day_tally import DAY_MS
from kuaifan.board.seat_archive import Gone, Retires, Whose
from kuaifan.board.state import Board
from kuaifan.seats.domestic_violence.papers import (
    Household,
    Households,
    Letter,
    Protection,
    Referral,
    slice_of,
)

Paper = Letter | Protection | Referral


def is_closed(board: Board, household: Household, now_ms: int) -> bool:
    """Closed for some time, its incidents over, and no order of it in force.

    Until then it can be looked up, and says which one it was joined to.
    """
    kept_ms = slice_of(board).terms.kept_days * DAY_MS
    if household.is_open or now_ms < household.closed_at_ms + kept_ms:
        return False
    if any(each.incident_id in board.incidents for each in household.happenings):
        return False
    orders = slice_of(board).protections.values()
    own = (each for each in orders if each.household_id == household.household_id)
    return not any(each.holds_at(now_ms) for each in own)


def is_of_closed(board: Board, paper: Paper, now_ms: int) -> bool:
    """Its household leaves with it."""
    household = slice_of(board).households.get(paper.household_id)
    return household is None or is_closed(board, household, now_ms)


def whose(_mine: Households, _household_id: str, household: Household) -> Whose:
    """Of the team alone."""
    return Whose(household.incident_id, household.desk_id, "domestic_violence")


def whose_paper(mine: Households, _paper_id: str, paper: Paper) -> Whose:
    """Its household's."""
    household = mine.households.get(paper.household_id)
    desk_id = household.desk_id if household else ""
    return Whose(paper.incident_id, desk_id, "domestic_violence")


def whose_screening(_mine: Households, incident_id: str, _found: object) -> Whose:
    """Whether a dispute was violence is the team's to know."""
    return Whose(incident_id, "", "domestic_violence")


def gone(left: Gone) -> None:
    """Its incidents have no open case."""
    for each in left.paper.happenings:
        if left.mine.of_incident.get(each.incident_id) == left.paper_id:
            del left.mine.of_incident[each.incident_id]


def back(come: Gone) -> None:
    """They have it again."""
    for each in come.paper.happenings:
        come.mine.of_incident.setdefault(each.incident_id, come.paper_id)


def is_screened(_board: Board, _found: object, _now_ms: int) -> bool:
    """Asked and answered; its incident is over."""
    return True


RETIRES = (
    *(
        Retires(table=table, is_over=is_of_closed, whose=whose_paper)
        for table in ("letters", "protections", "referrals")
    ),
    Retires(table="households", is_over=is_closed, whose=whose, gone=gone, back=back),
    Retires(table="screened", is_over=is_screened, whose=whose_screening),
)
