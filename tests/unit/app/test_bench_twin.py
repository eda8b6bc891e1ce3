"""What `bench twin` compares does the same (孪生基准)."""

from __future__ import annotations

import pytest

from kuaifan.app.bench_twin_city import draw_basic
from kuaifan.twin.kernel_basic import run_basic
from kuaifan.twin.kernel_tree import new_tree


def test_simpy_and_the_kernel_send_the_same_units():
    pytest.importorskip("simpy", reason="SimPy is not installed here")
    from kuaifan.app.bench_twin_simpy import run_simpy

    case = draw_basic(400, 12)
    unit, _ = run_basic(*case, new_tree(12))
    assert run_simpy(*case) == unit.tolist()
