"""Incidents that nobody brings to their end (有意遗留): a seeded choice, to try the clearing on.

Whoever would do the one thing forgets it: a crew never feeds back, nobody reviews, a seat that has
it in hand never takes a step. Everything else about them happens as ever, and `left` says whom it
befell, so that what the clearing names can be held against it.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from typing import NamedTuple

from kuaifan.board.entities import Incident
from kuaifan.board.state import Board
from kuaifan.kernel.inbox import Choice, Payload
from kuaifan.kernel.message import Command, Observation
from kuaifan.twin.draws import Stage, uniform
from kuaifan.twin.offices import SPECIAL
from kuaifan.twin.world import Agenda


class Manner(NamedTuple):
    """One way to be forgotten (遗留方式).

    commands: names of those never given of such an incident. seat_id: whose people let it lie once
    they have it. weight: how often it is this way, of all ways.
    """

    name: str
    commands: frozenset[str] = frozenset()
    seat_id: str = ""
    weight: int = 1


class LeftOpen:
    """Who is forgotten, and how (有意遗留).

    share: of all incidents; those that another service was told of are never chosen. otherwise:
    names of commands that would clear it in another way, and are not given either. left: incident
    -> manner, of those it has befallen so far.
    """

    def __init__(
        self,
        manners: Sequence[Manner],
        *,
        seed: int,
        share: float,
        otherwise: frozenset[str] = frozenset(),
    ) -> None:
        self._manners = [each for each in manners for _ in range(each.weight)]
        self._seed, self._share, self._otherwise = seed, share, otherwise
        self.left: dict[str, str] = {}

    def is_forgotten(self, board: Board, actor: str, command: Command) -> bool:
        """Whether somebody forgets to say this."""
        incident = board.incidents.get(incident_of(board, actor, command))
        manner = None if incident is None else self._manner_of(incident)
        if incident is None or manner is None:
            return False
        is_of_seat = bool(manner.seat_id) and actor == f"{SPECIAL}{manner.seat_id}"
        lies = is_of_seat and any(
            board.items[each].seat_id == manner.seat_id for each in incident.item_ids
        )
        name = type(command).__name__
        if lies or name in manner.commands:
            self.left.setdefault(incident.incident_id, manner.name)
            return True
        return not is_of_seat and name in self._otherwise

    def _manner_of(self, incident: Incident) -> Manner | None:
        if incident.incident_id not in self.left and incident.request_ids:
            return None
        number = zlib.crc32(incident.incident_id.encode())
        if uniform(self._seed, number, Stage.LEFT_OPEN) >= self._share:
            return None
        luck = uniform(self._seed, number, Stage.LEFT_OPEN, 1)
        return self._manners[int(luck * len(self._manners))]


class Forgetful:
    """An agenda whose people forget what is to be left open (健忘日程)."""

    def __init__(self, agenda: Agenda, left: LeftOpen, read_board: Callable[[], Board]) -> None:
        self._agenda, self._left, self._read_board = agenda, left, read_board

    def now_ms(self) -> int:
        """The time now."""
        return self._agenda.now_ms()

    def put(self, payload: Payload | Choice, *, actor: str, at_ms: int | None = None) -> None:
        """Do or choose something then, unless it is forgotten."""

        def choose(now_ms: int) -> Payload | None:
            made = payload if isinstance(payload, Command | Observation) else payload(now_ms)
            if not isinstance(made, Command):
                return made
            return None if self._left.is_forgotten(self._read_board(), actor, made) else made

        self._agenda.put(choose, actor=actor, at_ms=at_ms)


def incident_of(board: Board, actor: str, command: Command) -> str:
    """The incident that a command is about, also by an order, an item, or a seat's own paper."""
    if incident_id := getattr(command, "incident_id", ""):
        return str(incident_id)
    if (order := board.orders.get(getattr(command, "order_id", ""))) is not None:
        return order.incident_id
    if (item := board.items.get(getattr(command, "item_id", ""))) is not None:
        return item.incident_id
    if not actor.startswith(SPECIAL):
        return ""
    seat_id = actor.removeprefix(SPECIAL)
    for name in command.__struct_fields__:
        value = getattr(command, name)
        if isinstance(value, str) and (known := board.items_about.get((seat_id, value))):
            return board.items[next(iter(known))].incident_id
    return ""
