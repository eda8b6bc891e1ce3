"""Which planning models answer a drawn scenario (可用模型), and how each is asked.

Nothing is listed here: a model says by the fields of its problem, or of the form it declares, what
it needs. One that needs no more than sites, demand, times and a few numbers is offered.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Mapping
from typing import Any, Final, get_type_hints

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaifan.kernel.plugins import find_plugins
from kuaifan.plan.covering import cover_within
from kuaifan.plan.scenario import BY_HAND, ScenarioError
from kuaifan.plan.solving import Solved

Floats = NDArray[np.float64]
SUPPLIED: Final = frozenset(
    {
        *("cost", "weight", "n_open", "n_crews", "locked", "forbidden", "covering", "limit"),
        *("forces", "rings", "sites", "demands", "full", "nothing"),
    }
)
"""What a scenario gives by these names; points stay away, for costs are given."""
NUMBERS: Final = (int, float)


class ModelOffer(msgspec.Struct, frozen=True, kw_only=True):
    """A model that can be chosen (可选模型). asks: numbers to give besides. uses_reach: covers."""

    model: str
    title_zh: str
    title_en: str
    asks: tuple[str, ...] = ()
    uses_reach: bool = False
    uses_n_posts: bool = True


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """A drawn scenario as models see it (求解输入); cost: seconds by road, sites by demands."""

    cost: Floats
    weight: Floats
    n_open: int
    locked: tuple[int, ...]
    forbidden: tuple[int, ...]
    reach_s: float
    rings_s: tuple[float, ...]
    parameters: Mapping[str, float]

    def part(self, name: str) -> Any:  # noqa: ANN401 - each field has a type of its own
        """What goes by a name."""
        if name == "covering":
            return cover_within(self.cost, self.weight, self.reach_s)
        if name == "forces":
            return [{"name": "standby_post", "n_crews": self.n_open, "locked": self.locked}]
        if name == "rings":
            return [{"name": f"{each:g} s", "limit": each} for each in self.rings_s]
        if name == "nothing":
            # What covers less and less covers nothing at twice the reach.
            return 2 * self.reach_s
        names = {"n_crews": "n_open", "limit": "reach_s", "full": "reach_s"}
        return getattr(self, names.get(name, name))


class _Field(msgspec.Struct, frozen=True):
    name: str
    is_needed: bool
    is_number: bool


def list_models() -> list[ModelOffer]:
    """Every model that a drawn scenario can be given to, and the posts as they are drawn."""
    found = [
        ModelOffer(
            model=BY_HAND, title_zh="按图（不求解）", title_en="as drawn", uses_n_posts=False
        )
    ]
    for plugin in find_plugins("models"):
        offer = _offer(plugin.plugin_id, plugin.declaration)
        if offer is not None:
            found.append(offer)
    return found


def find_offer(model: str) -> ModelOffer:
    """One of them; raises ScenarioError that names those there are."""
    offers = {offer.model: offer for offer in list_models()}
    if model not in offers:
        named = ", ".join(sorted(offers))
        raise ScenarioError(
            "unknown_model",
            f"没有规划模型 {model[:40]}，可用：{named}",
            f"no planning model is called {model[:40]!r}; there are {named}",
        )
    return offers[model]


def solver_of(model: str, asked: Asked) -> Callable[..., Solved]:
    """The model with its problem filled in: takes `gap` and `watch`."""
    declarations = {each.plugin_id: each.declaration for each in find_plugins("models")}
    declared = declarations[model]
    problem = _pose(declared, asked)
    solve = declared["solve"]

    def run(**options: Any) -> Solved:  # noqa: ANN401 - gap and watch
        found: Solved = solve(problem, **options)
        return found

    return run


def _offer(model: str, declared: Mapping[str, Any]) -> ModelOffer | None:
    fields = _fields_of(declared)
    if not fields:
        return None
    others = [each for each in fields if each.is_needed and each.name not in SUPPLIED]
    if not all(each.is_number for each in others):
        return None
    names = {each.name for each in fields}
    if not names & {"cost", "covering"}:
        return None
    return ModelOffer(
        model=model,
        title_zh=declared["title"],
        title_en=declared.get("title_en", model),
        asks=tuple(each.name for each in others),
        uses_reach=bool(names & {"covering", "limit", "full"}),
        uses_n_posts=bool(names & {"n_open", "n_crews", "forces"}),
    )


def _fields_of(declared: Mapping[str, Any]) -> list[_Field]:
    """Fields of a model's form, or of its problem."""
    if (form := declared.get("instance")) is not None:
        hints = get_type_hints(form)
        return [
            _Field(each.name, each.required, hints[each.name] in NUMBERS)
            for each in msgspec.structs.fields(form)
        ]
    problem = _problem_type(declared)
    if problem is None or not dataclasses.is_dataclass(problem):
        return []
    hints = get_type_hints(problem)
    return [
        _Field(each.name, _is_needed(each), hints[each.name] in NUMBERS)
        for each in dataclasses.fields(problem)
    ]


def _is_needed(field: dataclasses.Field[Any]) -> bool:
    missing = dataclasses.MISSING
    return field.default is missing and field.default_factory is missing


def _problem_type(declared: Mapping[str, Any]) -> type | None:
    solve = declared.get("solve")
    if solve is None or not inspect.isfunction(solve):
        return None
    found = get_type_hints(solve).get("problem")
    return found if isinstance(found, type) else None


def _pose(declared: Mapping[str, Any], asked: Asked) -> Any:  # noqa: ANN401 - each model's own
    form, given = declared.get("instance"), dict(asked.parameters)
    fields = _fields_of(declared)
    names = [each.name for each in fields]
    _check_parameters(given, fields)
    if form is None:
        problem = _problem_type(declared)
        assert problem is not None  # noqa: S101 - it was offered
        known = {name: asked.part(name) for name in names if _gives(name)}
        return problem(**{**known, **given})
    known = {name: _plain(asked.part(name)) for name in names if _gives(name)}
    if "forces" in known:
        # Such a form is told force by force what must be open, and what must not.
        known["forces"] = [{**each, "forbidden": asked.forbidden} for each in known["forces"]]
        known.pop("locked", None)
        known.pop("forbidden", None)
    return declared["pose"](msgspec.convert({**known, **given}, form))


def _check_parameters(given: Mapping[str, float], fields: list[_Field]) -> None:
    """A scenario gives numbers that the model asks for, never what the drawing itself says."""
    known = [each.name for each in fields if each.is_number and each.name not in SUPPLIED]
    for name in given:
        if name not in known:
            named_zh, named = "、".join(known) or "无", ", ".join(known) or "none"
            raise ScenarioError(
                "unknown_parameter",
                f"此模型没有参数 {name[:40]}，可用：{named_zh}",
                f"this model has no parameter {name[:40]!r}; it takes: {named}",
            )


def _gives(name: str) -> bool:
    return name in SUPPLIED and name not in {"sites", "demands"}


def _plain(value: Any) -> Any:  # noqa: ANN401 - a part of a form
    if isinstance(value, np.ndarray):
        if value.ndim == 1:
            return value.tolist()
        return [[None if np.isinf(each) else each for each in row] for row in value.tolist()]
    return value
