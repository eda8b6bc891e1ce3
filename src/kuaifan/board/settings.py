"""Settings in force (现行设置): what people changed of the city's data, over the city folder's.

Never changed once made, so that a snapshot, a screen and a rule may hold on to one. `settle` gives
the reference data as the rules look them up now: made once per change, never per decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import msgspec

from kuaifan.vocabulary.incident_types import IncidentType
from kuaifan.vocabulary.plan import PlacedPost
from kuaifan.vocabulary.response_plans import ResponsePlan
from kuaifan.vocabulary.setting import (
    FieldChange,
    PolicyRules,
    SeatProfile,
    SettingKind,
    Template,
)
from kuaifan.vocabulary.unit_profile import UnitProfile

if TYPE_CHECKING:
    from kuaifan.board.reference import Clocks, Desk, Reference

MAX_CHANGES: Final = 500
"""So many of the last changes are kept at hand; the log has them all."""
SCALAR_CLOCKS: Final = frozenset({"feedback"})
"""Clocks of one level that stand as a number."""
N_PRIORITIES: Final = 5


class SettingChange(msgspec.Struct, frozen=True):
    """One change as the list shows it (更改记录)."""

    seq: int
    at_ms: int
    kind: SettingKind
    key: str
    changes: tuple[FieldChange, ...]
    by: str
    reason: str


class TargetSet(msgspec.Struct, frozen=True):
    """A target that stands in place of the city's (已改时限); area_class empty: first order."""

    desk_id: str
    area_class: str
    priority: int
    target_ms: int


class Settings(msgspec.Struct, frozen=True):
    """Everything that was changed (设置), by key; retired: by kind and key, as `type:010101`.

    posts: all that carry a circle, by the plan in use; empty where the city's own do.
    """

    types: dict[str, IncidentType] = {}
    plans: dict[str, ResponsePlan] = {}
    units: dict[str, UnitProfile] = {}
    seats: dict[str, SeatProfile] = {}
    templates: dict[str, Template] = {}
    clocks: dict[str, tuple[int, ...]] = {}
    targets: tuple[TargetSet, ...] = ()
    retired: tuple[str, ...] = ()
    changes: tuple[SettingChange, ...] = ()
    posts: tuple[PlacedPost, ...] = ()
    policy_rules: PolicyRules = PolicyRules()

    def is_retired(self, kind: SettingKind, key: str) -> bool:
        """Whether a thing is not to be used any more."""
        return f"{kind}:{key}" in self.retired

    @property
    def templates_in_use(self) -> list[Template]:
        """Texts kept ready, by id; what is retired is left out."""
        retired = self.list_retired("template")
        return [each for key, each in sorted(self.templates.items()) if key not in retired]

    def list_retired(self, kind: SettingKind) -> frozenset[str]:
        """Keys of all things of a kind that are not to be used any more."""
        start = f"{kind}:"
        return frozenset(each[len(start) :] for each in self.retired if each.startswith(start))


UNCHANGED: Final = Settings()


def ground_of(settings: Settings) -> Settings:
    """What of the settings a plan is drawn on (方案底数): without authors and texts."""
    return msgspec.structs.replace(
        settings, changes=(), templates={}, seats={}, policy_rules=PolicyRules()
    )


def under_plan(
    settings: Settings,
    units: Mapping[str, UnitProfile],
    posts: tuple[PlacedPost, ...],
    homes: Mapping[str, str],
) -> Settings:
    """The settings with the posts of a plan, and units at home there. units: as they are now."""
    moved = {
        unit_id: msgspec.structs.replace(units[unit_id], home_post_id=post_id)
        for unit_id, post_id in homes.items()
    }
    return msgspec.structs.replace(settings, units={**settings.units, **moved}, posts=posts)


def settle(city: Reference, settings: Settings) -> Reference:
    """The reference data of a city with what was changed of it; shares its roads and engines."""
    if settings == UNCHANGED:
        return city
    return city.under(
        types={**city.types, **settings.types},
        plans={**city.plans, **settings.plans},
        units={**city.units, **settings.units},
        clocks=_clocks(city.clocks, settings),
        targets_ms={**city.targets_ms, **_arrival(settings, "")},
        desks={desk_id: _desk(desk, settings, city) for desk_id, desk in city.desks.items()},
        retired_types=settings.list_retired("type"),
        **_posts(city, settings.posts),
    )


def _posts(city: Reference, placed: tuple[PlacedPost, ...]) -> dict[str, object]:
    """The posts of a plan beside the city's; what has no circle any more is still a known place."""
    from kuaifan.board.reference import Post

    if not placed:
        return {}
    own = {
        each.post_id: Post(
            each.post_id, each.kind, each.name, each.lat, each.lon, each.arc, each.fraction_ppm
        )
        for each in placed
    }
    given_up = {post.post_id for post in city.circle_posts} - own.keys()
    return {"posts": {**city.posts, **own}, "given_up_posts": frozenset(given_up)}


def clock_field(clock: str) -> str:
    """The field of the clocks that holds the levels of one by name."""
    return "queue_permille" if clock == "queue" else f"{clock}_ms"


def levels_of(clocks: Clocks, clock: str) -> tuple[int, ...]:
    """The levels of a clock by name: milliseconds, of `queue` permille."""
    levels = getattr(clocks, clock_field(clock))
    return (levels,) if isinstance(levels, int) else tuple(levels)


def _clocks(clocks: Clocks, settings: Settings) -> Clocks:
    changed: dict[str, object] = {
        clock_field(name): levels[0] if name in SCALAR_CLOCKS else levels
        for name, levels in settings.clocks.items()
    }
    first_order_ms = _first_order(clocks.first_order_ms, settings, "")
    return msgspec.structs.replace(clocks, **changed, first_order_ms=first_order_ms)


def _desk(desk: Desk, settings: Settings, city: Reference) -> Desk:
    """A desk with its own targets; the times of one that had none begin with the city's."""
    targets_ms = {**desk.targets_ms, **_arrival(settings, desk.desk_id)}
    own = desk.first_order_ms
    if any(each.desk_id == desk.desk_id and not each.area_class for each in settings.targets):
        whole = _first_order(city.clocks.first_order_ms, settings, "")
        own = _first_order(own or whole, settings, desk.desk_id)
    return msgspec.structs.replace(desk, targets_ms=targets_ms, first_order_ms=own)


def _arrival(settings: Settings, desk_id: str) -> dict[tuple[int, str], int]:
    return {
        (each.priority, each.area_class): each.target_ms
        for each in settings.targets
        if each.desk_id == desk_id and each.area_class
    }


def _first_order(times_ms: tuple[int, ...], settings: Settings, desk_id: str) -> tuple[int, ...]:
    own = {
        each.priority: each.target_ms
        for each in settings.targets
        if each.desk_id == desk_id and not each.area_class
    }
    return tuple(own.get(p, times_ms[p - 1]) for p in range(1, N_PRIORITIES + 1))
