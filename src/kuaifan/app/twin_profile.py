"""Where the time of a run goes (耗时分布): totals by package, then the functions that take most.

A profiler makes everything slower, small functions most; the shares tell more than the seconds.
"""

from __future__ import annotations

import cProfile
import io
import pstats
from collections import Counter
from collections.abc import Callable
from pathlib import PurePath
from typing import Any, Final, TypeVar

T = TypeVar("T")
N_FUNCTIONS: Final = 40
OWN: Final = "kuaifan"
BUILT_IN: Final = "~"
LEAST_S: Final = 0.01


def run_profiled(call: Callable[[], T]) -> tuple[T, str, dict[str, float]]:
    """Call, and return what it returned, the profile as text, and seconds by package."""
    profiler = cProfile.Profile()
    result = profiler.runcall(call)
    text = io.StringIO()
    stats = pstats.Stats(profiler, stream=text)
    totals = _by_package(stats)
    for package, seconds in totals.items():
        text.write(f"{seconds:10.2f} s  {package}\n")
    stats.sort_stats("tottime").print_stats(N_FUNCTIONS)
    return result, text.getvalue(), totals


def _by_package(stats: pstats.Stats) -> dict[str, float]:
    """Own seconds of each package; what is built in counts for whoever calls it."""
    totals: Counter[str] = Counter()
    table: dict[Any, Any] = stats.stats  # type: ignore[attr-defined] # not in the stubs
    for (file, _, _), (_, _, own_s, _, callers) in table.items():
        if file != BUILT_IN or not callers:
            totals[_package_of(file)] += own_s
            continue
        for (caller, _, _), figures in callers.items():
            totals[_package_of(caller)] += figures[2]
    return {name: round(seconds, 2) for name, seconds in totals.most_common() if seconds >= LEAST_S}


def _package_of(file: str) -> str:
    """`kuaifan.board` for a file of ours, the name of the library for another one."""
    parts = PurePath(file).parts
    if OWN in parts:
        inside = parts[len(parts) - parts[::-1].index(OWN) :]
        return f"{OWN}.{inside[0].removesuffix('.py')}"
    if "site-packages" in parts:
        return parts[parts.index("site-packages") + 1]
    return "python"
