"""Which plan a twin of a city goes by (孪生所用方案): the one in use, a file's, the own posts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from kuaifan.app.plan_adopted import plan_of
from kuaifan.app.plan_in_use import FILE
from kuaifan.app.scenario_files import FOLDER
from kuaifan.kernel.errors import BadInputError
from kuaifan.plan.scenario import BY_HAND, Draft, Scenario, Solution
from kuaifan.policy.mixed import LOST_MS
from kuaifan.vocabulary.plan import Plan

if TYPE_CHECKING:
    from kuaifan.city.city import City

OWN, NONE = "own", "none"
CONSTANT: Final = f"constant {LOST_MS // 1000} s"
"""What `mixed` goes by where nobody knows the calls of each circle."""


class _Carried(msgspec.Struct, frozen=True):
    """A file that has a plan among other things: the plan in use, a proposal, an adopted plan."""

    plan: Plan


def find_plan(named: str, city: City) -> Plan | None:
    """The plan of `--plan`: a file or scenario folder, `own`, `none`; else the one in use.

    Raises BadInputError for what holds no plan.
    """
    if named == NONE:
        return None
    if named == OWN:
        return own_plan(city)
    if named:
        return read_plan(Path(named))
    in_use = city.path / FOLDER / FILE
    return read_plan(in_use) if in_use.is_file() else None


def read_plan(path: Path) -> Plan:
    """A plan as JSON, alone or as `plan` of a proposal; or the folder of a solved scenario."""
    try:
        if path.is_dir():
            scenario = msgspec.json.decode((path / "scenario.json").read_bytes(), type=Scenario)
            solution = msgspec.json.decode((path / "solution.json").read_bytes(), type=Solution)
            return plan_of(scenario, solution)
        data = path.read_bytes()
        is_carried = "plan" in msgspec.json.decode(data, type=dict[str, msgspec.Raw])
        if is_carried:
            return msgspec.json.decode(data, type=_Carried).plan
        return msgspec.json.decode(data, type=Plan)
    except OSError as error:
        raise BadInputError(
            f"{error.filename} cannot be read ({error.strerror}): name a plan as JSON, or the "
            f"folder of a solved scenario below {FOLDER}/ of a city"
        ) from error
    except msgspec.DecodeError as error:
        raise BadInputError(f"{path} holds no plan ({error})") from error


def own_plan(city: City) -> Plan:
    """The city's own posts, with the calls that its demand expects at each."""
    from kuaifan.app.planner_problem import by_hand, make_ground, make_solution, posts_of
    from kuaifan.app.reference import load_kernels, make_reference
    from kuaifan.city.folder import read_demand

    own = make_reference(city)
    load_kernels(own)
    scenario = Scenario(
        draft=Draft(name="own posts", model=BY_HAND),
        city_hash=city.content_hash,
        map_hash="",
        demand_hash="",
        posts=posts_of(own),
        drawn_at_ms=0,
    )
    ground = make_ground(scenario, own, read_demand(city.path))
    solved = by_hand(scenario, ground)
    return plan_of(
        scenario, make_solution(scenario, ground, solved, own, seconds=0.0, is_stopped=False)
    )


def said_of(plan: Plan | None) -> str:
    """What the calls to come are known by, as figures name it."""
    return CONSTANT if plan is None else plan.name


def line_of(expects: str) -> str:
    """The same as a line beside figures."""
    if expects == CONSTANT:
        return (
            f"  calls to come: unknown without a plan in use; mixed pays a {CONSTANT} for a "
            "circle left empty"
        )
    return f"  calls to come: as the plan {expects!r} expects them, with its posts and homes"
