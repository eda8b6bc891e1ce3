"""What an incident still lacks (缺口): units and skills its plan asks for and nobody out has."""

from __future__ import annotations

from typing import Final, NamedTuple

from kuaifan.board.entities import Incident, Order
from kuaifan.board.state import Board
from kuaifan.vocabulary.response_plans import Capability

ANY_SKILL: Final = ""
"""Stands for a unit of whatever skills."""


class Shortfall(NamedTuple):
    """Units missing, and the skills still asked for, hard ones and wishes, each with how many."""

    n_units: int
    capabilities: tuple[Capability, ...]

    @property
    def hard(self) -> tuple[Capability, ...]:
        """Those without which the incident waits."""
        return tuple(each for each in self.capabilities if not each.is_wish)

    @property
    def is_short(self) -> bool:
        """Whether units or hard skills are missing; a wish never keeps an incident waiting."""
        return self.n_units > 0 or bool(self.hard)

    def as_counts(self) -> dict[str, int]:
        """How many units are missing in all, under "", and how many with each hard skill."""
        counts = {ANY_SKILL: self.n_units} if self.n_units else {}
        return counts | {each.skill: each.n for each in self.hard}


def shortfall_of(board: Board, incident: Incident) -> Shortfall:
    """What is missing of the plan and of the back-up, beside the units out or done. O(orders)."""
    sent = board.active_orders(incident)
    n_units = max(0, incident.n_needed - len(sent))
    if not incident.n_needed:
        return Shortfall(0, ())
    asked = (_left(board, sent, each) for each in asked_of(board, incident))
    return Shortfall(n_units, tuple(each for each in asked if each.n > 0))


def is_short(board: Board, incident: Incident, sent: list[Order]) -> bool:
    """Whether units or hard skills are missing: as `shortfall_of` says, without the list.

    sent: its active orders.
    """
    if not incident.n_needed:
        return False
    if len(sent) < incident.n_needed:
        return True
    return any(
        not each.is_wish and _left(board, sent, each).n > 0 for each in asked_of(board, incident)
    )


def asked_of(board: Board, incident: Incident) -> tuple[Capability, ...]:
    """Capabilities of the plan with those that back-up asked for beyond it, one entry a skill."""
    plan = board.reference.find_plan(incident.plan)
    planned = plan.capabilities if plan else ()
    if not incident.extra_skills:
        return planned
    hard = {each.skill: each.n for each in planned if not each.is_wish}
    for skill in incident.extra_skills:
        hard[skill] = hard.get(skill, 0) + 1
    wishes = (each for each in planned if each.is_wish and each.skill not in hard)
    return (*(Capability(skill, n) for skill, n in hard.items()), *wishes)


def _left(board: Board, sent: list[Order], asked: Capability) -> Capability:
    n_sent = sum(asked.skill in board.units[order.unit_id].skills for order in sent)
    return Capability(asked.skill, max(0, asked.n - n_sent), asked.is_wish)
