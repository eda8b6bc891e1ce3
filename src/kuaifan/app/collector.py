"""When garbage is looked for (垃圾回收): not while a desk starts, nor ever in what it starts with.

A start only builds up, so looking through it again and again finds nothing and costs a tenth of
it. What stands then, the rules and the city, stands to the end: looked through with the rest, it
would hold every answer up now and then.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def building_up() -> Iterator[None]:
    """Look for no garbage within; `settle_down` ends it sooner."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def settle_down() -> None:
    """Let what stands now be, and look for garbage in what comes after it."""
    gc.freeze()
    gc.enable()
