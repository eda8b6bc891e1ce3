"""One planning model on one problem, with its time (求解一次)."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Any, Final

import msgspec

from kuaifan.app.plan_files import read_p_median
from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.plugins import find_plugins
from kuaifan.plan.solving import Progress, Solved

READERS: Final = {"p_median": read_p_median}
"""Models whose published problems can be read, and by what."""


class SolvedInTime(msgspec.Struct, frozen=True):
    """An answer and how long it took (结果与耗时)."""

    model: str
    instance: str
    seconds: float
    answer: Solved


def find_model(model_id: str) -> Any:  # noqa: ANN401 - each model has a problem of its own
    """Return the solve function of a planning model, or say which there are."""
    models = {plugin.plugin_id: plugin.declaration for plugin in find_plugins("models")}
    if model_id not in models:
        raise BadInputError(f"no planning model is called {model_id}; there are {sorted(models)}")
    return models[model_id]["solve"]


def solve_file(model_id: str, path: Path, *, gap: float, seconds: float) -> SolvedInTime:
    """Read a published problem and solve it, to a gap or as far as the seconds last."""
    solve = find_model(model_id)
    if model_id not in READERS:
        raise BadInputError(f"{model_id} reads no published files; {sorted(READERS)} do")
    problem = READERS[model_id](path)
    began_s = perf_counter()

    def watch(_progress: Progress) -> bool:
        return perf_counter() - began_s < seconds

    answer = solve(problem, gap=gap, watch=watch)
    took_s = perf_counter() - began_s
    return SolvedInTime(model_id, path.stem, round(took_s, 3), answer)


def describe(solved: SolvedInTime) -> list[str]:
    """Say an answer in lines for a person."""
    answer = solved.answer
    proof = "proven" if answer.is_proven else "not proven"
    head = f"{solved.instance}: {answer.value:.10g}, bound {answer.bound:.10g}"
    work = f"{solved.seconds:.2f} s, {answer.n_nodes} branches"
    lines = [f"{head} (gap {answer.gap:.3%}, {proof}), {work}"]
    lines += [
        f"  site {reason.site}: {reason.marginal:.6g} worse without it; serves {reason.served:.6g}"
        for reason in sorted(answer.reasons, key=lambda each: -each.marginal)
    ]
    return lines
