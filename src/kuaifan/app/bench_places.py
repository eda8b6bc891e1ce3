"""How fast places are found (地点检索基准): made-up names, and queries as people type them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from time import perf_counter
from typing import Final

import msgspec
import numpy as np

from kuaifan.city import invent_words as words
from kuaifan.city.places_build import spell
from kuaifan.city.places_sounds import list_readings
from kuaifan.store.places import PlaceIndex, open_places
from kuaifan.store.places_write import PLACES_FILE, PlaceDetails, PlaceRow, write_places

N_EACH: Final = 300
N_WARM: Final = 20
LEAST_NAME: Final = 4
"""A wrong character in a shorter name leaves too little to know it by."""

_MIDDLE: Final = (32.65, 117.01)
_SPREAD_DEG: Final = 0.15
_ROADS: Final = ("路", "大道", "北路", "南路", "东路", "西路", "巷", "一街", "二街")


class KindFigures(msgspec.Struct, frozen=True):
    """One kind of query: how long, and in how many the place meant was among the first eight."""

    p50_ms: float
    p99_ms: float
    found_share: float


class PlacesFigures(msgspec.Struct, frozen=True):
    """What `bench places` prints (地点检索); sizes in MB, times in ms over all queries together."""

    places: int
    queries: int
    make_s: float
    file_mb: float
    open_ms: float
    p50_ms: float
    p99_ms: float
    max_ms: float
    kinds: dict[str, KindFigures]


def bench_places(n_places: int) -> PlacesFigures:
    """Make a gazetteer of so many places and ask it in every way that people ask."""
    rng = np.random.default_rng(1)
    rows, streets = _invent_rows(n_places, rng)
    numbers = [(s, 0, n, *_somewhere(rng)) for s in streets[::4] for n in range(1, 200, 20)]
    details = PlaceDetails(numbers=numbers, sounds=list_readings())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / PLACES_FILE
        began_s = perf_counter()
        write_places(path, rows, made_from="bench", details=details)
        made_s = perf_counter()
        with open_places(path) as places:
            opened_s = perf_counter()
            took = {kind: _ask(places, make, rows, rng) for kind, make in _make_askers(rng).items()}
        every = np.concatenate([times for times, _ in took.values()])
        return PlacesFigures(
            places=len(rows),
            queries=len(every),
            make_s=round(made_s - began_s, 1),
            file_mb=round(path.stat().st_size / 1e6, 1),
            open_ms=round((opened_s - made_s) * 1000, 1),
            p50_ms=_percentile(every, 50),
            p99_ms=_percentile(every, 99),
            max_ms=_percentile(every, 100),
            kinds={kind: _figures(*each) for kind, each in took.items()},
        )


Asker = Callable[[PlaceRow], str | None]


def _make_askers(rng: np.random.Generator) -> dict[str, Asker]:
    """How a place is asked for in each way; None where that way is not for it."""

    def typo(row: PlaceRow) -> str | None:
        if len(row[0]) < LEAST_NAME or row[1] == "crossing":
            return None
        i = int(rng.integers(len(row[0])))
        wrong = words.STEM_SECOND[int(rng.integers(len(words.STEM_SECOND)))]
        return row[0][:i] + wrong + row[0][i + 1 :]

    alike: dict[str, str] = {}
    for character, readings in list_readings().items():
        alike[readings.split()[0]] = alike.get(readings.split()[0], "") + character

    def homophone(row: PlaceRow) -> str | None:
        """One character of a name for another of the same sound; those of one reading only."""
        at = [i for i, c in enumerate(row[0]) if " " not in list_readings().get(c, " ")]
        if not at or row[1] == "crossing":
            return None
        i = at[int(rng.integers(len(at)))]
        same = alike[list_readings()[row[0][i]]]
        return row[0][:i] + same[int(rng.integers(len(same)))] + row[0][i + 1 :]

    def crossing(row: PlaceRow) -> str | None:
        return (
            row[0].removesuffix("交叉口").replace("与", "") + "口" if row[1] == "crossing" else None
        )

    def side(row: PlaceRow) -> str | None:
        return f"{row[0]}东侧{int(rng.integers(10, 90))}米" if row[1] == "estate" else None

    def number(row: PlaceRow) -> str | None:
        return f"{row[0]}{int(rng.integers(1, 180))}号" if row[1] == "street" else None

    return {
        "characters": lambda row: row[0],
        "begun": lambda row: row[0][: max(2, len(row[0]) // 2)],
        "pinyin": lambda row: row[6].replace(" ", ""),
        "initials": lambda row: row[7].replace(" ", ""),
        "typo": typo,
        "homophone": homophone,
        "crossing": crossing,
        "side": side,
        "number": number,
    }


def _ask(
    places: PlaceIndex, make: Asker, rows: list[PlaceRow], rng: np.random.Generator
) -> tuple[np.ndarray, float]:
    """Seconds of each query, and the share of them that found a place so named."""
    asked: list[tuple[str, str]] = []
    while len(asked) < N_EACH + N_WARM:
        row = rows[int(rng.integers(len(rows)))]
        query = make(row)
        if query is not None:
            asked.append((query, row[0]))
    took_s, n_found = [], 0
    for query, name in asked:
        near = _somewhere(rng)
        began_s = perf_counter()
        found = places.find_places(query, near=near)
        took_s.append(perf_counter() - began_s)
        n_found += any(place.name.startswith(name) for place in found)
    return np.array(took_s[N_WARM:]), n_found / len(asked)


def _figures(took_s: np.ndarray, found_share: float) -> KindFigures:
    return KindFigures(_percentile(took_s, 50), _percentile(took_s, 99), round(found_share, 3))


def _percentile(took_s: np.ndarray, rank: int) -> float:
    return round(float(np.percentile(took_s, rank)) * 1000, 2)


def _somewhere(rng: np.random.Generator) -> tuple[float, float]:
    north, east = rng.uniform(-_SPREAD_DEG, _SPREAD_DEG, 2)
    return round(_MIDDLE[0] + float(north), 6), round(_MIDDLE[1] + float(east), 6)


def _invent_rows(n_places: int, rng: np.random.Generator) -> tuple[list[PlaceRow], list[str]]:
    """A street in 50, a crossing in 10, the rest estates and shops, the most known first."""
    stems = [*words.CIVIC, *map("".join, product(words.STEM_FIRST, words.STEM_SECOND))]
    streets = ["".join(pair) for pair in product(stems, _ROADS)]
    streets = [streets[i] for i in rng.permutation(len(streets))[: max(20, n_places // 50)]]
    named = [(street, "street", 3) for street in streets]
    for _ in range(n_places // 10):
        first, second = rng.choice(len(streets), 2, replace=False)
        named.append((f"{streets[first]}与{streets[second]}交叉口", "crossing", 5))
    others = _invent_others(streets, rng)
    named += [next(others) for _ in range(max(0, n_places - len(named)))]
    named.sort(key=lambda each: (each[2], len(each[0])))
    return [_row(*each, rng) for each in named], streets


def _invent_others(streets: list[str], rng: np.random.Generator) -> Iterator[tuple[str, str, int]]:
    ends = (*words.RESTAURANTS, *words.SHOPS, *words.HOTELS, *words.NIGHT, *words.MARKET_END)
    while True:
        first, end, street, shape = (int(i) for i in rng.integers(1 << 30, size=4))
        stem = words.SHOP_FIRST[first % len(words.SHOP_FIRST)]
        if shape % 4 == 0:
            estate = words.ESTATE_FIRST[first % len(words.ESTATE_FIRST)]
            number = words.chinese_number(1 + street % 400)
            yield f"{estate}{words.ESTATE_END[end % len(words.ESTATE_END)]}{number}期", "estate", 4
        elif shape % 4 == 1:
            bank = words.BANKS[first % len(words.BANKS)]
            yield f"{bank}{streets[street % len(streets)]}支行", "bank", 4
        else:
            owner = words.SURNAMES[shape % len(words.SURNAMES)]
            town = streets[street % len(streets)]
            yield f"{owner}记{stem}{ends[end % len(ends)]}{town}店", "shop", 5


def _row(name: str, kind: str, rank: int, rng: np.random.Generator) -> PlaceRow:
    spelt = name.removesuffix("交叉口").replace("与", "") if kind == "crossing" else name
    return (name, kind, *_somewhere(rng), rank, "", *spell(spelt))
