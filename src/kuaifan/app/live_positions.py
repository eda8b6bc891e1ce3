"""Positions of real devices for a desk (定位接线): matched to its roads, then handed in."""

from __future__ import annotations

from kuaifan.app.live_desk import LiveDesk
from kuaifan.gateway.fix_desk import FixDesk
from kuaifan.gateway.fixes import FixMatcher
from kuaifan.roads.matching import Matcher


def open_fix_desk(desk: LiveDesk) -> FixDesk:
    """A started desk for positions; kernels are loaded with the first one."""

    def make() -> FixMatcher:
        return FixMatcher(Matcher(desk.reference.snapper), desk.find_marker)

    fixes = FixDesk(make, desk.observe, lambda: desk.clock()[0])
    fixes.start()
    return fixes
