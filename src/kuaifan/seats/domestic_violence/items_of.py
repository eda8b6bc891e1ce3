"""What the seat finds again among the open items (专席事项查找), and how it opens its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kuaifan.board.item_papers import Item
from kuaifan.board.items import ItemKind, close_item, open_item
from kuaifan.board.state import Board
from kuaifan.seats.domestic_violence.kinds import KINDS
from kuaifan.seats.domestic_violence.papers import SEAT_ID, Household, get_household, slice_of
from kuaifan.vocabulary.item import ItemClosed, ItemOpened, Owner

TEAM: Final = Owner("seat", SEAT_ID)
_KIND_OF: Final = {each.kind: each for each in KINDS}


def opened(
    board: Board,
    kind: ItemKind,
    household: Household,
    *,
    due_at_ms: int,
    subject_id: str = "",
    incident_id: str = "",
    nth: int = 1,
) -> ItemOpened:
    """An item of the team about a household; subject_id: a paper of it, else itself."""
    return open_item(
        board,
        kind,
        owner=TEAM,
        due_at_ms=due_at_ms,
        incident_id=incident_id or household.incident_id,
        subject_id=subject_id or household.household_id,
        desk_id=household.desk_id,
        nth=nth,
    )


def list_open(board: Board, household: Household, *kinds: ItemKind) -> list[Item]:
    """Open items of a household's, of some kinds or of all; O(items)."""
    names = {each.kind for each in kinds or KINDS}
    return [
        each
        for each in board.items.values()
        if each.seat_id == SEAT_ID
        and each.kind in names
        and find_household_of(board, each) is household
    ]


def find_of_incident(board: Board, kind: ItemKind, incident_id: str) -> Item | None:
    """The open item of a kind that belongs to an incident, or None; O(items of the incident)."""
    incident = board.incidents.get(incident_id)
    ids = incident.item_ids if incident else board.items
    here = (board.items[each] for each in ids)
    return next(
        (
            each
            for each in here
            if (each.seat_id, each.kind, each.incident_id) == (SEAT_ID, kind.kind, incident_id)
        ),
        None,
    )


def find_household_of(board: Board, item: Item) -> Household | None:
    """Whose an item is: its subject is a household or a paper of one, which may be joined."""
    mine = slice_of(board)
    subject = item.subject_id
    for papers in (mine.letters, mine.protections, mine.referrals):
        if subject in papers:
            subject = papers[subject].household_id
    found = mine.households.get(subject)
    while found is not None and found.joined_to:
        found = mine.households.get(found.joined_to)
    return found


def get_household_of(board: Board, item: Item) -> Household:
    """Whose an item is, or refuse: unknown_household, household_closed."""
    found = find_household_of(board, item)
    return get_household(board, found.household_id if found else item.subject_id)


def closed_all(items: list[Item], outcome: str, by: str) -> Iterator[ItemClosed]:
    """The ends of some items."""
    for each in items:
        yield close_item(_KIND_OF[each.kind], each, outcome, by=by)
