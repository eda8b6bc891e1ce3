"""City life (城市生活): simulated people on a live desk, each of whom a human may replace.

The same people as in a twin run, on the live clock. Switching a role off drops what its people had
planned; switching it on has them take up everything as the board has it, which is also how they
come back after a restart.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Final, Literal, get_args
from zoneinfo import ZoneInfo

import msgspec

from kuaifan.board.state import Board
from kuaifan.kernel.engine import Engine
from kuaifan.roads.lines import ArcLines
from kuaifan.twin.agencies import Agencies
from kuaifan.twin.call_takers import CallTakers
from kuaifan.twin.callers import Callers
from kuaifan.twin.crews import Crews
from kuaifan.twin.desk_work import DeskWork
from kuaifan.twin.dispatcher import Dispatcher
from kuaifan.twin.duplicates import Duplicates
from kuaifan.twin.live_agenda import LiveAgenda, People
from kuaifan.twin.offices import (
    AGENCY,
    CALL_TAKERS,
    CALLER,
    CREW,
    DISPATCHER,
    RADIO_ROOM,
    REVIEWER,
    SPECIAL,
    SUPERVISOR,
)
from kuaifan.twin.radios import Radios
from kuaifan.twin.reviewer import Reviewer
from kuaifan.twin.run import silent_units
from kuaifan.twin.seat_people import SeatActor, SeatPeople
from kuaifan.twin.shifts import Shifts
from kuaifan.twin.watch_room import WatchRoom
from kuaifan.twin.world import Stories, World

Role = Literal["callers", "call_taking", "dispatch", "crews", "review", "seats"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
ROLE_OF_ACTOR: Final[dict[str, Role]] = {
    CALLER: "callers",
    AGENCY: "callers",
    CALL_TAKERS: "call_taking",
    DISPATCHER: "dispatch",
    SUPERVISOR: "dispatch",
    CREW: "crews",
    RADIO_ROOM: "crews",
    REVIEWER: "review",
    SPECIAL: "seats",
}
"""Callers and services are the world outside; the radio room types what a crew says."""
MIN_SPEED, MAX_SPEED = 1.0, 60.0
ANSWER_TIMEOUT_S: Final = 10.0


class LifeSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is simulated and how fast the city runs (城市生活设置)."""

    speed: float
    roles: dict[Role, bool]
    units_human: tuple[str, ...] = ()


class LifeWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A change of settings; what is left out stays (设置变更)."""

    speed: float | None = None
    roles: dict[Role, bool] = {}
    units_human: tuple[str, ...] | None = None


class CityLife:
    """All simulated people of a living city (城市生活)."""

    def __init__(
        self,
        engine: Engine[Board],
        agenda: LiveAgenda,
        stories: Stories,
        *,
        seed: int,
        zone: ZoneInfo,
        n_seats: int = 4,
        seat_actors: Sequence[SeatActor] = (),
    ) -> None:
        self._agenda = agenda
        lines = ArcLines(engine.board.reference.network)
        people = People(agenda)
        world = self._world = World(stories, people, lambda: engine.board, seed=seed)
        radios = Radios(people, lines, silent_units(engine.board))
        self._callers, self._shifts = Callers(world), Shifts(world, zone)
        self._agencies = Agencies(world)
        self._call_takers = CallTakers(world, zone, n_seats=n_seats)
        self._desk = (Dispatcher(world), DeskWork(world), Duplicates(world), WatchRoom(world))
        self._reviewer = Reviewer(world)
        self._special = SeatPeople(world, seat_actors)
        self._crews = Crews(world, radios, lines)
        self._is_on: dict[Role, bool] = dict.fromkeys(ROLES, True)
        self._humans: frozenset[str] = frozenset()
        self._known_units = frozenset(engine.board.units)
        agenda.may_act = self._may_act
        followers: list[tuple[Role | None, Callable[..., None]]] = [
            (None, world.follow),
            (None, self._callers.follow),
            ("callers", self._agencies.follow),
            ("call_taking", self._call_takers.seating.follow),
            ("call_taking", self._call_takers.follow),
            *(("dispatch", people.follow) for people in self._desk),
            (None, self._crews.scenes.follow),
            (None, self._crews.follow),
            ("review", self._reviewer.follow),
            ("seats", self._special.follow),
            (None, self._shifts.follow),
        ]
        for role, follow in followers:
            engine.watchers.append(self._gated(role, follow))

    def begin(self) -> None:
        """Bring everyone to work; to be called on the engine's thread, or before it starts."""
        now_ms = self._agenda.now_ms()
        self._shifts.start(now_ms)
        self._crews.resume(now_ms)
        for role in ("call_taking", "dispatch", "review", "seats", "callers"):
            self._resume(role, now_ms)

    def settings(self) -> LifeSettings:
        """Who is simulated now."""
        return LifeSettings(
            self._agenda.clock.speed, dict(self._is_on), tuple(sorted(self._humans))
        )

    def change(self, wish: LifeWish) -> LifeSettings:
        """Switch people on and off; from any thread. Raises ValueError naming what is wrong."""
        if wish.speed is not None and not MIN_SPEED <= wish.speed <= MAX_SPEED:
            raise ValueError(f"speed {wish.speed:g} is out of range: give 1 to 60")
        unknown = sorted(set(wish.units_human or ()) - self._known_units)
        if unknown:
            raise ValueError(f"there is no unit {', '.join(unknown)}")
        done = threading.Event()

        def change_now() -> None:
            self._change(wish)
            done.set()

        self._agenda.ask(change_now)
        if not done.wait(ANSWER_TIMEOUT_S):
            raise TimeoutError("the engine has not answered; try again")
        return self.settings()

    def _change(self, wish: LifeWish) -> None:
        now_ms = self._agenda.now_ms()
        if wish.speed is not None:
            self._agenda.clock.set_speed(wish.speed)
        for role, is_on in wish.roles.items():
            was_on, self._is_on[role] = self._is_on[role], is_on
            if is_on != was_on:
                # What they planned before is void either way: they take up what is there then.
                self._agenda.forget(lambda actor, role=role: _role_of(actor) == role)  # type: ignore[misc] # a default, bound now
                if role == "call_taking" and not is_on:
                    self._call_takers.seating.leave(now_ms)
            if is_on and not was_on:
                self._resume(role, now_ms)
        if wish.units_human is not None:
            self._swap(frozenset(wish.units_human), now_ms)

    def _swap(self, humans: frozenset[str], now_ms: int) -> None:
        """Hand some units to people and take others back."""
        changed, given_back = self._humans ^ humans, self._humans - humans
        self._humans = humans
        self._agenda.forget(lambda actor: _unit_of(actor) in changed)
        self._crews.take_over(given_back, now_ms)

    def _resume(self, role: Role, now_ms: int) -> None:
        if role == "call_taking":
            self._call_takers.resume(now_ms)
        elif role == "dispatch":
            for people in self._desk:
                people.resume(now_ms)
        elif role == "review":
            self._reviewer.resume(now_ms)
        elif role == "seats":
            self._special.resume(now_ms)
        elif role == "crews":
            self._crews.take_over(self._known_units - self._humans, now_ms)
        else:
            self._callers.resume()
            self._agencies.resume(now_ms)

    def _gated(self, role: Role | None, follow: Callable[..., None]) -> Callable[..., None]:
        if role is None:
            return follow
        return lambda record: follow(record) if self._is_on[role] else None

    def _may_act(self, actor: str) -> bool:
        if _unit_of(actor) in self._humans:
            return False
        role = _role_of(actor)
        return role is None or self._is_on[role]


def _unit_of(actor: str) -> str:
    """The unit whose crew acts, also on the radio; empty where no crew does."""
    crew = next((start for start in (CREW, RADIO_ROOM) if actor.startswith(start)), None)
    return "" if crew is None else actor.removeprefix(crew)


def _role_of(actor: str) -> Role | None:
    return next((role for start, role in ROLE_OF_ACTOR.items() if actor.startswith(start)), None)
