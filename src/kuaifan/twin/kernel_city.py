"""What the fast kernel is told of a city and of its calls (快速仿真输入): features as arrays.

What it knows: places by road time, whose ground it is, priority, how many units and which skill
the plan asks for, turn-out and time on scene of each call, circles. What it does not know, and the
engine twin does: callers and seats, people thinking, hours of the day on the roads, shifts,
closures, paperwork, help called for, crews on foot to a second call.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaifan.board.reference import HOLDING_RING_MS, Reference
from kuaifan.board.road_changes import NO_CHANGES
from kuaifan.kernel.errors import BadInputError
from kuaifan.policy.fleet import LINES, TRAFFIC_BIT, skill_mask
from kuaifan.policy.look_ahead import wait_of
from kuaifan.policy.need import Need
from kuaifan.policy.ranking import Policy
from kuaifan.roads.travel import RoadPosition
from kuaifan.twin import kernel_layout as at
from kuaifan.twin.crews import DEFAULT_SERVICE_MIN, SERVICE_SIGMA, TURNOUT_S
from kuaifan.twin.draws import Stage, lognormal_ms, uniform
from kuaifan.twin.world import INCIDENT_KINDS, SimCall
from kuaifan.vocabulary.incident_types import TRAFFIC_CLASS, IncidentType

Int64s = NDArray[np.int64]
MAX_PLACES: Final = 6_000
"""Road times of so many places take 144 MB a profile; more calls are laid onto fewer places."""
NOWHERE: Final = -1


class PlainCall(NamedTuple):
    """One call as the kernel knows it (简化来电): its incident, and how long its crews take."""

    at_ms: int
    type_code: str
    lat: float
    lon: float
    turnout_ms: int
    service_ms: int


class KernelCity(NamedTuple):
    """A city for the kernel (快速仿真城市).

    positions: of the places, posts' first, then the calls'. demand: calls a week that each circle's
    post is nearest to; None: nobody knows, all alike. The others as in `Sim`.
    """

    positions: tuple[RoadPosition, ...]
    units: Int64s
    travel_ms: NDArray[np.int32]
    within: NDArray[np.uint64]
    post_places: Int64s
    reach: NDArray[np.uint64]
    wait_ms: NDArray[np.int32]
    demand: Int64s | None = None


def plain_calls(
    reference: Reference, sim_calls: Sequence[SimCall], *, seed: int
) -> list[PlainCall]:
    """The calls that units are sent to, each with its luck, the same under every policy."""
    found = list[PlainCall]()
    for number, call in enumerate(sim_calls):
        incident_type = reference.types[call.type_code]
        is_repeat = call.kind not in INCIDENT_KINDS or call.original_no is not None
        if is_repeat or not reference.n_units_of(incident_type):
            continue
        found.append(_plain_call(incident_type, call, number, seed))
    return found


def _plain_call(incident_type: IncidentType, call: SimCall, number: int, seed: int) -> PlainCall:
    turnout_s, sigma = TURNOUT_S
    service_s = 60.0 * (incident_type.service_median_min or DEFAULT_SERVICE_MIN)
    drawn_ms = lognormal_ms(
        uniform(seed, number, Stage.SERVICE), median_s=service_s, sigma=SERVICE_SIGMA
    )
    return PlainCall(
        at_ms=call.at_ms,
        type_code=call.type_code,
        lat=call.lat,
        lon=call.lon,
        turnout_ms=lognormal_ms(
            uniform(seed, number, Stage.TURNOUT), median_s=turnout_s, sigma=sigma
        ),
        service_ms=drawn_ms if call.service_ms is None else max(1_000, call.service_ms),
    )


def lay_calls(
    reference: Reference, calls: Sequence[PlainCall], policy: Policy
) -> tuple[Int64s, NDArray[np.int64], tuple[RoadPosition, ...]]:
    """Columns of the calls, the prices of the lines, and all places: home posts, then calls."""
    number_of = {position: i for i, position in enumerate(post_positions(reference))}
    rows = np.zeros((at.N_CALL_COLUMNS, len(calls)), np.int64)
    for i, call in enumerate(calls):
        place = reference.place(call.lat, call.lon)
        position = _position(place.arc, place.fraction_ppm)
        rows[: at.N_SENT, i] = call_row(reference, call, place.jurisdiction, place.area_class)
        rows[at.PLACE, i] = number_of.setdefault(position, len(number_of))
    rows[at.AT] -= rows[at.AT, 0] if len(calls) else 0
    rows[at.SENT_AT] = rows[at.THERE_AT] = -1
    return rows, line_prices(policy, kinds_of_calls()), tuple(number_of)


def call_row(
    reference: Reference, call: PlainCall, owner_id: str, area_class: str
) -> tuple[int, ...]:
    """What is known of a call, in the order of its columns; its place is put in by the caller."""
    incident_type = reference.types[call.type_code]
    wanted, skill, is_wish = _skills(reference, incident_type)
    owner = _stations(reference).get(owner_id, NOWHERE)
    return (
        call.at_ms,
        0,
        incident_type.priority,
        reference.n_units_of(incident_type),
        wanted,
        owner,
        kinds_of_calls()[wanted != 0, owner >= 0],
        reference.target_ms(incident_type.priority, area_class),
        skill,
        is_wish,
        call.service_ms,
        call.turnout_ms,
    )


def kinds_of_calls() -> dict[tuple[bool, bool], int]:
    """Kinds of call that lines are priced by: traffic wanted, owner of the ground known."""
    return {(False, False): 0, (False, True): 1, (True, False): 2, (True, True): 3}


def post_positions(reference: Reference) -> tuple[RoadPosition, ...]:
    """The places of the posts, each once."""
    positions = (_position(post.arc, post.fraction_ppm) for post in reference.posts.values())
    return tuple(dict.fromkeys(positions))


def _position(arc: int, fraction_ppm: int) -> RoadPosition:
    return RoadPosition(int(arc), int(fraction_ppm))


def _stations(reference: Reference) -> dict[str, int]:
    return {post_id: i for i, post_id in enumerate(reference.posts)}


def _skills(reference: Reference, incident_type: IncidentType) -> tuple[int, int, int]:
    """What every unit is scored by, what one of the team has, whether that is only a wish."""
    plan = reference.find_plan(incident_type.plan)
    asked = plan.capabilities if plan else ()
    names_traffic = any(each.skill == "traffic" and not each.is_wish for each in asked)
    wanted = TRAFFIC_BIT if incident_type.class_key == TRAFFIC_CLASS and not names_traffic else 0
    left = [each for each in asked if not (each.is_wish and wanted and each.skill == "traffic")]
    if len(left) > 1 or any(each.n > 1 for each in left):
        raise BadInputError(
            f"plan {incident_type.plan} asks for more than one skilled unit: the fast kernel knows"
            " one; run it on the engine twin"
        )
    if not left:
        return wanted, 0, 0
    return wanted, skill_mask((left[0].skill,)), int(left[0].is_wish)


def line_prices(policy: Policy, kinds: dict[tuple[bool, bool], int]) -> Int64s:
    """(kinds of call, lines + 1) what each line costs; kinds: wants traffic, has an owner."""
    nobody = np.zeros(0, np.int8)
    rows = [
        policy.line_prices(
            Need(3, 1, TRAFFIC_BIT if wants else 0, 0, nobody, is_owner=nobody if owned else None)
        )
        for wants, owned in kinds
    ]
    prices = [[price.ms for price in row] for row in rows]
    return np.array(prices, np.int64).reshape(len(rows), len(LINES) + 1)


def make_city(reference: Reference, positions: tuple[RoadPosition, ...]) -> KernelCity:
    """Work out all road times between the places. Costs one search a place and profile."""
    if len(positions) > MAX_PLACES:
        raise BadInputError(
            f"{len(positions):,} places are more than the fast kernel holds ({MAX_PLACES:,}): "
            "lay the calls onto cells first"
        )
    profiles = sorted({int(p) for p in np.unique(reference.unit_profiles)})
    arcs = np.array([each.arc for each in positions], np.int64)
    ppm = np.array([each.fraction_ppm for each in positions], np.int64)
    travel = reference.travel_under(NO_CHANGES)
    travel_ms = np.stack(
        [
            np.stack([travel.to_one(arcs, ppm, each, profile=profile) for each in positions])
            for profile in profiles
        ]
    ).astype(np.int32)
    ways = [reference.reach_under(NO_CHANGES, profile).times(arcs, ppm) for profile in profiles]
    within = np.stack([pack_bits(way_ms <= HOLDING_RING_MS) for way_ms in ways])
    wait_ms = np.stack([wait_of(way_ms) for way_ms in ways])
    posts = reference.circle_posts
    number_of = {position: i for i, position in enumerate(positions)}
    post_places = [number_of[_position(post.arc, post.fraction_ppm)] for post in posts]
    from_posts = np.array(post_places, np.int64)
    calm = reference.reach_under(NO_CHANGES).within(
        arcs[from_posts], ppm[from_posts], limit_ms=HOLDING_RING_MS
    )
    units = _unit_rows(reference, number_of, profiles)
    reach = pack_bits(calm)
    return KernelCity(positions, units, travel_ms, within, from_posts, reach, wait_ms)


def with_units_of(city: KernelCity, reference: Reference) -> KernelCity:
    """The same places and road times with the units of a reference that drive alike (换编组)."""
    profiles = sorted({int(p) for p in np.unique(reference.unit_profiles)})
    number_of = {position: i for i, position in enumerate(city.positions)}
    return city._replace(units=_unit_rows(reference, number_of, profiles))


def pack_bits(within: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """(n, words) of 64 circles each, from (n, n_circles)."""
    n_words = max(1, -(-within.shape[1] // 64))
    found = np.zeros((len(within), n_words), np.uint64)
    for circle in range(within.shape[1]):
        bit = np.uint64(1) << np.uint64(circle % 64)
        found[:, circle // 64] |= np.where(within[:, circle], bit, np.uint64(0))
    return found


def _unit_rows(
    reference: Reference, number_of: dict[RoadPosition, int], profiles: list[int]
) -> Int64s:
    """Every unit at its home post, by unit id."""
    ids, stations = sorted(reference.units), _stations(reference)
    if not 0 < len(ids) <= at.MAX_UNITS:
        raise BadInputError(f"the fast kernel holds 1 to {at.MAX_UNITS:,} units, not {len(ids):,}")
    rows = np.zeros((at.N_UNIT_COLUMNS, len(ids)), np.int64)
    on_foot = reference.network.find_profile("foot")
    for i, unit_id in enumerate(ids):
        unit = reference.units[unit_id]
        post = reference.posts[unit.home_post_id]
        home = number_of[_position(post.arc, post.fraction_ppm)]
        calm, urgent = (int(p) for p in reference.unit_profiles[:, i])
        rows[: at.STATE, i] = (
            LINES[unit.line],
            skill_mask(unit.skills),
            profiles.index(calm),
            profiles.index(urgent),
            home,
            stations[unit.home_post_id],
            calm != (-1 if on_foot is None else on_foot),
        )
    return rows
