"""When garbage is looked for (垃圾回收): not while a desk starts, nor ever in what it starts with.

A start only builds up, so looking through it again and again finds nothing and costs a tenth of
it. What stands then, the rules and the city, stands to the end: looked through with the rest, it
would hold every answer up now and then.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator
from typing import Final

RUNNING_ON: Final = (20_000, 20, 20)
"""Hardly anything of ours holds itself; each look through the young finds next to nothing."""


@contextlib.contextmanager
def building_up() -> Iterator[None]:
    """Look for no garbage within; `settle_down` ends it sooner."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextlib.contextmanager
def running_on() -> Iterator[None]:
    """Let what stands now be within, and look for garbage seldom in what comes after it.

    For a run that goes on for hours on a board that grows: the papers of a day stay, and were
    looked through again with each day that follows.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*RUNNING_ON)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def settle_down() -> None:
    """Let what stands now be, and look for garbage in what comes after it."""
    gc.freeze()
    gc.enable()
