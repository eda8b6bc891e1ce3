"""What the columns of a road shapefile mean (字段与代码): as data, each with where it comes from.

Sources: Geofabrik's "OpenStreetMap Data in Layered GIS Format" (fclass, oneway F/T/B, maxspeed 0
where unknown); the exchange format of NavInfo 四维图新 (Kind, Direction, SpdLmtS2E, SpeedClass);
the road levels of AutoNavi 高德 (41000 …); Esri's street layers (FT, TF); what Chinese bureaus
write in words. Column names are compared in small letters; the first that holds something counts.
A name in the table has ten bytes: of four Chinese characters in UTF-8 three are left.
"""

OSM_ID = ("osm_id", "osmid", "full_id")
"""Only OpenStreetMap's own exports carry it: then its licence asks for its name on the map."""

WAY_ID = (*OSM_ID, "id", "link_id", "linkid", "road_id", "roadid", "objectid", "fid", "gid")

NAME = (
    "name_chn", "name_zh", "name:zh", "namechn", "name", "pathname", "road_name", "roadname",
    "rd_name", "rdname", "st_name", "street", "streetname", "fullname", "roadnm", "道路名称",
    "道路名", "路名", "名称", "街路名", "街路巷名", "mc", "ref", "道路编号",
    "道路编", "道路代码", "道路代",
)  # fmt: skip
"""The Chinese name before any other, the road's number only where it has no name. mc: 名称."""

CLASS = (
    "fclass", "highway", "kind", "roadclass", "road_class", "roadlevel", "road_level", "fc",
    "funcclass", "func_class", "funct_clas", "道路等级", "道路等", "道路类别", "道路类型", "道路类",
    "路级", "等级", "类别", "技术等级", "技术等", "行政等级", "行政等",
    "grade", "class", "road_type", "roadtype", "type", "dldj",
)  # fmt: skip
"""The finest first: a word of OpenStreetMap, then codes of a kind, then mere importance."""

DIRECTION = ("oneway", "one_way", "direction", "dir", "通行方向", "通行方", "单行", "方向")
SPEED_KMH = (
    "maxspeed", "speed_kph", "speedlimit", "speed_lim", "speed_limi", "spd_limit", "speed",
    "限速", "限速值", "设计速度", "设计速", "车速",
)  # fmt: skip
SPEED_TENTHS = ("spdlmts2e", "spdlmte2s")
"""NavInfo: tenths of a km/h, start to end and end to start; the lower is taken, if both are."""

SPEED_CLASS = ("speedclass", "speed_clas")
OSM_TAGS = (
    "access", "motor_vehicle", "motorcar", "vehicle", "service", "emergency", "area", "junction",
)  # fmt: skip
"""Columns that mean what the OpenStreetMap key of the same name means (drivable.py)."""

PROVIDERS: dict[str, frozenset[str]] = {
    "NavInfo 四维图新": frozenset({"kind", "snodeid", "enodeid"}),
    "AutoNavi 高德": frozenset({"roadclass", "formway"}),
    "Baidu 百度": frozenset({"link_id", "s_nid", "e_nid"}),
}
"""Columns by which a Chinese provider's data is known: its positions are shifted by law (GCJ-02),
whatever its .prj says, unless it was turned back; so the datum is asked for."""

BOTH, FORWARD, BACKWARD = 0, 1, -1

DIRECTIONS: dict[str, int | None] = {
    # OpenStreetMap, as exported by QGIS, ogr2ogr and osm2pgsql.
    "yes": FORWARD, "true": FORWARD, "no": BOTH, "false": BOTH,
    "-1": BACKWARD, "reverse": BACKWARD, "reversible": None, "alternating": None,
    # Geofabrik: F drawn direction, T the other, B both. Esri: FT, TF, N no travel.
    "f": FORWARD, "t": BACKWARD, "b": BOTH, "ft": FORWARD, "tf": BACKWARD, "n": None,
    "双向": BOTH, "双向通行": BOTH, "单向": FORWARD, "正向": FORWARD, "顺方向": FORWARD,
    "顺向": FORWARD, "逆方向": BACKWARD, "逆向": BACKWARD, "反向": BACKWARD,
}  # fmt: skip
"""None: closed, or its direction changes with the hour and is not on the map."""

DIRECTION_CODES: dict[str, int | None] = {
    "0": BOTH, "1": BOTH, "2": FORWARD, "3": BACKWARD, "4": None,
}  # fmt: skip
"""DIRECTION of Chinese data: 0 not surveyed (so both), 1 both, 2 as drawn, 3 against, 4 none."""

ONEWAY_CODES: dict[str, int | None] = {"0": BOTH, "1": FORWARD, "2": BACKWARD}
"""The numbers mean something else in a column called ONEWAY: there 1 is yes."""

ONEWAY_COLUMNS = frozenset({"oneway", "one_way", "单行"})

NAVINFO_KIND: dict[str, str] = {
    "00": "motorway",  # 高速公路
    "01": "trunk",  # 城市高速, city expressways
    "02": "primary",  # 国道
    "03": "secondary",  # 省道
    "04": "tertiary",  # 县道
    "06": "unclassified",  # 乡镇村道
    "08": "residential",  # 其它道路
    "09": "service",  # 九级路, lanes that no route is led over
    "0a": "ferry",  # 轮渡
    "0b": "footway",  # 行人道路
}
"""The first two of the four hexadecimal digits; of several, split by |, the first."""

NAVINFO_RAMPS = frozenset({"03", "05", "0b"})
"""The last two digits: JCT, IC and ramps 匝道 are the links of their road."""

AUTONAVI_LEVEL: dict[str, str] = {
    "41000": "motorway",  # 高速公路
    "42000": "primary",  # 国道
    "43000": "trunk",  # 城市快速路
    "44000": "primary",  # 城市主干道
    "45000": "secondary",  # 城市次干道
    "47000": "residential",  # 城市普通道路
    "49": "service",  # 小路, 非导航道路
    "49000": "service",
    "51000": "secondary",  # 省道
    "52000": "tertiary",  # 县道
    "53000": "unclassified",  # 乡道
    "54000": "service",  # 县乡村内部道路
}

FUNCTION_CLASS: dict[str, str] = {
    "1": "trunk", "2": "primary", "3": "secondary", "4": "tertiary", "5": "residential",
}  # fmt: skip
"""FC tells how important a road is to routes, not how it is built: 1 is not always a motorway, so
the slower class stands, which promises less."""

WORDS: dict[str, str] = {
    "高速公路": "motorway", "高速": "motorway", "城市快速路": "trunk", "快速路": "trunk",
    "国道": "primary", "主干路": "primary", "主干道": "primary", "城市主干路": "primary",
    "一级公路": "primary", "省道": "secondary", "次干路": "secondary", "次干道": "secondary",
    "城市次干路": "secondary", "二级公路": "secondary", "县道": "tertiary", "支路": "tertiary",
    "城市支路": "tertiary", "三级公路": "tertiary", "乡道": "unclassified",
    "村道": "unclassified", "四级公路": "unclassified", "等外公路": "unclassified",
    "街道": "residential", "街巷": "residential", "巷": "residential", "胡同": "residential",
    "小区道路": "living_street", "小区路": "living_street", "内部道路": "service",
    "匝道": "trunk_link", "人行道": "footway", "步行街": "pedestrian", "自行车道": "cycleway",
    "机耕路": "track", "轮渡": "ferry", "铁路": "railway",
}  # fmt: skip

SPEED_CLASS_KMH: dict[str, float] = {
    "1": 130.0, "2": 100.0, "3": 90.0, "4": 70.0, "5": 50.0, "6": 30.0, "7": 11.0,
}  # fmt: skip
"""NavInfo's classes are ranges of speed; the lower end is taken, since promising less is safer."""

UNKNOWN_CLASS = "road"
