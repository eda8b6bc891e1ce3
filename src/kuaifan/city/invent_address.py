"""Which street a block lies on (门牌地址): its greatest street, and a house number on it."""

from bisect import bisect_right

from kuaifan.city.invent_net import Cell, Point
from kuaifan.city.invent_streets import Street

_METRES_PER_NUMBER = 9.0


class Addresses:
    """Finds streets by the line they follow."""

    def __init__(self, streets: list[Street]) -> None:
        by_line: dict[int, list[tuple[float, float, Street]]] = {}
        for street in streets:
            start = street.line.position(street.stretches[0].start)
            end = street.line.position(street.stretches[-1].end)
            by_line.setdefault(street.line.line_id, []).append((start, end, street))
        self._by_line = {key: sorted(rows, key=lambda r: r[0]) for key, rows in by_line.items()}

    def front(self, cell: Cell) -> tuple[Street, Point] | None:
        """The greatest street along a block and the middle of the side on it."""
        found = []
        n = len(cell.corners)
        for side_i, line in enumerate(cell.lines):
            a, b = cell.corners[side_i], cell.corners[(side_i + 1) % n]
            middle = ((a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0)
            street = self._find(line.line_id, line.position(middle))
            if street is not None and street.name:
                found.append((street.rank, -round(street.length_m), side_i, street, middle))
        if not found:
            return None
        best = min(found, key=lambda row: row[:3])
        return best[3], best[4]

    def address(self, cell: Cell) -> tuple[str, str]:
        """The street's name and the address on it, 人民东路128号; both "" in the fields."""
        front = self.front(cell)
        if front is None:
            return "", ""
        street, at = front
        t0 = street.line.position(street.stretches[0].start)
        number = 2 * int((street.line.position(at) - t0) / _METRES_PER_NUMBER) + 1
        # Even numbers stand on the right, odd ones on the left, as the street runs.
        number += int(street.line.side(cell.middle) > 0.0)
        return street.name, f"{street.name}{number}号"

    def _find(self, line_id: int, t: float) -> Street | None:
        rows = self._by_line.get(line_id, [])
        i = bisect_right(rows, t, key=lambda row: row[0]) - 1
        return rows[i][2] if i >= 0 and rows[i][1] >= t else None
