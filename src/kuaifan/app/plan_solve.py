"""One planning model on one problem, with its time (求解一次)."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Any, Final

import msgspec

from kuaifan.app.plan_files import read_p_median
from kuaifan.app.plan_instances import read_instance
from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.plugins import find_plugins
from kuaifan.plan.answers import Answer
from kuaifan.plan.solving import Progress, Solved

READERS: Final = {"p_median": read_p_median, "p_center": read_p_median}
"""Models whose published problems can be read, and by what."""


class SolvedInTime(msgspec.Struct, frozen=True):
    """An answer and how long it took (结果与耗时)."""

    model: str
    instance: str
    seconds: float
    answer: Solved | Answer


def find_model(model_id: str) -> Any:  # noqa: ANN401 - each model has a problem of its own
    """Return what a planning model declares, or say which there are."""
    models = {plugin.plugin_id: plugin.declaration for plugin in find_plugins("models")}
    if model_id not in models:
        named = ", ".join(sorted(models))
        raise BadInputError(f"no planning model is called {model_id}; there are {named}")
    return models[model_id]


def solve_file(model_id: str, path: Path, *, gap: float, seconds: float) -> SolvedInTime:
    """Read a published problem and solve it, to a gap or as far as the seconds last."""
    model = find_model(model_id)
    problem = _read(model_id, model, path)
    began_s = perf_counter()

    def watch(_progress: Progress) -> bool:
        return perf_counter() - began_s < seconds

    answer = model["solve"](problem, gap=gap, watch=watch)
    took_s = perf_counter() - began_s
    return SolvedInTime(model_id, path.stem, round(took_s, 3), answer)


def _read(model_id: str, model: Any, path: Path) -> Any:  # noqa: ANN401 - as above
    """The problem in a file: published, or in the form that the model declares."""
    if model_id in READERS and not (path.is_file() and path.suffix == ".json"):
        return READERS[model_id](path)
    if "instance" in model:
        return read_instance(model_id, model, path)
    raise BadInputError(
        f"{model_id} is solved by other programs and reads no files; {_readable()} do"
    )


def _readable() -> list[str]:
    own = [each.plugin_id for each in find_plugins("models") if "instance" in each.declaration]
    return sorted([*READERS, *own])


def describe(solved: SolvedInTime) -> list[str]:
    """Say an answer in lines for a person."""
    answer = solved.answer
    proof = "proven" if answer.is_proven else "not proven"
    bound = "no bound" if answer.bound is None else f"bound {answer.bound:.10g}"
    gap = "" if answer.gap is None else f"gap {answer.gap:.3%}, "
    head = f"{solved.instance}: {answer.value:.10g}, {bound} ({gap}{proof})"
    lines = [f"{head}, {solved.seconds:.2f} s, {answer.n_nodes} branches"]
    if isinstance(answer, Answer):
        return [*lines, *(f"  {reason}" for reason in answer.reasons)]
    if words := find_model(solved.model).get("describe"):
        return [*lines, *words(answer)]
    lines += [
        f"  site {reason.site}: {reason.marginal:.6g} worse without it; serves {reason.served:.6g}"
        for reason in sorted(answer.reasons, key=lambda each: -each.marginal)
    ]
    return lines
