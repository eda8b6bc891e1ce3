"""A small town as a road shapefile (图层), as Chinese bureaus hand it over: GBK names, codes.

write_shp(folder / "roads.shp", STREETS, encoding="gbk")      # .shp, .shx, .dbf, .cpg, .prj
A street is (name, kind, direction, speed, [(lat, lon), ...]), in WGS-84 until `shift` moves it.
"""

import shapefile

SOUTH, WEST, STEP = 22.5, 114.0, 0.005
N = 6
WGS84_PRJ = (
    'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)
FIELDS = (("NAME_CHN", "C", 20), ("KIND", "C", 30), ("DIRECTION", "C", 1), ("SPEED", "N", 4))
NUMBERS = "一二三四五六"
ONE_WAY, AGAINST = "东一路", "北一街"


def at(row, column):
    """The crossing of a row and a column, (lat, lon) in WGS-84."""
    return round(SOUTH + row * STEP, 7), round(WEST + column * STEP, 7)


def _direction(name):
    return {ONE_WAY: "2", AGAINST: "3"}.get(name, "1")


def _streets():
    streets = []
    for i, number in enumerate(NUMBERS):
        kind = "0201" if i == 3 else "0801"
        for name, line in (
            (f"东{number}路", [at(i, j) for j in range(N)]),
            (f"北{number}街", [at(j, i) for j in range(N)]),
        ):
            streets.append((name, kind, _direction(name), 40, line))
    return streets


STREETS = _streets()


def write_shp(path, streets=STREETS, **how):
    """Write a shapefile; how: encoding, cpg, prj, fields, shift, as_parts."""
    encoding, fields = how.get("encoding", "gbk"), how.get("fields", FIELDS)
    shift = how.get("shift", lambda lat, lon: (lat, lon))
    with shapefile.Writer(str(path), shapeType=shapefile.POLYLINE, encoding=encoding) as writer:
        for name, kind, size in fields:
            writer.field(name, kind, size=size)
        for *values, line in streets:
            lines = line if isinstance(line[0], list) else [line]
            moved = [[shift(*place) for place in part] for part in lines]
            writer.line([[(float(lon), float(lat)) for lat, lon in part] for part in moved])
            writer.record(*values)
    cpg, prj = how.get("cpg"), how.get("prj", WGS84_PRJ)
    for suffix, text in ((".cpg", cpg), (".prj", prj)):
        file = path.with_suffix(suffix)
        file.unlink(missing_ok=True)
        if text is not None:
            file.write_text(text, encoding="ascii")
    return path
