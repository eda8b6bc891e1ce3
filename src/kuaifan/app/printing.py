"""How commands speak (输出): figures as JSON on request, else lines; problems on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

import msgspec


def print_lines(lines: Iterable[str]) -> None:
    """Print lines for a person."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def print_json(figures: Any) -> None:  # noqa: ANN401 - whatever msgspec can encode
    """Print one JSON object on one line."""
    sys.stdout.write(msgspec.json.encode(figures, enc_hook=_plain).decode() + "\n")
    sys.stdout.flush()


def print_problem(text: str) -> None:
    """Say in one sentence what is wrong and how to mend it."""
    sys.stderr.write(f"kuaifan: {text}\n")
    sys.stderr.flush()


def print_progress(text: str) -> None:
    """Say how far it has come, on standard error, so that figures can be piped."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _plain(value: object) -> str:
    """Paths are written as they are spelled."""
    if isinstance(value, PurePath):
        return str(value)
    raise TypeError(f"{value!r} cannot be printed as JSON")
