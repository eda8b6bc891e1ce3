"""How well recorded tracks are matched to the roads (匹配基准), and how long a fix takes."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Final

import msgspec
import numpy as np

from kuaifan.app.bench_travel import read_bench_roads
from kuaifan.app.track_files import Track, read_tracks
from kuaifan.geo.points import distances_m
from kuaifan.roads.matching import JUMP, NO_TRACE, OFF_ROAD, REVERSED, Matched, Matcher
from kuaifan.roads.snap import Snapper

WITHIN_M: Final = 10.0
MS_PER_S: Final = 1000


class MatchFormFigures(msgspec.Struct, frozen=True):
    """One form of matching; ms_per_fix of the batch: a track's time through its fixes."""

    within_10m_share: float
    ms_per_fix_p50: float
    ms_per_fix_p99: float
    jumps: int
    off_road: int
    reversed: int


class MatchFigures(msgspec.Struct, frozen=True):
    """What `bench match` prints (地图匹配); nearest: share of the nearest street alone."""

    nodes: int
    tracks: int
    points: int
    nearest_within_10m_share: float
    online: MatchFormFigures
    batch: MatchFormFigures


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
