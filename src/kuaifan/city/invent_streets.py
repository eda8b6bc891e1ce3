"""From cuts to streets (街道): which stretches are driven, of what class, and what each is called.

A street is an unbroken run of cuts on one line. Great ones are divided at the town's middle into
east and west or north and south, as Chinese streets are, and end as country roads outside it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from kuaifan.city import invent_words as words
from kuaifan.city.invent_land import EASTWARD, NORTHWARD
from kuaifan.city.invent_layout import LANE, PRIMARY, SECONDARY, TERTIARY, Layout
from kuaifan.city.invent_names import NameBook
from kuaifan.city.invent_net import SLANTED, Line, Point, Use
from kuaifan.city.invent_road import Highway, Road

COUNTRY_FROM = 1.1
_BANK_UNTIL = 1.18
_ONE_WAY_SHARE = 0.4
_SHORTEST_DIVIDED_M = 1_500.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of street between two neighbouring junctions."""

    start: Point
    end: Point
    rank: int
    use: Use
    remote: float

    @property
    def is_country(self) -> bool:
        """Whether it lies outside the town."""
        return self.remote > COUNTRY_FROM


@dataclass(slots=True, eq=False)
class Street:
    """An unbroken run of stretches on a line, all of one name."""

    line: Line
    stretches: list[Stretch]
    name: str = ""
    oneway: int = 0

    @property
    def rank(self) -> int:
        """The rank of its greatest stretch."""
        return min(stretch.rank for stretch in self.stretches)

    @property
    def length_m(self) -> float:
        """Its length on paper."""
        line = self.line
        return line.position(self.stretches[-1].end) - line.position(self.stretches[0].start)

    @property
    def middle(self) -> Point:
        """A junction near its middle."""
        return self.stretches[len(self.stretches) // 2].start


def draw_streets(
    layout: Layout, others: list[Road], book: NameBook, rng: np.random.Generator
) -> list[Street]:
    """Every street that is driven, named; `others` are roads whose ends count as junctions."""
    kept = [list(_list_stretches(layout, line)) for line in layout.net.lines]
    _drop_stubs(layout, kept, others)
    streets = [
        street
        for line, stretches in zip(layout.net.lines, kept, strict=True)
        for run in _list_runs(stretches)
        for street in _divide(line, run)
    ]
    _name_streets(layout, streets, book)
    _make_one_way(layout, streets, rng)
    return streets


def list_roads(streets: list[Street]) -> Iterator[Road]:
    """The streets as roads, cut where class or use changes."""
    for street in streets:
        part: list[Stretch] = []
        for stretch in [*street.stretches, None]:
            if part and (stretch is None or _kind(stretch) != _kind(part[0])):
                highway, use = _kind(part[0])
                path = [part[0].start, *(piece.end for piece in part)]
                line_id = street.line.line_id
                yield Road(path, highway, street.name, street.oneway, use, line_id)
                part = []
            if stretch is not None:
                part.append(stretch)


def _kind(stretch: Stretch) -> tuple[Highway, Use]:
    if stretch.is_country:
        return ("secondary" if stretch.rank == PRIMARY else "unclassified"), stretch.use
    classes: dict[int, Highway] = {PRIMARY: "primary", SECONDARY: "secondary", TERTIARY: "tertiary"}
    return classes.get(stretch.rank, "residential"), stretch.use


def _list_stretches(layout: Layout, line: Line) -> Iterator[Stretch]:
    """The stretches of a line that are roads, in order."""
    chords = sorted(line.chords, key=lambda chord: (chord.t0, chord.t1))
    nodes = sorted((t, point) for point, t in line.nodes.items())
    is_county = _is_county(layout, line)
    chord_i = 0
    for (t0, start), (t1, end) in pairwise(nodes):
        middle = (t0 + t1) / 2.0
        while chord_i < len(chords) and chords[chord_i].t1 <= middle:
            chord_i += 1
        if chord_i == len(chords) or chords[chord_i].t0 >= middle:
            continue
        chord = chords[chord_i]
        remote = layout.land.remoteness(*line.point_at(middle))
        limit = _BANK_UNTIL if line.along else COUNTRY_FROM
        if remote < limit or (is_county and not line.along):
            yield Stretch(start, end, chord.rank, chord.use, remote)


def _is_county(layout: Layout, line: Line) -> bool:
    """Whether the line goes on outside the town: the main streets, avenues, and some others."""
    if line.axis == SLANTED:
        return False
    if line.at == 0.0:
        return True
    axis = NORTHWARD if line.axis == NORTHWARD else EASTWARD
    if layout.grid.find_level(axis, line.at) != 1:
        return False
    near = [abs((town.u, town.v)[axis] - line.at) for town in layout.land.towns]
    # A line's own digits decide, so that its two ends agree.
    return min(near) < 0.6 * layout.land.towns[0].radius_m or round(line.at * 10) % 5 < 2  # noqa: PLR2004


def _drop_stubs(layout: Layout, kept: list[list[Stretch]], others: list[Road]) -> None:
    """Remove roads outside the town that lead nowhere, but not those that leave the paper."""
    edges = (layout.land.edge_u, layout.land.edge_v)
    degree: Counter[Point] = Counter()
    for stretches in kept:
        for stretch in stretches:
            degree.update((stretch.start, stretch.end))
    for road in others:
        degree.update(road.path)
    n_dropped = 1
    while n_dropped:
        n_dropped = 0
        for stretches in kept:
            stubs = [s for s in stretches if s.remote >= 1.0 and _is_stub(s, degree, edges)]
            if stubs:
                n_dropped += len(stubs)
                dead = set(stubs)
                stretches[:] = [s for s in stretches if s not in dead]
                for stub in stubs:
                    degree.subtract((stub.start, stub.end))


def _is_stub(stretch: Stretch, degree: Counter[Point], edges: tuple[float, float]) -> bool:
    return any(
        degree[p] <= 1 and abs(p[0]) < edges[0] and abs(p[1]) < edges[1]
        for p in (stretch.start, stretch.end)
    )


def _list_runs(stretches: list[Stretch]) -> Iterator[list[Stretch]]:
    """Unbroken runs, town and country apart."""
    run: list[Stretch] = []
    for stretch in stretches:
        if run and (run[-1].end != stretch.start or run[-1].is_country != stretch.is_country):
            yield run
            run = []
        run.append(stretch)
    if run:
        yield run


def _divide(line: Line, run: list[Stretch]) -> Iterator[Street]:
    """Cut a great street where it passes the middle of the town."""
    whole = Street(line, run)
    at = [line.position(stretch.start) for stretch in run]
    cut = next((i for i, t in enumerate(at) if t >= 0.0), 0)
    is_great = whole.rank <= SECONDARY and whole.length_m > _SHORTEST_DIVIDED_M
    if line.axis == SLANTED or not is_great or not 0 < cut < len(run) or run[0].is_country:
        yield whole
        return
    yield Street(line, run[:cut])
    yield Street(line, run[cut:])


def _name_streets(layout: Layout, streets: list[Street], book: NameBook) -> None:
    """Great streets choose first; a lane may be named after the street it leaves."""
    stems: dict[int, str] = {}
    great = sorted(
        (s for s in streets if s.rank <= SECONDARY or s.line.along),
        key=lambda s: (s.rank, -round(s.length_m), s.line.line_id),
    )
    per_line = Counter(s.line.line_id for s in great if not s.stretches[0].is_country)
    for number, street in enumerate(great):
        if street.stretches[0].is_country:
            street.name = book.claim(f"{101 + number}县道")
        elif street.line.along:
            street.name = _claim_part(_bank_name(layout, street), book)
        else:
            street.name = _great_name(layout, street, stems, (book, per_line))
    at_point = {p: s for s in great for st in s.stretches for p in (st.start, st.end)}
    for street in streets:
        if not street.name:
            street.name = _lesser_name(street, book, at_point)


def _bank_name(layout: Layout, street: Street) -> str:
    line = street.line
    band = min(
        (b for b in layout.land.bands if b.axis == line.axis), key=lambda b: abs(b.at - line.at)
    )
    if line.axis == NORTHWARD:
        side = "东" if line.at > band.at else "西"
    else:
        side = "北" if line.at > band.at else "南"
    stems = {"river": f"滨河{side}路", "rail": f"铁{side}路"}
    stem = stems.get(line.along) or f"{layout.express_stems[band.at]}{side}辅路"
    return f"{stem}{_half(street)}段"


def _claim_part(name: str, book: NameBook) -> str:
    """The name, or 东二段 where there is a 东段 already."""
    number = 2
    wished = name
    while not book.is_free(wished):
        wished = f"{name[:-1]}{words.chinese_number(number)}段"
        number += 1
    return book.claim(wished)


def _half(street: Street) -> str:
    """Which half of its line a street lies on, in the words of its direction."""
    t = street.line.position(street.middle)
    if street.line.axis == EASTWARD:
        return "东" if t >= 0.0 else "西"
    return "北" if t >= 0.0 else "南"


def _great_name(
    layout: Layout, street: Street, stems: dict[int, str], books: tuple[NameBook, Counter[int]]
) -> str:
    book, per_line = books
    line = street.line
    end = "路"
    if line.axis == SLANTED or (street.rank == PRIMARY and line.line_id % 3 == 0):
        end = "大道"
    if line.line_id not in stems:
        stems[line.line_id] = _great_stem(layout, street, book)
    part = _half(street) if per_line[line.line_id] > 1 and line.axis != SLANTED else ""
    name = f"{stems[line.line_id]}{part}{end}"
    if book.is_free(name):
        return book.claim(name)
    return book.claim(f"{book.plain_stem()}{end}")


def _great_stem(layout: Layout, street: Street, book: NameBook) -> str:
    if street.line.axis == NORTHWARD and street.line.at == 0.0:
        return "解放"
    if street.line.axis == EASTWARD and street.line.at == 0.0:
        return "人民"
    rail = layout.land.list_bands("rail")[0]
    if (street.middle[1] - rail.at) * layout.land.river_side < 0.0:
        free = [stem for stem in words.INDUSTRIAL if book.is_free(stem)]
        if free:
            return book.claim(free[0])
    if street.rank == PRIMARY:
        return book.civic_stem()
    free = [stem for stem in words.SCHOLARLY if book.is_free(stem)]
    if free and layout.land.remoteness(*street.middle) > 0.6:  # noqa: PLR2004
        return book.claim(free[0])
    return book.plain_stem()


def _lesser_name(street: Street, book: NameBook, at_point: dict[Point, Street]) -> str:
    if street.rank < LANE:
        # Named by its direction, as many towns do: 路 runs east, 街 runs north.
        end = "街" if street.line.axis == NORTHWARD else "路"
        name = f"{book.plain_stem()}{end}"
        return book.claim(name)
    name = book.lane()
    if name and street.line.line_id % 3:
        return name
    ends = (street.stretches[0].start, street.stretches[-1].end)
    parent = next((at_point[p].name for p in ends if p in at_point), "")
    for number in range(1, 60):
        numbered = f"{parent}{words.chinese_number(number)}巷"
        if parent and book.is_free(numbered):
            return book.claim(numbered)
    return name or book.claim(f"{book.plain_stem()}巷")


def _make_one_way(layout: Layout, streets: list[Street], rng: np.random.Generator) -> None:
    """Some narrow streets of the old town are one-way, each against the one before it."""
    direction = 1
    for street in streets:
        is_narrow = street.rank in {TERTIARY, LANE} and not street.line.along
        is_old = all(layout.land.zone(*s.start) == "old" for s in street.stretches)
        if is_narrow and is_old and len(street.stretches) > 1 and rng.random() < _ONE_WAY_SHARE:
            street.oneway = direction
            direction = -direction
