"""Roads closed and slowed (封路与限速): drawn on the map, with reason, author and expiry."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from kuaifan.kernel.message import Command, Event
from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.incident import Latitude, Longitude

Line = Annotated[tuple[tuple[Latitude, Longitude], ...], msgspec.Meta(min_length=1, max_length=100)]
"""What was drawn (绘制线): points along the street, in its driving direction."""
Minutes = Annotated[int, msgspec.Meta(ge=1, le=525_600)]
Percent = Annotated[int, msgspec.Meta(ge=5, le=95)]


class CloseRoad(Command, frozen=True):
    """Nobody can drive there (封路); one point closes the piece of street it lies on.

    minutes: until it opens by itself. both_ways: the other direction too.
    """

    points: Line
    reason: ShortText
    by: ShortText
    minutes: Minutes
    both_ways: bool = True


class SlowRoad(Command, frozen=True):
    """It goes slower there (限速): at so many percent of the usual speed."""

    points: Line
    percent: Percent
    reason: ShortText
    by: ShortText
    minutes: Minutes
    both_ways: bool = True


class OpenRoad(Command, frozen=True):
    """A closure or slowdown ends before its time (恢复通行)."""

    closure_id: Id
    by: ShortText
    reason: ShortText = ""


class ExpireClosure(Command, frozen=True):
    """A closure has run out (封路到期); submitted by a timer."""

    closure_id: Id


class UseWeights(Command, frozen=True):
    """Put the road weights that follow from all closures and the hour in force (启用路权).

    A reaction asks, and a timer when other hours begin.
    """


class RoadClosed(Event, frozen=True):
    """Arcs are closed, or slowed to a percentage (已封路); percent 0: closed."""

    closure_id: str
    points: tuple[tuple[float, float], ...]
    arcs: tuple[int, ...]
    percent: int
    reason: str
    by: str
    until_ms: int


class RoadOpened(Event, frozen=True):
    """They are as before (已恢复通行); by empty: it ran out."""

    closure_id: str
    by: str
    reason: str


class WeightsUsed(Event, frozen=True):
    """Other road weights are in force (路权已启用): from here on every road time follows them.

    weights_hash: over the arcs that differ from the map and their times; empty: none does.
    hour_class: the hours whose times hold, '' for the map's own; until_ms: when others begin.
    """

    weights_hash: str
    n_arcs: int
    hour_class: str = ""
    until_ms: int = 0


class UpdateEtas(Command, frozen=True):
    """Work out anew when units under way will be there (更新预计到达); a reaction asks.

    order_ids: only these, as they drive; none: all, since other road weights are in force.
    """

    order_ids: tuple[Id, ...] = ()


class EtaUpdated(Event, frozen=True):
    """A unit is expected sooner or later than was said (预计到达已更新)."""

    order_id: str
    incident_id: str
    unit_id: str
    eta_at_ms: int
    cause: Literal["roads", "place", "progress"]


COMMANDS = (CloseRoad, SlowRoad, OpenRoad, ExpireClosure, UseWeights, UpdateEtas)
EVENTS = (RoadClosed, RoadOpened, WeightsUsed, EtaUpdated)
