"""Old shapes of events (历史版本): how each is turned into the next, so that every log folds.

A released shape is never changed: a new class gets the tag `Name@2`, the old tag an upcaster here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kuaifan.kernel.codec import Upcaster

UPCASTERS: Final[dict[str, Upcaster]] = {}
"""Tag of the old shape -> the function that makes the next one out of its plain dictionary."""
