"""A row of the matrix (矩阵行): a command as somebody might submit it, made for a scene."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from matrix_states import STATES


@dataclass(frozen=True)
class Row:
    """A command as somebody might submit it; label: which variant of it."""

    command: type
    make: Callable[[Any], Any]
    label: str = ""
    kinds: tuple[str, ...] = ()

    @property
    def subject_kinds(self):
        """Kinds of subject it is shown with."""
        names = self.command.__struct_fields__
        return self.kinds or tuple(kind for kind, (field, *_) in STATES.items() if field in names)


def row(command, make, label="", *kinds):
    return Row(command, make, label, kinds)
