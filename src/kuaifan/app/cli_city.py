"""`kuaifan city` and `kuaifan import` (城市与来电导入)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, Parameter

from kuaifan.app.limits import SEED
from kuaifan.app.printing import print_json, print_lines, print_progress
from kuaifan.kernel.errors import BadInputError

if TYPE_CHECKING:
    from kuaifan.city.import_map import ImportReport

app = App(name="city", help="Make, check and describe a city folder (城市).")
calls_app = App(name="import", help="Bring in data from elsewhere (导入).")

Json = Annotated[bool, Parameter(negative="", help="Print one JSON object.")]


@app.command
def new(
    target: Path,
    /,
    *,
    seed: int = 1,
    size: Literal["small", "medium", "large"] = "small",
    name: str | None = None,
    circles: int | None = None,
    replace: Annotated[bool, Parameter(negative="")] = False,
    json: Json = False,
) -> int:
    """Invent a city (造城): streets, names, people, forces and desks; same seed, same city.

    Parameters
    ----------
    target
        The folder to make.
    seed
        Of everything in it.
    size
        About 2,000, 15,000 or 60,000 crossings.
    name
        Name of the city; an invented one without it.
    circles
        Response circles (快反圈), each manned in every shift; as many as the size has without.
    replace
        Put the new city in the place of an old one.
    """
    from kuaifan.app.gazetteer import make_gazetteer
    from kuaifan.city.invent import invent_city

    report = invent_city(
        target,
        seed=seed,
        size=size,
        name=name,
        n_circles=circles,
        is_replacing=replace,
        progress=print_progress,
    )
    make_gazetteer(target, progress=print_progress)
    if json:
        print_json(report)
        return 0
    print_lines(
        [
            (
                f"{report.name}: {report.n_people:,} people, {report.n_streets:,} streets, "
                f"{report.n_nodes:,} nodes, {report.n_arcs:,} arcs, {report.n_points:,} places"
            ),
            (
                f"  {report.n_circles} response circles, {report.n_posts} posts, "
                f"{report.n_units} units, {report.n_desks} desks, {report.n_sites} key sites, "
                f"{report.incidents_per_day:.0f} incidents a day"
            ),
            f"  {report.target}, content {report.content_hash[:16]}",
        ]
    )
    return 0


@app.command
def basemap(target: Path, /, *, json: Json = False) -> int:
    """Draw the map of a city folder anew and list its places (底图与地名库).

    Parameters
    ----------
    target
        The city folder.
    """
    from kuaifan.app.gazetteer import make_gazetteer
    from kuaifan.city.basemap import make_basemap

    report = make_basemap(target, progress=print_progress)
    n_places = make_gazetteer(target, progress=print_progress)
    if json:
        print_json({"n_tiles": report.n_tiles, "n_bytes": report.n_bytes, "n_places": n_places})
    else:
        print_lines(
            [f"{target}: {report.n_tiles:,} tiles, {report.n_bytes:,} bytes, {n_places:,} places"]
        )
    return 0


@app.command
def places(target: Path, /, *, add: Path | None = None, json: Json = False) -> int:
    """List the places of a city folder anew, with landmarks of your own (地名库, 路灯杆, 电梯).

    Parameters
    ----------
    target
        The city folder.
    add
        CSV with kind, code or name, lat, lon and, if it is not wgs84, datum; kept in the folder
        as places_extra.csv.
    """
    from kuaifan.app.gazetteer import make_gazetteer
    from kuaifan.city.folder import read_settings
    from kuaifan.city.places_extra import keep_extra, read_city_extra, read_extra

    read_settings(target)
    extra = read_city_extra(target) if add is None else keep_extra(target, read_extra(add))
    n_places = make_gazetteer(target, progress=print_progress)
    if json:
        print_json({"n_places": n_places, "n_extra": len(extra)})
    else:
        print_lines([f"{target}: {n_places:,} places, {len(extra):,} lines of landmarks"])
    return 0


@app.command(name="import")
def import_(  # noqa: PLR0913 - one parameter an option
    source: Path,
    target: Path,
    /,
    *,
    datum: Literal["wgs84", "gcj02", "bd09"] | None = None,
    encoding: Literal["gbk", "utf-8"] | None = None,
    bbox: str | None = None,
    clip: Path | None = None,
    time_zone: str | None = None,
    population: Path | None = None,
    name: str | None = None,
    circles: int | None = None,
    turn_penalties: Literal["off", "main", "all"] = "off",
    seed: Annotated[int, SEED] = 1,
    replace: Annotated[bool, Parameter(negative="")] = False,
    json: Json = False,
) -> int:
    """Make a city folder out of a road map (导入地图).

    Parameters
    ----------
    source
        An OSM PBF, a GraphML of OSMnx (also .gz), or a shapefile (also its folder or .zip).
    target
        The folder to make; what stands there is kept unless --replace.
    datum
        Datum of the source where it does not say (坐标系).
    encoding
        Of the names in a shapefile (编码); its .cpg's, or found by trying, without.
    bbox
        Keep only south,west,north,east.
    clip
        Keep only what lies in the areas of this GeoJSON (按区域裁剪).
    time_zone
        IANA name, such as Asia/Shanghai.
    population
        CSV with lat, lon, population, to place the forces by.
    name
        Name of the city; the file's name without one.
    circles
        Response circles (快反圈), each manned in every shift; by the length of streets without.
    turn_penalties
        Where turning takes time (转向耗时): nowhere, at junctions of main streets, or at all.
    seed
        Of the placing of forces.
    replace
        Put the new city in the place of an old one.
    """
    from kuaifan.app.city_import import read_box
    from kuaifan.city.import_map import ImportOptions, import_city
    from kuaifan.geo.datums import Datum
    from kuaifan.roads.turn_times import TurnPenalties

    options = ImportOptions(
        datum=None if datum is None else Datum(datum),
        seed=seed,
        population=population,
        name=name,
        box=None if bbox is None else read_box(bbox),
        time_zone=time_zone,
        is_replacing=replace,
        n_circles=circles,
        encoding=encoding,
        clip=clip,
        turn_penalties=TurnPenalties(turn_penalties),
    )
    return _end_import(import_city(source, target, options, progress=print_progress), json=json)


def _end_import(report: ImportReport, *, json: bool) -> int:
    from kuaifan.app.gazetteer import make_gazetteer

    make_gazetteer(report.target, progress=print_progress)
    if json:
        print_json(report)
    else:
        print_lines(_import_lines(report))
    return 0


def _import_lines(report: ImportReport) -> list[str]:
    from kuaifan.city.import_quality import list_quality_lines

    return [
        (
            f"{report.name}: {report.n_nodes:,} nodes, {report.n_arcs:,} arcs, "
            f"{report.n_posts} posts, {report.n_units} units"
        ),
        *(f"  left out {n:,}: {cause}" for cause, n in sorted(report.build.dropped.items())),
        *(f"  {note}" for note in report.notes),
        *(f"  {line}" for line in list_quality_lines(report.quality)),
        f"  {report.attribution}",
        f"  {report.target}, content {report.content_hash[:16]}",
    ]


@app.command
def check(
    target: Path,
    /,
    *,
    accept_edits: Annotated[bool, Parameter(negative="")] = False,
    json: Json = False,
) -> int:
    """Check a city folder line by line (检查); exit 1 if it does not hold together.

    Parameters
    ----------
    target
        The city folder.
    accept_edits
        Record the present files as meant, once nothing else is wrong.
    """
    from kuaifan.app.city_check import inspect_all, list_check_lines, make_check_json
    from kuaifan.city.check import accept_edits as accept

    if not target.is_dir():
        raise BadInputError(f"there is no folder {target}: give one made by `kuaifan city import`")
    # While something else is wrong, that files are edited is no news.
    is_refused = accept_edits and bool(accept(target))
    lines = inspect_all(target, are_hashes_checked=not is_refused)
    is_ok = all(line.is_ok for line in lines)
    if json:
        print_json(make_check_json(lines))
    else:
        print_lines(list_check_lines(lines))
        print_lines([f"{target} holds together"] if is_ok else [])
    return 0 if is_ok else 1


@app.command
def info(target: Path, /, *, json: Json = False) -> int:
    """Say what a city folder holds (概况): roads, posts, circles, units, districts and desks.

    Parameters
    ----------
    target
        The city folder.
    """
    from kuaifan.app.figures_text import list_figure_lines
    from kuaifan.city.info import city_info

    figures = city_info(target)
    if json:
        print_json(figures)
    else:
        print_lines(list_figure_lines(figures))
    return 0


@calls_app.command
def calls(
    source: Path,
    /,
    *,
    mapping: Path,
    output: Annotated[Path, Parameter(name=["--output", "-o"])],
    onto: Path | None = None,
    seed: Annotated[int, SEED] = 0,
    json: Json = False,
) -> int:
    """Take in a table of calls (导入来电): every row is read, taken, flagged, ignored or bad.

    Parameters
    ----------
    source
        CSV, plain or .gz or .xz.
    mapping
        TOML that says which column is what and which code is which type.
    output
        The call file to write; bad rows go beside it.
    onto
        City folder over whose roads the calls are laid, if they come from another city.
    seed
        Of the places of rows that have none.
    """
    from kuaifan.city.calls_import import import_calls
    from kuaifan.city.calls_onto import Onto
    from kuaifan.city.folder import read_city

    city = None if onto is None else read_city(onto)
    place = None if city is None else Onto(city.meta.name, city.network)
    report = import_calls(source, mapping, output, onto=place, seed=seed)
    if json:
        print_json(report.as_json())
    else:
        print_lines(report.summary_lines())
    return 0
