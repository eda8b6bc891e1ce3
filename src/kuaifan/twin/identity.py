"""The identity test (一致性检验): the engine and the fast kernel send the same units.

The same calls, the same features: every order is compared, in the order they went out. One policy
code stands behind both, so a difference is a fault of one of them, and the first one is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

import msgspec

from kuaifan.twin import kernel_layout as at
from kuaifan.twin.kernel_run import KernelResult
from kuaifan.twin.plain_run import PlainOrder

HOW_WORDS = ("sent", "turned round", "moved up", "sent home")


class Difference(msgspec.Struct, frozen=True):
    """The first order in which two runs differ (首个差异); None where one had no more."""

    order_no: int
    engine: PlainOrder | None
    kernel: PlainOrder | None

    def __str__(self) -> str:
        return (
            f"order {self.order_no}: the engine {_words(self.engine)}, "
            f"the kernel {_words(self.kernel)}"
        )


def kernel_orders(result: KernelResult, unit_ids: Sequence[str]) -> list[PlainOrder]:
    """The orders of a kernel run as the engine's are told."""
    return [
        PlainOrder(int(row[at.ORDER_CALL]), unit_ids[int(row[at.ORDER_UNIT])], *map(int, row[2:]))
        for row in result.orders
    ]


def find_difference(
    engine: Sequence[PlainOrder], kernel: Sequence[PlainOrder]
) -> Difference | None:
    """The first order that is not the same in both, None where all are."""
    for order_no, (ours, theirs) in enumerate(zip_longest(engine, kernel), start=1):
        if ours != theirs:
            return Difference(order_no, ours, theirs)
    return None


def _words(order: PlainOrder | None) -> str:
    if order is None:
        return "has no more"
    to = f"call {order.call_i + 1}" if order.call_i >= 0 else "a post"
    return f"has {order.unit_id} {HOW_WORDS[order.how]} to {to} at {order.at_ms:,} ms"
