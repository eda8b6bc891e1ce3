"""The pictures of the reform (改革图示): bars with intervals, and where the posts stand, as SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import cos, radians, sqrt
from typing import Final

from kuaifan.app.reform import BY_HAND, OPTIMIZED, CityReform
from kuaifan.app.reform_figures import Interval, PlanFigures
from kuaifan.app.reform_plans import STREET, Spot

WIDE, NAME_W, ROW_H, HEAD_H = 880, 200, 30, 58
BAR_W: Final = 250
PANELS: Final = (
    ("late", "late of all, %", 100.0),
    ("late_urgent", "late of P1 and P2, %", 100.0),
)
MAP_W: Final = 430
MAX_DOTS: Final = 1_200
STYLE: Final = (
    "<style>text{font:13px sans-serif;fill:#222}.s{fill:#555;font-size:12px}"
    ".b{fill:#4477aa}.h{fill:#bbb}.w{stroke:#222;stroke-width:1.5}"
    ".c{fill:#999;fill-opacity:.45}.p{fill:#cc3311;stroke:#fff}.q{fill:#0077bb;stroke:#fff}</style>"
)


def late_picture(found: CityReform) -> str:
    """Share late under every plan, with its interval; each bar has its figure beside it."""
    high = HEAD_H + ROW_H * len(found.plans) + 12
    lines = [
        _open(WIDE, high, f"Late in {found.city}"),
        f'<text x="10" y="22">{_text(found.city)}: late under each plan, 95 % intervals</text>',
    ]
    for column, (key, title, scale) in enumerate(PANELS):
        lines += _panel(found.plans, key, title, scale, NAME_W + column * (BAR_W + 90))
    for i, plan in enumerate(found.plans):
        y = HEAD_H + ROW_H * i + 19
        lines.append(f'<text x="10" y="{y}">{_text(plan.name)}</text>')
    return "\n".join([*lines, "</svg>", ""])


def _panel(
    plans: Sequence[PlanFigures], key: str, title: str, scale: float, left: int
) -> Iterator[str]:
    yield f'<text class="s" x="{left}" y="46">{title}</text>'
    intervals = [plan.figures.get(key, Interval(0.0, 0.0, 0.0)) for plan in plans]
    most = max(1e-9, *(each.high for each in intervals))
    for i, each in enumerate(intervals):
        y, wide = HEAD_H + ROW_H * i, BAR_W * max(0.0, each.mean) / most
        low, high = (left + BAR_W * max(0.0, end) / most for end in (each.low, each.high))
        kind = "h" if i == 0 else "b"
        yield f'<rect class="{kind}" x="{left}" y="{y + 5}" width="{wide:.1f}" height="18"/>'
        yield f'<path class="w" d="M{low:.1f} {y + 14}H{high:.1f}"/>'
        yield f'<text class="s" x="{high + 6:.1f}" y="{y + 19}">{scale * each.mean:.2f}</text>'


def posts_picture(found: CityReform) -> str:
    """Where the posts stand by hand and optimized, over where the calls are."""
    view = _View(found)
    plans = ((BY_HAND, found.by_hand), (OPTIMIZED, found.optimized))
    lines = [_open(2 * MAP_W + 30, view.high + 70, f"Posts in {found.city}")]
    for i, (name, spots) in enumerate(plans):
        left = 10 + i * (MAP_W + 10)
        lines.append(f'<text x="{left}" y="22">{_text(found.city)}: {name}</text>')
        lines += view.dots(left)
        lines += view.spots(spots, left)
    y = view.high + 56
    lines.append(
        f'<text class="s" x="10" y="{y}">dots: calls · squares: 10 street stations 警务站 · '
        "circles: 21 standby posts 屯警点</text>"
    )
    return "\n".join([*lines, "</svg>", ""])


class _View:
    """A city on a sheet (图幅): metres to points, north up."""

    def __init__(self, found: CityReform) -> None:
        most = sorted(found.cells, key=lambda cell: -cell[2])[:MAX_DOTS]
        self._cells, self._most = most, max(cell[2] for cell in most)
        lats, lons = [cell[0] for cell in most], [cell[1] for cell in most]
        self._north, self._west = max(lats), min(lons)
        self._squeeze = cos(radians(sum(lats) / len(lats)))
        wide = max(1e-6, (max(lons) - self._west) * self._squeeze)
        tall = max(1e-6, self._north - min(lats))
        self._scale = MAP_W / max(wide, tall)
        self.high = round(tall * self._scale) + 10

    def dots(self, left: int) -> Iterator[str]:
        """The calls, larger where there are more."""
        for lat, lon, weight in self._cells:
            x, y = self._at(lat, lon, left)
            size = 0.8 + 3.2 * sqrt(weight / self._most)
            yield f'<circle class="c" cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}"/>'

    def spots(self, spots: Sequence[Spot], left: int) -> Iterator[str]:
        """The posts, by their kind."""
        for spot in spots:
            x, y = self._at(spot.lat, spot.lon, left)
            if spot.kind == STREET:
                yield f'<rect class="p" x="{x - 5:.1f}" y="{y - 5:.1f}" width="10" height="10"/>'
            else:
                yield f'<circle class="q" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'

    def _at(self, lat: float, lon: float, left: int) -> tuple[float, float]:
        x = left + (lon - self._west) * self._squeeze * self._scale
        return x, 36 + (self._north - lat) * self._scale


def _open(wide: int, high: int, title: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" role="img">'
        f"<title>{_text(title)}</title>{STYLE}"
        f'<rect width="{wide}" height="{high}" fill="#fff"/>'
    )


def _text(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;")
