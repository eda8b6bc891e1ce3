"""How well recorded tracks are matched to the roads (匹配基准), and how long a fix takes."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Final

import msgspec
import numpy as np

from kuaifan.app.bench_travel import read_bench_roads
from kuaifan.app.track_files import Track, read_tracks
from kuaifan.gateway.fixes import FixMatcher, Marker
from kuaifan.geo.points import distances_m
from kuaifan.roads.matching import JUMP, NO_TRACE, OFF_ROAD, REVERSED, Fix, Matched, Matcher
from kuaifan.roads.snap import Snapper
from kuaifan.vocabulary.position import PositionReport

WITHIN_M: Final = 10.0
MS_PER_S: Final = 1000
N_LIVE_UNITS: Final = 500
MAX_AT_MS: Final = 2**53
"""Recorded fixes are from any year; none is from the future."""


class MatchFormFigures(msgspec.Struct, frozen=True):
    """One form of matching; ms_per_fix of the batch: a track's time through its fixes."""

    within_10m_share: float
    ms_per_fix_p50: float
    ms_per_fix_p99: float
    jumps: int
    off_road: int
    reversed: int


class LiveFigures(msgspec.Struct, frozen=True):
    """Matching as the gateway does it (实时匹配): batches of one fix of every unit that drives.

    ms_per_fix: a batch's time through its fixes. doubted: fixes that moved no marker.
    """

    units: int
    fixes: int
    ms_per_fix_p50: float
    ms_per_fix_p99: float
    ms_per_batch_p99: float
    doubted: int


class MatchFigures(msgspec.Struct, frozen=True):
    """What `bench match` prints (地图匹配); nearest: share of the nearest street alone."""

    nodes: int
    tracks: int
    points: int
    nearest_within_10m_share: float
    online: MatchFormFigures
    batch: MatchFormFigures
    live: LiveFigures


def bench_match(roads: Path | None, tracks: Path) -> MatchFigures:
    """Match all tracks online and as a whole, and hold them against the recorded matches."""
    recorded = read_tracks(tracks, with_matches=True)
    snapper = Snapper(read_bench_roads(roads))
    snapper.load_kernel()
    matcher = Matcher(snapper)
    # What has never been compiled is, outside of what is timed.
    _match_online(matcher, recorded[:1])
    fixes = [fix for track in recorded for fix in track.fixes]
    snapped = snapper.snap([fix.lat for fix in fixes], [fix.lon for fix in fixes])
    return MatchFigures(
        nodes=snapper.network.n_nodes,
        tracks=len(recorded),
        points=len(fixes),
        nearest_within_10m_share=_share(
            snapper, recorded, snapped.arc.tolist(), snapped.fraction_ppm.tolist()
        ),
        online=_figures(snapper, recorded, *_match_online(matcher, recorded)),
        batch=_figures(snapper, recorded, *_match_whole(matcher, recorded)),
        live=_match_live(matcher, recorded),
    )


def _match_online(matcher: Matcher, tracks: list[Track]) -> tuple[list[Matched], list[float]]:
    found, took_ms = list[Matched](), list[float]()
    for track in tracks:
        trace = NO_TRACE
        for fix in track.fixes:
            began_s = perf_counter()
            matched, trace = matcher.match_next(trace, fix)
            took_ms.append((perf_counter() - began_s) * MS_PER_S)
            found.append(matched)
    return found, took_ms


def _match_whole(matcher: Matcher, tracks: list[Track]) -> tuple[list[Matched], list[float]]:
    found, took_ms = list[Matched](), list[float]()
    for track in tracks:
        began_s = perf_counter()
        found.extend(matcher.match_track(track.fixes))
        took_ms.append((perf_counter() - began_s) * MS_PER_S / len(track.fixes))
    return found, took_ms


def _match_live(matcher: Matcher, tracks: list[Track]) -> LiveFigures:
    """The tracks driven by so many units at once."""
    drivers = [tracks[i % len(tracks)] for i in range(N_LIVE_UNITS)]
    fixes = FixMatcher(matcher, lambda _: Marker(-1, None))
    took_ms, took_batch_ms, n_doubted, n_fixes = list[float](), list[float](), 0, 0
    for step in range(max(len(track.fixes) for track in tracks)):
        reports = [
            _report(unit_i, track.fixes[step])
            for unit_i, track in enumerate(drivers)
            if step < len(track.fixes)
        ]
        began_s = perf_counter()
        answers, _ = fixes.match(reports, MAX_AT_MS)
        took_batch_ms.append((perf_counter() - began_s) * MS_PER_S)
        took_ms.append(took_batch_ms[-1] / len(reports))
        n_doubted += sum(answer != "ok" for answer in answers)
        n_fixes += len(answers)
    p50_ms, p99_ms = np.percentile(took_ms, [50, 99]).tolist()
    return LiveFigures(
        units=N_LIVE_UNITS,
        fixes=n_fixes,
        ms_per_fix_p50=round(p50_ms, 3),
        ms_per_fix_p99=round(p99_ms, 3),
        ms_per_batch_p99=round(float(np.percentile(took_batch_ms, 99)), 2),
        doubted=n_doubted,
    )


def _report(unit_i: int, fix: Fix) -> PositionReport:
    return PositionReport(unit_id=f"U{unit_i}", lat=fix.lat, lon=fix.lon, at_ms=fix.at_ms)


def _figures(
    snapper: Snapper, tracks: list[Track], found: list[Matched], took_ms: list[float]
) -> MatchFormFigures:
    codes = [matched.code for matched in found]
    arcs = [matched.position.arc for matched in found]
    fractions_ppm = [matched.position.fraction_ppm for matched in found]
    p50_ms, p99_ms = np.percentile(took_ms, [50, 99]).tolist()
    return MatchFormFigures(
        within_10m_share=_share(snapper, tracks, arcs, fractions_ppm),
        ms_per_fix_p50=round(p50_ms, 3),
        ms_per_fix_p99=round(p99_ms, 3),
        jumps=codes.count(JUMP),
        off_road=codes.count(OFF_ROAD),
        reversed=codes.count(REVERSED),
    )


def _share(
    snapper: Snapper, tracks: list[Track], arcs: list[int], fractions_ppm: list[int]
) -> float:
    """How many of the points lie near their recorded match."""
    places = snapper.lines.places_at(arcs, fractions_ppm)
    lat = [lat for track in tracks for lat in track.lat]
    lon = [lon for track in tracks for lon in track.lon]
    off_m = distances_m(places.lat, places.lon, to_lat=lat, to_lon=lon)
    return round(float(np.mean(off_m <= WITHIN_M)), 4)
