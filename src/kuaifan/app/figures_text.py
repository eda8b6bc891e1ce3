"""Figures as lines for a person (数字成行): what `--json` prints as one object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any


def list_figure_lines(figures: Mapping[str, Any]) -> Iterator[str]:
    """One line a figure; a list of tables is one line a row below its name."""
    for key, value in figures.items():
        if _is_table(value):
            yield f"{key}: {len(value)}"
            yield from (f"  {_say(row)}" for row in value)
        else:
            yield f"{key}: {_say(value)}"


def _is_table(value: Any) -> bool:  # noqa: ANN401 - whatever a figure may be
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)


def _say(value: Any) -> str:  # noqa: ANN401 - whatever a figure may be
    """A figure, or figures within it, on one line."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_inner(inner)}" for key, inner in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(_inner, value)) or "none"
    return str(value)


def _inner(value: Any) -> str:  # noqa: ANN401 - whatever a figure may be
    return f"({_say(value)})" if isinstance(value, Mapping) else _say(value)
